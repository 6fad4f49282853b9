"""One ledger: each cause moves its own part of the payoff, and no other."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision
from gates import LENDING, LICENSED, MODEL, asset, way
from pydantic import BaseModel

from shipworthy.assess import PARTS, Assessment, assess
from shipworthy.considerations import registry
from shipworthy.considerations.base import Consideration, Evaluation, View, Words
from shipworthy.decision import DO_NOTHING, Decision, Row

STEPS = (
    Row(id="find", cells={"name": "Find the site", "share": 0.5, "works": "yes"}),
    Row(id="look", cells={"name": "Look", "share": 0.2, "acts": 1.0, "works": "yes"}),
    Row(id="pay", cells={"name": "Pay", "share": 0.6, "works": "yes"}),
)
FUNNEL: dict[str, Any] = {
    **PLAIN,
    "value_stream.form": "funnel",
    "value_stream.entering": 100_000,
    "value_stream.steps": STEPS,
    "value_stream.uplift": 0.1,
    "value_stream.added_ms": 0.0,
    "value_stream.latency_loss": 0.01,
    "value_stream.left": 0.0,
    "value_stream.decay": 0.0,
    "value_stream.retrain_cost": 0.0,
}
ONLINE: dict[str, Any] = {
    "deployment.target": "cloud",
    "deployment.stages": (Row(id="s", cells={"name": "Model", "typical": 200.0, "slow": 300.0}),),
    "deployment.limit": 1000.0,
    "deployment.components": (Row(id="c", cells={"name": "Service", "up": 0.99}),),
    "deployment.outage": 30.0,
    "deployment.peak": 2.0,
    "deployment.work": 100.0,
    "deployment.server_price": 500.0,
}
TASKS = (
    Row(id="data", cells={"task": "Data", "days": 20.0}),
    Row(id="model", cells={"task": "Model", "days": 40.0, "after": "Data"}),
)
PLANNED: dict[str, Any] = {
    "deadline.kind": "law",
    "deadline.date": "2027-06-01",
    "deadline.once": 20_000.0,
    "deadline.a_day": 100.0,
    "deadline.planned": "yes",
    "deadline.plan": TASKS,
    "deadline.ranges": "lived",
    "deadline.alike": 0.0,
}


def made(answers: dict[str, Any]) -> Decision:
    return decision("a", answers)


def ledgers(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    one, other = (assess(made(answers), on=ON, size=2**10) for answers in (before, after))
    for found in (one, other):  # the parts are the payoff
        assert sum(found.ledger("a").values()) == pytest.approx(found.options["a"].summary.mean, rel=1e-9, abs=1e-6)
    assert np.array_equal(one.options[DO_NOTHING].payoff, other.options[DO_NOTHING].payoff)
    return one.ledger("a"), other.ledger("a")


def moved(before: dict[str, float], after: dict[str, float]) -> set[str]:
    return {name for name in PARTS if before[name] != pytest.approx(after[name], rel=1e-9, abs=1e-9)}


def expect(before: dict[str, Any], change: dict[str, Any], parts: Iterable[str]) -> dict[str, tuple[float, float]]:
    one, other = ledgers(before, {**before, **change})
    assert moved(one, other) == set(parts)
    return {name: (one[name], other[name]) for name in parts}


def test_a_later_launch_loses_months_of_everything_that_flows() -> None:
    found = expect(PLAIN, {"value_stream.live": 365}, {"value", "harm", "running"})
    assert found["value"][1] < found["value"][0]
    assert abs(found["running"][1]) < abs(found["running"][0])


def test_a_longer_task_is_a_later_launch() -> None:
    before = {**PLAIN, **PLANNED, "deadline.a_day": 0.0, "deadline.once": 0.0}
    longer = (TASKS[0], Row(id="model", cells={**TASKS[1].cells, "days": 80.0}))
    found = expect(before, {"deadline.plan": longer}, {"value", "harm", "running"})
    assert found["value"][1] < found["value"][0]


def test_what_a_task_costs_is_a_one_off_cost_and_no_more() -> None:
    before = {**PLAIN, **PLANNED}
    dearer = (TASKS[0], Row(id="model", cells={**TASKS[1].cells, "cost": 7_000.0}))
    found = expect(before, {"deadline.plan": dearer}, {"one_off"})
    assert found["one_off"][1] - found["one_off"][0] == pytest.approx(-7_000.0)


def test_a_missed_date_costs_its_cost_and_no_more() -> None:
    late = {**PLAIN, **PLANNED, "deadline.date": "2026-12-20"}
    free = {**late, "deadline.once": 0.0, "deadline.a_day": 0.0}
    one, other = (assess(made(answers), on=ON, size=2**10) for answers in (free, late))
    assert moved(one.ledger("a"), other.ledger("a")) == {"date_cost"}
    assert other.ledger("a")["date_cost"] < -20_000 * 0.9


def test_a_legal_date_costs_doing_nothing_too() -> None:
    due = assess(made({**PLAIN, **PLANNED}), on=ON, size=2**10)
    assert due.options[DO_NOTHING].summary.mean < -20_000
    wish = assess(made({**PLAIN, **PLANNED, "deadline.kind": "wish"}), on=ON, size=2**10)
    assert wish.options[DO_NOTHING].summary.mean == 0.0


def test_outages_take_from_what_it_brings_alone() -> None:
    down = {"deployment.components": (Row(id="c", cells={"name": "Service", "up": 0.9}),)}
    found = expect({**PLAIN, **ONLINE}, down, {"value"})
    assert found["value"][1] / found["value"][0] == pytest.approx(0.9 / 0.99)


def test_servers_cost_what_servers_cost_alone() -> None:
    found = expect({**PLAIN, **ONLINE}, {"deployment.server_price": 1_000.0}, {"servers"})
    assert found["servers"][1] == pytest.approx(2 * found["servers"][0])
    more = expect({**PLAIN, **ONLINE}, {"deployment.work": 900_000.0}, {"servers"})
    assert more["servers"][1] < more["servers"][0]


def test_a_slower_page_takes_from_the_uplift_and_from_the_business_that_is_there() -> None:
    found = expect(FUNNEL, {"value_stream.added_ms": 500.0}, {"value", "baseline_lost"})
    assert found["value"][1] < found["value"][0]
    assert found["baseline_lost"][0] == 0.0
    assert found["baseline_lost"][1] < 0


def test_the_response_time_is_the_delay_where_a_page_waits_for_it() -> None:
    waits = {**FUNNEL, **ONLINE, "deployment.page": "yes"}
    slow = {"deployment.stages": (Row(id="s", cells={"name": "Model", "typical": 800.0, "slow": 900.0}),)}
    found = expect(waits, slow, {"value", "baseline_lost"})
    assert found["baseline_lost"][1] < found["baseline_lost"][0] < 0
    typed = assess(made({**FUNNEL, **ONLINE, "value_stream.added_ms": 200.0}), on=ON, size=2**10).ledger("a")
    assert found["baseline_lost"][0] == pytest.approx(typed["baseline_lost"])  # half of the answers take 200 ms
    expect({**FUNNEL, **ONLINE}, slow, set())  # nobody waits: only the requirement may mind


def test_a_model_that_wears_off_keeps_less_and_training_it_again_costs() -> None:
    worn = expect(FUNNEL, {"value_stream.decay": 0.1}, {"value"})
    assert worn["value"][1] < worn["value"][0]
    paid = expect(FUNNEL, {"value_stream.retrain_cost": 3_000.0}, {"running"})
    assert paid["running"][1] < paid["running"][0]


def test_a_device_too_small_never_goes_live_and_still_pays_the_date() -> None:
    device = {**PLAIN, **ONLINE, **PLANNED, "deployment.target": "device", "deployment.device": "Raspberry Pi 3B"}
    fits = {**device, "deployment.model": "MobileNetV2 1.0 224"}
    large = {**device, "deployment.model": "Llama-3-8B per token"}
    one, other = ledgers(fits, large)
    assert one["value"] > 0
    assert {other[name] for name in ("value", "harm", "running", "servers")} == {0.0}
    assert other["one_off"] == pytest.approx(one["one_off"])
    assert other["date_cost"] < one["date_cost"]


BARRED = (asset("Posts", "CC BY-NC 4.0", "trains", "Our model"), MODEL)
FREE = (asset("Posts", "MIT", "trains", "Our model"), MODEL)
SILENT: dict[str, Any] = {"explainability.family": "deep", "explainability.methods": ("global",)}
CLEAR: dict[str, Any] = {"explainability.family": "additive", "explainability.methods": ("additive",)}
LICENCE = ({**LICENSED, "licences.assets": FREE}, {"licences.assets": BARRED})
DUTY = ({**LENDING, **CLEAR}, SILENT)
FLOWS = {"value", "harm", "running"}


@pytest.mark.parametrize("case", [LICENCE, DUTY], ids=["licence", "duty"])
def test_a_gate_that_is_shut_leaves_what_is_paid_once_and_nothing_else(
    case: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found = expect(*case, FLOWS)
    assert {after for _, after in found.values()} == {0.0}
    shut = assess(made({**case[0], **case[1]}), on=ON, size=2**10)
    assert shut.options["a"].summary.mean == shut.ledger("a")["one_off"] == -10_000


@pytest.mark.parametrize("case", [LICENCE, DUTY], ids=["licence", "duty"])
def test_a_gate_that_is_shut_costs_the_date_to_the_end(case: tuple[dict[str, Any], dict[str, Any]]) -> None:
    due = {**PLANNED, "value_stream.period": 2.0}
    one, other = ledgers({**case[0], **due}, {**case[0], **case[1], **due})
    assert moved(one, other) == FLOWS | {"date_cost"}
    # the date is day 193 of 730, both costs discounted by nothing: 20,000 once and 100 for each of 537 days
    assert (one["date_cost"], other["date_cost"]) == (0.0, pytest.approx(-20_000 - 100 * 537))


PRICED = {"licences.ways": (way("Posts", "replace", 6_000.0, 36.5),)}
MADE_CLEAR = {"explainability.repair_cost": 6_000.0, "explainability.repair_days": 36.5}
REPAIRED = [({**LICENCE[0], **LICENCE[1]}, LICENCE[0], PRICED), ({**DUTY[0], **DUTY[1]}, DUTY[0], MADE_CLEAR)]


@pytest.mark.parametrize(("shut", "clear", "priced"), REPAIRED, ids=["licence", "duty"])
def test_a_repair_moves_its_own_part_and_the_months_that_are_lost(
    shut: dict[str, Any], clear: dict[str, Any], priced: dict[str, Any]
) -> None:
    one, other = ledgers(clear, {**shut, **priced})
    assert moved(one, other) == FLOWS | {"repair"}
    assert other["repair"] == -6_000
    assert all(other[name] == pytest.approx(one[name] * 620.5 / 657) for name in FLOWS)  # 36.5 of 657 days
    expect(clear, priced, set())  # where nothing is shut, nothing is repaired


@pytest.mark.parametrize(("shut", "clear", "priced"), REPAIRED, ids=["licence", "duty"])
def test_a_repair_moves_the_date(shut: dict[str, Any], clear: dict[str, Any], priced: dict[str, Any]) -> None:
    due = {**PLANNED, "deadline.date": "2027-03-01"}
    in_time, late = (assess(made({**each, **due}), on=ON, size=2**10) for each in (clear, {**shut, **priced}))
    days = [float(np.mean(each.evaluations("deadline")["a"].figures["live"])) for each in (in_time, late)]
    assert days[1] - days[0] == pytest.approx(36.5)
    assert [each.options["a"].findings["deadline"].status for each in (in_time, late)] == ["meets", "fails"]
    assert late.ledger("a")["date_cost"] < in_time.ledger("a")["date_cost"] == 0


def test_two_repairs_are_both_paid_and_go_on_side_by_side() -> None:
    both = {
        **LENDING,
        **LICENSED,
        **{key: LENDING[key] for key in LENDING if key.startswith("explainability")},
        **SILENT,
    }
    found = assess(made({**both, "licences.assets": BARRED, **PRICED, **MADE_CLEAR}), on=ON, size=2**10)
    phase = found.options["a"].runs[0].phase()
    assert float(np.mean(phase.repair_cost)) == 12_000
    assert float(np.mean(phase.repair_days)) == 36.5
    half = assess(made({**both, "licences.assets": BARRED, **PRICED}), on=ON, size=2**10)
    assert half.ledger("a")["value"] == 0.0  # one gate is shut
    assert half.ledger("a")["repair"] == -6_000


def test_accuracy_that_is_not_kept_takes_from_what_it_brings_alone() -> None:
    best = {**DUTY[0], "explainability.counted": "best", "explainability.best": 0.8, "explainability.baseline": 0.7}
    found = expect({**best, "explainability.gap": 0.0}, {"explainability.gap": 0.02}, {"value"})
    assert found["value"][1] / found["value"][0] == pytest.approx(0.8)


class Asks(Consideration):
    """A gate that is open in half of the draws, and what clearing it costs."""

    name, title, lead = "A gate", "Is it open?", "Perhaps."

    class Questions(BaseModel):
        """Nothing is asked."""

    def __init__(self, key: str, opens: float, cost: float, days: float) -> None:
        self.key, self.order = key, 900  # type: ignore[misc]
        self.terms: dict[str, Any] = {"gate_open": opens, "repair_cost": cost, "repair_days": days}

    def evaluate(self, view: View) -> Evaluation:
        """Its terms."""
        return Evaluation(terms=self.terms)

    def words(self, view: View, evaluation: Evaluation) -> Words:
        """Nothing to say."""
        return Words("A gate.")


def gated(*asks: Asks) -> Assessment:
    return assess(made(PLAIN), on=ON, size=2**10, registry={**registry(), **{each.key: each for each in asks}})


def test_every_gate_has_to_be_open_every_repair_is_paid_and_they_go_on_side_by_side() -> None:
    one = gated(Asks("first", 1.0, 3_000.0, 20.0))
    two = gated(Asks("first", 1.0, 3_000.0, 20.0), Asks("second", 1.0, 4_000.0, 50.0))
    phase = two.options["a"].runs[0].phase()
    assert (phase.repair_cost, phase.repair_days) == (7_000.0, 50.0)
    assert one.ledger("a")["repair"] == -3_000.0
    assert two.ledger("a")["repair"] == -7_000.0
    assert two.ledger("a")["value"] < one.ledger("a")["value"]  # 30 days later
    shut = gated(Asks("first", 0.0, 0.0, 0.0), Asks("second", 1.0, 0.0, 0.0))
    assert shut.ledger("a")["value"] == 0.0
    assert shut.options["a"].summary.mean == shut.ledger("a")["one_off"]
