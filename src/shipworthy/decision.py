"""The document: what is to be decided, between which options, what the team said, and what came of it.

Models are frozen: an edit makes a new document (:mod:`shipworthy.edits`), so undo is keeping the old one. What an
answer *means* (its unit, bounds, whether options may differ in it) is declared by the considerations; here is only
its form.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from shipworthy.words import one_line

SCHEMA_VERSION: Literal[1] = 1
MAX_BYTES = 8_000_000
DO_NOTHING = "do_nothing"
MOST_OPTIONS = 6
MOST_DIMENSIONS = 5_000

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
    """An estimate: low, likely and high (p10, p50, p90), in the question's unit."""

    low: Finite
    likely: Finite
    high: Finite


class SpreadValue(Part):
    """What differs from case to case: its median and the value that one case in twenty exceeds."""

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


class Evidence(Part):
    """On what an answer stands."""

    kind: Literal["measured", "quoted", "estimated", "default"] = "estimated"
    who: Line = ""
    source: Prose = ""
    note: Prose = ""
    at: AwareDatetime | None = None


class PersonalEstimate(Part):
    """What one person said, kept beside what the team settled on."""

    who: Line
    value: Value
    evidence: Evidence = Evidence()


class Answer(Part):
    """What the team said to one question.

    ``given`` was said or confirmed by the team, ``default`` is used but unconfirmed, ``unknown`` is not known yet.
    A question without an answer here falls back to its declared default, or is unknown where it has none.
    """

    state: Literal["given", "default", "unknown"] = "given"
    value: Value | None = None
    differs: bool = False
    by_option: dict[OptionKey, Value | None] = Field(default_factory=dict, max_length=MOST_OPTIONS)
    independent: bool = False
    evidence: Evidence = Evidence()
    estimates: tuple[PersonalEstimate, ...] = Field(default=(), max_length=100, strict=False)

    def own(self, option: str) -> Value | None:
        """The value for one option: its own where options differ and it has one, else the shared one."""
        if self.differs and option in self.by_option:
            return self.by_option[option]
        return self.value


class Option(Part):
    """One way to do it. With ``phases`` it is a sequence of other options, each until the next is live."""

    key: OptionKey
    name: Annotated[str, Field(min_length=1, max_length=120)]
    note: Prose = ""
    phases: tuple[OptionKey, ...] = Field(default=(), max_length=4, strict=False)


class Frame(Part):
    """What the decision is about."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    question: Line = ""
    product: Prose = ""
    kind: Literal["feature", "application", "model"] = "feature"
    users: Prose = ""
    baseline: Prose = ""
    decider: Line = ""
    decide_by: date | None = None


class Correlation(Part):
    """Two answers that move together: Spearman's rank correlation."""

    first: Line
    second: Line
    rank: Annotated[float, Field(gt=-1, lt=1, allow_inf_nan=False)]


class LogEntry(Part):
    """One change: when, who, to what, and what stood there before and after, as people read it."""

    at: AwareDatetime
    who: Line = ""
    path: Line
    what: Prose
    before: Prose = ""
    after: Prose = ""


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


class Decision(Part):
    """The whole document."""

    schema_version: Literal[1] = SCHEMA_VERSION
    frame: Frame
    options: tuple[Option, ...] = Field(min_length=1, max_length=MOST_OPTIONS, strict=False)
    answers: dict[Key, dict[Key, Answer]] = Field(default_factory=dict, max_length=60)
    correlations: tuple[Correlation, ...] = Field(default=(), max_length=200, strict=False)
    dimensions: dict[Line, Annotated[int, Field(ge=0, lt=MOST_DIMENSIONS)]] = Field(
        default_factory=dict, max_length=MOST_DIMENSIONS
    )
    log: tuple[LogEntry, ...] = Field(default=(), max_length=20_000, strict=False)
    outcome: Outcome = Outcome()
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7
    as_of: date | None = None
    tables: dict[Line, Line] = Field(default_factory=dict, max_length=100)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        keys = [option.key for option in self.options]
        for key in keys:
            if keys.count(key) > 1:
                raise Misfit(f"two have the key “{key}”: give each its own", "options")
        if DO_NOTHING not in keys:
            raise Misfit(f"“Do nothing” is missing among them: add one with the key “{DO_NOTHING}”", "options")
        for option in self.options:
            self._check_phases(option)
        for consideration, answers in self.answers.items():
            for name, answer in answers.items():
                for key in answer.by_option:
                    if key not in keys:
                        raise Misfit(
                            f"the answer names the option “{key}”, which is not there", "answers", consideration, name
                        )
        if self.outcome.chosen is not None and self.outcome.chosen not in keys:
            raise Misfit(f"it names the option “{self.outcome.chosen}”, which is not there", "outcome")
        named = [each.option for each in self.outcome.triggers] + [each.option for each in self.outcome.forecasts]
        for name in filter(None, named):
            if name not in keys:
                raise Misfit(f"it names the option “{name}”, which is not there", "outcome")
        used = list(self.dimensions.values())
        if len(set(used)) != len(used):
            raise Misfit("two answers share one dimension of the draws: each needs its own number", "dimensions")
        return self

    def _check_phases(self, option: Option) -> None:
        others = {other.key: other for other in self.options}
        for phase in option.phases:
            if phase not in others:
                raise Misfit(f"“{one_line(option.name, 60)}” has a phase “{phase}”, which is not among them", "options")
            if phase in (option.key, DO_NOTHING) or others[phase].phases:
                raise Misfit(
                    f"“{one_line(option.name, 60)}” has a phase “{phase}”: a phase is another option without phases",
                    "options",
                )

    def option(self, key: str) -> Option:
        """The option with this key; KeyError where there is none."""
        for option in self.options:
            if option.key == key:
                return option
        raise KeyError(key)

    def answer(self, key: str) -> Answer | None:
        """The stored answer to ``consideration.question``, or None where only a declared default could stand."""
        consideration, _, name = key.partition(".")
        return self.answers.get(consideration, {}).get(name)


def new_decision(title: str, options: tuple[Option, ...] = (), *, question: str = "") -> Decision:
    """A fresh document: the options asked for, and “Do nothing”.

    >>> [option.key for option in new_decision("Churn calls", (Option(key="model", name="A model"),)).options]
    ['model', 'do_nothing']
    """
    nothing = Option(key=DO_NOTHING, name="Do nothing")
    return Decision(frame=Frame(title=title, question=question), options=(*options, nothing))


def now() -> datetime:
    """This moment, to the second, with its time zone."""
    return datetime.now().astimezone().replace(microsecond=0)
