"""Deployment target: in time, up, enough servers, room on the device; what binds; each coupling to the payoff."""

from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own, rng

from shipworthy.assess import Assessment, assess
from shipworthy.calculators.response import share_within
from shipworthy.considerations.base import Evaluation
from shipworthy.decision import RequirementValue, Row, SpreadValue


def stages(*times: tuple[float, float]) -> tuple[Row, ...]:
    return tuple(
        Row(id=f"s{i}", cells={"name": f"Stage {i}", "typical": typical, "slow": slow})
        for i, (typical, slow) in enumerate(times)
    )


def parts(**up: float) -> tuple[Row, ...]:
    return tuple(Row(id=name, cells={"name": name, "up": share}) for name, share in up.items())


CLOUD: dict[str, Any] = {
    **PLAIN,
    "deployment.target": "cloud",
    "deployment.stages": stages((40.0, 60.0), (30.0, 90.0)),
    "deployment.limit": 150.0,
    "deployment.components": parts(service=0.999),
    "deployment.outage": 30.0,
    "deployment.peak": 3.0,
    "deployment.work": 50.0,
    "deployment.server_price": 100.0,
}
DEVICE: dict[str, Any] = {
    **CLOUD,
    "deployment.target": "device",
    "deployment.stages": stages((10.0, 15.0)),
    "deployment.device": "Raspberry Pi 5 (8 GB)",
    "deployment.model": "MobileNetV2 1.0 224",
}


def found(answers: dict[str, Any], names: str = "a") -> Assessment:
    return assess(decision(names, answers), on=ON)


def seen(answers: dict[str, Any], option: str = "a", names: str = "a") -> Evaluation:
    return found(answers, names).options[option].runs[0].evaluations["deployment"]


def value_part(answers: dict[str, Any], name: str = "value") -> float:
    return found(answers).ledger("a")[name]


# Response time


def test_in_time_is_the_share_of_the_sum() -> None:
    expected = share_within([40.0, 30.0], [60.0, 90.0], 150.0)
    assert seen(CLOUD).figures["in_time"] == pytest.approx(float(expected))


def test_the_network_is_a_stage_of_its_own() -> None:
    near = {**CLOUD, "deployment.network": "fibre.near", "deployment.payload_up": 100.0}
    assert seen(near).figures["in_time"] < seen(CLOUD).figures["in_time"]
    chain = seen(near).notes["chain"]["far"]
    assert chain[-1][0] == pytest.approx(15 + 8 * 100 / 100 + 8 * 2 / 300, rel=1e-6)  # round trip, up, down
    measured = {**near, "deployment.round_trip": 200.0}
    assert seen(measured).figures["in_time"] < 0.05


def test_a_cold_start_makes_a_share_of_the_uses_late() -> None:
    cold = {**CLOUD, "deployment.cold": 0.2, "deployment.cold_ms": 5000.0}
    assert seen(cold).figures["in_time"] == pytest.approx(0.8 * seen(CLOUD).figures["in_time"], rel=1e-3)


def test_in_time_for_one_use_is_not_p95_under_the_limit() -> None:
    unsure = {**CLOUD, "deployment.stages": (
        Row(id="s", cells={"name": "Model", "typical": rng(60, 90, 160), "slow": rng(90, 150, 300)}),
    )}  # fmt: skip
    figures = seen(unsure).figures
    assert np.mean(figures["in_time"]) > np.mean(figures["p95_in_time"]) + 0.2
    assert set(np.unique(figures["p95_in_time"])) == {0.0, 1.0}


def test_a_hybrid_is_a_mixture() -> None:
    hybrid = {**DEVICE, "deployment.target": "hybrid", "deployment.cloud_share": 0.25, "deployment.measured": SpreadValue(p50=20.0, p95=30.0),
              "deployment.stages": (*stages((10.0, 15.0)), Row(id="c", cells={"name": "Cloud", "typical": 1000.0, "slow": 1100.0, "where": "cloud"}))}  # fmt: skip
    near = float(share_within([10.0, 20.0], [15.0, 30.0], 150.0))
    assert seen(hybrid).figures["in_time"] == pytest.approx(0.75 * near, abs=1e-6)


# Outages


def test_components_multiply_and_copies_help() -> None:
    two = {**CLOUD, "deployment.components": parts(a=0.99, b=0.98)}
    assert seen(two).figures["up"] == pytest.approx(0.99 * 0.98)
    assert seen(two).figures["down"] == pytest.approx(43_800 * (1 - 0.99 * 0.98))
    copies = (Row(id="a", cells={"name": "a", "up": 0.99, "copies": 2.0, "needed": 1.0}),)
    assert seen({**CLOUD, "deployment.components": copies}).figures["up"] == pytest.approx(1 - 0.01**2)


@pytest.mark.parametrize(("away", "kept"), [("lost", 0.9), ("queued", 1.0), ("fallback", 0.95)])
def test_what_an_outage_leaves_reaches_the_money(away: str, kept: float) -> None:
    down = {**CLOUD, "deployment.components": parts(a=0.9), "deployment.away": away, "deployment.fallback": 0.5}
    always = {**CLOUD, "deployment.components": parts(a=1.0)}
    assert value_part(down) == pytest.approx(kept * value_part(always))
    assert value_part(down, "servers") == pytest.approx(value_part(always, "servers"))


def test_a_late_answer_is_lost_only_where_it_is_worth_nothing() -> None:
    late = {**CLOUD, "deployment.limit": 60.0}
    assert value_part(late) == pytest.approx(value_part(CLOUD))
    lost = {**late, "deployment.late": "nothing"}
    share = seen(lost).figures["in_time"]
    assert 0 < share < 0.5
    assert value_part(lost) == pytest.approx(share * value_part(CLOUD))


# Scale


def test_servers_for_the_busiest_hour_cost_money() -> None:
    busy = {**CLOUD, "value_stream.uses": 50e6}
    figures = seen(busy).figures
    rate = 50e6 * 3.0 / (365 / 12 * 86_400)
    assert figures["rate"] == pytest.approx(rate)
    assert figures["at_once"] == pytest.approx(rate * 0.05)
    assert figures["servers"] >= np.ceil(rate * 0.05)
    slots = seen({**busy, "deployment.slots": 4.0}).figures["servers"]
    assert slots == np.ceil(figures["servers"] / 4)
    months = value_part({**busy, "deployment.server_price": 0.0}, "servers")
    assert months == 0.0
    assert value_part(busy, "servers") < 0
    assert value_part(busy) == pytest.approx(value_part({**busy, "deployment.server_price": 0.0}))


def test_an_overloaded_system_is_called_that() -> None:
    limited = {**CLOUD, "value_stream.uses": 500e6, "deployment.most_servers": 2.0}
    assessment = found(limited)
    finding = assessment.options["a"].findings["deployment"]
    assert finding.status == "fails"
    assert "busy" in finding.headline
    assert any(line.startswith("Overloaded") for line in finding.words.detail)
    flips = {flip.answer: flip for flip in assessment.flips("a")["deployment"]}
    assert flips["value_stream.uses"].value < 500e6
    assert flips["deployment.most_servers"].at_least


# Device


def test_a_model_that_does_not_fit_is_never_live() -> None:
    large = {**DEVICE, "deployment.model": "Llama-3-8B per token", "deployment.bits": 16.0, "deployment.measured": SpreadValue(p50=20.0, p95=30.0)}  # fmt: skip
    assessment = found({**large, "value_stream.one_off": 5000})
    option = assessment.options["a"]
    assert option.findings["deployment"].status == "fails"
    assert "of memory are missing" in option.findings["deployment"].headline
    assert option.summary.mean == pytest.approx(-5000)
    squeezed = seen({**large, "deployment.bits": 4.0})
    assert squeezed.figures["room"] == pytest.approx(6.5 - 8.03 * 0.5, abs=0.01)


def test_tokens_kept_in_mind_take_memory() -> None:
    language = {**DEVICE, "deployment.model": "Llama-3-8B per token", "deployment.bits": 4.0, "deployment.measured": SpreadValue(p50=20.0, p95=30.0)}  # fmt: skip
    more = {**language, "deployment.context": 8192.0}
    lost = seen(language).figures["room"] - seen(more).figures["room"]
    assert lost == pytest.approx(8192 * 131_072 / 1e9)  # 128 kB a token, as published for Llama 3 8B


def test_the_time_on_a_device_is_a_range_until_it_is_measured() -> None:
    guessed = seen(DEVICE)
    spent = np.asarray(guessed.notes["inference"][0])
    assert spent.std() > 0
    measured = seen({**DEVICE, "deployment.measured": SpreadValue(p50=5.0, p95=8.0)})
    assert measured.notes["inference"] == (5.0, 8.0)


def test_a_device_of_ones_own_asks_for_its_numbers() -> None:
    own_device = {**DEVICE, "deployment.device": "own"}
    finding = found(own_device).options["a"].findings["deployment"]
    assert finding.status == "unknown"
    assert {"deployment.memory", "deployment.bandwidth", "deployment.compute"} <= set(finding.missing)
    typed = {**own_device, "deployment.memory": 1.0, "deployment.bandwidth": 10.0, "deployment.compute": 100.0}
    assert found(typed).options["a"].findings["deployment"].status != "unknown"


# As a whole


def test_overnight_nobody_waits() -> None:
    finding = found({**PLAIN, "deployment.target": "batch"}).options["a"].findings["deployment"]
    assert (finding.status, finding.probability) == ("meets", 1.0)


def test_not_said_where_it_runs_is_unknown_and_moves_no_money() -> None:
    silent = found({key: value for key, value in PLAIN.items() if key != "deployment.target"}).options["a"]
    assert silent.findings["deployment"].status == "unknown"
    assert silent.findings["deployment"].missing == ("deployment.target",)
    always = found({**CLOUD, "deployment.components": parts(a=1.0), "deployment.server_price": 0.0}).options["a"]
    assert silent.summary.mean == pytest.approx(always.summary.mean)


def test_equal_options_never_differ() -> None:
    both = found({**CLOUD, "deployment.target": own(a="cloud", b="cloud")}, "a b")
    assert np.array_equal(both.options["a"].payoff, both.options["b"].payoff)


def test_the_requirement_asks_for_its_own_confidence() -> None:
    strict = {**CLOUD, "deployment.in_time": RequirementValue(limit=0.9999)}
    assert found(strict).options["a"].findings["deployment"].status == "fails"


def test_the_battery_lasts_as_long_as_its_energy() -> None:
    answers = {**DEVICE, "deployment.battery": 15.0, "deployment.idle": 0.5, "deployment.hourly": 3600.0}
    figures = seen(answers).figures
    assert figures["hours"] == pytest.approx(15.0 / (0.5 + figures["energy"]))  # one use a second
    assert "hours" not in seen(DEVICE).figures


def test_what_outages_cost_a_year_is_what_is_not_served() -> None:
    lost = seen({**CLOUD, "deployment.components": parts(a=0.9)}).figures["lost"]
    assert lost == pytest.approx(0.1 * 12 * 1000 * 0.1 * 50)


def test_what_a_use_needs_while_it_runs_takes_memory_too() -> None:
    less = seen({**DEVICE, "deployment.working": 500.0}).figures["room"]
    assert seen(DEVICE).figures["room"] - less == pytest.approx(0.5)
    assert seen({**DEVICE, "deployment.working": 50_000.0}).margins["room"] < 0


def test_work_that_differs_more_takes_more_servers_and_is_simulated_where_no_formula_holds() -> None:
    busy = {**CLOUD, "value_stream.uses": 300e6, "deployment.patience": 20.0}
    alike, usual, wild = (seen({**busy, "deployment.differs": cv}).figures["servers"] for cv in (0.0, 1.0, 3.0))
    assert alike <= usual < wild
    lines = found({**busy, "deployment.differs": 3.0}).options["a"].findings["deployment"].words.detail
    assert any("simulated" in line for line in lines)
    assert not any("simulated" in line for line in found(busy).options["a"].findings["deployment"].words.detail)


# The shape of a day


def rows_of(*pairs: tuple[float, float]) -> tuple[Row, ...]:
    return tuple(Row(id=f"h{i}", cells={"hour": hour, "uses": uses}) for i, (hour, uses) in enumerate(pairs))


def busiest(**answers: Any) -> float:
    return float(
        np.mean(seen({**CLOUD, **{f"deployment.{key}": each for key, each in answers.items()}}).figures["rate"])
    )


def test_the_busiest_hour_follows_from_the_shape_of_the_day() -> None:
    even = busiest(shape="flat")
    assert busiest(shape="factor") == pytest.approx(3 * even)  # the 3 that was typed
    assert busiest(shape="office") == pytest.approx(24 * 10 / 90 * even)  # the table: 10 of 90 parts in that hour
    assert busiest(shape="morning") > busiest(shape="office") > busiest(shape="world") > even


def test_an_own_day_is_typed_hour_by_hour_and_missing_hours_have_none() -> None:
    even = busiest(shape="flat")
    assert busiest(shape="hours", hours=rows_of((9, 100), (10, 300))) == pytest.approx(24 * 300 / 400 * even)
    assert busiest(shape="hours", hours=rows_of((9, 100), (9, 200), (10, 100))) == pytest.approx(24 * 300 / 400 * even)
    for hours in ({}, {"hours": ()}, {"hours": rows_of((9, 0))}):
        assert (
            "deployment.hours"
            in seen({**CLOUD, "deployment.shape": "hours", **{f"deployment.{k}": v for k, v in hours.items()}}).missing
        )


def test_the_shape_of_a_day_is_said_in_the_finding_where_it_is_not_typed() -> None:
    said = found({**CLOUD, "deployment.shape": "commute"}).options["a"].findings["deployment"].words.detail
    assert any("3.1 times as many uses as the average hour" in each for each in said)
    typed = found(CLOUD).options["a"].findings["deployment"].words.detail
    assert not any("the average hour" in each for each in typed)
