"""Evaluate one option through all considerations: terms first, then what needs everybody's terms, then statuses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.joint import DateCost, Phase, payoff
from shipworthy.considerations.base import Draws, Evaluation, Status, Terms, View, World
from shipworthy.decision import DO_NOTHING


@dataclass
class Run:
    """One option, evaluated: each consideration's results and the terms they put into the joint model."""

    option: str
    evaluations: dict[str, Evaluation]
    terms: Terms

    def monthly(self) -> dict[str, Draws]:
        """The parts of the net flow while live, by name, signed [money/month]."""
        get = self.terms.get
        shares = (get(name, 1.0) for name in ("availability", "reach", "adoption", "accuracy_kept"))
        gross = _product(get("volume", 0.0), get("effect", 0.0), get("value", 0.0), *shares)
        costs = ("baseline_lost", "intervention", "harm", "serving", "servers", "running")
        parts = {"value": gross, "use_cost": -_product(get("uses", 0.0), get("cost_per_use", 0.0))}
        return {**parts, **{name: -get(name, 0.0) for name in costs}}

    def phase(self) -> Phase:
        """This option as a phase of the joint model."""
        get = self.terms.get
        parts = [part for part in self.monthly().values() if not (isinstance(part, float) and part == 0)]
        return Phase(
            monthly=sum(parts[1:], parts[0]) if parts else 0.0,
            launch=get("launch", 0.0),
            one_off=get("one_off", 0.0),
            gate_open=get("gate_open", 1.0),
            repair_cost=get("repair_cost", 0.0),
            repair_days=get("repair_days", 0.0),
        )


def run(
    world: World,
    option: str,
    before: Run | None = None,
    changed: frozenset[str] = frozenset(),
    only: Collection[str] | None = None,
) -> Run:
    """Evaluate one option.

    Parameters
    ----------
    world : World
        The draws.
    option : str
        Its key.
    before, changed : Run and set of answers, optional
        An earlier run in a world that differs only in these answers: what did not use them is taken from it.
    only : collection of str, optional
        The considerations that are judged, beside those that complete the terms; else all.
    """
    evaluations: dict[str, Evaluation] = {}
    terms = Terms()
    views: dict[str, View] = {}
    for key, consideration in world.registry.items():
        if option == DO_NOTHING and not consideration.judges_nothing:
            evaluations[key] = Evaluation(applies=False)
            continue
        views[key] = view = View(world, key, option)
        earlier = before.evaluations.get(key) if before is not None else None
        if earlier is not None and not (earlier.noted[1] & changed):
            evaluations[key] = replace(
                earlier, margins=dict(earlier.margins), figures=dict(earlier.figures), notes=dict(earlier.notes)
            )
            view.missing, view.used = (dict.fromkeys(names) for names in earlier.noted)
        else:
            evaluations[key] = consideration.evaluate(view)
            evaluations[key].noted = tuple(view.missing), frozenset(view.used)
        terms.put(key, evaluations[key].terms, view.missing)
    if option != DO_NOTHING and world.decision.delay:  # something is found out first, then work begins
        terms.values["launch"] = terms.get("launch", 0.0) + world.decision.delay
    for key, view in views.items():
        result = evaluations[key]
        consideration = world.registry[key]
        if only is not None and key not in only and not consideration.completes_terms:
            continue
        if result.applies:
            consideration.judge(view, result, terms)
        result.missing, result.used = tuple(view.missing), frozenset(view.used)
    return Run(option, evaluations, terms)


@dataclass(frozen=True)
class Counted:
    """How payoffs are counted: over how many days, at which rate a year, and what missing the date costs, if anything."""

    period: float
    rate: float
    date: DateCost | None


def counted(terms: Terms) -> Counted:
    """How the payoff of an option with these terms is counted."""
    date = None
    if "date_day" in terms.values:
        day = float(np.mean(terms.get("date_day", 0.0)))
        date = DateCost(day, terms.get("date_once", 0.0), terms.get("date_a_day", 0.0))
    return Counted(float(np.mean(terms.get("period", 3 * 365.0))), float(np.mean(terms.get("rate", 0.0))), date)


def share_period(singles: Mapping[str, Run]) -> None:
    """Doing nothing is counted over the same period, at the same rate, although nobody is asked for them there."""
    for name in ("period", "rate"):
        found = [each.terms.values[name] for each in singles.values() if name in each.terms.values]
        if found and DO_NOTHING in singles:
            singles[DO_NOTHING].terms.values.setdefault(name, found[0])


def paid(runs: Sequence[Run]) -> Draws:
    """Payoff of an option: by itself, or of its phases in order [money]."""
    phases = [] if runs[0].option == DO_NOTHING else [each.phase() for each in runs]
    how = counted(runs[0].terms)
    return payoff(phases, how.period, how.rate, how.date)


def _product(*factors: Draws) -> Draws:
    """The product; factors that are plainly 1 cost nothing."""
    found: Draws = 1.0
    for factor in factors:
        if not (isinstance(factor, float) and factor == 1.0):
            found = factor if isinstance(found, float) and found == 1.0 else found * factor
    return found


@dataclass(frozen=True)
class Judged:
    """Where the requirements of a consideration are met: all of them, and each one's share of the draws."""

    met: npt.NDArray[np.bool_] | np.bool_
    shares: dict[str, float]

    @property
    def probability(self) -> float:
        """Share of the draws in which every requirement is met."""
        return next(iter(self.shares.values())) if len(self.shares) == 1 else _share(self.met)


def judged(result: Evaluation) -> Judged:
    """Hold the margins of a consideration against nought; one that is not a number is not met."""
    met: npt.NDArray[np.bool_] | np.bool_ = np.bool_(True)
    shares = {}
    for name, margin in result.margins.items():
        hit = np.greater_equal(margin, 0.0)
        shares[name] = _share(hit)
        met = hit if len(shares) == 1 else met & hit
    return Judged(met, shares)


def _share(flags: npt.NDArray[np.bool_] | np.bool_) -> float:
    return float(np.count_nonzero(flags) / np.size(flags))


def status(world: World, key: str, option: str, result: Evaluation, found: Judged | None = None) -> Status:
    """The worst over the consideration's requirements, each with its own confidence."""
    return standing(world, key, option, result, found).status


@dataclass(frozen=True)
class Standing:
    """A status, and how far it is from the next: least distance of a requirement's share to what decides about it."""

    status: Status
    to_meet: float = np.nan
    """Share less the confidence asked for: all are met from 0 on [-1..1]."""
    to_fail: float = np.nan
    """Share less one minus that confidence: one fails from 0 down [-1..1]."""


def standing(world: World, key: str, option: str, result: Evaluation, found: Judged | None = None) -> Standing:
    """A consideration's status for an option, with the distances to its limits."""
    if not result.applies:
        return Standing("not_applicable")
    if result.missing:
        return Standing("unknown")
    if not result.margins:  # nothing is required, so nothing is promised
        return Standing("not_applicable")
    view = View(world, key, option)
    to_meet = to_fail = 1.0
    for name, share in (found or judged(result)).shares.items():
        confidence = view.requirement(name).confidence
        to_meet = min(to_meet, share - confidence)
        # a share that is enough never fails, however little is asked for
        to_fail = min(to_fail, 1.0 if share >= confidence else share - (1 - confidence + 1e-12))
    return Standing("meets" if to_meet >= 0 else "fails" if to_fail <= 0 else "at_risk", to_meet, to_fail)


def standings(world: World, found: Run, only: Collection[str] | None = None) -> dict[str, Standing]:
    """Every consideration's standing for the option that was run, or that of some."""
    return {
        key: standing(world, key, found.option, result)
        for key, result in found.evaluations.items()
        if only is None or key in only
    }


def statuses(world: World, found: Run) -> dict[str, Status]:
    """Every consideration's status for the option that was run."""
    return {key: each.status for key, each in standings(world, found).items()}
