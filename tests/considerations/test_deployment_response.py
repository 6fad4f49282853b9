"""Response time: what is asked of it, the delay that a page waits for, rows that say too little."""

from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, rng

from shipworthy.assess import Assessment, assess
from shipworthy.calculators.response import sum_percentile
from shipworthy.considerations.base import Evaluation
from shipworthy.decision import RequirementValue, Row, SpreadValue


def row(name: str, **cells: Any) -> Row:
    return Row(id=name.casefold(), cells={"name": name, **cells})


CLOUD: dict[str, Any] = {
    **PLAIN,
    "deployment.target": "cloud",
    "deployment.stages": (row("Model", typical=rng(70, 90, 120), slow=rng(100, 130, 190)),),
    "deployment.limit": 150.0,
    "deployment.components": (row("Service", up=0.9995),),
    "deployment.outage": 30.0,
    "deployment.peak": 3.0,
    "deployment.work": 50.0,
    "deployment.server_price": 100.0,
}
PAGE: dict[str, Any] = {
    **CLOUD,
    "value_stream.form": "funnel",
    "value_stream.entering": 100_000,
    "value_stream.steps": (row("Look", share=0.2, acts=1.0, works="yes"), row("Pay", share=0.6, works="yes")),
    "value_stream.uplift": 0.1,
    "value_stream.latency_loss": 0.01,
    "value_stream.left": 0.0,
    "value_stream.decay": 0.0,
    "value_stream.retrain_cost": 0.0,
    "deployment.page": "yes",
    "deployment.stages": (row("Model", typical=700.0, slow=900.0, where="cloud"), row("Show", typical=10.0, slow=15.0)),
}
HYBRID: dict[str, Any] = {
    **PAGE,
    "deployment.target": "hybrid",
    "deployment.device": "Raspberry Pi 5 (8 GB)",
    "deployment.model": "MobileNetV2 1.0 224",
    "deployment.measured": SpreadValue(p50=50.0, p95=60.0),
    "deployment.cloud_share": 0.02,
}


def found(answers: dict[str, Any]) -> Assessment:
    return assess(decision("a", answers), on=ON)


def seen(answers: dict[str, Any]) -> Evaluation:
    return found(answers).options["a"].runs[0].evaluations["deployment"]


def finding(answers: dict[str, Any]) -> Any:
    return found(answers).options["a"].findings["deployment"]


# What is asked of it


def test_the_requirement_that_judges_is_the_one_that_was_asked_for() -> None:
    assert {"in_time", "to_spare"} & set(seen(CLOUD).margins) == {"in_time"}
    p95 = {**CLOUD, "deployment.asked": "p95"}
    result = seen(p95)
    assert {"in_time", "to_spare"} & set(result.margins) == {"to_spare"}
    stage = result.notes["chain"]["far"][0]
    assert result.figures["p95"] == pytest.approx(sum_percentile([stage[0]], [np.maximum(*stage)], 0.95), rel=1e-6)
    assert np.array_equal(result.margins["to_spare"] >= 0, result.figures["p95_in_time"] == 1.0)


def test_a_share_of_the_uses_and_p95_can_disagree() -> None:
    most = {**CLOUD, "deployment.in_time": RequirementValue(limit=0.6)}
    assert finding(most).status == "meets"
    strict = {**most, "deployment.asked": "p95", "deployment.limit": 100.0}
    assert finding(strict).status == "fails"
    assert "95 in 100 answers come within" in finding(strict).headline
    assert finding(strict).headline.endswith("100 ms are asked for.")
    spare = {**CLOUD, "deployment.limit": 300.0, "deployment.asked": "p95"}
    assert finding(spare).status == "meets"
    assert finding({**spare, "deployment.to_spare": RequirementValue(limit=250.0)}).status == "fails"


def test_both_are_shown_whatever_is_asked_and_in_plain_words() -> None:
    for asked, more in (("each", ""), ("p95", ", which is what is asked for,")):
        said = finding({**CLOUD, "deployment.asked": asked}).words.detail
        share, chance = (seen(CLOUD).figures[name] for name in ("in_time", "p95_in_time"))
        assert any(
            f"On average {np.mean(share) * 100:.0f} of 100 answers come in time. The chance that it is 95 or more{more} is "
            f"{np.mean(chance) * 100:.0f} %." in line
            for line in said
        )


# The delay that a page waits for


def delay(answers: dict[str, Any]) -> float:
    return float(np.mean(seen(answers).terms["added_ms"]))


def test_a_page_waits_for_the_middle_of_all_uses_not_for_the_slow_way() -> None:
    middle = delay(HYBRID)
    assert 60 < middle < 62  # on the device 60 ms; 2 in 100 take 710
    assert middle == pytest.approx(np.median(_drawn(0.02)), rel=0.01)
    often = delay({**HYBRID, "deployment.cloud_share": 0.6})
    assert often == pytest.approx(np.median(_drawn(0.6)), rel=0.02)


def _drawn(there: float) -> np.ndarray:
    generator = np.random.default_rng(1)

    def times(p50: float, p95: float) -> np.ndarray:
        return np.exp(np.log(p50) + np.log(p95 / p50) / 1.6448536 * generator.standard_normal(400_000))

    work = np.where(generator.random(400_000) < there, times(700, 900), times(50, 60))
    return work + times(10, 15)


def test_cold_starts_are_in_the_delay() -> None:
    cold = {**PAGE, "deployment.cold": 0.4, "deployment.cold_ms": 20_000.0}
    assert delay(cold) > delay(PAGE) + 50  # the middle of all is at 5 in 6 of the warm ones
    assert delay({**cold, "deployment.cold": 0.6}) > 20_000
    lost = [found(each).ledger("a")["baseline_lost"] for each in (PAGE, cold)]
    assert lost[1] < lost[0] < 0


def test_the_panels_percentiles_and_the_delay_are_of_the_same_mixture() -> None:
    said = next(line for line in finding(HYBRID).words.detail if line.startswith("Half of the answers"))
    assert "up to 60 ms, 95 in 100 up to" in said


# A device that is too small


def test_a_hybrid_whose_model_does_not_fit_sends_every_use_to_the_cloud() -> None:
    small = {
        **HYBRID,
        "deployment.memory": 0.001,
        "deployment.page": "no",
        "value_stream.added_ms": 0.0,
        "deployment.late": "nothing",
    }
    result = seen(small)
    assert result.notes["chain"]["remote"] == 1.0
    assert result.figures["rate"] == pytest.approx(50 * seen({**small, "deployment.memory": 1.0}).figures["rate"])
    assert finding(small).status == "fails"
    assert any("every use goes to the cloud: 100 % of all" in line for line in finding(small).words.detail)
    cloud = {**small, "deployment.target": "cloud"}
    assert found(small).ledger("a")["value"] == pytest.approx(found(cloud).ledger("a")["value"])
    assert found(small).ledger("a")["value"] < found({**small, "deployment.memory": 1.0}).ledger("a")["value"]


def test_only_in_the_draws_in_which_it_does_not_fit() -> None:
    result = seen({**HYBRID, "deployment.memory": rng(0.001, 0.0035, 0.01)})
    remote, room = np.asarray(result.notes["chain"]["remote"]), np.asarray(result.margins["room"])
    assert set(np.unique(remote)) == {0.02, 1.0}
    assert np.array_equal(remote == 1.0, room < 0)


# Rows that say too little


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"typical": 80.0}, "Stage “Show” has no “1 in 20 takes longer than” yet: type it, 0 where it takes none."),
        ({"slow": 80.0}, "Stage “Show” has no typical time yet: type it, 0 where it takes none."),
    ],
)
def test_a_stage_that_says_too_little_is_named(cells: dict[str, float], told: str) -> None:
    spoilt = finding({**CLOUD, "deployment.stages": (*CLOUD["deployment.stages"], row("Show", **cells))})
    assert (spoilt.status, spoilt.headline, spoilt.missing) == ("unknown", told, ("deployment.stages",))


def test_a_slow_time_below_the_typical_one_is_said_and_counted_as_that() -> None:
    crossed = {**CLOUD, "deployment.stages": (*CLOUD["deployment.stages"], row("Show", typical=80.0, slow=14.0))}
    even = {**CLOUD, "deployment.stages": (*CLOUD["deployment.stages"], row("Show", typical=80.0, slow=80.0))}
    told = "Stage “Show” takes 80 ms typically, and 1 in 20 is said to take longer than 14 ms: the second has to be the larger one, so 80 is counted for both."
    assert told in finding(crossed).words.detail
    assert told not in finding(even).words.detail
    assert np.array_equal(seen(crossed).figures["in_time"], seen(even).figures["in_time"])


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({}, "Component “GPU”: how much of the time it is up is not said yet. Type it, such as 99.9 %."),
        ({"up": 0.99, "copies": 3.0, "needed": 5.0}, "Component “GPU”: 5 of 3 copies are needed. Type no more than there are."),
        ({"up": 0.99, "copies": 2.5, "needed": 1.0}, "Component “GPU”: 1 of 2.5 copies are needed. Type whole numbers."),
    ],
)  # fmt: skip
def test_a_component_that_cannot_be_is_named(cells: dict[str, float], told: str) -> None:
    spoilt = finding({**CLOUD, "deployment.components": (*CLOUD["deployment.components"], row("GPU", **cells))})
    assert (spoilt.status, spoilt.headline, spoilt.missing) == ("unknown", told, ("deployment.components",))


def test_a_flip_point_of_the_typical_time_is_looked_for_beyond_the_slow_one() -> None:
    quick = {**CLOUD, "deployment.stages": (row("Model", typical=20.0, slow=30.0),)}
    flip = {each.answer: each for each in found(quick).flips("a")["deployment"]}["deployment.stages#model.typical"]
    assert flip.at_least
    assert 100 < flip.value <= 151


def test_a_row_without_anything_is_no_row_and_one_without_a_name_has_a_place() -> None:
    empty = (Row(id="x", cells={}), Row(id="y", cells={"where": "cloud"}))
    assert (
        finding({**CLOUD, "deployment.stages": (*CLOUD["deployment.stages"], *empty)}).status == finding(CLOUD).status
    )
    nameless = (*empty, Row(id="raagvbffa", cells={"typical": 3.0}))
    assert finding({**CLOUD, "deployment.stages": nameless}).headline.startswith("Stage 3 has no")


# What is said first


def test_what_binds_is_said_first_and_then_what_costs_most() -> None:
    slow = {**CLOUD, "deployment.limit": 80.0}
    assert "of 100 answers come in time" in finding(slow).words.detail[0]
    down = {**CLOUD, "deployment.components": (row("Service", up=0.98),)}
    assert finding(down).headline.startswith("It is down")
    assert finding(down).words.detail[0].startswith("It is down 876 minutes a month on average. Outages cost")
    dear = {**slow, "deployment.server_price": 1e6}
    assert "In the busiest hour" in finding(dear).words.detail[1]
    assert "It is down" in finding({**dear, "deployment.server_price": 0.01}).words.detail[1]
