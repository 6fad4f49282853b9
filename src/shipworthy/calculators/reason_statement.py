"""A sample statement for one person, shaped by the duties, to show compliance what it would look like; and a checklist.

The statement says only what the duties ask: a general notice, the main reasons, or the logic with what a change would
do. Reasons are those that hurt, the heaviest first, no more than a duty expects, and never a catch-all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shipworthy.calculators._duties_words import LEVELS, level_order
from shipworthy.calculators._reason_telling import SAID_NOTHING, Telling, small, telling
from shipworthy.calculators.duties import Required, Verdict
from shipworthy.errors import InputError
from shipworthy.words import join, one_line

__all__ = ["USUAL_MOST", "Telling", "checklist", "statement", "telling"]

USUAL_MOST = 4
"""Reasons to give where no duty names a number: what comment 9(b)(2) of Regulation B calls helpful."""

_CATCH_ALL = re.compile(
    r"""
    \b(internal|lending|underwriting|company|bank|credit|our|general|minimum)\s+
        (standards?|polic(y|ies)|guidelines?|criteria|requirements?|rules?)\b
    | (\bnot|n['’]t|\bfail(ed|s)?\s+to|\bunable\s+to)\s+(meet|satisfy|fulfil|reach|achieve|pass)\b
        .*\b(standards?|criteria|requirements?|polic(y|ies)|guidelines?|minimum|scores?|level|threshold|cut-?off|model)\b
    | (\bnot|n['’]t|\bfail(ed|s)?\s+to)\s+qualify\b
    | \b(insufficient|low|not\s+enough|fail(ed|ing)?|below)\b[\w\s]*\bscores?\b
    | \bscores?\b[\w\s]*\b(insufficient|low|below|failed|not\s+enough)\b
    | \b(insufficient|not\s+enough|too\s+few)\s+points\b
    | \b(model|algorithm|computer|ai)\b(['’]s)?\s+(score|decision|decided|result|output|said|rejected|refused)\b
    | ^\W*(various|several|other|all|multiple|a\s+combination)\b.*\b(factors?|reasons?|data|grounds?)\W*$
    | ^\W*((the\s+)?(others?|various|miscellaneous|policy|(total\s+)?score|model|algorithm|(overall\s+)?risk|factors?
        |reasons?|unknown|n/a|none))\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Reasons that fit anybody: a missed score or standard, "other factors", the model itself."""

_LINES: Mapping[str, str] = {
    "agency": "We used a report of [name, address and telephone number of the agency]. The agency did not take this decision "
    "and cannot tell you why it was taken.",
    "score_factors": "Your score in that report: [score], on a scale from [lowest] to [highest], of [date]. What lowered it "
    "most: [up to four key factors].",
    "report_rights": "You may have a free copy of the report, and dispute with the agency what is wrong in it.",
    "human_review": "You may ask for a person to look at this again.",
    "review": "You may ask for this to be judged again.",
    "contest": "You may contest it: [where and until when].",
    "express_view": "You may tell us your side, and we take it into account.",
    "correction": "You may see the data that we used and have mistakes corrected.",
    "opt_out": "You may refuse to have this decided by a system: [how].",
    "non_personalised": "You may choose results that are not based on your data: [how].",
    "deletion": "You may have your recording deleted: [how].",
    "human_decision": "A person with the right qualification takes the decision, not the system.",
    "told_of_rights": "This is your right, and using it costs you nothing.",
}


def statement(
    required: Required,
    contributions: Iterable[tuple[str, float]] = (),
    most: int | None = None,
    *,
    subject: str = "your application",
    data_used: Sequence[str] = (),
    how: Telling = SAID_NOTHING,
) -> str:
    """A sample statement for one person, as the duties that count would have it.

    Parameters
    ----------
    required : Required
        What is asked, from :func:`shipworthy.calculators.duties.required`.
    contributions : iterable of (str, float)
        Each feature in words a person understands, and the points that it cost [point]. What cost nothing, or helped,
        is left out of the reasons.
    most : int, optional
        Most reasons to give; the fewer of it and what the duties expect holds.
    subject : str
        What was decided about, as it reads after "on".
    data_used : sequence of str
        Data that were used; the features where none are given.
    how : Telling
        How the model tells its reasons, from :func:`telling`: points add up, a path can be followed, exact shares can be
        named; reasons that are only approximated stand in square brackets, to be checked. Without it nothing is said of
        how it was decided.

    Returns
    -------
    str
        Lines of text. What only the operator knows, or has to check, stands in square brackets. Where nothing is surely
        owed and something might be, the shape of what might be.

    Raises
    ------
    InputError
        If a reason is a catch-all, nothing hurt although reasons are owed, or ``most`` is below 1.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.calculators.duties import Case, applicable, required
    >>> loan = Case(on=date(2026, 11, 20), affected=frozenset({"US"}), domains=frozenset({"credit"}), bureau="no",
    ...             effect="adverse", automation="solely", people=frozenset({"consumers"}))
    >>> print(statement(required(applicable(loan)), [("Time in the present job", 12), ("Savings", -5), ("Debt", 30)]))
    We decided on your application: [declined / granted on worse terms / ended].
    The main reasons, the heaviest first:
    1. Debt
    2. Time in the present job

    References
    ----------
    12 CFR 1002.9 with comment 9(b)(2); CJEU C-203/22. A sample, not legal advice.
    """
    if most is not None and most < 1:
        raise InputError(f"Most reasons: {most} was found; a whole number of at least 1 would do.")
    given = [(feature.strip(), _points(feature, points)) for feature, points in contributions]
    used = list(data_used) or [feature for feature, _ in given]
    rank = level_order(required.level)
    lines = list[str]()
    if rank == 0 and level_order(required.possible):
        lines.append(
            "Nothing has surely to be explained to the person. Where what might apply does, it is "
            f"{LEVELS[required.possible]}, such as this:"
        )
        required = _possible(required)
        rank = level_order(required.level)
    if rank == 0:
        lines.append("No explanation is owed to the person.")
    elif rank == 1:
        lines += _notice(required, subject, used)
    else:
        lines += _reasons(given, _most(required, most), subject, how)
    if rank == 3:
        lines += _logic(given, used, how)
    elif rank == 2:
        lines += _asked_besides(required, given, used, how)
    if rank >= 2 and {"use_notice", "system_role", "ai_disclosure"} & set(required.gives):
        lines.append("A system scored the data, [and a person / and nobody else] took the decision.")
    if "consequences" in required.gives:
        lines.append("What this means for you: [what follows from it, and for how long].")
    return "\n".join([*lines, *(text for code, text in _LINES.items() if code in required.gives)])


def checklist(verdicts: Iterable[Verdict]) -> list[str]:
    """What to have ready, one line a duty that applies or might, with its citation.

    Parameters
    ----------
    verdicts : iterable of Verdict
        From :func:`shipworthy.calculators.duties.applicable`.

    Returns
    -------
    list of str
        Those that apply first. Withdrawn, proposed and advisory duties are left out.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.calculators.duties import Case, applicable
    >>> tests = Case(on=date(2026, 11, 20), affected=frozenset({"US-NYC"}), domains=frozenset({"hiring"}), bureau="no",
    ...             effect="ranking", automation="human")
    >>> print(checklist(applicable(tests))[0])
    An independent bias audit not older than a year, its summary published, and a notice to candidates. To whom: the
    candidate or employee; the public. When: notice at least 10 business days before; audit not older than a year. New York
    City Local Law 144: automated employment decision tools: NYC Administrative Code 20-870 to 20-874; 6 RCNY 5-300. As of
    2026-11-20; a law-firm, tracker, news or vendor page was read.
    """
    given = list(verdicts)
    return [_check(verdict) for word in ("yes", "might") for verdict in given if verdict.applies == word]


def _check(verdict: Verdict) -> str:
    duty = verdict.duty
    start = [] if verdict.in_force == "yes" else [verdict.in_force]
    start += [f"depends on {verdict.fact}"] if verdict.applies == "might" else []
    first = ", ".join(start)
    before = f"{first[0].upper()}{first[1:]}: " if first else ""
    rare = f"Taken to apply, unless {duty.unless}: check that first. " if duty.unless else ""
    return (
        f"{before}{rare}{duty.checklist}. To whom: {duty.to_whom}. When: {duty.timing}. {duty.instrument}: {duty.citation}. "
        f"As of {duty.as_of.isoformat()}; {duty.how_checked}."
    )


def _points(feature: str, points: float) -> float:
    words = feature.strip()
    if not words:
        raise InputError("Reason: it has no words; name what it is about, such as “Time in the present job”.")
    if _CATCH_ALL.search(words):
        raise InputError(
            f"Reason: “{one_line(words)}” fits anybody; name what it was about this person, such as “Time in the present job”."
        )
    if not math.isfinite(points):
        raise InputError(f"Reason: “{one_line(words)}” has no number of points; a number such as 12 would do.")
    return points


def _most(required: Required, most: int | None) -> int:
    return min((number for number in (most, required.most_reasons) if number is not None), default=USUAL_MOST)


def _hurt(given: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Those that cost points, the heaviest first; in the order given where they cost the same."""
    return sorted((each for each in given if each[1] > 0), key=lambda each: -each[1])


def _notice(required: Required, subject: str, used: Sequence[str]) -> list[str]:
    if {"ai_disclosure"} == set(required.gives) & {"ai_disclosure", "use_notice", "description", "policy"}:
        return ["You are talking to an AI, not to a person."]
    looks = f" It looks at: {join([small(each) for each in used])}." if used else " It looks at: [kinds of data]."
    return [f"An automated system is used to decide, or to help decide, on {subject}.{looks}"]


def _reasons(given: Sequence[tuple[str, float]], most: int, subject: str, how: Telling) -> list[str]:
    hurt = _hurt(given)
    if not hurt:
        raise InputError(
            "Reasons: nothing cost this person points; name at least one feature that did, with its points."
        )
    shown = [how.reason(place, feature) for place, (feature, _) in enumerate(hurt[:most], start=1)]
    title = "The main reasons, the heaviest first:" if len(shown) > 1 else "The main reason:"
    return [f"We decided on {subject}: [declined / granted on worse terms / ended].", title, *shown, *how.warning()]


def _logic(given: Sequence[tuple[str, float]], used: Sequence[str], how: Telling) -> list[str]:
    data = f"Data that were used: {join([small(each) for each in used])}."
    return [how.procedure(_hurt(given)), data, *_changes(given, how)]


def _asked_besides(
    required: Required, given: Sequence[tuple[str, float]], used: Sequence[str], how: Telling
) -> list[str]:
    found = list[str]()
    if "data_used" in required.gives:
        found.append(f"Data that were used: {join([small(each) for each in used])}.")
    return found + (_changes(given, how) if "what_would_change" in required.gives else [])


def _changes(given: Sequence[tuple[str, float]], how: Telling) -> list[str]:
    made = [f"- {each}" for each in how.changes] or [how.change(*each) for each in _hurt(given)[:USUAL_MOST]]
    return ["What would have changed the result:", *made]


def _possible(required: Required) -> Required:
    """The same with all that might apply, and all that is coming."""
    more = (*required.might, *required.coming)
    gives = tuple(dict.fromkeys((*required.gives, *(code for each in more for code in each.gives))))
    numbers = [each.duty.most_reasons for each in more if each.duty.most_reasons]
    return replace(required, level=required.possible, gives=gives, most_reasons=min(numbers, default=None))
