"""What a screen and a record say of what moves the result, and of what would change the recommendation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shipworthy.assess import Assessment
from shipworthy.decision import SpreadValue, Value
from shipworthy.moving import Move, Moving
from shipworthy.turning import Searched, Turn
from shipworthy.words import join, percent, total, with_unit

MOST = 8
"""Answers that are shown; the others are counted."""
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Told:
    """Everything in words, ready for a chart and a table."""

    finding: tuple[str, ...]
    """What moves it most, and the nearest change of the recommendation."""
    what: str
    """What is expected: the payoff of an option, or what it pays more than another."""
    moves: tuple[Move, ...]
    """The answers that are shown."""
    head: tuple[str, ...]
    rows: Rows
    """Each of them: what is expected at its low, likely and high value, and its part of the ups and downs."""
    notes: tuple[str, ...]
    """What these say, and what is left out."""
    turns_head: tuple[str, ...]
    turns: Rows
    """Answer, where it stands, and which option leads instead at which values."""
    rest: tuple[str, ...]
    """What was searched in vain, or not at all."""
    turn: str
    """The nearest change of the recommendation, where there is one."""


def told(
    found: Moving, assessment: Assessment, searched: Sequence[Searched] | None = None, others: int | None = None
) -> Told:
    """Put what is found into words.

    Parameters
    ----------
    found : Moving
        What moves the payoff of an option, or the difference of two.
    assessment : Assessment
        What it was found in.
    searched : sequence of Searched, optional
        Where the recommendation turns, as far as it is known; None while nothing was looked for.
    others : int, optional
        Answers that were not searched; None while the search goes on.
    """
    say, moves = _Sayer(assessment), found.moves[:MOST]
    money, turn = say.currency, say.turn(searched if others is not None else None)
    return Told(
        (say.most(found), *_turning(say, turn, searched if others is not None else None)),
        say.what(found),
        moves,
        ("Answer", f"At its low [{money}]", "As likely", "At its high", "Of the ups and downs"),
        tuple(_row(say, each) for each in moves),
        tuple(_notes(found)),
        ("Answer", "Now", "Another option leads when it is"),
        tuple((say.label(each), say.now(each), say.turns(each)) for each in _nearest_first(searched or ())),
        tuple(_rest(say, searched, others)),
        turn,
    )


def _turning(say: "_Sayer", turn: str, searched: Sequence[Searched] | None) -> Iterator[str]:
    """What would take least to change the recommendation, once everything was searched."""
    if turn:
        sure = any(each.turns and not each.plan for each in searched or ())
        of = "Of what may turn out otherwise, this takes" if sure else "What would take"
        yield f"{of} least to change the recommendation: {turn}"
    elif searched:
        leads = say.names[say.assessment.recommended]
        yield f"“{leads}” stays ahead whatever value any one of the {len(searched)} leading answers has, all else as it stands."


def _nearest_first(searched: Sequence[Searched]) -> list[Searched]:
    """Answers at which the recommendation turns, by how little they have to move."""
    return sorted((each for each in searched if each.turns), key=lambda each: each.turns[0].distance)


def _row(say: "_Sayer", move: Move) -> tuple[str, ...]:
    three = zip(say.values(move), (move.bar.low, move.bar.middle, move.bar.high), strict=True)
    return say.label(move), *(f"{total(amount)} at {place}" for place, amount in three), percent(move.share.value)


def _notes(found: Moving) -> Iterator[str]:
    if found.moves:
        yield (
            "Low and high: 1 in 10 expects the answer to be lower, 1 in 10 higher; all others stay as uncertain as they are. Of "
            "the ups and downs: how much of what is uncertain about the result comes from this answer alone."
        )
    if any(each.owner for each in found.moves[:MOST]):
        yield "Where options differ in an answer, the value of the one in brackets is shown; the others’ own move along."
    hidden = len(found.moves) - len(found.moves[:MOST])
    if hidden:
        yield f"{hidden} more uncertain answer{' moves' if hidden == 1 else 's move'} it less."


def _rest(say: "_Sayer", searched: Sequence[Searched] | None, others: int | None) -> Iterator[str]:
    still = [each for each in searched or () if not each.turns]
    if still:
        said = [f"“{say.label(each)}” ({say.between(each)})" for each in still]
        yield f"No value of {join(said)} makes another option lead, all else as it stands."
    for label, along in dict.fromkeys((each.label, each.along) for each in searched or () if each.along):
        yield f"“{label}” was searched with {along}; a scenario, or another answer, leaves all else as it was said."
    if searched and others:
        sooner = any(each.turns and not each.plan for each in searched)
        yield (
            f"{len(searched)} answers were searched: those that may cost most of the lead within their ranges (where they are "
            f"certain, within a tenth), and any that changes the recommendation sooner. {others} "
            f"other{' was' if others == 1 else 's were'} not; none of the rest that may turn out otherwise changes it "
            f"{'sooner' if sooner else 'at half or at twice where it stands'}."
        )


def _otherwise(each: Searched, turn: Turn) -> str:
    """What an answer may be beside its likely value, at which another option leads: ``more``."""
    if turn.until is None:
        return "less" if turn.at_least else "more"
    return "either more or less" if (turn.value, turn.until) != (each.low, each.high) else "one thing or another"


class _Sayer:
    """Words for one assessment: names of options, its currency."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.names = {key: result.option.name for key, result in assessment.options.items()}
        self.currency = assessment.currency()

    def label(self, each: Move | Searched) -> str:
        """An answer's label, and the option where it is that one's own."""
        return each.label + (f" ({self.names[each.owner]})" if each.owner else "")

    def number(self, value: float, unit: str, beside: float | None = None) -> str:
        return with_unit(value, unit, currency=self.currency, beside=beside)

    def money(self, value: float) -> str:
        return f"{total(value)} {self.currency}"

    def values(self, move: Move) -> tuple[str, ...]:
        """The answer at its low, its likely and its high value."""
        if move.chance:
            return "no", f"{percent(float(str(move.values[1])))} yes", "yes"
        return tuple(self.value(each, move.question.unit) for each in move.values)

    def value(self, value: Value, unit: str) -> str:
        if isinstance(value, SpreadValue):
            typical, rare = (float(each) for each in (value.p50, value.p95) if isinstance(each, float | int))
            return f"typically {self.number(typical, unit)}, 1 in 20 above {self.number(rare, unit)}"
        return self.number(value, unit) if isinstance(value, float | int) else str(value)

    def what(self, found: Moving) -> str:
        """What is moved."""
        if not found.other:
            return f"What “{self.names[found.option]}” is expected to pay"
        return f"What “{self.names[found.option]}” is expected to pay more than “{self.names[found.other]}”"

    def most(self, found: Moving) -> str:
        """The one answer that moves it most."""
        if not found.moves:
            return f"{self.what(found)} hangs on no answer that is uncertain: {self.money(found.mean)}."
        first = found.moves[0]
        low, _, high = self.values(first)
        ends = ((first.bar.low, low), (first.bar.high, high))
        if found.other:
            said = [
                f"{self.money(abs(amount))} {'ahead' if amount >= 0 else 'behind'} at {place}" for amount, place in ends
            ]
        else:
            said = [f"{self.money(amount)} at {place}" for amount, place in ends]
        if first.bar.turns:
            said.insert(1, f"{self.money(first.bar.middle)} in between")
        return f"{self.what(found)} hangs most on “{self.label(first)}”: {join(said)}."

    def turn(self, searched: Sequence[Searched] | None) -> str:
        """The nearest change of the recommendation, of answers that may turn out otherwise if any does: ``“Rules” leads instead of “Model” when “Gap” is at most 29 days.``"""
        turning = [(each.nearest, each) for each in searched or () if each.nearest is not None]
        if not turning:
            return ""
        turn, each = min(turning, key=lambda found: (found[1].plan, found[0].distance))
        leads = self.names[self.assessment.recommended]
        stands = f"now {self.number(each.here, each.unit, beside=turn.value)}"
        if turn.distance == 0:
            stands = f"{stands.replace('now', 'likely', 1)}: “{leads}” leads because it may be {_otherwise(each, turn)}"
        along = f", with {each.along}" if each.along else ""
        return (
            f"“{self.names[turn.leader]}” leads instead of “{leads}” "
            f"when “{self.label(each)}” is {self.place(each, turn)} ({stands}){along}."
        )

    def place(self, each: Searched, turn: Turn) -> str:
        """``at most 29 days``; ``between 20 and 29 days``."""
        typically = "typically " if each.typical else ""
        value = self.number(turn.value, each.unit, beside=each.here)
        if turn.until is not None:
            return f"{typically}between {value} and {self.number(turn.until, each.unit, beside=each.here)}"
        return f"{typically}{'at least' if turn.at_least else 'at most'} {value}"

    def turns(self, each: Searched) -> str:
        """``at most 29 days: “Two months”; at least 85 days: “Do nothing”``."""
        ordered = sorted(each.turns, key=lambda turn: turn.value)
        return "; ".join(
            f"{self.place(each, turn)}{', its likely value included' if turn.distance == 0 else ''}: “{self.names[turn.leader]}”"
            for turn in ordered
        )

    def now(self, each: Searched) -> str:
        """Where an answer stands."""
        return ("typically " if each.typical else "") + self.number(each.here, each.unit)

    def between(self, each: Searched) -> str:
        """Between which values was looked."""
        return f"from {self.number(each.low, each.unit)} to {self.number(each.high, each.unit)}"
