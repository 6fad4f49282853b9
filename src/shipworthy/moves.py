"""What moved between two sets of printed numbers: findings, payoffs, the recommendation; and since a record was made."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shipworthy.assess import PARTS, Assessment
from shipworthy.considerations import registry
from shipworthy.considerations.show import signed
from shipworthy.record.printed import Printed, PrintedFinding, PrintedOption, PrintedScenario, printed
from shipworthy.words import day, percent, with_unit

Number = float | None
_PAYOFF = {"mean": "expected payoff", "p10": "payoff, 1 in 10 below", "p50": "payoff, half below", "p90": "payoff, 1 in 10 above"}  # fmt: skip
_GAINED = {"mean": "what the scenario changes", "p10": "change, 1 in 10 below", "p50": "change, half below", "p90": "change, 1 in 10 above"}  # fmt: skip


@dataclass(frozen=True)
class FindingMoved:
    """A finding whose status, probability or headline is another."""

    option: str
    name: str
    consideration: str
    before: PrintedFinding | None
    after: PrintedFinding | None


@dataclass(frozen=True)
class OptionMoved:
    """An option of which numbers are others: by their names, before and after."""

    option: str
    name: str
    numbers: Mapping[str, tuple[Number, Number]]


@dataclass(frozen=True)
class ScenarioMoved:
    """A scenario with which another option is recommended, or options have other numbers."""

    scenario: str
    options: tuple[OptionMoved, ...]
    recommended: tuple[str, str] | None


@dataclass(frozen=True)
class Moves:
    """All that moved between two assessments of the options that both have."""

    findings: tuple[FindingMoved, ...]
    options: tuple[OptionMoved, ...]
    recommended: tuple[str, str] | None
    scenarios: tuple[ScenarioMoved, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.findings or self.options or self.recommended or self.scenarios)


@dataclass(frozen=True)
class Since:
    """What moved since a record was made, and what it was made with that is another now."""

    on: str
    today: str
    draws: tuple[int, int]
    versions: Mapping[str, tuple[str, str | None]]
    moves: Moves
    options: bool
    """Whether it printed the options that are there."""

    @property
    def same(self) -> bool:
        """Whether every number came out as it was printed."""
        return not self.moves and self.options


def moves(before: Printed, after: Printed) -> Moves:
    """What moved between two assessments; numbers that are the same to nine digits have not."""
    then, findings, options = {each.key: each for each in before.options}, [], []
    for each in after.options:
        was = then.get(each.key)
        if was is None:
            continue
        findings += list(_findings(was, each))
        numbers = {
            name: (old, new)
            for name, (old, new) in _pairs(was, each).items()
            if old != new
        }  # fmt: skip
        if numbers:
            options.append(OptionMoved(each.key, each.name, numbers))
    other = before.recommended != after.recommended
    recommended = (before.recommended, after.recommended) if other else None
    return Moves(tuple(findings), tuple(options), recommended, tuple(_scenarios(before, after)))


def _scenarios(before: Printed, after: Printed) -> Iterator[ScenarioMoved]:
    """Scenarios of both, by their names, of which a number is another."""
    then, names = {each.name: each for each in before.scenarios}, {each.key: each.name for each in after.options}
    for each in after.scenarios:
        was = then.get(each.name)
        if was is not None and was != each:
            other = was.recommended != each.recommended
            moved = tuple(_scenario_options(was, each, names))
            yield ScenarioMoved(each.name, moved, (was.recommended, each.recommended) if other else None)


def _scenario_options(was: PrintedScenario, now: PrintedScenario, names: Mapping[str, str]) -> Iterator[OptionMoved]:
    for key, numbers in now.options.items():
        old = was.options.get(key)
        moved = {name: (old.get(name), new) for name, new in numbers.items() if old.get(name) != new} if old else {}
        if moved:
            yield OptionMoved(key, names.get(key, key), moved)


def since(record: Printed, tables: Mapping[str, str], now: Printed) -> Since:
    """What moved since a record was made.

    Parameters
    ----------
    record : Printed
        The numbers that it printed.
    tables : mapping
        Versions of the reference tables that the decision inside it stores.
    now : Printed
        The numbers of its decision today.
    """
    stored = {**record.tables, **tables, **record.versions}
    known = {**now.tables, **now.versions}
    versions = {name: (stored[name], known.get(name)) for name in sorted(stored) if stored[name] != known.get(name)}
    alike = sorted(each.key for each in record.options) == sorted(each.key for each in now.options)
    return Since(record.on, now.on, (record.draws, now.draws), versions, moves(record, now), alike)


def in_words(found: Moves, before: Printed, after: Printed, currency: str) -> Iterator[str]:
    """What moved, a sentence a line; the two lines below a finding are its headlines."""
    if found.recommended:
        yield f"Recommended: {_leaders(found.recommended, before, after)}"
    yield from _option_words(found.options, currency)
    for moved in found.findings:
        yield from _finding_words(moved)
    for scenario in found.scenarios:
        given = f"With “{scenario.scenario}”"
        if scenario.recommended:
            yield f"{given}, recommended: {_leaders(scenario.recommended, before, after)}"
        yield from (f"{given}, {line}" for line in _option_words(scenario.options, currency))


def _leaders(pair: tuple[str, str], before: Printed, after: Printed) -> str:
    named = zip((before, after), pair, strict=True)
    return " → ".join({option.key: option.name for option in each.options}.get(key, key) for each, key in named)


def _option_words(moved: Iterable[OptionMoved], currency: str) -> Iterator[str]:
    for each in moved:
        for name in _told(each):
            yield f"{each.name}, {_named(name)}: " + " → ".join(_amounts(name, each.numbers[name], currency))


def _finding_words(moved: FindingMoved) -> Iterator[str]:
    known = registry().get(moved.consideration)
    where = f"{moved.name} › {known.name if known else moved.consideration}"
    sides = (moved.before, moved.after)
    statuses = [_status(side) for side in sides]
    headlines = [side.headline if side else "" for side in sides]
    if statuses[0] != statuses[1]:
        yield f"{where}: {statuses[0]} → {statuses[1]}"
    elif headlines[0] != headlines[1]:
        yield f"{where}: still {statuses[0]}"
    else:
        before, after = (side.probability if side else None for side in sides)
        yield f"{where}: still {statuses[0]}, probability {' → '.join(_amounts('meets_all', (before, after), ''))}"
    if headlines[0] != headlines[1]:
        yield f"    before: {headlines[0] or '–'}"
        yield f"    after: {headlines[1] or '–'}"


def data(found: Moves) -> dict[str, Any]:
    """As numbers, texts, lists and dictionaries; scenarios where one moved."""
    said: dict[str, Any] = {
        "recommended": _both(found.recommended),
        "findings": [
            {
                "option": each.option,
                "name": each.name,
                "consideration": each.consideration,
                "before": each.before.model_dump() if each.before else None,
                "after": each.after.model_dump() if each.after else None,
            }
            for each in found.findings
        ],
        "options": [_option_data(each) for each in found.options],
    }
    if found.scenarios:
        said["scenarios"] = [
            {"name": each.scenario, "recommended": _both(each.recommended), "options": [_option_data(one) for one in each.options]}
            for each in found.scenarios
        ]  # fmt: skip
    return said


def _both(pair: tuple[str, str] | None) -> dict[str, str] | None:
    return dict(zip(("before", "after"), pair, strict=True)) if pair else None


def _option_data(moved: OptionMoved) -> dict[str, Any]:
    numbers = {name: {"before": old, "after": new} for name, (old, new) in moved.numbers.items()}
    return {"option": moved.option, "name": moved.name, "moved": numbers}


class Record:
    """A record held against the assessment of its decision today."""

    def __init__(self, record: Printed, assessment: Assessment) -> None:
        self.record, self.now, self.currency = record, printed(assessment), assessment.currency()
        self.since = since(record, assessment.decision.tables, self.now)

    def lines(self) -> list[str]:
        """Whether it runs again, in words, and what moved where it does not."""
        return list(since_words(self.since, self.record, self.now, self.currency))

    def data(self) -> dict[str, Any]:
        """The same as data."""
        return since_data(self.since)


def since_data(found: Since) -> dict[str, Any]:
    """As ``assess --json`` prints it under ``since_record``."""
    versions = {name: {"before": old, "after": new} for name, (old, new) in found.versions.items()}
    return {"on": found.on, "same": found.same, "versions": versions, **data(found.moves)}


def since_words(found: Since, record: Printed, now: Printed, currency: str) -> Iterator[str]:
    """Whether a record runs again, and what moved where it does not."""
    made = _day(found.on)
    if found.same:
        yield f"Every number is the one that the record printed (as of {made})."
    else:
        yield f"Moved since the record was made (as of {made}):"
    if found.on != found.today:
        yield f"  It is now assessed as of {_day(found.today)}."
    if found.draws[0] and found.draws[0] != found.draws[1]:
        yield f"  It was made from {found.draws[0]:,} draws, now there are {found.draws[1]:,}."
    for name, (old, new) in found.versions.items():
        yield f"  Version of {name}: {old} → {new or 'none'}"
    if not found.options:
        yield "  It printed other options than the decision inside it has now."
    for line in in_words(found.moves, record, now, currency):
        yield f"  {line}"
    if not found.same and not found.versions and found.on == found.today and found.draws[0] == found.draws[1]:
        yield "  Nothing that it was computed with has changed: the record was edited, or made on another kind of machine."


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return "a day that cannot be read"


def _findings(before: PrintedOption, after: PrintedOption) -> Iterator[FindingMoved]:
    if not before.findings:  # an early record printed none as data
        return
    for key in dict.fromkeys((*before.findings, *after.findings)):
        old, new = before.findings.get(key), after.findings.get(key)
        if old is None or new is None or not _same_finding(old, new):
            yield FindingMoved(after.key, after.name, key, old, new)


def _same_finding(old: PrintedFinding, new: PrintedFinding) -> bool:
    return (old.status, old.headline, old.probability) == (new.status, new.headline, new.probability)


def _pairs(before: PrintedOption, after: PrintedOption) -> dict[str, tuple[Number, Number]]:
    """Every number of an option before and after; parts of money that an early record did not print are left out."""
    found = {"meets_all": (before.meets_all, after.meets_all)}
    for name in dict.fromkeys((*before.payoff, *after.payoff)):
        found[f"payoff.{name}"] = (before.payoff.get(name), after.payoff.get(name))
    for name in dict.fromkeys((*before.ledger, *after.ledger)) if before.ledger else ():
        found[f"ledger.{name}"] = (before.ledger.get(name), after.ledger.get(name))
    return found


def _told(moved: OptionMoved) -> Iterator[str]:
    """The numbers that are said: the expected payoff and meeting all; what is behind them only where they have not moved."""
    heads = [name for name in moved.numbers if name in ("meets_all", "payoff.mean")]
    yield from heads or moved.numbers


def _named(name: str) -> str:
    kind, _, part = name.partition(".")
    if kind == "meets_all":
        return "meets every requirement"
    known = {"payoff": _PAYOFF, "gained": _GAINED}.get(kind)
    return known.get(part, part) if known is not None else f"“{PARTS.get(part, part)}”"


def _amounts(name: str, pair: tuple[Number, Number], currency: str) -> Iterator[str]:
    """Two numbers in words, with as many digits as tell them apart."""
    unit = "share" if name == "meets_all" else "money"
    for own, other in (pair, pair[::-1]):
        yield "not known" if own is None else with_unit(own, unit, currency=currency, beside=other)


def _status(found: PrintedFinding | None) -> str:
    if found is None:
        return "nothing"
    sure = found.probability is not None and found.status in ("meets", "at_risk", "fails")
    return signed(found.status) + (f" ({percent(found.probability)})" if sure and found.probability is not None else "")
