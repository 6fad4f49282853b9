"""The numbers that a record prints, kept in it as data: so that a later assessment can say what moved since."""

import json
import math
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shipworthy.assess import Assessment, Finding, OptionResult
from shipworthy.considerations.base import Status
from shipworthy.reference import loader as reference
from shipworthy.scenarios import Beside, against_now

COMPUTED_WITH = ("genai-prices", "numpy", "scipy", "shipworthy")


class _Part(BaseModel):
    """A part of what was printed: it comes from a file, so a newer one may say more, but never something else."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, allow_inf_nan=False)


class PrintedFinding(_Part):
    """What a consideration concluded for an option."""

    status: Status
    probability: float | None = None
    headline: str = Field(default="", max_length=20_000)


class PrintedOption(_Part):
    """One option: what it pays, where that comes from, and its findings by consideration."""

    key: str = Field(max_length=60)
    name: str = Field(default="", max_length=300)
    meets_all: float | None = None
    payoff: dict[str, float | None] = Field(max_length=10)
    ledger: dict[str, float | None] = Field(default_factory=dict, max_length=60)
    findings: dict[str, PrintedFinding] = Field(default_factory=dict, max_length=60)


class PrintedScenario(_Part):
    """One scenario: which option is recommended with it, and each option's numbers by their names."""

    name: str = Field(max_length=300)
    recommended: str = Field(default="", max_length=60)
    options: dict[str, dict[str, float | None]] = Field(default_factory=dict, max_length=20)


class Printed(_Part):
    """All of it, with nine significant digits, and with what it was computed."""

    on: str = Field(max_length=10)
    draws: int = 0
    recommended: str = Field(default="", max_length=60)
    versions: dict[str, str] = Field(default_factory=dict, max_length=40)
    tables: dict[str, str] = Field(default_factory=dict, max_length=100)
    options: tuple[PrintedOption, ...] = Field(max_length=20, strict=False)
    scenarios: tuple[PrintedScenario, ...] = Field(default=(), max_length=60, strict=False)


def printed(assessment: Assessment, beside: Sequence[Beside] | None = None) -> Printed:
    """The numbers of an assessment as its record prints them; ``beside`` are its scenarios where they are known already.

    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> printed(assess(example("churn"), on=date(2026, 11, 20))).options[0].findings["lead_time"].status
    'fails'
    """
    return Printed(
        on=assessment.on.isoformat(),
        draws=assessment.world.size,
        recommended=assessment.recommended,
        versions={name: version(name) for name in COMPUTED_WITH},
        tables={name: reference.load(name).version for name in sorted(reference.names())},
        options=tuple(_option(assessment, each) for each in assessment.options.values()),
        scenarios=tuple(_scenario(each) for each in (against_now(assessment) if beside is None else beside)),
    )


def parse(text: str) -> Printed | None:
    """What was printed, from its JSON text; None where the text says something else.

    >>> parse("[]") is None, parse('{"on": "2026-11-20", "options": []}').on
    (True, '2026-11-20')
    """
    try:
        return Printed.model_validate_json(text)
    except (ValidationError, RecursionError):
        return None


def as_json(found: Printed) -> str:
    """As JSON text."""
    return json.dumps(found.model_dump(mode="json"), ensure_ascii=False, allow_nan=False)


def _option(assessment: Assessment, result: OptionResult) -> PrintedOption:
    paid = result.summary
    return PrintedOption(
        key=result.key,
        name=result.option.name,
        meets_all=_nine(result.meets_all_probability),
        payoff={name: _nine(getattr(paid, name)) for name in ("mean", "p10", "p50", "p90")},
        ledger={name: _nine(value) for name, value in assessment.ledger(result.key).items()},
        findings={key: _finding(each) for key, each in result.findings.items()},
    )


def _scenario(found: Beside) -> PrintedScenario:
    options = {}
    for key, paid in found.right.options.items():
        numbers = {"meets_all": _nine(paid.meets_all_probability)}
        for part in ("mean", "p10", "p50", "p90"):
            numbers[f"payoff.{part}"] = _nine(getattr(paid.payoff, part))
            numbers[f"gained.{part}"] = _nine(getattr(found.differences[key], part))
        options[key] = numbers
    return PrintedScenario(name=found.right.name, recommended=found.right.recommended, options=options)


def _finding(found: Finding) -> PrintedFinding:
    return PrintedFinding(status=found.status, probability=_nine(found.probability), headline=found.headline[:20_000])


def _nine(value: Any) -> float | None:
    """Nine significant digits, and None for what is not finite; nought has no sign."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.9g}") + 0.0
