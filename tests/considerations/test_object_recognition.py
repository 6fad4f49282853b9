"""The case: recognition in camera frames. Nobody asked where the model runs."""

from typing import Any

import numpy as np
import pytest
from decisions import ON

from shipworthy.assess import Assessment, assess
from shipworthy.decision import Answer
from shipworthy.examples import example


@pytest.fixture(scope="module")
def case() -> Assessment:
    return assess(example("object-recognition"), on=ON)


def test_the_small_model_with_the_cloud_behind_it_wins(case: Assessment) -> None:
    assert case.recommended == "small"
    assert {key: option.findings["deployment"].status for key, option in case.options.items()} == {
        "cloud": "fails", "device": "fails", "small": "meets", "do_nothing": "not_applicable",
    }  # fmt: skip


def test_the_cloud_answers_too_late_and_flips_with_the_round_trip(case: Assessment) -> None:
    finding = case.options["cloud"].findings["deployment"]
    assert "come within 100 ms; 95 % are asked for" in finding.headline
    flip = next(each for each in case.flips("cloud")["deployment"] if each.answer == "deployment.round_trip")
    assert not flip.at_least
    assert 20 < flip.value < 45  # measured: 60 ms


def test_the_large_model_does_not_fit_the_device_and_says_what_would(case: Assessment) -> None:
    option = case.options["device"]
    assert "of memory are missing" in option.findings["deployment"].headline
    assert any("5.7 bits a weight instead of 8" in line for line in option.findings["deployment"].words.detail)
    assert option.summary.p90 < 0  # never live: what it costs is lost
    flip = case.flips("device")["deployment"][0]
    assert (flip.answer, flip.at_least) == ("deployment.memory", True)


def test_the_charts_hold_all_three(case: Assessment) -> None:
    figures = {
        figure.key: figure
        for figure in case.registry["deployment"].figures(
            case.view("deployment", "small"), case.evaluations("deployment")
        )
    }
    assert list(figures) == ["stages", "users", "memory"]
    assert len(figures["stages"].rows) == 3
    costs = {row[0]: row[1:] for row in figures["users"].rows}
    assert set(costs) == {"Cloud GPU service", "Small model, cloud as fallback"}
    assert figures["users"].columns[-3:] == ("1k users", "100k users", "1M users")
    assert all(cost[-1].endswith("overloaded") for cost in costs.values())  # a million cameras: above the quota


def test_nobody_types_the_wait_for_a_server(case: Assessment) -> None:
    result = case.evaluations("deployment")["cloud"]
    assert not any("wait" in name for name, *_ in result.notes["stages"])
    assert 1 < float(np.median(result.figures["wait_slow"])) < 20  # at most the patience that was typed


def changed(key: str, value: Any) -> Assessment:
    document = example("object-recognition")
    consideration, _, name = key.partition(".")
    answers = {**document.answers[consideration], name: Answer(value=value)}
    return assess(document.model_copy(update={"answers": {**document.answers, consideration: answers}}), on=ON)


def test_a_thousand_times_the_uses_are_lost_and_not_charged(case: Assessment) -> None:
    flooded = changed("value_stream.uses", 1e12)
    cloud, small = (flooded.options[key] for key in ("cloud", "small"))
    assert cloud.summary.mean < case.options["cloud"].summary.mean
    assert small.findings["deployment"].status == "fails"
    assert any(line.startswith("Overloaded") for line in cloud.findings["deployment"].words.detail)
    assert not any("Half of the answers" in line for line in cloud.findings["deployment"].words.detail)
    price = float(np.mean(case.evaluations("deployment")["cloud"].notes["scale"]["price"]))
    assert float(np.max(flooded.evaluations("deployment")["cloud"].figures["servers"])) == 20
    assert flooded.ledger("cloud")["servers"] > -20 * 1.1 * price * 36


def test_without_memory_the_small_model_is_the_cloud_service_with_a_device(case: Assessment) -> None:
    tiny = changed("deployment.memory", 0.001)
    assert tiny.recommended != "small"
    shares = [each.options["small"].runs[0].evaluations["deployment"].figures["in_time"] for each in (case, tiny)]
    assert float(np.mean(shares[0])) > 0.95
    cloud = tiny.options["cloud"].runs[0].evaluations["deployment"].figures["in_time"]
    assert float(np.mean(shares[1])) == pytest.approx(float(np.mean(cloud)), abs=0.01)
