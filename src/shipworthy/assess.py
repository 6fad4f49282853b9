"""From a decision to its assessment: findings, the ledger, the options compared. A pure function of document and date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

import numpy as np

from shipworthy import draws
from shipworthy._results import Finding as Finding
from shipworthy._results import Flags
from shipworthy._results import OptionResult as OptionResult
from shipworthy.calculators.joint import DAYS_A_MONTH, date_cost, discounted_days
from shipworthy.considerations import registry as all_considerations
from shipworthy.considerations.base import (
    Array,
    Consideration,
    Draws,
    Evaluation,
    FlipPoint,
    View,
    Words,
    World,
)
from shipworthy.considerations.evaluate import Judged, Run, counted, judged, paid, run, share_period, status
from shipworthy.decision import DO_NOTHING, Decision, Option
from shipworthy.insight import flip_points, nearest_first, nearest_flips
from shipworthy.words import join

FLIP_DRAWS = 2**11
MOST_KEPT = 160

PARTS = {
    "value": "What it brings", "baseline_lost": "Business lost to slowness", "use_cost": "Cost of uses",
    "intervention": "Cost of acting on it", "harm": "Harm of wrong outputs", "serving": "Servers and flat fees", "servers": "Servers for the busiest hour", "running": "Running cost",
    "one_off": "One-off cost", "date_cost": "Cost of missing the date", "repair": "Clearing what stands in the way",
}  # fmt: skip


@dataclass
class Assessment:
    """All findings, the ledger and the options compared, on one date."""

    decision: Decision
    on: date
    world: World
    options: dict[str, OptionResult]
    recommended: str
    missing: tuple[str, ...]

    @property
    def provisional(self) -> bool:
        """Whether something that a figure needs is not known yet."""
        return bool(self.missing)

    @property
    def comparable(self) -> bool:
        """Whether the options can be compared: not while doing nothing would lead because nothing that the others bring
        is known yet."""
        others = [each for each in self.options.values() if each.key != DO_NOTHING]
        return self.recommended != DO_NOTHING or not others or any(each.brings for each in others)

    @property
    def compared(self) -> tuple[str, ...]:
        """Options that can be held against each other: not one of which nothing is known that it would bring."""
        return tuple(key for key, each in self.options.items() if key == DO_NOTHING or each.brings)

    @property
    def concerned(self) -> tuple[str, ...]:
        """Considerations that say something of an option."""
        results = self.options.values()
        return tuple(
            key for key in self.registry if any(each.findings[key].status != "not_applicable" for each in results)
        )

    @property
    def registry(self) -> Mapping[str, Consideration]:
        """The considerations that were asked."""
        return self.world.registry

    def stands_on(self) -> tuple[int, int, int]:
        """How many answers the figures stand on, how many of those are unconfirmed defaults, and how many unknown."""
        states: dict[str, set[str]] = {}
        for result in self.options.values():
            for name, state in result.answers(self.world).items():
                states.setdefault(name, set()).add(state)
        loose = sum("default" in each and "unknown" not in each for each in states.values())
        return len(states), loose, sum("unknown" in each for each in states.values())

    def stands_on_words(self) -> str:
        """``34 answers, of which 29 are unconfirmed defaults and none is unknown``."""
        answers, loose, unknown = self.stands_on()
        said = f"{answers} answer{'' if answers == 1 else 's'}, of which {loose or 'none'} "
        said += "is an unconfirmed default" if loose < 2 else "are unconfirmed defaults"
        return f"{said} and {unknown or 'none'} {'is' if unknown < 2 else 'are'} unknown"

    def without_words(self, keys: tuple[str, ...], most: int = 3) -> str:
        """``without “Uses a month” and 2 more``: the answers that figures are without; nothing where they are whole."""
        labels = [f"“{self.world.question(key).label}”" for key in keys]
        shown = labels[:most] + ([f"{len(labels) - most} more"] if len(labels) > most else [])
        return f"without {join(shown)}" if labels else ""

    def currency(self) -> str:
        """The currency of all amounts."""
        return str(self.world.value("value_stream.currency", DO_NOTHING)[1] or "USD")

    def evaluations(self, consideration: str) -> dict[str, Evaluation]:
        """A consideration's results for the options that it concerns, by themselves or by their phases together."""
        found = {}
        for key, result in self.options.items():
            if consideration in result.together:
                found[key] = result.together[consideration]
            elif not result.option.phases and key != DO_NOTHING and result.runs[0].evaluations[consideration].applies:
                found[key] = result.runs[0].evaluations[consideration]
        return found

    def view(self, consideration: str, option: str) -> View:
        """What the consideration sees of one option."""
        return View(self.world, consideration, option)

    def ledger(self, option: str) -> dict[str, float]:
        """Expected money over the period by part, discounted; the parts add up to the expected payoff."""
        return ledger(self.options[option])

    def flips(self, option: str) -> dict[str, list[FlipPoint]]:
        """Flip points of the statuses of one option, by consideration, nearest first."""
        found: dict[str, list[FlipPoint]] = {}
        for pairs in self.flip_search(option):
            for key, flip in pairs:
                found.setdefault(key, []).append(flip)
        return {key: nearest_first(flips) for key, flips in found.items()}

    def nearest_flips(self, option: str, most: int) -> dict[str, list[FlipPoint]]:
        """So many flip points of each consideration, nearest first: the first of :meth:`flips`, sooner."""
        return {} if self.decision.option(option).phases else nearest_flips(self._flip_world(), option, most)

    def flip_search(self, option: str) -> Iterator[list[tuple[str, FlipPoint]]]:
        """The same search answer by answer, for a screen that stays alive meanwhile."""
        return iter(()) if self.decision.option(option).phases else flip_points(self._flip_world(), option)

    def _flip_world(self) -> World:
        size = min(FLIP_DRAWS, self.world.size)
        return World(self.decision, self.on, self.registry, size=size, kept=self.world.kept)


def assess(
    decision: Decision,
    *,
    on: date,
    size: int = draws.SIZE,
    kept: dict[Any, Any] | None = None,
    registry: Mapping[str, Consideration] | None = None,
) -> Assessment:
    """Assess a decision as of a date.

    Parameters
    ----------
    decision : Decision
        The document; it is not changed, and nothing that is returned is stored in it.
    on : date
        Day as of which prices, rules and shelf lives are read.
    size : int
        Draws, a power of two.
    kept : dict, optional
        Draws of earlier answers; handed from one assessment to the next, an edit costs one answer's quantiles.

    Examples
    --------
    >>> from datetime import date
    >>> from shipworthy.examples import example
    >>> assess(example("churn"), on=date(2026, 11, 20)).recommended
    'three_month_gap'
    """
    _keep_memory()
    world = World(decision, on, registry or all_considerations(), size=size, kept=kept)
    singles = _singles(world, kept)
    share_period(singles)
    options: dict[str, OptionResult] = {}
    for option in decision.options:
        runs = tuple(singles[key] for key in option.phases) or (singles[option.key],)
        options[option.key] = _result(world, option, runs)
    recommended = max(options.values(), key=lambda each: (each.summary.mean, each.key == DO_NOTHING)).key
    missing = tuple(dict.fromkeys(key for each in options.values() for key in each.without))
    if kept is not None:
        _prune(kept, world)
        kept["last"] = (world, singles)
    return Assessment(decision, on, world, options, recommended, missing)


def _singles(world: World, kept: dict[Any, Any] | None) -> dict[str, Run]:
    """Every option without phases, evaluated; what did not use a changed answer is taken from the last assessment."""
    options = [option.key for option in world.decision.options if not option.phases]
    last: tuple[World, dict[str, Run]] | None = (kept or {}).get("last")
    if last is None or not _comparable(world, last[0]):
        return {option: run(world, option) for option in options}
    before, runs = last
    touched = list(_touched(world, before))
    world.take_over(before, frozenset(touched))
    found = {}
    for option in options:
        changed = frozenset(key for key in touched if _differs(world, before, key, option))
        found[option] = run(world, option, runs.get(option), changed)
    return found


def _differs(world: World, before: World, key: str, option: str) -> bool:
    """Whether an answer says something else for an option than it did, or draws from another dimension."""
    if world.value(key, option) != before.value(key, option):
        return True
    return world.dimension(key, option) != before.dimension(key, option)


def _prune(kept: dict[Any, Any], world: World) -> None:
    """Forget the oldest draws once there are many; those that were just used stay."""
    for mark in [each for each in kept if each != "last" and each not in world.fresh][: max(0, len(kept) - MOST_KEPT)]:
        del kept[mark]


def _comparable(world: World, before: World) -> bool:
    """Whether two worlds have the same draws, so that only answers can differ."""
    now, then = world.decision, before.decision
    same = (world.on, world.size, now.seed, now.correlations) == (before.on, before.size, then.seed, then.correlations)
    return same and world.registry is before.registry and world.dimensions == before.dimensions


def _touched(world: World, before: World) -> Iterator[str]:
    """Answers that are not the same object in two documents."""
    now, then = world.decision.answers, before.decision.answers
    for consideration in now.keys() | then.keys():
        new, old = now.get(consideration, {}), then.get(consideration, {})
        if new is not old:
            for name in new.keys() | old.keys():
                if new.get(name) is not old.get(name):
                    yield f"{consideration}.{name}"


@cache
def _keep_memory() -> None:
    """Let the C library keep what it freed: an array of draws lies just above the size from which glibc gives memory
    back to the system at once, and taking it anew costs more than the arithmetic. It learns from one larger block."""
    np.empty(3_900_000)


def _result(world: World, option: Option, runs: tuple[Run, ...]) -> OptionResult:
    findings: dict[str, Finding] = {}
    all_met: Flags | None = None
    without: dict[str, None] = {}
    together: dict[str, Evaluation] = {}
    for key in world.registry:
        found = [(each, each.evaluations[key]) for each in runs if each.evaluations[key].applies]
        without.update(dict.fromkeys(name for each in runs for name in each.evaluations[key].missing))
        if not found:
            findings[key] = Finding(
                key, option.key, "not_applicable", None, partial(_not_applicable, world, key, option)
            )
            continue
        joined = (
            world.registry[key].together({each.option: result for each, result in found}) if option.phases else None
        )
        judgeable = found if joined is None else [(found[0][0], joined)]
        if joined is not None:
            together[key] = joined
        held = [(judged(result), each, result) for each, result in judgeable]
        for verdict, _, _ in held:
            if verdict.shares:
                all_met = verdict.met if all_met is None else all_met & verdict.met
        findings[key] = _finding(world, key, option, *min(held, key=lambda each: each[0].probability))
        if joined is not None:
            findings[key].phase = ""
    return OptionResult(option, runs, paid(runs), all_met, findings, tuple(without), together)


def _finding(world: World, key: str, option: Option, verdict: Judged, worst: Run, result: Evaluation) -> Finding:
    say = partial(world.registry[key].words, View(world, key, worst.option), result)
    state = status(world, key, worst.option, result, verdict)
    phase = worst.option if option.phases else ""
    return Finding(
        key,
        option.key,
        state,
        verdict.probability if verdict.shares else None,
        say,
        result.missing,
        phase,
        partial(_defaults, world, worst.option, key, result),
    )


def _defaults(world: World, option: str, key: str, result: Evaluation) -> tuple[str, ...]:
    """Answers behind a finding that nobody has confirmed; what is only hung on (a choice asked elsewhere) is confirmed there."""
    return tuple(
        name
        for name in sorted(result.used)
        if world.value(name, option)[0] == "default"
        and (world.question(name).kind != "choice" or name.startswith(f"{key}."))
    )


def _not_applicable(world: World, key: str, option: Option) -> Words:
    if option.key == DO_NOTHING:
        return Words("No requirement of this consideration concerns doing nothing.")
    return Words(world.registry[key].no_case or f"{world.registry[key].name} does not apply to this option.")


def ledger(result: OptionResult) -> dict[str, float]:
    """Expected money over the period by part; the parts add up to the expected payoff [money]."""
    parts = dict.fromkeys(PARTS, 0.0)
    how = counted(result.runs[0].terms)
    until: Draws = how.period
    first: Draws = float("inf")
    for each in reversed(result.runs if result.key != DO_NOTHING else ()):
        phase = each.phase()
        live = phase.live()
        months = discounted_days(live, until, how.rate) / DAYS_A_MONTH
        for name, flow in each.monthly().items():
            parts[name] += float(np.mean(flow * months))
        parts["one_off"] -= float(np.mean(phase.one_off))
        parts["repair"] -= float(np.mean(phase.repair_cost))
        until, first = np.minimum(until, live), np.minimum(first, live)
    if how.date is not None:
        parts["date_cost"] -= float(np.mean(date_cost(first, how.date, how.period, how.rate)))
    return parts


def differences(assessment: Assessment, option: str, other: str) -> Array:
    """Payoff of one option less that of another, draw by draw: the draws are common, so this carries no noise of its own."""
    return np.asarray(assessment.options[option].payoff - assessment.options[other].payoff, dtype=np.float64)
