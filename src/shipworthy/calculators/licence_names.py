"""What a licence written by people and data hubs means, in rows of the table ``licences``.

A name is taken for a row only where it can mean nothing else. A name without its version, or one that only SPDX and
ScanCode know, is not known here, and near names are offered. What is typed is compared, never run or shown as markup.

The ``license-expression`` package reads expressions; it is imported on the first one (7 ms, 1.4 MB), with a parser that
knows no names (0.1 ms, where its full list of 2,400 takes 19 ms and 3.4 MB), because the table holds the names. The
list is read only to say of a strange id that SPDX knows it (7 ms, 2.6 MB while it is read).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from shipworthy.calculators._licence_spelling import fold, index

LONGEST = 500
"""Longest text that is read [character]."""
MOST_CHOICES = 64
"""Most alternatives that an expression may come to [1]."""

Choices = tuple[tuple[str, ...], ...]

_LATER = re.compile(r"[\s-]+or[\s-]+(?:any[\s-]+)?(?:later|newer|greater|above)(?:[\s-]+versions?)?\b", re.IGNORECASE)
_OPERATOR = re.compile(r"(?<![\w-])(?:and|or|with)(?![\w-])", re.IGNORECASE)
_NEXT = {"gpl-2.0": ("gpl-3.0",), "lgpl-2.1": ("lgpl-3.0",)}
_LOOK = "look for a licence file, the page of the data or the model, or the contract"
_NOT_HERE = "SPDX or ScanCode lists it, but the table here does not hold its terms"
_VAGUE = frozenset(
    fold(word)
    for word in (
        "", "other", "unknown", "n/a", "na", "nan", "null", "?", "??", "-", "/", "tbd", "to be determined", "todo",
        "noassertion", "unclear", "not known", "various", "mixed", "multiple", "free", "open", "open source", "research",
        "research only", "see website", "see license", "see license file", "see readme", "see link", "see description",
        "other (specified in description)", "unknown license", "other license", "yes",
    )
)  # fmt: skip
_CC = ("cc0-1.0", "cc-by-4.0", "cc-by-sa-4.0", "cc-by-nd-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0")
_HINTS = {
    fold(name): (sentence, rows)
    for name, sentence, rows in (
        ("public domain", "says that nobody has rights, not who gave them up or when they ended", ("cc0-1.0", "pddl-1.0")),
        ("proprietary", "means terms of its own: describe the contract", ("custom-contract",)),
        ("custom", "means terms of its own: describe the contract", ("custom-contract",)),
        ("commercial", "means terms of its own: describe the contract", ("custom-contract",)),
        ("unlicensed", "may mean that there is no licence, or the licence called Unlicense", ("unspecified", "wtfpl")),
        ("cc", "says Creative Commons, not which of its licences", _CC),
        ("creative commons", "says Creative Commons, not which of its licences", _CC),
        ("openai", "is a provider: say which of its terms, or which model", ("openai-tou-2023", "openai-tou-2024")),
        ("openrail++", "is a licence of the OpenRAIL family whose terms are not held here", ("creativeml-openrail-m", "openrail-m-bigscience")),
        ("flux.1 schnell", "is not held here: its card says which licence it has", ("apache-2.0", "flux-1-dev")),
        ("bsl", "may mean the Boost licence or the Business Source License", ("bsl-1.1",)),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Resolved:
    """What a licence text was understood to mean."""

    choices: Choices
    """Alternatives the licensee may choose from, each the rows that hold together; empty where not known."""
    words: str
    """How it was understood, in a sentence or two."""
    suggestions: tuple[str, ...]
    """Rows that may have been meant."""
    known: bool
    error: str = ""
    """What is wrong with an expression that cannot be read, in one sentence."""


def resolve(text: str, *, contracts: Sequence[str] = ()) -> Resolved:
    """What a licence as somebody wrote it means.

    In this order: a contract of one's own, a name of the table, an expression in SPDX or ScanCode ids with AND, OR,
    WITH and brackets, near names.

    Parameters
    ----------
    text : str
        The licence as typed, or as a hub's tag has it.
    contracts : sequence of str, optional
        Names of the contracts that the team has described: these come out as ``contract:NAME``.

    Returns
    -------
    Resolved
        Alternatives, or near names; never a row that the text may not mean.

    Examples
    --------
    >>> resolve("cc by nc 4.0").choices
    (('cc-by-nc-4.0',),)
    >>> resolve("MIT OR (GPL-3.0-only AND CC-BY-4.0)").choices
    (('mit',), ('gpl-3.0', 'cc-by-4.0'))
    >>> resolve("gpl").known, resolve("gpl").suggestions
    (False, ('gpl-2.0', 'gpl-3.0'))
    >>> resolve("Deal with Acme", contracts=("deal with ACME",)).choices
    (('contract:deal with ACME',),)

    References
    ----------
    SPDX Specification, annex on licence expressions; the ``license-expression`` package and the ScanCode LicenseDB.
    """
    if len(text.strip()) > LONGEST:
        return _unreadable(f"The licence has more than {LONGEST} characters: name it, or describe it as a contract.")
    plain = "".join(letter if letter.isprintable() else " " for letter in text).strip()
    own = {_plain(name): name for name in contracts if name.strip()}
    whole = _name(plain, own)
    if plain.count("(") != plain.count(")") and not whole.own:
        return _unreadable(f"{_quoted(plain)} has a bracket that is not opened or not closed.", plain)
    if whole.alternatives:
        return _understood(whole.alternatives, whole.notes)
    if fold(plain) in _VAGUE or fold(plain) in _HINTS or not _OPERATOR.search(_LATER.sub("+", plain)):
        close = difflib.get_close_matches(_plain(plain), own, cutoff=0.75)
        suggestions = (*(f"contract:{own[name]}" for name in close), *_suggested(plain))
        return Resolved((), _strange(plain), suggestions, False)
    return _expression(plain, own)


@dataclass(frozen=True)
class _Part:
    """A name, or a part of an expression, as understood: alternatives, remarks, names that nobody knows."""

    alternatives: tuple[frozenset[str], ...] = ()
    notes: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    own: bool = False
    """Whether it is the name of a contract of the team's own."""


class _TooMany(Exception):
    """An expression of more alternatives than anybody can choose from."""


def _name(text: str, own: dict[str, str]) -> _Part:
    """One name: a contract, a row, or a row "or later"."""
    contract = own.get(_plain(text.removeprefix("contract:")))
    if contract is not None:
        return _Part((frozenset({f"contract:{contract}"}),), own=True)
    known = index()
    key = known.exact.get(fold(text))
    if key is not None:
        return _Part((frozenset({key}),))
    plus = _LATER.sub("+", text).strip()
    base = known.exact.get(fold(plus[:-1])) if plus.endswith("+") else None
    if base is None or base not in known.general:
        return _Part(strange=(text,))
    later = (base, *_NEXT.get(base, ()))
    return _Part(tuple(frozenset({key}) for key in later), ("“Or later”: a newer version may be chosen too.",))


def _expression(text: str, own: dict[str, str]) -> Resolved:
    parsed, error = _parsed(text)
    if error:
        return _unreadable(error, text)
    try:
        part = _part(parsed, own)
    except _TooMany:
        return _unreadable(f"The expression leaves more than {MOST_CHOICES} alternatives: give the one that is chosen.")
    if part.alternatives:
        return _understood(part.alternatives, part.notes)
    strange = list(dict.fromkeys(part.strange))[:3]
    suggestions = dict.fromkeys(row for name in strange for row in _suggested(name))
    words = " ".join(_strange(name) for name in strange)
    return Resolved((), words, tuple(suggestions)[:8], False)


def _part(parsed: Any, own: dict[str, str]) -> _Part:
    """A parsed expression as alternatives; without any where something in it is not known."""
    parser, with_exception = _parser()
    if isinstance(parsed, parser.OR):
        return _either([_part(each, own) for each in parsed.args])
    if isinstance(parsed, parser.AND):
        return _together([_part(each, own) for each in parsed.args])
    if isinstance(parsed, with_exception):
        return _with_exception(parsed.license_symbol.key, parsed.exception_symbol.key, own)
    return _name(str(parsed.key), own)


def _either(parts: list[_Part]) -> _Part:
    """OR: an alternative that SPDX knows and the table does not is left out; one that nobody knows may be a doubt."""
    known = [part for part in parts if part.alternatives]
    strange = tuple(name for part in parts for name in part.strange)
    if not known or not all(_catalogued(name) for name in strange):
        return _Part(strange=strange)
    alternatives = _fewest(way for part in known for way in part.alternatives)
    notes = tuple(f"{_quoted(name)} was left out: {_NOT_HERE}." for name in strange)
    return _Part(alternatives, (*(note for part in known for note in part.notes), *notes))


def _together(parts: list[_Part]) -> _Part:
    """AND: all hold, so that one that is not known makes the whole not known."""
    strange = tuple(name for part in parts for name in part.strange)
    if strange:
        return _Part(strange=strange)
    alternatives: tuple[frozenset[str], ...] = (frozenset(),)
    for part in parts:
        alternatives = _fewest(way | other for way in alternatives for other in part.alternatives)
    return _Part(alternatives, tuple(note for part in parts for note in part.notes))


def _with_exception(name: str, exception: str, own: dict[str, str]) -> _Part:
    """WITH: SPDX's exceptions only permit more. Others may take away (Commons Clause), and are not known."""
    part = _name(name, own)
    if not part.alternatives:
        return part
    if _hyphened(exception) not in _catalogue()[1]:
        return _Part(strange=(f"{name} WITH {exception}",))
    note = f"The exception {_quoted(exception)} permits more than the licence: it is judged without it."
    return _Part(part.alternatives, (*part.notes, note))


def _fewest(ways: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Alternatives in order, without those that ask for all that another asks for."""
    kept: list[frozenset[str]] = []
    for way in ways:
        if not any(other <= way for other in kept):
            kept = [other for other in kept if not way < other]
            kept.append(way)
        if len(kept) > MOST_CHOICES:
            raise _TooMany
    return tuple(kept)


def _understood(alternatives: tuple[frozenset[str], ...], notes: tuple[str, ...]) -> Resolved:
    order = {key: place for place, key in enumerate(index().rows)}
    choices = tuple(tuple(sorted(way, key=lambda key: (order.get(key, len(order)), key))) for way in alternatives)
    read = "; or ".join(" and ".join(_title(key) for key in way) for way in choices)
    return Resolved(choices, " ".join((f"Read as {read}.", *dict.fromkeys(notes))), (), True)


def _unreadable(error: str, text: str = "") -> Resolved:
    return Resolved((), error, _suggested(text), False, error)


def _strange(name: str) -> str:
    """Why a name is not known, and what would do."""
    folded = fold(name)
    if not folded or not name.strip():
        return f"No licence was given: {_LOOK}."
    if folded in _HINTS:
        return f"{_quoted(name)} {_HINTS[folded][0]}."
    if folded in _VAGUE:
        return f"{_quoted(name)} names no terms: {_LOOK}."
    if several := _several(name):
        either, both = (f" {word} ".join(_title(key) for key in several) for word in ("OR", "AND"))
        return f"{_quoted(name)} names {len(several)} licences and not whether one may be chosen or all hold: write {either}, or {both}."
    if folded in index().families:
        return f"{_quoted(name)} leaves open which version: they can differ, so name it."
    if _catalogued(name):
        return f"{_quoted(name)}: {_NOT_HERE}. Describe them as a contract."
    return f"{_quoted(name)} is not known here: name it in full, or describe it as a contract."


def _suggested(name: str) -> tuple[str, ...]:
    folded = fold(name)
    if folded in _HINTS:
        return _HINTS[folded][1]
    return () if folded in _VAGUE else _several(name) or index().suggestions(name)


def _several(name: str) -> tuple[str, ...]:
    """The rows of a list of names, such as MIT, Apache-2.0: whether one or all are meant it does not say."""
    exact = index().exact
    found = [exact.get(fold(part), "") for part in re.split(r"[,;/|&]|\s\+\s", name)]
    return tuple(dict.fromkeys(found)) if len(set(found)) > 1 and all(found) else ()


def _parsed(text: str) -> tuple[Any, str]:
    """The expression, or a sentence on why it cannot be read."""
    from boolean import ParseError
    from license_expression import ExpressionError

    try:
        return _parser()[0].parse(_LATER.sub("+", text), validate=False), ""
    except (ParseError, ExpressionError, IndexError):  # IndexError: the parser's answer to "()"
        pass
    if re.search(r"^\W*(?:and|or|with)\b|\b(?:and|or|with)\W*$", text, re.IGNORECASE):
        return None, f"{_quoted(text)} needs a licence on both sides of AND, OR and WITH."
    return None, f"{_quoted(text)} cannot be read: a name, or something like MIT OR Apache-2.0 would do."


@cache
def _parser() -> tuple[Any, Any]:
    """A parser that takes every name, and the class of its licences with an exception."""
    from license_expression import LicenseWithExceptionSymbol, Licensing

    return Licensing(), LicenseWithExceptionSymbol


@cache
def _catalogue() -> tuple[frozenset[str], frozenset[str]]:
    """Ids of all licences that SPDX or ScanCode know, and of the exceptions that SPDX knows, in lower case."""
    from license_expression import get_license_index

    licences: set[str] = set()
    exceptions: set[str] = set()
    for entry in get_license_index():
        spdx = entry.get("spdx_license_key") or ""
        ids = {each.lower() for each in (entry["license_key"], spdx, *entry["other_spdx_license_keys"]) if each}
        if not entry["is_exception"]:
            licences |= ids
        elif spdx and not spdx.startswith("LicenseRef-"):
            exceptions |= ids
    return frozenset(licences), frozenset(exceptions)


def _catalogued(name: str) -> bool:
    return _hyphened(name).rstrip("+") in _catalogue()[0]


def _hyphened(name: str) -> str:
    return re.sub(r"\s+", "-", name.strip().lower())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _title(key: str) -> str:
    row = index().rows.get(key)
    return row.text("name") if row else f"the contract {_quoted(key.removeprefix('contract:'))}"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"
