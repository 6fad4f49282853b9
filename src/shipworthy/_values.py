"""The forms a value takes in the document: numbers, ranges, spreads, choices, lists; strict, closed to unknown keys."""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
OptionKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,47}$")]
Line = Annotated[str, Field(max_length=300)]
Prose = Annotated[str, Field(max_length=20_000)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of the document: strict, closed to unknown keys, and never changed in place."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Misfit(ValueError):
    """Parts of a document that do not go together; ``path`` says where."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


class RangeValue(Part):
    """An estimate: low, likely and high (p10, p50, p90), in the question's unit.

    Their order, low ≤ likely ≤ high, cannot be said in JSON Schema: it is checked when the decision is opened.
    """

    low: Finite
    likely: Finite
    high: Finite


class SpreadValue(Part):
    """What differs from case to case: its median and the value that one case in twenty exceeds.

    Their order, p50 ≤ p95, is checked when the decision is opened.
    """

    p50: "NumberOrRange"
    p95: "NumberOrRange"


class RequirementValue(Part):
    """A limit and the confidence with which it should be met."""

    limit: Finite
    confidence: Annotated[float, Field(ge=0.5, le=0.999, allow_inf_nan=False)] = 0.8


class WeightsValue(Part):
    """An uncertain choice: how likely each answer is, in any unit."""

    weights: dict[Line, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(min_length=1, max_length=50)


class Row(Part):
    """One row of a list (a task, a stage, a step). Its id keeps its draws when rows move."""

    id: Key
    cells: dict[Key, "Cell"] = Field(max_length=40)


def _tag(value: Any) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, list | tuple):
        return "rows" if value and isinstance(value[0], dict | Row) else "choices"
    names = value.keys() if isinstance(value, dict) else type(value).model_fields if isinstance(value, Part) else ()
    for name, tag in (("low", "range"), ("p50", "spread"), ("limit", "requirement"), ("weights", "weights")):
        if name in names:
            return tag
    return None


NumberOrRange: TypeAlias = Annotated[
    Annotated[Finite, Tag("number")] | Annotated[RangeValue, Tag("range")], Discriminator(_tag)
]
Cell: TypeAlias = Annotated[
    Annotated[Finite, Tag("number")]
    | Annotated[Prose, Tag("text")]
    | Annotated[RangeValue, Tag("range")]
    | Annotated[SpreadValue, Tag("spread")]
    | Annotated[tuple[Line, ...], Field(max_length=200, strict=False), Tag("choices")],
    Discriminator(_tag),
]
Value: TypeAlias = Annotated[
    Annotated[Finite, Tag("number")]
    | Annotated[Prose, Tag("text")]
    | Annotated[RangeValue, Tag("range")]
    | Annotated[SpreadValue, Tag("spread")]
    | Annotated[RequirementValue, Tag("requirement")]
    | Annotated[WeightsValue, Tag("weights")]
    | Annotated[tuple[Line, ...], Field(max_length=200, strict=False), Tag("choices")]
    | Annotated[tuple[Row, ...], Field(max_length=500, strict=False), Tag("rows")],
    Discriminator(_tag),
]
SpreadValue.model_rebuild()
Row.model_rebuild()
