"""Where the recommendation turns: against assessments of documents that say so, on a fine grid, and against algebra."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own, rng

from shipworthy import edits
from shipworthy._pinned import Pinned
from shipworthy._searching import Candidate
from shipworthy.assess import Assessment, assess
from shipworthy.considerations import registry, with_dimensions
from shipworthy.considerations.evaluate import paid, run
from shipworthy.decision import DO_NOTHING, Decision, Inquiry, Option, RangeValue, Row, SpreadValue, Value
from shipworthy.examples import example, keys
from shipworthy.insight import along
from shipworthy.triggers import turned
from shipworthy.turning import Searched, Turning, turns

TWO = {**PLAIN, "value_stream.effect": own(a=0.1, b=0.08), "value_stream.one_off": own(a=10_000, b=5_000)}
"""Flows 1000 × e × v − 1000 × 0.02 × 10 − 300 for 657 days, 21.6 months: a 4,500 a month, b 3,500; a leads by 16,600."""


def found(assessment: Assessment) -> dict[tuple[str, str], Searched]:
    return {(each.answer, each.owner): each for each in turns(assessment, most=100)}


def pinned(document: Decision, each: Searched, place: float) -> Decision:
    """The document that says so: the answer, or the cell, for all options or for one."""
    key, _, cell = each.answer.partition("#")
    answer = document.answer(key)
    if not cell:
        return edits.say(document, key, _said(answer and answer.own(each.owner), each, place), each.owner or None)
    rows = answer.own(each.owner) if answer else None
    assert isinstance(rows, tuple)
    name, _, column = cell.rpartition(".")
    said = tuple(
        row.model_copy(update={"cells": {**row.cells, column: place}})
        if isinstance(row, Row) and row.id == name
        else row
        for row in rows
    )
    return edits.say(document, key, said, each.owner or None)  # type: ignore[arg-type]


def _said(value: Any, each: Searched, place: float) -> Value:
    if not each.typical:
        return place
    assert isinstance(value, SpreadValue)
    typical, rare = (part.likely if isinstance(part, RangeValue) else part for part in (value.p50, value.p95))
    return SpreadValue(p50=place, p95=place * rare / typical)


@pytest.mark.parametrize("key", ["churn", "loan-decisions", "recommender", "shopping-assistant"])
def test_it_turns_where_documents_that_say_so_turn(key: str) -> None:
    document = example(key)
    first = assess(document, on=ON)
    kept: dict[Any, Any] = {}
    searched = turns(first)
    assert len(searched) == 10
    for each in searched:
        if each.answer == "lead_time.gap":  # a document with another gap says of it what was measured at this one
            continue
        for above in (False, True):
            way = _way(each, above)
            leaders = [assess(pinned(document, each, place), on=ON, kept=kept).recommended for place in way]
            change = next((n for n, leader in enumerate(leaders) if leader != first.recommended), None)
            told = next((turn for turn in each.turns if turn.at_least is above), None)
            if change is None:
                assert told is None or abs(told.value - each.here) > abs(way[-1] - each.here), each.label
                continue
            assert told is not None, (each.label, way[change])
            low, high = sorted((way[change - 1] if change else each.here, way[change]))
            room = 0.01 * abs(told.value)
            assert low - room <= told.value <= high + room, (each.label, low, high)
            beyond = told.value + (0.005 if above else -0.005) * abs(told.value)
            assert told.leader == assess(pinned(document, each, beyond), on=ON, kept=kept).recommended, each.label


def _way(each: Searched, above: bool) -> list[float]:
    """Places from where an answer stands towards the end of what was searched, at most twenty times of it."""
    far = min(each.high, 20 * each.here) if above else max(each.low, -each.here)
    return [each.here + float(step) * (far - each.here) for step in np.geomspace(0.002, 1.0, 30)]


def test_turns_of_certain_answers_are_the_roots() -> None:
    searched = found(assess(decision("a b", TWO), on=ON, size=2))
    months = 21.6
    lead = 1_000 * months - 5_000
    roots: Mapping[tuple[str, str], tuple[float, str]] = {
        ("value_stream.value", ""): (5_000 / (20 * months), "b"),  # 1000 × 0.02 × v × months = 5,000
        ("value_stream.one_off", "a"): (10_000 + lead, "b"),
        ("value_stream.one_off", "b"): (0.0, ""),
        ("value_stream.effect", "a"): (0.1 - lead / (50_000 * months), "b"),
        ("value_stream.effect", "b"): (0.08 + lead / (50_000 * months), "b"),
        ("value_stream.harm", ""): (0.0, DO_NOTHING),
    }
    for place, (root, leader) in roots.items():
        nearest = searched[place].nearest
        if not leader:
            assert nearest is None
        elif place[0] != "value_stream.harm":
            assert nearest is not None
            assert (nearest.value, nearest.leader) == (pytest.approx(root, rel=2e-3), leader), place
    # harm takes as much from a as from b: it turns to doing nothing, where a pays nothing
    harm = searched["value_stream.harm", ""].nearest
    assert harm is not None
    assert (harm.value, harm.leader, harm.at_least) == (
        pytest.approx((4_700 - 10_000 / months) / 20, rel=2e-3),
        DO_NOTHING,
        True,
    )


def test_both_sides_are_told_the_nearer_first() -> None:
    # more uses let the option with more effect lead, and none at all do nothing
    each = found(assess(decision("a b", TWO), on=ON, size=2))["value_stream.uses", ""]
    assert [(turn.at_least, turn.leader) for turn in each.turns] == [(False, "b")]
    dear = {**TWO, "value_stream.one_off": own(a=10_000, b=60_000), "value_stream.effect": own(a=0.08, b=0.1)}
    each = found(assess(decision("a b", dear), on=ON, size=2))["value_stream.uses", ""]
    assert {(turn.at_least, turn.leader) for turn in each.turns} == {(False, DO_NOTHING), (True, "b")}
    assert each.turns[0].distance <= each.turns[1].distance


def test_one_option_alone_turns_to_doing_nothing_and_a_sure_one_never_does() -> None:
    searched = found(
        assess(decision("a", {**PLAIN, "value_stream.wrong": 0, "value_stream.one_off": 0}), on=ON, size=2)
    )
    assert (
        searched["value_stream.discount_rate", ""].turns == ()
        if ("value_stream.discount_rate", "") in searched
        else True
    )
    effect = searched["value_stream.effect", ""].nearest
    assert effect is not None
    assert (effect.value, effect.leader, effect.at_least) == (pytest.approx(0.006, rel=2e-3), DO_NOTHING, False)


def test_a_phase_turns_with_the_option_that_it_is_of() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    late = {**TWO, "value_stream.effect": own(a=0.06, b=0.1), "value_stream.live": own(a=30, b=400)}
    document = decision(options, late)
    assessment = assess(document, on=ON, size=2)
    assert assessment.recommended == "both"
    searched = found(assessment)
    for place, each in searched.items():
        for turn in each.turns:
            span = turn.value - each.here
            for factor, same in ((0.995, True), (1.005, False)):
                said = edits.say(document, place[0], each.here + factor * span, place[1] or None)
                assert (assess(said, on=ON, size=2).recommended == "both") is same, place
    assert searched["value_stream.effect", "b"].turns


def test_days_of_finding_out_first_are_counted() -> None:
    document = decision("a b", {**TWO, "value_stream.live": own(a=73, b=73)})
    later = document.model_copy(
        update={"inquiries": (Inquiry(name="Ask", answers=("value_stream.value",), days=200.0, first=True),)}
    )
    now, then = (found(assess(each, on=ON, size=2))["value_stream.live", "a"].nearest for each in (document, later))
    assert now is not None
    assert then is not None
    assert then.value == pytest.approx(now.value, rel=0.01) or then.value < now.value
    said = edits.say(later, "value_stream.live", then.value * 1.01, "a")
    assert assess(said, on=ON, size=2).recommended != "a"
    assert assess(edits.say(later, "value_stream.live", then.value * 0.99, "a"), on=ON, size=2).recommended == "a"


def test_what_is_certain_and_what_is_not_are_both_searched_and_the_others_counted() -> None:
    assessment = assess(decision("a b", {**TWO, "value_stream.value": rng(2, 50, 60)}), on=ON, size=2**9)
    turning = Turning(assessment, most=3)
    searched = [each for each in turning.search() if each is not None]
    assert searched[0].answer == "value_stream.value"  # the least of the lead is left there
    assert turning.others == len(turns(assessment, most=100)) - len(searched) > 0
    assert len({(each.answer, each.owner) for each in searched}) == len(searched) >= 3
    again = [each for each in turning.search() if each is not None]
    assert (len(again), turning.others) == (len(searched), len(turns(assessment, most=100)) - len(searched))


def test_nothing_is_searched_where_nothing_can_be_compared() -> None:
    unknown = {key: value for key, value in PLAIN.items() if key != "value_stream.effect"}
    assert turns(assess(decision("a", unknown), on=ON, size=2)) == []


def test_another_option_may_lead_already_where_an_answer_is_just_as_likely() -> None:
    # a brings much where the effect is high; where it is as likely, b does
    skewed = {**TWO, "value_stream.effect": own(a=rng(0.0, 0.07, 0.9), b=0.08)}
    assessment = assess(decision("a b", skewed), on=ON)
    assert assessment.recommended == "a"
    each = found(assessment)["value_stream.effect", "a"]
    assert each.nearest is not None
    turn = each.nearest
    # a leads from where its effect makes up for 5,000 more at once
    assert turn.value == pytest.approx(0.08 + 5_000 / (50_000 * 21.6), rel=2e-3)
    assert (turn.leader, turn.at_least, turn.until, turn.distance) == ("b", False, None, 0.0)
    assert len(each.turns) == 1
    for factor, leader in ((0.98, "b"), (1.02, "a")):
        assert assess(pinned(assessment.decision, each, turn.value * factor), on=ON).recommended == leader


def test_another_option_may_lead_between_two_values_where_an_answer_is_just_as_likely() -> None:
    # by use and month a brings 4.80 and b 3.80, for 30,000 and 5,000 at once and 300 a month; most likely are few uses
    skewed = {**TWO, "value_stream.one_off": own(a=30_000, b=5_000), "value_stream.uses": rng(50, 900, 4_000)}
    assessment = assess(decision("a b", skewed), on=ON)
    assert assessment.recommended == "a"
    each = found(assessment)["value_stream.uses", ""]
    (turn,) = each.turns
    assert (turn.leader, turn.distance) == ("b", 0.0)
    assert (turn.value, turn.until) == (
        pytest.approx((300 * 21.6 + 5_000) / (3.8 * 21.6), rel=2e-3),
        pytest.approx(25_000 / 21.6, rel=2e-3),
    )
    assert all(trigger.answer != "value_stream.uses" for trigger in turned(assessment))  # it would go off at once


@pytest.mark.parametrize("key", keys())
def test_the_nearest_turn_of_all_is_found(key: str) -> None:
    assessment = assess(example(key), on=ON)
    few, whole = turns(assessment), turns(assessment, most=1000)
    nearest = [
        min((each.turns[0].distance, each.answer, each.owner) for each in searched if each.turns and not each.plan)
        for searched in (few, whole)
    ]
    assert nearest[0] == nearest[1]
    assert len(few) < len(whole) / 2


def test_a_step_that_is_beyond_the_range_of_the_ranking_is_found() -> None:
    # a model that does not fit into the memory is never live: nothing is lost a tenth away, everything a little further
    assessment = assess(example("object-recognition"), on=ON)
    searched = min(
        (each for each in turns(assessment) if each.turns and not each.plan), key=lambda each: each.turns[0].distance
    )
    assert searched.label == "Memory that is free for it"
    assert searched.turns[0].distance == pytest.approx(0.15, abs=0.01)
    for factor, same in ((1.01, True), (0.99, False)):
        said = pinned(assessment.decision, searched, searched.turns[0].value * factor)
        assert (assess(said, on=ON).recommended == assessment.recommended) is same


@pytest.mark.parametrize("key", ["loan-decisions", "object-recognition"])
def test_it_pauses_after_every_few_looks_with_all_draws(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment, looks, at = assess(example(key), on=ON), list[int](), Pinned.at

    def counted(self: Pinned, asked: Any, place: float) -> dict[str, float]:
        looks.append(self.world.size)
        return at(self, asked, place)

    monkeypatch.setattr(Pinned, "at", counted)
    most, seen = 0, 0
    for _ in Turning(assessment).search():
        most, seen = max(most, looks[seen:].count(assessment.world.size)), len(looks)
    assert 0 < most <= 3


def test_places_at_a_distance_are_within_what_is_possible() -> None:
    question = registry()["lead_time"].questions["precision"]
    asked = Candidate("lead_time.precision", question, question.label, 0.8, 0.8, 0.0, 1.0, 1.0)
    assert asked.at_distance(0.25) == [pytest.approx(0.6), 1.0]
    assert asked.at_distance(0.1) == [pytest.approx(0.72), pytest.approx(0.8 / 0.9)]
    assert [asked.distance(place) for place in asked.at_distance(0.1)] == pytest.approx([0.1, 0.1])
    assert asked.at_distance(1.0) == [0.0, 1.0]
    assert asked.at_distance(0.0) == []
    below = replace(asked, middle=-2.0, low=-50.0, high=50.0, far=50.0)
    assert below.at_distance(0.5) == [-4.0, -1.0]
    bits = replace(asked, question=replace(question, unit="bits"), middle=8.0, low=1.0, high=64.0, far=64.0)
    assert bits.at_distance(0.5) == [4.0, 5.0, 6.0, 16.0]


def test_what_is_taken_to_change_along_is_told() -> None:
    assessment = assess(example("churn"), on=ON)
    searched = next(each for each in turns(assessment, most=1000) if each.answer == "lead_time.gap")
    said = "with precision and recall falling as it grows, by their loss per month of gap"
    assert f"with {searched.along}" == said
    flips = [each for found in assessment.flips("three_month_gap").values() for each in found]
    by_gap = [each for each in flips if each.answer == "lead_time.gap"]
    assert by_gap
    assert all(along(each) == f", {said}" for each in by_gap)
    assert not any(along(each) for each in flips if each not in by_gap)


def test_a_cell_of_a_list_turns_too() -> None:
    tasks = (Row(id="t1", cells={"task": "Build", "days": rng(60, 100, 160)}),)
    others = (Row(id="t2", cells={"task": "Buy", "days": 100.0}),)
    answers = {
        **TWO, "deadline.planned": "yes", "deadline.plan": own(a=tasks, b=others), "deadline.ranges": "lived",
        "deadline.alike": 0.0, "deadline.kind": "none",
    }  # fmt: skip
    document = with_dimensions(decision("a b", answers))
    assessment = assess(document, on=ON, size=2**11)
    each = found(assessment)["deadline.plan#t1.days", "a"]
    assert (each.label, each.unit) == ("Build: Takes", "working days")
    turn = each.nearest
    assert turn is not None
    assert (turn.leader, turn.at_least) == ("b", True)
    for factor, leader in ((0.98, "a"), (1.02, "b")):
        said = pinned(document, each, turn.value * factor)
        assert assess(said, on=ON, size=2**11).recommended == leader


@pytest.mark.parametrize("key", keys())
def test_payoffs_need_no_judging_but_what_completes_the_terms(key: str) -> None:
    assessment = assess(example(key), on=ON, size=2**8)
    for option in assessment.decision.options:
        if not option.phases:
            whole, bare = (run(assessment.world, option.key, only=only) for only in (None, ()))
            assert np.array_equal(paid([whole]), paid([bare])), option.key
