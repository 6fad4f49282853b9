"""The document: what is to be decided, between which options, what the team said, and what came of it.

Models are frozen: an edit makes a new document (:mod:`shipworthy.edits`), so undo is keeping the old one. What an
answer *means* (its unit, bounds, whether options may differ in it) is declared by the considerations; here is only
its form.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from shipworthy._exploring import Change as Change
from shipworthy._exploring import Inquiry as Inquiry
from shipworthy._exploring import Scenario as Scenario
from shipworthy._outcome import Condition as Condition
from shipworthy._outcome import Forecast as Forecast
from shipworthy._outcome import Outcome as Outcome
from shipworthy._outcome import Signature as Signature
from shipworthy._outcome import Trigger as Trigger
from shipworthy._outcome import Voice as Voice
from shipworthy._values import Cell as Cell
from shipworthy._values import Finite as Finite
from shipworthy._values import Key as Key
from shipworthy._values import Line as Line
from shipworthy._values import Misfit as Misfit
from shipworthy._values import OptionKey as OptionKey
from shipworthy._values import Part as Part
from shipworthy._values import Prose as Prose
from shipworthy._values import RangeValue as RangeValue
from shipworthy._values import RequirementValue as RequirementValue
from shipworthy._values import Row as Row
from shipworthy._values import SpreadValue as SpreadValue
from shipworthy._values import Value as Value
from shipworthy._values import WeightsValue as WeightsValue
from shipworthy.words import one_line

SCHEMA_VERSION: Literal[1] = 1
MAX_BYTES = 8_000_000
DO_NOTHING = "do_nothing"
MOST_OPTIONS = 6
MOST_DIMENSIONS = 5_000


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
    scenarios: tuple[Scenario, ...] = Field(default=(), max_length=20, strict=False)
    inquiries: tuple[Inquiry, ...] = Field(default=(), max_length=50, strict=False)
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
        for place, scenario in enumerate(self.scenarios):
            for change in scenario.changes:
                if change.option is not None and change.option not in keys:
                    raise Misfit(f"it names the option “{change.option}”, which is not there", "scenarios", place)
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

    @property
    def delay(self) -> float:
        """Days by which every launch is later because something is found out first; inquiries go on side by side [day]."""
        return max((each.days for each in self.inquiries if each.first), default=0.0)

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
