"""The case: recognition in camera frames. Nobody asked where the model runs."""

import pytest
from decisions import ON

from shipworthy.assess import Assessment, assess
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
