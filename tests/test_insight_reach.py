"""Where flip points are looked for, and with how many digits they are told."""

import re
from typing import Any

import pytest
from decisions import ON, PLAIN, decision

from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import FlipPoint
from shipworthy.decision import RequirementValue, Row
from shipworthy.examples import example
from shipworthy.insight import going_on
from shipworthy.report import in_words
from shipworthy.ui.html import flip_words

PARTS = (
    Row(id="net", cells={"name": "Network", "up": 0.9995}),
    Row(id="box", cells={"name": "Model service", "up": 0.9992}),
)
DEVICE: dict[str, Any] = {
    **PLAIN,
    "deployment.target": "device",
    "deployment.stages": (Row(id="s", cells={"name": "Camera", "typical": 10.0, "slow": 15.0}),),
    "deployment.limit": 1e6,
    "deployment.components": (Row(id="box", cells={"name": "Box", "up": 1.0}),),
    "deployment.outage": 30.0,
    "deployment.device": "Raspberry Pi 5 (8 GB)",
    "deployment.model": "own",
    "deployment.operations": 1.0,
    "deployment.memory": 1.55,
}


def flips(found: Assessment, consideration: str, option: str = "a") -> dict[str, FlipPoint]:
    return {flip.answer: flip for flip in found.flips(option).get(consideration, [])}


def test_the_search_reaches_three_orders_of_magnitude_beyond_where_an_answer_stands() -> None:
    # worth = 12 × 4.8 × uses; asked for is what 400 times the uses would bring, far above the range declared
    limit = RequirementValue(limit=12 * 4.8 * 4e11)
    found = assess(decision("a", {**PLAIN, "value_stream.uses": 1e9, "value_stream.worth": limit}), on=ON, size=2)
    flip = flips(found, "value_stream")["value_stream.uses"]
    assert (flip.status, flip.at_least, flip.here) == ("meets", True, 1e9)
    assert flip.value == pytest.approx(4e11, rel=2e-3)


def test_the_number_of_uses_flips_the_cameras_with_the_cloud_behind_them() -> None:
    uses = flips(assess(example("object-recognition"), on=ON, size=2**11), "deployment", "small")["value_stream.uses"]
    assert uses.at_least
    assert uses.value > uses.here == 2e9


@pytest.mark.parametrize(("bits", "status", "flip_at", "at_least"), [(8, "fails", 6.0, False), (4, "meets", 8.0, True)])
def test_bits_flip_at_a_width_that_there_is(bits: int, status: str, flip_at: float, at_least: bool) -> None:
    # 2,000 million parameters take 1.5 GB at 6 bits and 2 GB at 8: between, there is nothing
    answers = {**DEVICE, "deployment.parameters": 2000.0, "deployment.bits": bits}
    found = assess(decision("a", answers), on=ON, size=2**8)
    assert found.options["a"].findings["deployment"].status == status
    flip = flips(found, "deployment")["deployment.bits"]
    assert (flip.value, flip.at_least, flip.status) == (flip_at, at_least, "meets" if status == "fails" else "fails")


def test_the_chip_that_takes_eight_bits_only_has_no_flip_there() -> None:
    # its compute is in the table for 8 bits alone: at any other width nothing is known, which is no flip
    found = assess(example("object-recognition"), on=ON, size=2**10)
    assert all("deployment.bits" not in flips(found, "deployment", option) for option in ("device", "small"))


def test_a_flip_near_all_is_told_apart_from_where_the_answer_stands() -> None:
    asked = {"deployment.downtime": RequirementValue(limit=120.0)}
    answers = {**DEVICE, **asked, "deployment.components": PARTS, "deployment.parameters": 1.0}
    found = assess(decision("a", answers), on=ON, size=2**8)
    flip = flips(found, "deployment")["deployment.components#box.up"]
    assert 0.99 < flip.value < flip.here < 1
    for said in (
        flip_words([flip], "EUR"),
        *(each for one in in_words(found, {"a": {"deployment": [flip]}}) for finding in one.findings for each in finding[2]),
    ):  # fmt: skip
        there, now = re.fullmatch(r".*is at most ([\d.]+) %.* \(now ([\d.]+) %\)\.?", said).groups()  # type: ignore[union-attr]
        assert float(there) / 100 == pytest.approx(flip.value, abs=0.25 * (flip.here - flip.value))
        assert now == "99.92"


def test_what_follows_is_told_apart_too() -> None:
    flip = FlipPoint("x.y", "Y", 0.9969, "share", "at_risk", False, 0.1, 0.9931, "fails", here=0.9992)
    assert going_on(flip) == ", fails at 99.3 % or less"
    assert flip_words([flip], "EUR") == "to at risk when “Y” is at most 99.7 %, fails at 99.3 % or less (now 99.92 %)."
