"""Evaluate one option through all considerations: terms first, then what needs everybody's terms, then statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from shipworthy.calculators.joint import Phase
from shipworthy.considerations.base import Consideration, Draws, Evaluation, Status, Terms, View, World
from shipworthy.decision import DO_NOTHING

WORSE: dict[Status, int] = {"not_applicable": 0, "meets": 1, "at_risk": 2, "fails": 3, "unknown": 4}


@dataclass
class Run:
    """One option, evaluated: each consideration's results and the terms they put into the joint model."""

    option: str
    evaluations: dict[str, Evaluation]
    terms: Terms

    def monthly(self) -> dict[str, Draws]:
        """The parts of the net flow while live, by name, signed [money/month]."""
        get = self.terms.get
        gross = get("volume", 0.0) * get("availability", 1.0) * get("reach", 1.0) * get("adoption", 1.0)
        gross = gross * get("effect", 0.0) * get("accuracy_kept", 1.0) * get("value", 0.0)
        return {
            "value": gross,
            "baseline_lost": -get("baseline_lost", 0.0),
            "use_cost": -(get("uses", 0.0) * get("cost_per_use", 0.0)),
            "intervention": -get("intervention", 0.0),
            "harm": -get("harm", 0.0),
            "serving": -get("serving", 0.0),
            "running": -get("running", 0.0),
        }

    def phase(self) -> Phase:
        """This option as a phase of the joint model."""
        get = self.terms.get
        parts = self.monthly().values()
        return Phase(
            monthly=sum(parts, 0.0),
            launch=get("launch", 0.0),
            one_off=get("one_off", 0.0),
            gate_open=get("gate_open", 1.0),
            repair_cost=get("repair_cost", 0.0),
            repair_days=get("repair_days", 0.0),
        )


def run(world: World, option: str, before: Run | None = None, changed: frozenset[str] = frozenset()) -> Run:
    """Evaluate one option.

    Parameters
    ----------
    world : World
        The draws.
    option : str
        Its key.
    before, changed : Run and set of answers, optional
        An earlier run in a world that differs only in these answers: what did not use them is taken from it.
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
    for key, view in views.items():
        result = evaluations[key]
        if result.applies:
            world.registry[key].judge(view, result, terms)
        result.missing, result.used = tuple(view.missing), frozenset(view.used)
    return Run(option, evaluations, terms)


def probability(result: Evaluation) -> float:
    """Share of the draws in which every requirement of the consideration is met."""
    return float(np.mean(met(result)))


def met(result: Evaluation) -> Draws:
    """Where every requirement of the consideration is met: 1 or 0, a number or an array."""
    flags: Draws = 1.0
    for margin in result.margins.values():
        flags = flags * np.asarray(np.greater_equal(margin, 0.0), dtype=np.float64)
    return flags


def status(world: World, key: str, option: str, result: Evaluation) -> Status:
    """The worst over the consideration's requirements, each with its own confidence."""
    if not result.applies:
        return "not_applicable"
    if result.missing:
        return "unknown"
    worst: Status = "meets"
    view = View(world, key, option)
    for name, margin in result.margins.items():
        confidence = view.requirement(name).confidence
        share = float(np.mean(np.greater_equal(margin, 0.0)))
        found: Status = "meets" if share >= confidence else "fails" if share <= 1 - confidence + 1e-12 else "at_risk"
        worst = max(worst, found, key=lambda each: WORSE[each])
    return worst


def statuses(world: World, found: Run) -> dict[str, Status]:
    """Every consideration's status for the option that was run."""
    return {key: status(world, key, found.option, result) for key, result in found.evaluations.items()}


def applicable(registry: Mapping[str, Consideration], found: Run) -> list[str]:
    """Considerations that concern the option."""
    return [key for key in registry if found.evaluations[key].applies]
