"""Which duties to explain an automated decision apply, might apply or do not, and what they ask for together.

The duties are rows of the reference table ``duties``. Where and about whom is decided, on what, with which effect and
by whom decides each; a fact that nobody is asked leaves it at "might". Duties that bind only where a machine decides
alone fall away when a person decides with real authority; those that any use sets off do not. Not legal advice: every
row says how far it was checked, and :func:`question` words what to ask counsel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from shipworthy.calculators import _duties_conditions as conditions
from shipworthy.calculators._duties_conditions import MIGHT, NO, YES, Answer, Case
from shipworthy.calculators._duties_table import Duty, duties, duty, need_codes
from shipworthy.calculators._duties_words import BESIDES, DOMAINS, GENERAL, LEVELS, PLACES, chain, level_order, named

__all__ = [
    "BESIDES",
    "DOMAINS",
    "LEVELS",
    "PLACES",
    "Case",
    "Duty",
    "Required",
    "Verdict",
    "applicable",
    "contradictions",
    "duties",
    "duty",
    "judge",
    "question",
    "required",
    "unread",
]

_DEAD = {
    "withdrawn": "It was withdrawn and does not count.",
    "proposed": "It is only proposed and does not count.",
    "advisory": "It is advice that nobody has to follow, and does not count.",
}
_ORDER = (YES, MIGHT, NO)


@dataclass(frozen=True)
class Verdict:
    """How one duty stands towards one case."""

    duty: Duty
    applies: str
    """Whether the case falls under it: yes, might or no. Since when is in ``in_force``."""
    because: str
    """One sentence."""
    fact: str
    """The fact that decides, where it might apply; or what may raise its level."""
    in_force: str
    """yes, "from 2027-01-01", withdrawn, proposed or advisory."""
    level: str
    """Level it asks for here; "none" where it does not apply."""
    could: str
    """Highest level it may ask for here."""
    starts: date | None
    """Where that is to come: the day from which it binds beyond dispute."""
    then: str
    """Whether the case falls under it from then on: yes, might or no."""

    @property
    def gives(self) -> tuple[str, ...]:
        """What is to be given here (codes): all that the duty asks, or what belongs to a general description."""
        return tuple(code for code in self.duty.gives if self.level == self.duty.level or code in GENERAL)

    @property
    def now(self) -> bool:
        """True where it applies and is in force on the case's day."""
        return self.applies == YES and self.in_force == YES


@dataclass(frozen=True)
class Required:
    """What all duties that count ask for together, and the operator's own policy."""

    level: str
    """none, notice, reasons or logic."""
    besides: tuple[str, ...]
    """Out of documentation, bias_audit, human_decision, lawful_ground."""
    by_duty: Mapping[str, str]
    """Level by key of each duty that counts."""
    gives: tuple[str, ...]
    """All that they ask to be given (codes)."""
    most_reasons: int | None
    """Fewest that a duty names as the most reasons to give; None where none names a number."""
    from_policy: bool
    """True where the policy asks for more than the duties."""
    coming: tuple[Verdict, ...]
    """Duties that start within the period, earliest first, counted or not."""
    might: tuple[Verdict, ...]
    """Duties in force that might apply."""
    possible: str
    """The level if all that might apply, and all that are coming, do."""
    possible_besides: tuple[str, ...]


def judge(row: Duty | str, case: Case) -> Verdict:
    """Hold one duty against a case.

    Parameters
    ----------
    row : Duty or str
        The duty, or its key in the table ``duties``.
    case : Case
        What is known of the automated decision.

    Returns
    -------
    Verdict
        yes, might or no, with a sentence; might where a fact that decides is not known, which it names.

    Raises
    ------
    InputError
        If there is no such duty.

    Examples
    --------
    >>> from datetime import date
    >>> loan = Case(on=date(2026, 11, 20), affected=frozenset({"EU"}), domains=frozenset({"credit"}),
    ...             effect="adverse", automation="human", people=frozenset({"consumers"}))
    >>> judge("EU-CCD2", loan).applies, judge("EU-GDPR-22", loan).because
    ('yes', 'It binds only where no person decides, and here a person decides with real authority.')

    References
    ----------
    The table ``duties``: every row names its source.
    """
    found = duty(row) if isinstance(row, str) else row
    scope = _scope(found, case)
    in_force = _in_force(found, case.on)
    sure, could = conditions.level(found, case)
    applies, because, fact = scope.state, scope.words, ""
    starts = found.starts if in_force.startswith("from") else None
    then = scope.state
    if in_force in _DEAD and scope.state != NO:
        applies, because, then = NO, _DEAD[in_force], NO
    elif scope.state == MIGHT:
        fact, because = scope.words, f"It depends on {scope.words}."
    if applies == NO:
        return Verdict(found, NO, because, "", in_force, "none", "none", None, NO)
    if found.certain and case.on < found.certain:
        starts = found.certain
        if in_force == YES:
            disputed = f"whether it already binds before {found.certain.isoformat()}, which is disputed"
            fact = "; ".join(part for part in (fact, disputed) if part)
            applies, because = MIGHT, f"It depends on {fact}."
    if applies == YES:
        because = _why(found, case, in_force)
        if could != sure:
            fact = "whether the outcome has a serious effect, which raises what is owed"
    return Verdict(found, applies, because, fact, in_force, sure, could, starts, then)


def applicable(case: Case) -> list[Verdict]:
    """All duties of the places in question, those that apply first, then those that might, then those that do not.

    Parameters
    ----------
    case : Case
        What is known of the automated decision.

    Returns
    -------
    list of Verdict
        Within each kind those in force first, then by the day from which they bind, else in the table's order. Duties of
        places where nobody is affected are left out.

    Examples
    --------
    >>> from datetime import date
    >>> tokyo = Case(on=date(2026, 11, 20), affected=frozenset({"JP"}), domains=frozenset({"credit"}), effect="adverse")
    >>> [(verdict.duty.key, verdict.applies, verdict.because) for verdict in applicable(tokyo)]
    [('JP-AI', 'no', 'It was looked at and asks for no explanation.')]
    """
    here = [found for found in duties() if conditions.place(found, case).state != NO]
    return sorted(
        (judge(found, case) for found in here),
        key=lambda verdict: (_ORDER.index(verdict.applies), verdict.starts or date.min),
    )


def required(
    verdicts: Iterable[Verdict],
    *,
    until: date | None = None,
    count_coming: bool = False,
    policy: str = "none",
) -> Required:
    """What the duties that apply ask for together: the highest level, and all that is asked besides.

    Parameters
    ----------
    verdicts : iterable of Verdict
        From :func:`applicable` or :func:`judge`.
    until : date, optional
        End of the period: what starts later is not listed as coming. Without it all that is coming is listed.
    count_coming : bool
        Whether duties that start within the period count as well.
    policy : str
        Level that the operator has set for itself; the higher of the two holds.

    Returns
    -------
    Required
        Only duties that apply and are in force count (and those coming, where asked); withdrawn, proposed and advisory
        ones never do.

    Raises
    ------
    InputError
        If the policy is no level.

    Examples
    --------
    >>> from datetime import date
    >>> loan = Case(on=date(2026, 11, 20), affected=frozenset({"US"}), domains=frozenset({"credit"}), bureau="yes",
    ...             effect="adverse", automation="human", people=frozenset({"consumers"}))
    >>> asked = required(applicable(loan))
    >>> asked.level, dict(asked.by_duty), asked.most_reasons
    ('reasons', {'US-ECOA-AA': 'reasons', 'US-FCRA-615a': 'reasons'}, 4)
    """
    need_codes("The operator's own policy", {policy}, LEVELS)
    given = list(verdicts)
    coming = sorted(
        (each for each in given if each.starts and each.then != NO and (until is None or each.starts <= until)),
        key=lambda each: each.starts or date.max,
    )
    counted = [each for each in given if each.now or (count_coming and each.then == YES and each in coming)]
    might = [each for each in given if each.applies == MIGHT and each.in_force == YES]
    all_of_them = [*counted, *might, *coming]
    asked = _highest(each.level for each in counted)
    numbers = [each.duty.most_reasons for each in counted if each.duty.most_reasons and level_order(each.level) >= 2]
    level = _highest((asked, policy))
    return Required(
        level=level,
        besides=_besides(counted),
        by_duty={each.duty.key: each.level for each in counted},
        gives=tuple(dict.fromkeys(code for each in counted for code in each.gives)),
        most_reasons=min(numbers) if numbers else None,
        from_policy=level != asked,
        coming=tuple(coming),
        might=tuple(might),
        possible=_highest((level, *(each.could for each in all_of_them))),
        possible_besides=_besides(all_of_them),
    )


def unread(case: Case) -> tuple[str, ...]:
    """Names of the places affected about which the table holds no duty at all: there it knows nothing.

    >>> from datetime import date
    >>> unread(Case(on=date(2026, 11, 20), affected=frozenset({"JP", "other"})))
    ('another country',)
    """
    held = frozenset[str]().union(*(found.places for found in duties()))
    return tuple(PLACES[code][0] for code in PLACES if code in case.affected and not chain(code, PLACES) & held)


def contradictions(case: Case) -> list[str]:
    """Answers of a case that cannot both be right, one sentence each.

    >>> from datetime import date
    >>> contradictions(Case(on=date(2026, 11, 20), effect="support", automation="solely"))
    ['The output helps a person who decides, yet the system is said to decide alone: one of the two has to change.']
    """
    found = []
    if case.effect == "support" and case.automation == "solely":
        found.append(
            "The output helps a person who decides, yet the system is said to decide alone: one of the two has to change."
        )
    if case.domains and case.domains <= {"hiring", "work"} and case.protected == {"businesses"}:
        found.append("It decides about hiring or work, yet only businesses are said to be affected: say who applies.")
    return found


def question(verdict: Verdict) -> str:
    """What to ask counsel about a duty.

    >>> from datetime import date
    >>> print(question(judge("ES-ET64", Case(on=date(2026, 11, 20), affected=frozenset({"ES"}),
    ...     domains=frozenset({"hiring"}), effect="adverse"))))
    Does this bind us: Spain Workers' Statute: algorithms at work (Estatuto de los Trabajadores art 64.4(d); Ley 12/2021
    (from RDL 9/2021))? We think that it depends on whether there is a works council.
    """
    name = f"{verdict.duty.instrument} ({verdict.duty.citation})"
    if verdict.applies == YES:
        when = "" if verdict.in_force == YES else f" {verdict.in_force}"
        rare = f" We take it to, unless {verdict.duty.unless}." if verdict.duty.unless else ""
        return f"Does this bind us{when}, as we think, and does what we plan to give meet it: {name}?{rare}"
    if verdict.applies == MIGHT:
        return f"Does this bind us: {name}? We think that it depends on {verdict.fact}."
    return f"Are we right that this does not bind us: {name}? {verdict.because}"


def _scope(found: Duty, case: Case) -> Answer:
    """All conditions together: one no is a no, else one might a might, with the facts that decide."""
    if (where := conditions.place(found, case)).state == NO:
        return where
    if found.empty:
        return Answer(NO, "It was looked at and asks for no explanation.")
    settled = "public_settles" in found.triggers and case.public_body == "yes"
    answers = [
        where,
        conditions.domain(found, case),
        conditions.triggers(found, case),
        *conditions.conditions(found, case),
        conditions.automation(found, case),
        conditions.people(found, case),
        Answer(MIGHT, found.fact) if found.fact and not settled else Answer(YES),
    ]
    for answer in answers:
        if answer.state == NO:
            return answer
    open_facts = [answer.words for answer in answers if answer.state == MIGHT]
    return Answer(MIGHT, "; ".join(open_facts)) if open_facts else Answer(YES)


def _in_force(found: Duty, on: date) -> str:
    if found.status in _DEAD:
        return found.status
    return f"from {found.starts.isoformat()}" if found.starts and on < found.starts else YES


def _why(found: Duty, case: Case, in_force: str) -> str:
    touched = [code for code in case.affected if chain(code, PLACES) & found.places]
    start = "It" if in_force == YES else f"{in_force.capitalize()} it"
    who = "because the system decides alone" if found.solely else "whoever takes the decision"
    rare = f", unless {found.unless} (nobody is asked)" if found.unless else ""
    return f"{start} binds for people in {named(touched, PLACES, 'and')}, {who}{rare}."


def _highest(levels: Iterable[str]) -> str:
    return max(levels, key=level_order, default="none")


def _besides(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    wanted = {code for each in verdicts for code in each.duty.besides}
    return tuple(code for code in BESIDES if code in wanted)
