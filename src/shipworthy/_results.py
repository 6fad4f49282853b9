"""What an assessment says of one option: its findings, its payoff, and what its figures stand on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from shipworthy.considerations.base import Array, Draws, Evaluation, Status, Words, World
from shipworthy.considerations.evaluate import Run
from shipworthy.considerations.show import Summary, summary
from shipworthy.decision import Option
from shipworthy.words import percent

Flags = npt.NDArray[np.bool_] | np.bool_


@dataclass
class Finding:
    """What a consideration concludes for one option. Its sentences are made when they are first read."""

    consideration: str
    option: str
    status: Status
    probability: float | None
    say: Callable[[], Words]
    missing: tuple[str, ...] = ()
    phase: str = ""
    defaults: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def unconfirmed(self) -> tuple[str, ...]:
        """Answers that it uses and that nobody has confirmed."""
        return self.defaults()

    @cached_property
    def words(self) -> Words:
        """Headline and detail in sentences."""
        return self.say()

    @property
    def headline(self) -> str:
        """The finding in one sentence."""
        return self.words.headline


@dataclass
class OptionResult:
    """One option, assessed."""

    option: Option
    runs: tuple[Run, ...]
    payoff: Draws
    meets_all: Flags | None
    findings: dict[str, Finding] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    together: dict[str, Evaluation] = field(default_factory=dict)
    """What considerations make of its phases together, where it has any."""

    @property
    def key(self) -> str:
        """The option's key."""
        return self.option.key

    @cached_property
    def summary(self) -> Summary:
        """Mean, p10, p50 and p90 of the payoff."""
        return summary(self.payoff)

    def paid(self, size: int) -> Array:
        """Its payoff in each of so many draws, also where it is the same in all [money]."""
        return np.broadcast_to(np.asarray(self.payoff, dtype=np.float64), (size,))

    @property
    def meets_all_probability(self) -> float | None:
        """Probability of meeting every requirement in the same draw; None where none concerns the option, or where a
        finding is unknown."""
        return None if self.meets_all is None or self.unknown else float(np.mean(self.meets_all))

    @property
    def unknown(self) -> bool:
        """Whether a status is unknown: then so is whether every requirement is met."""
        return any(each.status == "unknown" for each in self.findings.values())

    @property
    def meets_all_words(self) -> str:
        """The probability of meeting every requirement as it is shown: ``81 %``, ``not known``, or a dash."""
        share = self.meets_all_probability
        return "not known" if self.unknown else "–" if share is None else percent(share)

    @property
    def brings(self) -> bool:
        """Whether anything is known of what it brings: it has a value, or no answer about that is missing."""
        lacking = any(name.startswith("value_stream.") for name in self.without)
        return not lacking or any(np.any(np.not_equal(run.monthly()["value"], 0.0)) for run in self.runs)

    @property
    def mark(self) -> str:
        """What stands behind every figure of the option that is without an answer."""
        return " †" if self.without else ""

    def answers(self, world: World) -> dict[str, str]:
        """What its figures stand on: the questions that are asked and used, each given, default or unknown."""
        found: dict[str, str] = {}
        for each in self.runs:
            for result in each.evaluations.values():
                for name in (*sorted(result.used), *result.missing):
                    question, (state, value) = world.question(name), world.value(name, each.option)
                    if world.asked(question, each.option) and not (value is None and question.optional):
                        found[name] = "unknown" if value is None else state
        return found
