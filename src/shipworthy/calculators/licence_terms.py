"""What a licence or a contract permits, as an object: a row of the table ``licences``, or answers given by hand.

:mod:`shipworthy.calculators.licence_flow` carries these terms along the graph of a product. Terms say what a text says,
read as of a date and checked as far as ``checked`` says; they are not legal advice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shipworthy.errors import InputError
from shipworthy.reference.loader import Row
from shipworthy.words import join, one_line

Competes = Literal["none", "model", "product", "unknown"]
Delivery = Literal["internal", "served", "distributed"]

FIELDS: Mapping[str, str] = {
    "automated_decisions": "decisions about people without a person deciding",
    "credit_jobs_housing": "decisions about credit, jobs or housing",
    "medical": "medical advice or diagnosis",
    "legal_advice": "legal advice",
    "biometric": "recognising people by their body",
    "law_enforcement": "law enforcement",
    "military": "military use",
    "minors": "use by or about minors",
    "production": "use in production",
}
"""Codes of fields of use that terms may bar, and what each is in plain words."""

DELIVERIES: tuple[Delivery, ...] = ("internal", "served", "distributed")
"""How a product reaches its users, from the one that shares least to the one that shares most."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ("software", "data", "model", "service", "source", "status"),
    "commercial": ("yes", "limited", "no"),
    "derivatives": ("yes", "private", "no", "unclear"),
    "share_alike": ("none", "file", "library", "work", "network", "data", "adapted", "terms"),
    "reaches_models": ("yes", "no", "unsettled"),
    "training": ("yes", "non_commercial", "permission", "no", "unclear"),
    "outputs": ("yes", "named", "terms", "non_commercial", "no_other_llm", "no_competing_model", "no_competing_product",
                "no", "na"),
}  # fmt: skip
"""The words that a column of terms may hold."""


def _one_of(whose: str, column: str, found: object, known: tuple[str, ...]) -> None:
    if found not in known:
        would_do = join(list(known), "or")
        raise InputError(
            f"{one_line(whose, 60)} › {column.replace('_', ' ')}: “{one_line(str(found))}” was found; {would_do} would do."
        )


@dataclass(frozen=True)
class Terms:
    """What one licence, contract or set of terms permits.

    Parameters
    ----------
    licence : str
        Key in the table ``licences``, or ``contract:NAME`` for one that was described by hand.
    name : str
        What people call it.
    kind : str
        software, data, model, service, source or status.
    spdx : str, optional
        Its SPDX identifier, where it has one.
    commercial : str, optional
        yes, no, or limited: allowed under the limits that follow.
    users_most, revenue_most : float, optional
        Users a month [users/month] and revenue [USD/year] up to which it is free to use; ``None`` where no limit is named.
    closed_in : frozenset of str, optional
        Codes of the regions in which it gives nothing.
    fact : str, optional
        A fact that decides, in plain words.
    fields_barred : frozenset of str, optional
        Fields of use that it bars: keys of :data:`FIELDS`.
    policy, policy_read : bool, optional
        Whether a policy of acceptable use comes with it, and whether all that it bars is held here.
    derivatives : str, optional
        yes, private (may be made, not shared), no or unclear.
    share_alike : str, optional
        How far its terms extend: none, file, library, work, network, data, adapted or terms (limits of use flow down).
    reaches_models : str, optional
        Whether they reach a model that was trained or tuned on it: yes, no or unsettled.
    reaches_distilled : bool, optional
        Whether they reach a model that was trained on its outputs.
    attribution : bool, optional
        Whether its authors have to be named.
    notice, naming : str, optional
        What has to go along, and a rule about names, in words.
    training : str, optional
        Whether a model may be trained on it: yes, non_commercial, permission, no or unclear.
    outputs : str, optional
        Whether its outputs may train another model: see :data:`WORDS`; na where that is no question.
    clause : str, optional
        Where in the text, and what it says there.
    note, source, checked : str, optional
        What else is known, from where, and how far it was checked.
    as_of : date, optional
        When the text was read.

    Raises
    ------
    InputError
        Where a column holds a word that it does not know.

    Examples
    --------
    >>> Terms("contract:acme", "Acme data contract", "data", commercial="no").commercial
    'no'
    >>> Terms("contract:acme", "Acme data contract", "data", commercial="maybe")
    Traceback (most recent call last):
        ...
    shipworthy.errors.InputError: Acme data contract › commercial: “maybe” was found; yes, limited or no would do.
    """

    licence: str
    name: str
    kind: str
    spdx: str = ""
    commercial: str = "yes"
    users_most: float | None = None
    revenue_most: float | None = None
    closed_in: frozenset[str] = frozenset()
    fact: str = ""
    fields_barred: frozenset[str] = frozenset()
    policy: bool = False
    derivatives: str = "yes"
    share_alike: str = "none"
    reaches_models: str = "no"
    reaches_distilled: bool = False
    attribution: bool = False
    notice: str = ""
    naming: str = ""
    training: str = "yes"
    outputs: str = "na"
    clause: str = ""
    note: str = ""
    source: str = ""
    as_of: date | None = None
    checked: str = ""
    policy_read: bool = False

    def __post_init__(self) -> None:
        for column, known in WORDS.items():
            _one_of(self.name, column, getattr(self, column), known)
        for code in sorted(self.fields_barred):
            _one_of(self.name, "fields barred", code, tuple(FIELDS))
        for column in ("users_most", "revenue_most"):
            most = getattr(self, column)
            if most is not None and not 0 <= most < float("inf"):
                raise InputError(f"{one_line(self.name, 60)} › {column}: {most:g} was found; 0 or more would do.")

    @classmethod
    def of(cls, row: Row) -> "Terms":
        """The terms of a row of the table ``licences``."""
        text = row.text
        return cls(
            licence=row.key,
            name=text("name"),
            kind=text("kind"),
            spdx=text("spdx"),
            commercial=text("commercial"),
            users_most=row.get("users_most"),
            revenue_most=row.get("revenue_most"),
            closed_in=_codes(row, "closed_in"),
            fact=text("fact"),
            fields_barred=_codes(row, "fields_barred"),
            policy=text("policy") == "read" or _said(row, "policy"),
            policy_read=text("policy") == "read",
            derivatives=text("derivatives"),
            share_alike=text("share_alike"),
            reaches_models=text("reaches_models"),
            reaches_distilled=_said(row, "reaches_distilled"),
            attribution=_said(row, "attribution"),
            notice=text("notice"),
            naming=text("naming"),
            training=text("training"),
            outputs=text("outputs"),
            clause=text("clause"),
            note=text("note"),
            source=row.source,
            as_of=row.as_of,
            checked=row.checked,
        )

    @property
    def cited(self) -> str:
        """The text and the place in it, for a sentence."""
        return f"{one_line(self.name, 80)}, {self.clause.rstrip('. ')}" if self.clause else one_line(self.name, 80)

    def cited_for(self, what: str) -> str:
        """The text and the place in it that asks for something, or stands against it.

        Of several clauses the one that is about it; where none is, what stands against a use has them all, and what is
        asked for (attribution, notice, naming, share_alike, flow_down, policy) says that its place is not known here.

        >>> terms = Terms("x", "X", "model", clause="section 2: users above a limit; section 1(b): the name is carried: Built with X")
        >>> terms.cited_for("naming"), terms.cited_for("attribution")
        ('X, section 1(b): the name is carried: Built with X', 'X (where in its text is not recorded here)')
        """
        rule = what.partition(":")[0]
        words = _ABOUT.get(rule, ())
        parts = _parts(self.clause)
        about = [part for part in parts if any(word in part.casefold() for word in words)]
        if about:
            return f"{one_line(self.name, 80)}, {'; '.join(about)}"
        if rule in _ASKED and any(":" in part or not _PLACE.match(part) for part in parts):
            return f"{one_line(self.name, 80)} (where in its text is not recorded here)"
        return self.cited

    @property
    def limits(self) -> tuple[str, ...]:
        """What it bars or caps beyond naming its authors, in plain words: what a share-alike licence would not let one add."""
        found = ["no commercial use"] if self.commercial == "no" else []
        if self.users_most is not None or self.revenue_most is not None:
            found.append("a limit on users or revenue")
        if self.fields_barred or self.share_alike == "terms":
            found.append("limits on what it may be used for")
        if self.closed_in:
            found.append("regions that are left out")
        if self.derivatives in ("no", "private"):
            found.append("no changed versions")
        return tuple(found)


OWN = Terms("own", "Own work", "status")
"""What the team made itself and owns: permits everything, asks for nothing."""

AGREED = Terms("agreed", "Agreed for this use", "status")
"""Terms bought or permission given for the very use at hand."""

UNSPECIFIED = "unspecified"
"""The row for “we looked, and there is no licence”: nothing was granted."""


@dataclass(frozen=True)
class Use:
    """How the product is used. Users and revenue are uncertain, so that they are no part of it: see ``Issue.limit``.

    Parameters
    ----------
    commercial : bool
        Whether it serves a commercial purpose.
    delivery : str
        internal (nothing leaves the house), served (people use it over a network) or distributed (they get a copy).
    regions : frozenset of str, optional
        Codes of the regions in which it is offered; empty where that is not known.
    fields : frozenset of str, optional
        Fields of use that it belongs to: keys of :data:`FIELDS`. Whatever ships counts as production.
    competes : str, optional
        Whether a model is built that competes with the provider of a service (model), the product as a whole does
        (product), neither (none), or nobody knows (unknown).
    human_decides : bool, optional
        Whether a person with real authority decides about people.
    language_model : bool, optional
        Whether the model that is built is a large language model; ``None`` where that is not known. Terms that bar
        outputs from improving another language model ask for it; taken as one unless it is said otherwise.

    Raises
    ------
    InputError
        Where a word is not known.

    Examples
    --------
    >>> Use(True, "served", frozenset({"EU"})).competes
    'unknown'
    """

    commercial: bool
    delivery: Delivery
    regions: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    competes: Competes = "unknown"
    human_decides: bool = False
    language_model: bool | None = True

    def __post_init__(self) -> None:
        _one_of("How it is used", "delivery", self.delivery, DELIVERIES)
        _one_of("How it is used", "competes", self.competes, ("none", "model", "product", "unknown"))
        for code in sorted(self.fields):
            _one_of("How it is used", "fields", code, tuple(FIELDS))

    @property
    def words(self) -> str:
        """The use in a few words, for a sentence.

        >>> Use(False, "internal", frozenset({"US", "EU"}), frozenset({"medical"}), "none").words
        'not commercial, inside the house only, in EU and US, for medical advice or diagnosis, competing with no provider'
        """
        ways = {
            "internal": "inside the house only",
            "served": "served over a network",
            "distributed": "handed out as a copy",
        }
        competes = {
            "none": "competing with no provider",
            "model": "with a model that competes with the provider's",
            "product": "competing with the provider's product",
            "unknown": "and it is not known whether it competes with a provider",
        }
        parts = ["commercial" if self.commercial else "not commercial", ways[self.delivery]]
        parts += [f"in {join(sorted(self.regions))}"] if self.regions else []
        parts += [f"for {FIELDS[code]}" for code in sorted(self.fields)]
        if "automated_decisions" in self.fields:
            parts.append("with a person deciding" if self.human_decides else "without a person deciding")
        return ", ".join([*parts, competes[self.competes]])


_PLACE = re.compile(r"(?:sections?|clauses?|articles?|attachment|\d)\b", re.IGNORECASE)
_ASKED = ("attribution", "notice", "naming", "share_alike", "flow_down", "policy_kept")
_NAMED = ("name the authors", "attribution", "copyright line", "notice", "keep the text", "named")
_ABOUT: Mapping[str, tuple[str, ...]] = {
    "commercial": ("commercial", "research", "grant", "membership", "enterprise"),
    "users": ("user limit", "monthly users"),
    "revenue": ("revenue",),
    "territory": ("territory", " eu", "kingdom"),
    "field": ("attachment", "policy", "barred", "production", "military", "clinical", "may not serve"),
    "policy": ("policy", "attachment", "barred uses"),
    "policy_kept": ("policy", "attachment", "barred uses"),
    "training": ("train", "machine learning", "computing", "tune"),
    "testing": ("train", "machine learning", "computing", "tune"),
    "outputs": ("output", "compet", "improve"),
    "competing": ("output", "compet", "improve"),
    "changes": ("adapted", "derivative", "change"),
    "share_alike": ("adapted", "adaptations", "under this licence", "under the licence", "under the same", "goes under", "source"),
    "attribution": _NAMED,
    "notice": (*_NAMED, "licence text", "source", "copy of the agreement", "copies carry"),
    "naming": ("the name", "built with", "improved using"),
    "flow_down": ("pass", "flow down", "derivative", "goes along", "copy of the agreement"),
}  # fmt: skip
"""Words by which a clause is about a rule or a duty."""


def _parts(clause: str) -> list[str]:
    """The clauses of a row; one without a place of its own stands where the one before it does.

    >>> _parts("sections 2 to 4: use is granted; copies carry the licence; section 5: names")
    ['sections 2 to 4: use is granted', 'sections 2 to 4: copies carry the licence', 'section 5: names']
    """
    found: list[str] = []
    place = ""
    for part in filter(None, clause.rstrip(". ").split("; ")):
        head, colon, _ = part.partition(":")
        if _PLACE.match(part):
            place = head if colon else ""
            found.append(part)
        else:
            found.append(f"{place}: {part}" if place and not colon else part)
    return found


def _codes(row: Row, column: str) -> frozenset[str]:
    return frozenset(code.strip() for code in row.text(column).split(";") if code.strip())


def _said(row: Row, column: str) -> bool:
    text = row.text(column)
    if text not in ("yes", "no", ""):
        raise InputError(f"Table {row.table}, row {row.key}: {column} holds {text!r}; yes or no would do.")
    return text == "yes"
