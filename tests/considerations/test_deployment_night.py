"""Overnight: is last night's answer still of use, is the night long enough, what does its run cost?"""

from typing import Any

import pytest
from decisions import ON, PLAIN, decision

from shipworthy.assess import Assessment, assess
from shipworthy.decision import RequirementValue
from shipworthy.examples import example


def night(**answers: Any) -> Assessment:
    typed = {f"deployment.{key}": value for key, value in answers.items()}
    return assess(decision("a", {**PLAIN, **typed}), on=ON, size=2**10)


def finding(found: Assessment) -> Any:
    return found.options["a"].findings["deployment"]


def test_nobody_said_that_it_goes_stale_so_it_is_counted_as_fresh_and_that_is_said() -> None:
    plainly = night()
    assert (finding(plainly).status, finding(plainly).headline) == (
        "meets",
        "Nobody waits for it: it is worked out overnight.",
    )
    assert (
        finding(plainly).words.detail[0] == "Counted as if an answer of last night were as good as one of this moment."
    )
    assert plainly.ledger("a")["value"] == pytest.approx(night(night_kept=1.0).ledger("a")["value"])


@pytest.mark.parametrize(("kept", "status"), [(1.0, "meets"), (0.6, "meets"), (0.4, "fails"), (0.0, "fails")])
def test_what_it_keeps_of_its_effect_reaches_the_money_and_the_status(kept: float, status: str) -> None:
    found = night(night_kept=kept)
    assert finding(found).status == status
    assert found.ledger("a")["value"] == pytest.approx(kept * night().ledger("a")["value"])


def test_an_answer_that_is_of_no_use_is_said_and_what_it_costs() -> None:
    found = finding(night(night_kept=0.0))
    assert found.headline == "An answer of last night is of no use any more: it has to be worked out when it is needed."
    assert any("costs 60k USD a year" in line for line in found.words.detail)
    some = finding(night(night_kept=0.3))
    assert some.headline == "An answer of last night keeps 30 % of its effect; 50 % are asked for."
    enough = finding(night(night_kept=0.3, fresh=RequirementValue(limit=0.2)))
    assert enough.status == "meets"


def test_the_night_has_to_be_long_enough() -> None:
    short = night(night_uses=72_000.0, night_work=1000.0, night_servers=1.0)  # 20 hours of 8
    assert finding(short).status == "fails"
    assert finding(short).headline == "The night is too short: the run takes 20 hours, and there are 8."
    assert short.ledger("a")["value"] == pytest.approx(0.4 * night().ledger("a")["value"])
    for mended in ({"night_servers": 3.0}, {"night_hours": 21.0}, {"night_work": 300.0}):
        assert finding(night(**{"night_uses": 72_000.0, "night_work": 1000.0, **mended})).status == "meets"
    flips = {each.answer: each for each in short.flips("a")["deployment"]}
    assert flips["deployment.night_servers"].at_least
    assert 2 < flips["deployment.night_servers"].value < 3


def test_uses_of_a_night_follow_from_those_of_a_month() -> None:
    evaluation = night(night_work=1000.0).options["a"].runs[0].evaluations["deployment"]
    assert evaluation.figures["night_takes"] == pytest.approx(1000 / (365 / 12) / 3600)


def test_its_servers_cost_money() -> None:
    paid = night(night_price=250.0, night_servers=2.0)
    assert paid.ledger("a")["servers"] == pytest.approx(-500.0 * 657 / (365 / 12))
    assert any("2 servers, 500 USD a month" in line for line in finding(paid).words.detail)
    assert night().ledger("a")["servers"] == 0.0


def test_camera_frames_of_last_night_are_worth_nothing() -> None:
    case = example("object-recognition")
    target = case.answers["deployment"]["target"]
    moved = target.model_copy(update={"by_option": {**target.by_option, "cloud": "batch"}})
    answers = {**case.answers, "deployment": {**case.answers["deployment"], "target": moved}}
    found = assess(case.model_copy(update={"answers": answers}), on=ON)
    assert found.options["cloud"].findings["deployment"].status == "fails"
    assert found.options["cloud"].summary.p90 < 0
    assert found.recommended == "small"
