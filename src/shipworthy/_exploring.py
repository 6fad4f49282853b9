"""What a team tries out before it commits: answers changed by name, and ways to find out what is uncertain."""

from typing import Annotated, Literal

from pydantic import Field

from shipworthy._values import Line, OptionKey, Part, Prose, Value

_NotNegative = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
_Money = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]


class Change(Part):
    """One answer (``consideration.question``, or a cell of a list) as a scenario has it; for one option, or for all."""

    answer: Line
    value: Value
    option: OptionKey | None = None


class Scenario(Part):
    """A named set of changed answers: what if?"""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    changes: tuple[Change, ...] = Field(default=(), max_length=100, strict=False)
    note: Prose = ""


class Inquiry(Part):
    """A way to find out answers that are uncertain, all of them together, and what it takes.

    ``ask``: they are known afterwards (a call, a quote, a legal opinion). ``pilot``: ``cases`` users show a share.
    ``measure``: ``cases`` measurements show a mean, one of which strays from it by ``strays`` (a standard deviation, in the
    answer's unit). Without ``cases`` the number that pays best is taken.
    """

    name: Annotated[str, Field(min_length=1, max_length=120)]
    answers: tuple[Line, ...] = Field(min_length=1, max_length=20, strict=False)
    kind: Literal["ask", "pilot", "measure"] = "ask"
    cases: Annotated[int, Field(ge=1, le=10**9)] | None = None
    strays: _NotNegative | None = None
    once: _Money = 0.0
    """What it costs at all [money]."""
    each: _Money = 0.0
    """What each case costs [money]."""
    free: bool = False
    """Whether somebody said that it costs nothing: where no cost is there, and not that either, nobody has said it yet."""
    days: Annotated[float, Field(ge=0, le=3_650, allow_inf_nan=False)] = 0.0
    """How long it takes [day of the calendar]."""
    first: bool = False
    """Whether it is done before work on any option goes on: its days delay every launch."""

    @property
    def costed(self) -> bool:
        """Whether somebody said what it costs."""
        return self.free or self.once > 0 or self.each > 0
