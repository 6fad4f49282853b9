"""Flip points: where there is one it is where the algebra says, what it promises comes true, and there are no others."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng, spread

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.considerations.base import FlipPoint
from shipworthy.decision import DO_NOTHING, Decision, Option, RangeValue, RequirementValue, SpreadValue, Value
from shipworthy.examples import example, keys
from shipworthy.insight import going_on, nearest_first

PRICED = {**PLAIN, "cost.priced": "per_call", "cost.call_price": 2}


def flips(
    document: Decision, option: str = "a", consideration: str = "value_stream", size: int = 2
) -> dict[str, FlipPoint]:
    found = assess(document, on=ON, size=size).flips(option).get(consideration, [])
    assert len({flip.answer for flip in found}) == len(found)  # at most one an answer
    return {flip.answer: flip for flip in found}


# Certain answers: the flip point is the root


def test_flips_of_the_worth_are_the_roots() -> None:
    # worth = 12 × (1000 × e × v − 1000 × w × h) with e = 0.1, v = 50, w = 0.05, h = 10; it meets 0 now
    found = flips(decision("a", {**PLAIN, "value_stream.wrong": 0.05}))
    roots = {"effect": 0.01, "value": 5.0, "wrong": 0.5, "harm": 100.0}
    assert set(found) == {f"value_stream.{name}" for name in roots}
    for name, root in roots.items():
        flip = found[f"value_stream.{name}"]
        assert flip.value == pytest.approx(root, rel=2e-3)
        assert flip.status == "fails"
        assert flip.at_least is (name in ("wrong", "harm"))


@pytest.mark.parametrize("limit", [100_000.0, 30_000.0])
def test_a_limit_moves_the_root(limit: float) -> None:
    # 12 × (1000 × 0.1 × v − 200) = limit; above the limit it meets, below it fails
    document = decision("a", {**PLAIN, "value_stream.worth": RequirementValue(limit=limit)})
    flip = flips(document)["value_stream.value"]
    assert flip.value == pytest.approx((limit / 12 + 200) / 100, rel=2e-3)
    meets = limit <= 12 * (5000 - 200)
    assert (flip.status, flip.at_least) == (("fails", False) if meets else ("meets", True))
    uses = flips(document)["value_stream.uses"]
    assert uses.value == pytest.approx(limit / 12 / 4.8, rel=2e-3)


def test_flips_of_the_margin_are_the_roots() -> None:
    # 0.1 × 50 − 2: the price may rise to 5, the value fall to 20, the effect to 0.04
    found = flips(decision("a", PRICED), consideration="cost")
    roots = {"cost.call_price": 5.0, "value_stream.value": 20.0, "value_stream.effect": 0.04}
    assert {key: flip.value for key, flip in found.items()} == pytest.approx(roots, rel=2e-3)
    assert {flip.status for flip in found.values()} == {"fails"}
    assert found["cost.call_price"].at_least
    assert not found["value_stream.value"].at_least


def test_flips_of_the_days_are_the_roots() -> None:
    # window 30, one run in 30 days, everybody called at once: half are reached where gap + 30 − (2 + 2 + notice) = 15
    document = decision("a", {**ACTING, "lead_time.gap": 61, "lead_time.contacts_an_hour": 1e9})
    found = flips(document, consideration="lead_time")
    assert found["lead_time.notice"].value == pytest.approx(72, abs=0.1)
    assert (found["lead_time.notice"].status, found["lead_time.notice"].at_least) == ("fails", True)
    late = decision("a", {**ACTING, "lead_time.gap": 0, "lead_time.notice": 20, "lead_time.contacts_an_hour": 1e9})
    gap = flips(late, consideration="lead_time")["lead_time.gap"]
    assert gap.value == pytest.approx(9, abs=0.02)
    assert (gap.status, gap.at_least, gap.unit, gap.label) == (
        "meets",
        True,
        "days",
        "Gap before the window it predicts",
    )


def test_a_spread_flips_by_its_typical_value_with_the_same_ratio() -> None:
    document = decision("a", {**ACTING, "lead_time.gap": 61, "lead_time.persuasion": spread(20.0, 40.0)})
    flip = flips(document, consideration="lead_time")["lead_time.persuasion"]
    for factor, status in ((0.99, "meets"), (1.01, "fails")):
        place = flip.value * factor
        moved = edits.say(document, "lead_time.persuasion", spread(place, 2 * place))
        assert assess(moved, on=ON, size=2).options["a"].findings["lead_time"].status == status


@pytest.mark.parametrize("name", ["one_off", "running", "live", "period", "discount_rate"])
def test_what_no_requirement_hangs_on_has_no_flip_point(name: str) -> None:
    unsure = {**PRICED, "value_stream.one_off": rng(5_000, 10_000, 30_000), "value_stream.live": rng(10, 70, 200)}
    for answers in (PRICED, unsure):
        for consideration in ("value_stream", "cost"):
            assert f"value_stream.{name}" not in flips(decision("a", answers), consideration=consideration, size=256)


def test_what_is_free_has_no_flip_point_in_its_value() -> None:
    assert flips(decision("a", {**PLAIN, "value_stream.wrong": 0}), consideration="cost") == {
        "value_stream.effect": flips(decision("a", {**PLAIN, "value_stream.wrong": 0}), consideration="cost")[
            "value_stream.effect"
        ]
    }
    # only a negative effect turns a margin without costs
    assert flips(decision("a", {**PLAIN, "value_stream.wrong": 0}), consideration="cost")[
        "value_stream.effect"
    ].value == pytest.approx(0, abs=1e-6)


def test_nothing_and_phases_have_no_flip_points() -> None:
    found = assess(decision("a", PLAIN), on=ON, size=2)
    assert found.flips(DO_NOTHING) == {}


def test_an_unknown_status_has_no_flip_points() -> None:
    answers = {key: value for key, value in PRICED.items() if key != "value_stream.effect"}
    assert assess(decision("a", answers), on=ON, size=2).flips("a") == {}


def test_the_nearest_comes_first() -> None:
    found = assess(decision("a", PLAIN), on=ON, size=2).flips("a")["value_stream"]
    assert [flip.distance for flip in found] == sorted(flip.distance for flip in found)
    assert nearest_first(reversed(found)) == found
    assert all(0 <= flip.distance <= 2 for flip in found)


def test_an_answer_may_stand_on_both_sides() -> None:
    # uncertain, the margin is at risk; pinned to the likely price it meets, and it fails from five up
    document = decision("a", {**PRICED, "cost.call_price": rng(1, 3, 8)})
    found = assess(document, on=ON, size=2**12)
    assert found.options["a"].findings["cost"].status == "at_risk"
    both = [each for each in found.flips("a")["cost"] if each.answer == "cost.call_price"]
    assert [each.value for each in both] == pytest.approx([5, 5], rel=2e-3)
    assert {(each.status, each.at_least) for each in both} == {("meets", False), ("fails", True)}


UNSURE = {**PRICED, "cost.margin": RequirementValue(limit=0.0, confidence=0.8), "value_stream.value": rng(35, 50, 70)}


def test_the_first_change_is_told_and_where_it_goes_on() -> None:
    # what is left = 0.1 × value − price: met with 80 % where 10 × the price is the value's p20, failed at its p80
    found = assess(decision("a", UNSURE), on=ON, size=2**12)
    assert found.options["a"].findings["cost"].status == "meets"
    (flip,) = (each for each in found.flips("a")["cost"] if each.answer == "cost.call_price")
    p20, p80 = np.quantile(np.asarray(found.evaluations("cost")["a"].figures["brings"]), (0.2, 0.8))
    assert (flip.status, flip.at_least, flip.then_status) == ("at_risk", True, "fails")
    assert (flip.value, flip.then) == pytest.approx((p20, p80), rel=0.01)
    dear = assess(decision("a", {**UNSURE, "cost.call_price": 9}), on=ON, size=2**12)
    assert dear.options["a"].findings["cost"].status == "fails"
    (flip,) = (each for each in dear.flips("a")["cost"] if each.answer == "cost.call_price")
    assert (flip.status, flip.at_least, flip.then_status) == ("at_risk", False, "meets")
    assert (flip.value, flip.then) == pytest.approx((p80, p20), rel=0.01)


def test_from_at_risk_it_may_go_both_ways() -> None:
    found = assess(decision("a", {**UNSURE, "cost.call_price": 5}), on=ON, size=2**12)
    assert found.options["a"].findings["cost"].status == "at_risk"
    both = {each.status: each for each in found.flips("a")["cost"] if each.answer == "cost.call_price"}
    p20, p80 = np.quantile(np.asarray(found.evaluations("cost")["a"].figures["brings"]), (0.2, 0.8))
    assert (both["meets"].value, both["fails"].value) == pytest.approx((p20, p80), rel=0.01)
    assert (both["meets"].at_least, both["fails"].at_least) == (False, True)
    assert {each.then for each in both.values()} == {None}


def test_the_words_for_what_follows() -> None:
    flip = FlipPoint("x.y", "Y", 75.0, "days", "at_risk", True, 0.25, 81.0, "fails")
    assert going_on(flip) == ", fails at 81 days or more"
    assert going_on(replace(flip, at_least=False, then=70.0, then_status="meets")) == ", meets at 70 days or less"
    assert going_on(replace(flip, then=75.3)) == ", fails just beyond"
    assert going_on(replace(flip, then=None)) == ""


def test_options_have_their_own_flip_points() -> None:
    document = decision("a b", {**PRICED, "cost.call_price": own(a=2, b=4), "value_stream.effect": own(a=0.1, b=0.2)})
    assert flips(document, "a", "cost")["cost.call_price"].value == pytest.approx(5, rel=2e-3)
    assert flips(document, "b", "cost")["cost.call_price"].value == pytest.approx(10, rel=2e-3)


def test_finding_flip_points_changes_nothing() -> None:
    document = decision("a", {**PRICED, "cost.call_price": rng(1, 3, 8)})
    found = assess(document, on=ON, size=256)
    before = np.array(found.options["a"].payoff)
    assert found.flips("a") == found.flips("a")
    assert np.array_equal(found.options["a"].payoff, before)
    assert np.array_equal(assess(document, on=ON, size=256).options["a"].payoff, before)


# Uncertain answers: what a flip point promises comes true at the full number of draws


def pinned(document: Decision, option: str, flip: FlipPoint, place: float) -> Decision:
    """The document with this answer at one value; a spread keeps the ratio of its percentiles."""
    found = assess(document, on=ON, size=2).world.value(flip.answer, option)[1]
    value: Value = place
    if isinstance(found, SpreadValue):
        ratio = middle(found.p95) / middle(found.p50)
        value = SpreadValue(p50=place, p95=place * ratio)
    question, _, cell = flip.answer.partition("#")
    answer = document.answer(question)
    if cell:
        row, _, column = cell.rpartition(".")
        rows = assess(document, on=ON, size=2).world.value(question, option)[1]
        value = tuple(
            each.model_copy(update={"cells": {**each.cells, column: place}}) if each.id == row else each
            for each in rows
        )
        return edits.say(document, question, value, option if answer is not None and answer.differs else None)
    return edits.say(document, flip.answer, value, option if answer is not None and answer.differs else None)


def middle(value: float | RangeValue) -> float:
    return value.likely if isinstance(value, RangeValue) else value


def comes_true(document: Decision, option: str, consideration: str, kept: dict[Any, Any]) -> tuple[str, bool]:
    """The status, and whether a requirement is within two draws in a hundred of its limits: too close to tell."""
    found = assess(document, on=ON, kept=kept)
    evaluation, view = found.evaluations(consideration)[option], found.view(consideration, option)
    near = False
    for name, margin in evaluation.margins.items():
        share, confidence = float(np.mean(np.asarray(margin) >= 0)), view.requirement(name).confidence
        near = near or min(abs(share - confidence), abs(share - 1 + confidence)) < 0.02
    return found.options[option].findings[consideration].status, near


CASES: Mapping[str, tuple[str, ...]] = {
    "churn": ("no_gap", "two_month_gap", "three_month_gap", "contract_rules"),
    "object-recognition": ("cloud", "device", "small"),
    "recommender": ("heavy", "light", "overnight", "bestseller"),
    "safety-rule": ("own_model", "ready_made"),
    "shopping-assistant": ("large_hosted", "small_hosted", "own_open"),
}


@pytest.mark.parametrize(("key", "option"), [(key, option) for key, options in CASES.items() for option in options])
def test_what_a_flip_point_promises_comes_true(key: str, option: str) -> None:
    document = example(key)
    found: Assessment = assess(document, on=ON)
    kept: dict[Any, Any] = {}
    checked = exact = 0
    for consideration, points in found.flips(option).items():
        now = found.options[option].findings[consideration].status
        for flip in points:
            away = 0.03 * max(abs(flip.value), 1e-9) * (1 if flip.at_least else -1)
            question, _, cell = flip.answer.partition("#")
            asked = found.world.question(question)
            upper = (asked.column(cell.rpartition(".")[2]) if cell else asked).upper
            beyond, before = flip.value + away, flip.value - away
            if upper is not None:
                beyond, before = min(beyond, upper), min(before, upper)
            assert flip.status != now
            if flip.then is not None:
                assert (flip.status, flip.then > flip.value) == ("at_risk", flip.at_least)
                beyond = sorted((flip.value, beyond, (flip.value + flip.then) / 2))[1]
                further = flip.then + away if upper is None else min(flip.then + away, upper)
                then, close = comes_true(pinned(document, option, flip, further), option, consideration, kept)
                assert then == flip.then_status or close, flip
            there, close = comes_true(pinned(document, option, flip, beyond), option, consideration, kept)
            assert there == flip.status or close, flip
            here, near = comes_true(pinned(document, option, flip, before), option, consideration, kept)
            assert here != flip.status or near, flip
            exact += there == flip.status and here != flip.status
            checked += 1
    assert checked >= 2
    assert exact >= 0.8 * checked  # the search takes fewer draws: now and then it is off where a status changes slowly


def test_the_gap_and_persuasion_are_what_churn_hangs_on() -> None:
    found = assess(example("churn"), on=ON).flips("two_month_gap")["lead_time"]
    assert [each.answer for each in found[:2]] == ["lead_time.gap", "lead_time.persuasion"]


def test_the_search_reports_answer_by_answer() -> None:
    found = assess(example("churn"), on=ON, size=2**12)
    steps = list(found.flip_search("no_gap"))
    assert len(steps) > 10  # a screen gets to breathe in between
    gathered = sorted((key, flip.answer, flip.value) for step in steps for key, flip in step)
    assert gathered == sorted(
        (key, flip.answer, flip.value) for key, points in found.flips("no_gap").items() for flip in points
    )


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("most", [1, 3])
def test_the_nearest_are_the_first_of_all(key: str, most: int) -> None:
    found = assess(example(key), on=ON, size=2**8)
    for option in found.options:
        nearest = found.nearest_flips(option, most)
        assert nearest == {name: flips[:most] for name, flips in found.flips(option).items()}
        assert all(len(flips) <= most for flips in nearest.values())


def test_options_in_turn_have_no_nearest_flips_of_their_own() -> None:
    two = Option(key="two", name="One, then the other", phases=("contract_rules", "three_month_gap"))
    document = example("churn")
    document = document.model_copy(update={"options": (*document.options, two)})
    assert assess(document, on=ON, size=2**8).nearest_flips("two", 3) == {}
    assert assess(document, on=ON, size=2**8).nearest_flips(DO_NOTHING, 3) == {}
