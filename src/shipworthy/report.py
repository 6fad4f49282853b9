"""An assessment as plain data (what ``assess --json`` prints) and as rows and sentences (what ``assess`` prints)."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from shipworthy import __version__, report_deciding
from shipworthy.assess import Assessment, Finding, OptionResult
from shipworthy.considerations.base import FlipPoint, Status, World
from shipworthy.considerations.show import SIGNS, signed
from shipworthy.decision import SCHEMA_VERSION, RangeValue, SpreadValue
from shipworthy.insight import along, going_on, nearest_first, standing
from shipworthy.reference import loader as reference
from shipworthy.words import join, percent, total, with_unit

MOST_FLIPS, MOST_LABELS = 3, 8
_JUDGED: tuple[Status, ...] = ("meets", "at_risk", "fails")
_COMPUTED_WITH = ("genai-prices", "numpy", "scipy")

Flips = Mapping[str, Mapping[str, list[FlipPoint]]]
"""Flip points by option and consideration, as :meth:`Assessment.flips` gives them."""


@dataclass(frozen=True)
class Column:
    """A column of the comparison: its heading, and a cell an option, each of one or two lines."""

    heading: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Said:
    """What is said of one option below the table: its findings, each with its flip points, and what it stands on."""

    name: str
    findings: tuple[tuple[Status, str, tuple[str, ...]], ...]
    remarks: tuple[str, ...]
    key: str = ""


def all_flips(assessment: Assessment) -> Iterator[tuple[str, Mapping[str, list[FlipPoint]]]]:
    """Flip points, option by option, so that a progress bar can move in between."""
    for option in assessment.options:
        yield option, assessment.flips(option)


def data(assessment: Assessment, flips: Flips | None = None) -> dict[str, Any]:
    """Everything that was concluded, as numbers, texts, lists and dictionaries.

    Floats have nine significant digits; what is no finite number is None. The same decision and date give the same
    data on one machine.

    Parameters
    ----------
    assessment : Assessment
        From :func:`shipworthy.assess.assess`.
    flips : mapping, optional
        Flip points by option, where they are known already; else they are computed (about half a second an option).

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.assess import assess
    >>> from shipworthy.examples import example
    >>> said = data(assess(example("churn"), on=date(2026, 11, 20)), flips={})
    >>> said["recommended"], said["on"], said["options"][0]["findings"]["lead_time"]["status"]
    ('three_month_gap', '2026-11-20', 'fails')
    """
    flips = dict(all_flips(assessment)) if flips is None else flips
    found: dict[str, Any] = {
        "title": assessment.decision.frame.title,
        "recommended": assessment.recommended,
        "provisional": assessment.provisional,
        "missing": list(assessment.missing),
        "answers": dict(zip(("used", "unconfirmed", "unknown"), assessment.stands_on(), strict=True)),
        "on": assessment.on.isoformat(),
        "currency": assessment.currency(),
        "draws": assessment.world.size,
        "seed": assessment.decision.seed,
        "versions": versions(),
        "considerations": {key: each.name for key, each in assessment.registry.items()},
        "options": [_option(assessment, each, flips.get(each.key, {})) for each in assessment.options.values()],
        "deciding": report_deciding.data(assessment),
    }
    rounded: dict[str, Any] = nine(found)
    return rounded


def as_json(said: Mapping[str, Any]) -> str:
    r"""The data as JSON text in plain ASCII: the same bytes everywhere, and nothing that a terminal would obey.

    >>> as_json({"title": "Gap \x1b[31m\x7f −"})
    '{\n "title": "Gap \\u001b[31m\\u007f \\u2212"\n}\n'
    """
    text = json.dumps(said, ensure_ascii=True, allow_nan=False, indent=1) + "\n"
    return text.replace("\x7f", "\\u007f")


def nine(value: Any) -> Any:
    """The value with every float in it rounded to nine significant digits, and None for what is not finite.

    >>> nine([1 / 3, {"a": float("nan")}, -0.0, 12345678912.0, 7, True, "x"])
    [0.333333333, {'a': None}, 0.0, 12345678900.0, 7, True, 'x']
    """
    if isinstance(value, float):
        return float(f"{value:.9g}") + 0.0 if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: nine(each) for key, each in value.items()}
    return [nine(each) for each in value] if isinstance(value, list | tuple) else value


def versions() -> dict[str, Any]:
    """With what the numbers were computed: this package, the libraries that matter to them, the reference tables."""
    return {
        "shipworthy": __version__,
        "schema": SCHEMA_VERSION,
        **{name: version(name) for name in _COMPUTED_WITH},
        "tables": {name: reference.load(name).version for name in sorted(reference.names())},
    }


def _option(assessment: Assessment, result: OptionResult, flips: Mapping[str, list[FlipPoint]]) -> dict[str, Any]:
    paid = result.summary
    return {
        "key": result.key,
        "name": result.option.name,
        "meets_all": result.meets_all_probability,
        "payoff": {"mean": paid.mean, "p10": paid.p10, "p50": paid.p50, "p90": paid.p90},
        "ledger": assessment.ledger(result.key),
        "without": list(result.without),
        "findings": {
            key: _finding(assessment, found, flips.get(key, [])) for key, found in result.findings.items()
        },
    }  # fmt: skip


def _finding(assessment: Assessment, found: Finding, flips: list[FlipPoint]) -> dict[str, Any]:
    return {
        "status": found.status,
        "probability": found.probability,
        "headline": found.headline,
        "detail": list(found.words.detail),
        "lists": [{"title": each.title, "items": list(each.items)} for each in found.words.lists],
        "missing": list(found.missing),
        "unconfirmed": list(found.unconfirmed),
        "phase": found.phase or None,
        "flip_points": [
            {
                "answer": flip.answer,
                "label": flip.label,
                "value": flip.value,
                "unit": flip.unit,
                "status": flip.status,
                "direction": "at_least" if flip.at_least else "at_most",
                "then": None if flip.then is None else {"value": flip.then, "status": flip.then_status},
                "now": stands(assessment.world, flip.answer, found.option),
            }
            for flip in nearest_first(flips)
        ],
    }


def stands(world: World, answer: str, option: str) -> float | None:
    """Where a numeric answer stands for an option: the number, the likely value, the typical case; else None."""
    value = world.value(answer, option)[1]
    if isinstance(value, SpreadValue):
        value = value.p50
    if isinstance(value, RangeValue):
        value = value.likely
    return float(value) if isinstance(value, float | int) else None


def comparison(assessment: Assessment) -> list[Column]:
    """The options compared: a column for their names, one a consideration, one for meeting all, one for the payoff."""
    results = list(assessment.options.values())
    columns = [Column("Option", tuple(_named(assessment, each) for each in results))]
    for key, consideration in assessment.registry.items():
        columns.append(Column(consideration.name, tuple(_status(each.findings[key]) for each in results)))
    columns.append(Column("Meets all", tuple((each.meets_all_words,) for each in results)))
    columns.append(
        Column(f"Payoff [{assessment.currency()}]", tuple(_range(each) for each in results)),
    )
    return columns


def _named(assessment: Assessment, result: OptionResult) -> tuple[str, ...]:
    if result.key != assessment.recommended or not assessment.comparable:
        return (result.option.name,)
    return (result.option.name, *(("(recommended,", "provisional)") if assessment.provisional else ("(recommended)",)))


def _status(found: Finding) -> tuple[str, ...]:
    sure = found.status in _JUDGED and found.probability is not None
    return (signed(found.status), *([_share(found.probability)] if sure else []))


def _share(share: float | None) -> str:
    return "–" if share is None else percent(share)


def _range(result: OptionResult) -> tuple[str, ...]:
    paid = result.summary
    return (total(paid.mean) + result.mark, *([] if paid.certain else [f"({total(paid.p10)} to {total(paid.p90)})"]))


def in_words(assessment: Assessment, flips: Flips) -> list[Said]:
    """What each consideration concludes for each option, with the flip points nearest to where the answers stand."""
    said = []
    for key, result in assessment.options.items():
        findings = []
        for name, found in result.findings.items():
            if found.status == "not_applicable" and not found.words.detail:
                continue
            head = f"{assessment.registry[name].name}: {found.headline}"
            if found.phase:
                head += f" (while it is “{assessment.decision.option(found.phase).name}”)"
            nearest = nearest_first(flips.get(key, {}).get(name, ()))[:MOST_FLIPS]
            turns = tuple(_flip_words(assessment, key, flip) for flip in nearest)
            findings.append((found.status, head, turns))
        if findings:
            said.append(
                Said(" ".join(_named(assessment, result)), tuple(findings), tuple(_remarks(assessment, result)), key)
            )
    return said


def _flip_words(assessment: Assessment, option: str, flip: FlipPoint) -> str:
    side = "at least" if flip.at_least else "at most"
    now = stands(assessment.world, flip.answer, option)
    value = with_unit(flip.value, flip.unit, currency=assessment.currency(), beside=now)
    here = "" if now is None else standing(now, flip.unit, flip.value)
    then = going_on(flip, assessment.currency())
    return f"{SIGNS[flip.status][1]} when “{flip.label}” is {side} {value}{then}{here}{along(flip)}"


def _remarks(assessment: Assessment, result: OptionResult) -> Iterator[str]:
    if result.without:
        yield f"Its figures are {assessment.without_words(result.without, MOST_LABELS)}."
    loose = list(result.answers(assessment.world).values()).count("default")
    if loose:
        yield f"It uses {loose} unconfirmed default{'' if loose == 1 else 's'}."


def conclusion(assessment: Assessment) -> list[str]:
    """What is recommended, and whether that is provisional."""
    missing = assessment.without_words(assessment.missing, MOST_LABELS).removeprefix("without ")
    if not assessment.comparable:
        said = ["Nothing can be compared yet: what the options bring is not known."]
        return [*said, f"Provisional: not known yet is {missing}.", f"It stands on {assessment.stands_on_words()}."]
    best = assessment.options[assessment.recommended]
    currency = assessment.currency()
    paid = f"{total(best.summary.mean)} {currency}{best.mark}"
    word = "Recommended, provisionally" if assessment.provisional else "Recommended"
    said = [f"{word}: {best.option.name}, by the highest expected payoff ({paid})."]
    if assessment.provisional:
        said.append(f"Provisional: not known yet is {missing}.")
    if any(each.mark for each in assessment.options.values()):
        said.append("† without what is not known yet; the findings below say what that is.")
    return [*said, f"It stands on {assessment.stands_on_words()}."]


def warnings(assessment: Assessment) -> list[str]:
    """What to know about the reference tables: rows past their shelf life, other versions than then."""
    on, said = assessment.on, []
    for name, keys in sorted(_rows_used(assessment).items()):
        table = reference.load(name)
        old = [row for row in table.stale(on) if row.key in keys]
        if old:
            oldest = min(row.as_of for row in old)
            rows = "1 value in use is" if len(old) == 1 else f"{len(old)} values in use are"
            said.append(
                f"“{table.title}”: {rows} past the shelf life of {table.shelf_life} days on {on.isoformat()} "
                f"(from {oldest.isoformat()} at the earliest): look them up again"
            )
    known = {**versions()["tables"], "genai-prices": version("genai-prices")}
    stored = assessment.decision.tables
    changed = sorted(known.keys() & stored.keys() & {name for name in stored if stored[name] != known.get(name)})
    if changed:
        said.append(
            f"Changed since this decision was saved: the reference tables {join(changed)}; figures may differ from then"
        )
    return said


def _rows_used(assessment: Assessment) -> dict[str, set[str]]:
    """Rows of reference tables that a finding stands on: declared defaults nobody has answered, and price lists."""
    used: dict[str, set[str]] = {"defaults": set(), "price_lists": set()}
    for result in assessment.options.values():
        for found in result.findings.values():
            for key in found.unconfirmed:
                answer = assessment.decision.answer(key)
                if answer is None or (answer.value is None and not answer.by_option):
                    used["defaults"].add(key)
        for run in result.runs:
            if any(each.notes.get("price") is not None for each in run.evaluations.values()):
                used["price_lists"].update(row.key for row in reference.load("price_lists"))
    return used
