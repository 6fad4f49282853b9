"""What moves the result: conditional means against documents that say so, shares, values and their order."""

from dataclasses import replace

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, own, rng, spread

from shipworthy import edits
from shipworthy._moving_words import MOST, told
from shipworthy.assess import Assessment, assess
from shipworthy.decision import DO_NOTHING, Answer, Decision, PersonalEstimate, RangeValue, Row, SpreadValue
from shipworthy.examples import example, keys
from shipworthy.moving import Move, Movements
from shipworthy.moving_figures import bars
from shipworthy.turning import Turning, turns

TWO = {**PLAIN, "value_stream.effect": own(a=0.1, b=0.08)}
_OFF = 0.015
"""By how much of its standard deviation a mean from the draws may differ from one with the answer pinned."""


def case(**answers: object) -> Assessment:
    said = {key.replace("__", "."): value for key, value in answers.items()}
    return assess(decision("a b", {**TWO, **said}), on=ON)


def moves(assessment: Assessment, option: str = "a", other: str = "") -> dict[str, Move]:
    return {each.answer: each for each in Movements(assessment).of(option, other).moves}


def said(document: Decision, move: Move, place: int) -> Decision:
    """The document with an answer at its low (0) or high (2) value, each option's own where they differ."""
    answer = document.answer(move.answer)
    if answer is None or not answer.differs:
        return edits.say(document, move.answer, move.values[place])
    for option, value in answer.by_option.items():
        if isinstance(value, RangeValue):
            document = edits.say(document, move.answer, (value.low, value.likely, value.high)[place], option)
    return document


@pytest.mark.parametrize("key", keys())
def test_means_from_the_draws_are_those_of_documents_that_say_so(key: str) -> None:
    document = example(key)
    assert not document.correlations
    assessment = assess(document, on=ON)
    option = assessment.recommended
    off = float(np.std(assessment.options[option].payoff)) * _OFF
    for move in Movements(assessment).of(option).moves[:8]:
        if "#" in move.answer:  # cells have a test of their own
            continue
        for place, expected in ((0, move.bar.low), (1, move.bar.middle), (2, move.bar.high)):
            if move.chance and place == 1:
                continue
            pinned = assess(said(document, move, place), on=ON).options[option].summary.mean
            assert pinned == pytest.approx(expected, abs=off), (move.label, place)


def test_a_line_is_moved_as_far_as_algebra_says_and_carries_everything() -> None:
    # 1000 × 0.1 × v a month for 21.6 months
    (move,) = moves(case(value_stream__value=rng(40, 50, 62))).values()
    assert move.values == (40.0, 50.0, 62.0)
    assert move.bar.high - move.bar.low == pytest.approx(100 * 22 * 21.6, rel=1e-3)
    assert move.bar.middle == pytest.approx(87_200, rel=1e-3)
    assert move.share.value == pytest.approx(1.0, abs=0.01)
    assert not move.chance
    assert not move.unconfirmed


def test_of_two_answers_the_wider_is_first_and_their_shares_add_up() -> None:
    assessment = case(value_stream__value=rng(40, 50, 60), value_stream__running=rng(200, 300, 400))
    found = Movements(assessment).of("a")
    assert [move.answer for move in found.moves] == ["value_stream.value", "value_stream.running"]
    assert found.moves[1].bar.low > found.moves[1].bar.high  # the more it costs, the less it brings
    assert sum(move.share.value for move in found.moves) == pytest.approx(1.0, abs=0.01)
    assert found.mean == assessment.options["a"].summary.mean


def test_what_options_share_moves_the_difference_less() -> None:
    assessment = case(value_stream__value=rng(40, 50, 60), value_stream__running=own(a=rng(50, 300, 900), b=300))
    alone, between = moves(assessment), moves(assessment, "a", "b")
    assert list(alone) == ["value_stream.value", "value_stream.running"]
    assert between["value_stream.value"].bar.swing == pytest.approx(
        0.2 * alone["value_stream.value"].bar.swing, rel=0.01
    )
    assert between["value_stream.running"].bar.swing == pytest.approx(alone["value_stream.running"].bar.swing, rel=0.01)
    assert next(iter(between)) == "value_stream.running"
    assert between["value_stream.running"].owner == "a"
    assert Movements(assessment).next_best == "b"


def test_a_chance_is_told_at_no_and_yes() -> None:
    assessment = assess(example("loan-decisions"), on=ON)
    move = Movements(assessment).of(assessment.recommended).moves[0]
    assert move.chance
    assert move.values == (0.0, 0.9, 1.0)
    mean = assessment.options[assessment.recommended].summary.mean
    assert move.bar.middle == mean
    assert 0.1 * move.bar.low + 0.9 * move.bar.high == pytest.approx(mean, rel=1e-3)


def test_a_spread_moves_with_both_its_numbers() -> None:
    assessment = assess(
        decision(
            "a",
            {
                **PLAIN, "value_stream.uses": 10_000, "cost.priced": "hosted", "cost.model": "anthropic/claude-haiku-4-5",
                "cost.turns": spread(rng(2, 3, 5), rng(9, 12, 20)),
            },
        ),
        on=ON,
    )  # fmt: skip
    move = moves(assessment)["cost.turns"]
    assert move.values == (spread(2.0, 9.0), spread(3.0, 12.0), spread(5.0, 20.0))
    assert isinstance(move.values[0], SpreadValue)
    assert move.bar.low > move.bar.high


def test_a_cell_of_a_list_moves_too() -> None:
    tasks = (Row(id="t1", cells={"task": "Build", "days": rng(10, 60, 400)}),)
    answers = {
        "deadline__planned": "yes", "deadline__plan": own(a=tasks, b=(Row(id="t2", cells={"task": "Buy", "days": 100.0}),)),
        "deadline__ranges": "lived", "deadline__alike": 0.0, "deadline__kind": "none",
    }  # fmt: skip
    assessment = case(**answers)
    move = moves(assessment)["deadline.plan#t1.days"]
    assert (move.label, move.values, move.owner) == ("Build: Takes", (10.0, 60.0, 400.0), "a")
    pinned = Row(id="t1", cells={"task": "Build", "days": 10.0})
    there = assess(edits.say(assessment.decision, "deadline.plan", (pinned,), "a"), on=ON).options["a"]
    off = 2 * float(np.std(assessment.options["a"].payoff)) * _OFF  # days off work make it go in steps
    assert move.bar.low == pytest.approx(there.summary.mean, abs=off)
    assert moves(assessment, "b") == {}


def test_several_peoples_ranges_are_told_at_the_tenths_of_their_pool() -> None:
    people = tuple(
        PersonalEstimate(who=who, value=value) for who, value in (("x", rng(30, 40, 50)), ("y", rng(50, 60, 70)))
    )
    move = moves(case(value_stream__value=Answer(estimates=people)))["value_stream.value"]
    low, likely, high = (float(str(each)) for each in move.values)
    assert 30 < low < 40 < likely < 60 < high < 70


def test_each_option_with_draws_of_its_own_has_a_row_of_its_own() -> None:
    mine = Answer(differs=True, independent=True, by_option={"a": rng(0.08, 0.1, 0.12), "b": rng(0.05, 0.08, 0.11)})
    assessment = case(value_stream__effect=mine)
    found = Movements(assessment).of("a", "b").moves
    assert [(move.answer, move.owner) for move in found] == [("value_stream.effect", "b"), ("value_stream.effect", "a")]
    assert [move.owner for move in Movements(assessment).of("a").moves] == ["a"]


def test_nothing_moves_what_is_certain_and_few_draws_say_nothing() -> None:
    assert moves(case()) == {}
    few = assess(decision("a b", {**TWO, "value_stream.value": rng(40, 50, 60)}), on=ON, size=2)
    assert Movements(few).of("a").moves == ()


def test_what_is_left_of_a_lead_is_its_least() -> None:
    # a brings 20 × v × 21.6 more than b; b alone at v = 60 brings 80 × 60 × 21.6, less 500 a month and 10,000
    assessment = case(value_stream__value=rng(40, 50, 60))
    found = Movements(assessment)
    assert found.left("value_stream.value", ("a", "b", DO_NOTHING)) == pytest.approx(20 * 40 * 21.6, rel=1e-3)
    alone = assessment.options["a"].summary.mean - ((80 * 60 - 500) * 21.6 - 10_000)
    assert found.left("value_stream.value", ("b",)) == pytest.approx(alone, rel=2e-3)
    assert found.left("value_stream.harm", ("b",)) == float("inf")


def test_words_name_the_first_and_the_nearest_change_and_count_the_rest() -> None:
    assessment = assess(example("churn"), on=ON)
    found, money = Movements(assessment), assessment.currency()
    moving = found.of(assessment.recommended)
    before = told(moving, assessment)
    assert len(before.finding) == 1
    assert before.finding[0].startswith(
        "What “Three-month gap” is expected to pay hangs most on “Success of an intervention”"
    )
    assert (before.turns, before.rest) == ((), ())
    turning = Turning(assessment, found)
    searched = [each for each in turning.search() if each is not None]
    after = told(moving, assessment, searched, turning.others)
    unsure = [each for each in searched if each.nearest and not each.plan]
    nearest = min(unsure, key=lambda each: each.turns[0].distance)
    assert nearest.label in after.finding[1]
    assert after.finding[1].startswith(
        "Of what may turn out otherwise, this takes least to change the recommendation: "
    )
    assert "leads instead of “Three-month gap”" in after.finding[1]
    assert len(after.moves) == min(MOST, len(moving.moves))
    assert f"{len(searched)} answers were searched" in after.rest[-1]
    assert str(turning.others) in after.rest[-1]
    turned = {each.label for each in searched if each.turns}
    assert all(any(row[0].startswith(label) for row in after.turns) for label in turned)
    figure = bars(moving, after, money)
    assert figure is not None
    assert len(figure.rows) == len(after.moves)
    assert all(len(trace["x"]) == len(after.moves) for trace in figure.plotly["data"])


def test_words_of_what_leads_at_the_likely_value_already() -> None:
    effect = case(value_stream__effect=own(a=rng(0.0, 0.07, 0.9), b=0.08), value_stream__one_off=own(a=10_000, b=5_000))
    dear = {"value_stream__one_off": own(a=30_000, b=5_000), "value_stream__uses": rng(50, 900, 4_000)}
    for assessment, answer, sentence, cell in (
        (
            effect,
            "value_stream.effect",
            "“B” leads instead of “A” when “Effect of a use (A)” is at most 0.085 effects a use (likely 0.07 effects a use: “A” leads "
            "because it may be more).",
            "at most 0.085 effects a use, its likely value included: “B”",
        ),
        (
            case(**dear),
            "value_stream.uses",
            "“B” leads instead of “A” when “Uses a month” is between 140 uses a month and 1,157 uses a month (likely 900 uses a month: “A” leads "
            "because it may be either more or less).",
            "between 140 uses a month and 1,157 uses a month, its likely value included: “B”",
        ),
    ):
        searched = [each for each in turns(assessment, most=100) if each.answer == answer and each.owner in ("", "a")]
        after = told(Movements(assessment).of("a"), assessment, searched, 0)
        assert after.turn == sentence
        assert after.turns[0][2] == cell


def test_words_of_an_answer_that_takes_others_along() -> None:
    assessment = assess(example("churn"), on=ON)
    searched = [each for each in turns(assessment, most=1000) if each.answer == "lead_time.gap"]
    after = told(Movements(assessment).of("three_month_gap"), assessment, searched, 3)
    along = "with precision and recall falling as it grows, by their loss per month of gap"
    assert after.turn.endswith(f" days), {along}.")
    assert after.rest[-2] == (
        f"“Gap before the window it predicts” was searched {along}; a scenario, or another answer, leaves all else as it was said."
    )
    assert "3 others were not; none of the rest" in after.rest[-1]


def test_words_where_nothing_turns_and_where_nothing_moves() -> None:
    sure = assess(decision("a", {**PLAIN, "value_stream.one_off": 0, "value_stream.wrong": 0}), on=ON)
    turning = Turning(sure, most=1)
    searched = [each for each in turning.search() if each is not None]
    still = [each for each in searched if not each.turns]
    after = told(Movements(sure).of("a"), sure, still, turning.others)
    assert after.finding[0].startswith("What “A” is expected to pay hangs on no answer that is uncertain: ")
    if still:
        assert "stays ahead" in after.finding[1]
    nowhere = [replace(each, turns=()) for each in searched]
    after = told(Movements(sure).of("a"), sure, nowhere, 1)
    assert "stays ahead whatever value" in after.finding[1]
    assert "1 other was not; none of the rest" in after.rest[-1]
    assert after.rest[-1].endswith("changes it at half or at twice where it stands.")
    assert bars(Movements(sure).of("a"), after, "EUR") is None
