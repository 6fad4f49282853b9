"""What was decided: conditions, signatures, voices, what would reopen it, and what was expected."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from shipworthy._values import Finite, Line, Misfit, NumberOrRange, OptionKey, Part, Prose


class Condition(Part):
    """Something that must come true for the outcome to hold."""

    text: Prose
    owner: Line = ""
    by: date | None = None
    done: date | None = None


class Signature(Part):
    """Who answers for the outcome."""

    who: Annotated[str, Field(min_length=1, max_length=300)]
    role: Line = ""
    at: AwareDatetime


class Voice(Part):
    """What one person said to the outcome, in their own words."""

    who: Annotated[str, Field(min_length=1, max_length=300)]
    text: Prose = ""


class Trigger(Part):
    """What a machine can look at; when it comes true, the decision should be looked at again.

    ``answer``: an answer (``consideration.question``, or a cell of a list) reaches ``value``, in the answer's unit; for the
    ``option``, or for the chosen one. ``starts``, ``changes``: the ``row`` of a reference ``table`` comes into force, or says
    something else than it did (``stood``). ``older``: the ``table`` is older than ``value`` days. ``on``: the ``day`` has come.
    """

    kind: Literal["answer", "starts", "changes", "older", "on"]
    answer: Line = ""
    side: Literal["above", "at_least", "below", "at_most"] = "above"
    value: Finite | None = None
    option: OptionKey | None = None
    table: Line = ""
    row: Line = ""
    stood: Line = ""
    day: date | None = None
    since: date | None = None
    note: Line = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed: dict[str, tuple[str, ...]] = {
            "answer": ("answer", "value"), "starts": ("table", "row"), "changes": ("table", "row"),
            "older": ("table", "value"), "on": ("day",),
        }  # fmt: skip
        for name in needed[self.kind]:
            if getattr(self, name) in (None, ""):
                raise Misfit(f"what would reopen it ({self.kind}) needs its “{name}”", "outcome")
        return self


class Forecast(Part):
    """What the team expected of an answer when it committed, and what came; a chance comes (1) or does not (0)."""

    answer: Line
    option: OptionKey | None = None
    expected: NumberOrRange
    chance: bool = False
    unit: Line = ""
    at: AwareDatetime | None = None
    came: Finite | None = None
    came_on: date | None = None


class Outcome(Part):
    """What was decided, why, by whom, under which conditions, and what would reopen it."""

    chosen: OptionKey | None = None
    reasons: Prose = ""
    conditions: tuple[Condition, ...] = Field(default=(), max_length=50, strict=False)
    signatures: tuple[Signature, ...] = Field(default=(), max_length=50, strict=False)
    consulted: tuple[Voice, ...] = Field(default=(), max_length=50, strict=False)
    informed: tuple[Voice, ...] = Field(default=(), max_length=50, strict=False)
    dissent: tuple[Voice, ...] = Field(default=(), max_length=50, strict=False)
    reopen: tuple[Line, ...] = Field(default=(), max_length=50, strict=False)
    triggers: tuple[Trigger, ...] = Field(default=(), max_length=50, strict=False)
    forecasts: tuple[Forecast, ...] = Field(default=(), max_length=200, strict=False)
    decided_at: AwareDatetime | None = None
