"""What would reopen a decision, as conditions that a machine can look at: on answers, reference tables and days.

A trigger is written with the outcome (:class:`shipworthy.decision.Trigger`), read from words by :func:`parse` and told by
:func:`words`, proposed from the flip points of the chosen option by :func:`proposed`, and held against new measurements,
today's tables and today's date by :func:`recheck`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shipworthy._answer_names import EVERY, Names
from shipworthy._free_conditions import condition, names_an_answer
from shipworthy._trigger_faults import fault, problems
from shipworthy._trigger_words import parse, reference_mark, words
from shipworthy.assess import Assessment
from shipworthy.calculators.duties import duty
from shipworthy.considerations import registry
from shipworthy.considerations.base import FlipPoint, World
from shipworthy.decision import DO_NOTHING, Condition, Decision, RangeValue, RequirementValue, SpreadValue, Trigger
from shipworthy.errors import InputError
from shipworthy.insight import nearest_first
from shipworthy.reference import loader as reference
from shipworthy.turning import turns
from shipworthy.words import day, one_line

__all__ = ["Verdict", "check", "evaluate", "parse", "proposed", "recheck", "turned", "words"]

Measured = Mapping[tuple[str, str], float]
"""New values by answer and option; an empty option means all of them. What is no answer goes by its own name."""

MOST_PROPOSED, MOST_TURNED = 6, 3
_WORSE = ("meets", "at_risk", "fails")
_STEPS = (2, 3, 4, 6, 8, 12)
"""Significant digits that are tried for a proposed value."""


@dataclass(frozen=True)
class Verdict:
    """Whether one condition holds, and why, in a sentence."""

    what: str
    state: Literal["holds", "reopen", "judge", "cannot"]
    """``judge``: written in words that only a person can judge. ``cannot``: a trigger that can never come true."""
    reason: str
    trigger: Trigger | None = None

    @property
    def reopens(self) -> bool:
        """Whether the decision should be looked at again because of it."""
        return self.state == "reopen"


def check(decision: Decision) -> None:
    """Refuse triggers that can never come true; InputError in words."""
    for problem in problems(decision):
        raise InputError(problem)


def recheck(decision: Decision, *, on: date, measured: Measured | None = None) -> list[Verdict]:
    """Every condition of a decision, held against measurements, the tables as they are now, and a day.

    Triggers come first, then what was written in free words: it is looked at where it reads as a trigger, else it is left
    to people. A condition that must come true and has not until its day reopens the decision too. A trigger that can never
    come true is told as such; it keeps no other from being looked at.

    Parameters
    ----------
    decision : Decision
        With its outcome.
    on : date
        The day.
    measured : mapping, optional
        New values by (answer, option), in the answer's unit; an empty option means all.

    Examples
    --------
    >>> from shipworthy.examples import example
    >>> from shipworthy.decision import Outcome
    >>> outcome = Outcome(chosen="two_month_gap", reopen=("persuasion exceeds 90 days", "on 1 March 2027"))
    >>> made = example("churn").model_copy(update={"outcome": outcome})
    >>> for each in recheck(made, on=date(2027, 3, 2), measured={("lead_time.persuasion", ""): 70.0}):
    ...     print(each.state, "|", each.reason)
    holds | It was measured at 70 days.
    reopen | The day came on 1 March 2027.
    """
    world = _world(decision, on)
    found = [_evaluated(each, world, measured or {}) for each in decision.outcome.triggers]
    found += [_read(text, world, measured or {}) for text in decision.outcome.reopen]
    return found + [_due(each, on) for each in decision.outcome.conditions if each.text or each.by]


def _read(text: str, world: World, measured: Measured) -> Verdict:
    """What was written in free words: a trigger, a condition on a number that is no answer, or for people to judge."""
    decision, names = world.decision, Names(world.decision)
    try:
        return _evaluated(parse(text, decision, on=_decided(decision) or world.on), world, measured)
    except InputError as problem:
        why = str(problem)
    what, free = f"Reopen when {one_line(text, 300)}", condition(text, names)
    if free is None:
        if not names_an_answer(text, names):
            return Verdict(what, "judge", "Written in words that only people can judge.")
        return Verdict(what, "judge", f"Nobody watches this: {why}{'' if why.endswith('?') else '.'}")
    new = measured.get((free.key, ""))
    if new is None:
        return Verdict(what, "judge", free.unwatched(names))
    reopens = _reached(new, free.side, free.value)
    return Verdict(what, "reopen" if reopens else "holds", f"It was measured at {free.said(new)}.")


def evaluate(trigger: Trigger, decision: Decision, *, on: date, measured: Measured | None = None) -> Verdict:
    """Whether one trigger holds on a day, or reopens the decision; see :func:`recheck`."""
    return _evaluated(trigger, _world(decision, on), measured or {})


def _world(decision: Decision, on: date) -> World:
    """What is said to every question on a day; no draw of it is looked at."""
    return World(decision, on, registry(), size=2)


def _evaluated(trigger: Trigger, world: World, measured: Measured) -> Verdict:
    decision, on = world.decision, world.on
    what = f"Reopen when {words(trigger, decision)}"
    wrong = fault(trigger, Names(decision, EVERY))
    if wrong:
        return Verdict(what, "cannot", f"{wrong[0].upper()}{wrong[1:]}.", trigger)
    if trigger.kind == "answer":
        reopens, reason = _on_answer(trigger, world, measured)
    elif trigger.kind == "on":
        assert trigger.day is not None
        reopens = on >= trigger.day
        reason = f"The day came on {day(trigger.day)}." if reopens else f"That is in {_count(trigger.day, on)}."
    elif trigger.table not in reference.names():
        reopens, reason = True, f"There is no reference table “{one_line(trigger.table, 60)}” any more."
    elif trigger.kind == "older":
        reopens, reason = _on_age(trigger, on)
    elif trigger.row not in reference.load(trigger.table):
        reopens, reason = True, f"The table {trigger.table} has no row “{one_line(trigger.row, 60)}” any more."
    elif trigger.kind == "changes":
        reopens = reference_mark(trigger.table, trigger.row) != trigger.stood
        now = reference.load(trigger.table)[trigger.row].as_of
        said = "It says something else than when this was written" if reopens else "It says what it said"
        reason = f"{said} (looked up on {day(now)})."
    else:
        reopens, reason = _on_start(trigger, decision, on)
    return Verdict(what, "reopen" if reopens else "holds", reason, trigger)


def _count(later: date, earlier: date) -> str:
    days = (later - earlier).days
    return f"{days:,} day{'' if days == 1 else 's'}"


def _decided(decision: Decision) -> date | None:
    at = decision.outcome.decided_at
    return at.date() if at is not None else decision.as_of


def _due(condition: Condition, on: date) -> Verdict:
    what = f"Condition: {one_line(condition.text, 200) or 'one without words'}"
    what += f" ({one_line(condition.owner, 60)})" if condition.owner else ""
    if condition.done is not None:
        return Verdict(what, "holds", f"Done on {day(condition.done)}.")
    if condition.by is None:
        return Verdict(what, "judge", "A condition without a day: only people can judge whether it has come true.")
    if condition.by < on:
        return Verdict(
            what, "reopen", f"It had to be done by {day(condition.by)}, {_count(on, condition.by)} ago, and is not."
        )
    return Verdict(what, "holds", f"It has until {day(condition.by)}.")


def _on_answer(trigger: Trigger, world: World, measured: Measured) -> tuple[bool, str]:
    decision, names = world.decision, Names(world.decision)
    question = names.question(trigger.answer)
    told: list[tuple[bool, str]] = []
    for option in _meant(trigger, decision):
        new = measured.get((trigger.answer, option), measured.get((trigger.answer, "")))
        value = _middle(world.value(trigger.answer, option)[1]) if new is None else new
        if value is None or trigger.value is None:
            continue
        how = "It was measured at" if new is not None else "Nothing new was measured; the decision has"
        told.append((_reached(value, trigger.side, trigger.value), f"{how} {names.said(question, value)}"))
        if told[-1][0] and _several(trigger, decision):
            told[-1] = (True, f"{told[-1][1]} for “{names.option_name(option)}”")
    if not told:
        return False, "No value of it is known yet, so there is nothing to hold against it."
    reopens, said = next((each for each in told if each[0]), told[0])
    return reopens, f"{said}."


def _meant(trigger: Trigger, decision: Decision) -> list[str]:
    """The options whose answer counts: the one named, the chosen one, or all; one of several in turn stands for those."""
    asked = trigger.option or decision.outcome.chosen
    options = [each for each in decision.options if each.key == asked or (asked is None and each.key != DO_NOTHING)]
    found = [key for each in options for key in (each.phases or (each.key,))]
    return list(dict.fromkeys(found)) or [DO_NOTHING]


def _several(trigger: Trigger, decision: Decision) -> bool:
    answer = decision.answer(trigger.answer.partition("#")[0])
    return answer is not None and answer.differs and len(_meant(trigger, decision)) > 1


def _reached(value: float, side: str, limit: float) -> bool:
    if side in ("at_least", "at_most") and math.isclose(value, limit, rel_tol=1e-12):
        return True
    return value > limit if side in ("above", "at_least") else value < limit


def _middle(value: Any) -> float | None:
    """Where an answer stands: the number, the likely value, the typical case, the limit."""
    if isinstance(value, SpreadValue):
        return _middle(value.p50)
    if isinstance(value, RangeValue):
        return value.likely
    if isinstance(value, RequirementValue):
        return value.limit
    if hasattr(value, "quantile"):  # several people's ranges, pooled
        return float(value.quantile(0.5))
    return float(value) if isinstance(value, float | int) else None


def _on_age(trigger: Trigger, on: date) -> tuple[bool, str]:
    """A table is as old as its oldest row."""
    table = reference.load(trigger.table)
    oldest = min(table, key=lambda each: each.as_of)
    age = oldest.age(on)
    which = "" if len({each.as_of for each in table}) == 1 else f", the oldest row (“{oldest.key}”)"
    return age > (trigger.value or 0.0), f"It is of {day(oldest.as_of)}{which}: {_count(on, oldest.as_of)} old."


def _on_start(trigger: Trigger, decision: Decision, on: date) -> tuple[bool, str]:
    """A duty starts on its day, and again on the day from which it binds beyond dispute, where that is later."""
    found, written = duty(trigger.row), trigger.since or _decided(decision) or date.min
    days = [each for each in (found.starts, found.certain) if each is not None]
    passed = [each for each in days if written < each <= on]
    coming = [each for each in days if each > on]
    if passed:
        doubt = ", beyond dispute," if passed[-1] == found.certain else ""
        return True, f"It started{doubt} on {day(passed[-1])}."
    if found.status == "in_force" and trigger.stood not in ("", "in_force"):
        return True, "It is in force now; it was not when this was written."
    if coming:
        doubt = " beyond dispute" if coming[0] == found.certain and len(days) > 1 else ""
        return False, f"It starts{doubt} on {day(coming[0])}, in {_count(coming[0], on)}."
    if days or found.status == "in_force":
        since = f" since {day(days[-1])}" if days else ""
        return False, f"It was in force{since} already when this was written."
    return False, "No day on which it starts is known."


def proposed(
    assessment: Assessment, option: str, flips: Mapping[str, list[FlipPoint]] | None = None
) -> tuple[Trigger, ...]:
    """Triggers from the flip points of an option: where an answer makes a requirement at risk or missed that was not.

    Parameters
    ----------
    assessment : Assessment
        From :func:`shipworthy.assess.assess`.
    option : str
        Its key; of one that is others in turn, the flip points of those.
    flips : mapping, optional
        Its flip points by consideration, where they are known already; else they are searched for (half a second).

    Returns
    -------
    tuple of Trigger
        The nearest change for the worse of each answer, at most six, nearest first. Values are rounded towards where the
        answer stands, so that the trigger never comes later than the change.
    """
    decision, names = assessment.decision, Names(assessment.decision, EVERY)
    near: list[tuple[str, str, FlipPoint]] = []
    for each in decision.option(option).phases or (option,):
        known = flips if flips is not None and each == option else assessment.flips(each)
        near += [
            (each, key, flip) for key, found in known.items() for flip in found if _worse(assessment, each, key, flip)
        ]
    order = {id(flip): place for place, flip in enumerate(nearest_first(flip for _, _, flip in near))}
    made: dict[tuple[str, str | None], Trigger] = {}
    for each, key, flip in sorted(near, key=lambda found: order[id(found[2])]):
        answer = decision.answer(flip.answer.partition("#")[0])
        nothing = abs(flip.value) <= 1e-6 * abs(flip.here or 0.0)  # it flips as soon as it is beyond 0
        trigger = Trigger(
            kind="answer",
            answer=flip.answer,
            side=("above" if flip.at_least else "below") if nothing else ("at_least" if flip.at_least else "at_most"),
            value=0.0 if nothing else _rounded(flip.value, flip.at_least, flip.here),
            option=each if answer is not None and answer.differs else None,
            since=assessment.on,
            note=f"{assessment.registry[key].name} {_THEN[flip.status]} from there",
        )
        if not fault(trigger, names):
            made.setdefault((trigger.answer, trigger.option), trigger)
    return tuple(made.values())[:MOST_PROPOSED]


_THEN = {"at_risk": "is at risk", "fails": "fails", "meets": "meets its requirements"}


def _worse(assessment: Assessment, option: str, key: str, flip: FlipPoint) -> bool:
    now = assessment.options[option].findings[key].status
    return now in _WORSE and flip.status in _WORSE and _WORSE.index(flip.status) > _WORSE.index(now)


def turned(assessment: Assessment) -> tuple[Trigger, ...]:
    """Triggers from where the recommendation turns: what may turn out otherwise, at the value at which another option leads.

    Nearest first, at most three; none of doing nothing, and none where an option has been chosen that is not recommended.
    """
    chosen = assessment.decision.outcome.chosen
    if chosen not in (None, assessment.recommended):
        return ()
    near = sorted(
        ((each.nearest, each) for each in turns(assessment) if each.nearest is not None and not each.plan),
        key=lambda found: found[0].distance,
    )
    made = []
    for turn, each in near:
        if turn.distance > 0:
            leader = one_line(assessment.options[turn.leader].option.name, 60)
            made.append(
                Trigger(
                    kind="answer",
                    answer=each.answer,
                    side="at_least" if turn.at_least else "at_most",
                    value=_rounded(turn.value, turn.at_least, each.here),
                    option=each.owner or None,
                    since=assessment.on,
                    note=f"“{leader}” leads from there",
                )
            )
    names = Names(assessment.decision, EVERY)
    return tuple(each for each in made if not fault(each, names))[:MOST_TURNED]


def _rounded(value: float, at_least: bool, here: float | None) -> float:
    """The value with as few digits as keep it near, on the side on which the answer stands."""
    turn = math.floor if at_least else math.ceil
    for digits in _STEPS:
        if value == 0.0:
            break
        step = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
        near = float(f"{turn(round(value / step, 6)) * step:.12g}")
        outside = here is None or (near > here if at_least else near < here)
        if outside and abs(near - value) <= 0.02 * min(abs(value), abs(value - here) if here is not None else math.inf):
            return near
    return value
