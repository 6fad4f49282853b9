"""The outcome of a decision in lines: conditions, who was asked and told, what would reopen it."""

from collections.abc import Iterator

from shipworthy.decision import Condition, Decision, Forecast, Trigger, Voice
from shipworthy.errors import InputError
from shipworthy.triggers import words
from shipworthy.words import day


def condition(each: Condition) -> str:
    """A condition with its owner and its date: ``Sales agrees (Ann, by 1 March 2027)``."""
    told = [each.owner, f"by {day(each.by)}" if each.by else "", f"done {day(each.done)}" if each.done else ""]
    rest = ", ".join(part for part in told if part)
    return f"{each.text} ({rest})" if rest else each.text


def voice(each: Voice) -> str:
    """What one person said."""
    return f"{each.who}: {each.text}" if each.text else each.who


def trigger(each: Trigger, decision: Decision) -> str:
    """What a machine can look at, as a person reads it."""
    try:
        told = words(each, decision)
    except (InputError, KeyError):
        told = f"{each.answer or each.row} ({each.kind})"
    return f"{told}: {each.note}" if each.note else told


def reopens(decision: Decision) -> Iterator[str]:
    """Everything that would reopen the decision."""
    for each in decision.outcome.triggers:
        yield trigger(each, decision)
    yield from decision.outcome.reopen


def forecast(each: Forecast) -> str:
    """What was expected of an answer, and what came."""
    value = each.expected
    expected = f"{value:g}" if isinstance(value, float | int) else f"{value.likely:g} ({value.low:g} to {value.high:g})"
    came = f", came {each.came:g}" if each.came is not None else ""
    option = f" for {each.option}" if each.option else ""
    return f"{each.answer}{option}: expected {expected} {each.unit}".rstrip() + came
