"""Forecasts: what is kept when an option is chosen, what came, and how good it was over many decisions."""

from datetime import date
from typing import Any

import pytest
from decisions import ON, PLAIN, UNSURE, assessed, decision, own, rng, spread

from shipworthy import edits, forecasts
from shipworthy.calculators.scoring import crps, interval_score
from shipworthy.decision import Answer, Decision, Forecast, Option, Outcome, PersonalEstimate, RangeValue
from shipworthy.errors import InputError
from shipworthy.estimate import Range
from shipworthy.examples import example
from shipworthy.forecasts import expected, kept, score, with_came

SUCCESS = "lead_time.success"


def with_forecasts(*found: Forecast, title: str = "A test") -> Decision:
    document = decision("a", PLAIN)
    frame = document.frame.model_copy(update={"title": title})
    return document.model_copy(update={"frame": frame, "outcome": Outcome(chosen="a", forecasts=found)})


def of_range(
    came: float | None, low: float = 10.0, likely: float = 15.0, high: float = 20.0, unit: str = "days"
) -> Forecast:
    said = RangeValue(low=low, likely=likely, high=high)
    return Forecast(answer="lead_time.gap", expected=said, unit=unit, came=came)


def of_chance(came: float | None, chance: float) -> Forecast:
    return Forecast(answer="explainability.stands", expected=chance, chance=True, unit="share", came=came)


# ---- what is kept


def test_every_uncertain_answer_behind_the_option_is_kept_and_nothing_certain() -> None:
    found = {each.answer: each for each in expected(assessed(decision("a", UNSURE)), "a")}
    said = UNSURE
    for name in ("value_stream.value", "lead_time.gap", "lead_time.precision", "cost.call_price"):
        assert found[name].expected == said[name]
        assert not found[name].chance
    assert found["lead_time.persuasion"].expected == rng(10, 20, 35), "the typical case of a spread"
    assert "lead_time.window" not in found, "that was certain"
    assert (found["lead_time.gap"].unit, found["value_stream.value"].unit, found[SUCCESS].unit) == (
        "days",
        "USD",
        "share",
    )
    assert all(each.option is None and each.at is not None and each.came is None for each in found.values())


def test_own_answers_of_options_lists_chances_and_pools() -> None:
    document = decision(
        "a b",
        {
            **UNSURE,
            "lead_time.gap": own(a=rng(20, 40, 60), b=rng(50, 70, 90)),
            "lead_time.contact": spread(3.0, rng(5, 9, 12)),
        },
    )
    found = {each.answer: each for each in expected(assessed(document), "b")}
    assert (found["lead_time.gap"].option, found["lead_time.gap"].expected) == ("b", rng(50, 70, 90))
    assert "lead_time.contact" not in found, "its typical case is certain"

    cells = [
        each
        for each in expected(assessed(example("safety-rule")), "own_model")
        if each.answer.startswith("deadline.plan#")
    ]
    assert len(cells) > 5
    assert any(each.unit == "working days" for each in cells)
    chances = [each for each in expected(assessed(example("loan-decisions")), "boosted") if each.chance]
    assert chances
    assert all(0 < each.expected < 1 for each in chances if isinstance(each.expected, float))

    people = tuple(
        PersonalEstimate(who=who, value=value) for who, value in (("a", rng(20, 40, 60)), ("b", rng(50, 70, 90)))
    )
    pooled = {
        each.answer: each
        for each in expected(assessed(decision("a", {**UNSURE, "lead_time.gap": Answer(estimates=people)})), "a")
    }["lead_time.gap"].expected
    assert isinstance(pooled, RangeValue)
    assert 20 < pooled.low < pooled.likely < pooled.high < 90


@pytest.mark.parametrize(("chance", "kept_too"), [(0.0, False), (0.4, True), (1.0, False)])
def test_a_chance_that_is_certain_is_no_forecast(chance: float, kept_too: bool) -> None:
    document = edits.say(example("loan-decisions"), "explainability.stands", chance)
    found = [each for each in expected(assessed(document), "boosted") if each.answer == "explainability.stands"]
    assert bool(found) is kept_too


def test_options_in_turn_are_expected_both() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="both", name="Both", phases=("a", "b")))
    document = decision(options, {**UNSURE, "lead_time.gap": own(a=rng(20, 40, 60), b=rng(50, 70, 90))})
    found = expected(assessed(document), "both")
    assert [each.option for each in found if each.answer == "lead_time.gap"] == ["a", "b"]
    assert len([each for each in found if each.answer == SUCCESS]) == 1


def test_what_came_is_entered_changed_and_taken_back() -> None:
    outcome = kept(Outcome(), (of_range(None), of_chance(None, 0.3)))
    once = with_came(outcome, 0, 17.0, ON)
    assert (once.forecasts[0].came, once.forecasts[0].came_on) == (17.0, ON)
    assert with_came(once, 0, None, date(2027, 1, 1)) == outcome
    assert with_came(outcome, 1, 1.0, ON).forecasts[1].came == 1.0
    with pytest.raises(InputError, match="1 where it came"):
        with_came(outcome, 1, 0.5, ON)


def test_what_is_kept_anew_leaves_what_came() -> None:
    first = kept(Outcome(), (of_range(17.0), of_chance(None, 0.3)))
    renewed = kept(first, (of_range(None, 1, 2, 3), of_chance(None, 0.6)))
    assert {each.expected for each in renewed.forecasts if not each.chance} == {first.forecasts[0].expected}
    assert [each.expected for each in renewed.forecasts if each.chance] == [0.6]
    assert kept(first, ()).forecasts == first.forecasts[:1], "what nothing came of is forgotten"


# ---- how good it was


def test_nothing_came_yet() -> None:
    found = score([with_forecasts(of_range(None), of_chance(None, 0.3)), decision("a", PLAIN)])
    assert (
        found.waiting,
        found.ranges,
        found.chances,
        found.coverage,
        found.brier,
        found.by_unit,
        list(found.sentences()),
    ) == (2, 0, 0, None, None, (), [])


def test_scores_over_several_decisions() -> None:
    first = with_forecasts(of_range(17.0), of_range(23.0), of_chance(1.0, 0.7), title="First")
    second = with_forecasts(of_range(5.0, 1, 2, 4, unit="USD"), of_chance(0.0, 0.7), of_range(None), title="Second")
    found = score([first, second])
    assert (found.hits, found.ranges, found.chances, found.waiting) == (1, 3, 2, 1)
    assert found.brier == pytest.approx((0.09 + 0.49) / 2)
    assert [each.decision for each in found.each] == ["First", "First", "First", "Second", "Second"]
    days, dollars = found.by_unit
    assert (days.unit, days.count, dollars.unit, dollars.count) == ("days", 2, "USD", 1)
    assert days.interval == pytest.approx((10 + 10 + 10 * 3) / 2)
    assert dollars.interval == pytest.approx(3 + 10 * 1)
    assert list(found.sentences()) == [
        "1 of 3 ranges held what came (33 %; 80 % were meant to).",
        "The Brier score of 2 chances is 0.29 (0 is perfect, 0.25 is what “half and half” gets).",
    ]


def test_crps_is_of_the_fitted_distribution() -> None:
    (scored,) = score([with_forecasts(of_range(17.0))]).each
    fitted = Range(10, 15, 20, 0)
    places = [(place + 0.5) / 20_000 for place in range(20_000)]
    assert scored.crps == pytest.approx(float(crps(fitted.quantile(places), 17.0)), rel=2e-3)
    assert scored.interval == pytest.approx(float(interval_score(10, 20, 17)))


def test_a_number_without_a_range_counts_apart_with_how_far_off_it_was() -> None:
    sure = Forecast(answer="lead_time.gap", expected=15.0, unit="days", came=18.0)
    (scored,) = score([with_forecasts(sure)]).each
    assert (scored.inside, scored.crps, scored.interval, scored.off) == (None, None, None, 3.0)
    less = sure.model_copy(update={"came": 10.0})
    share = Forecast(answer=SUCCESS, expected=0.2, unit="share", came=0.25)
    flat = Forecast(answer=SUCCESS, expected=rng(0.2, 0.2, 0.2), unit="share", came=0.18)
    found = score([with_forecasts(sure, less, share, flat, of_range(17.0))])
    assert (found.numbers, found.ranges, found.hits) == (4, 1, 1)
    assert [(each.unit, each.count, each.off) for each in found.numbers_by_unit] == [
        ("days", 2, 4.0), ("share", 2, pytest.approx(0.035)),
    ]  # fmt: skip
    assert list(found.sentences())[1:] == [
        "2 forecasts were one number without a range: they were off by 4 days on average.",
        "2 forecasts were one number without a range: they were off by 3.5 percentage points on average.",
    ]
    one = score([with_forecasts(sure.model_copy(update={"came": 16.0}))])
    assert list(one.sentences()) == ["1 forecast was one number without a range: it was off by 1 day."]
    assert (one.verdict, one.coverage) == (None, None)


@pytest.mark.parametrize(
    ("hits", "misses", "told"),
    [(3, 7, "too narrow"), (8, 2, ""), (6, 4, ""), (20, 0, "wider than they had to be"), (10, 0, "")],
)
def test_what_chance_does_not_explain_is_said(hits: int, misses: int, told: str) -> None:
    found = score([with_forecasts(*[of_range(15.0)] * hits, *[of_range(99.0)] * misses)])
    assert found.coverage == pytest.approx(hits / (hits + misses))
    said = list(found.sentences())
    assert len(said) == (2 if told else 1)
    assert told in said[-1]


@pytest.mark.parametrize("change", [{"answer": "gone.away"}, {"expected": RangeValue(low=-5.0, likely=1.0, high=20.0)}])
def test_questions_that_went_or_have_other_bounds_now_are_scored_all_the_same(change: dict[str, Any]) -> None:
    found = score([with_forecasts(of_range(17.0).model_copy(update=change))])
    assert found.hits == 1
    assert found.each[0].crps is not None
    assert 0 < found.each[0].crps < 20


def test_at_most_so_many_are_kept() -> None:
    many = tuple(of_range(None).model_copy(update={"answer": f"x.q{number}"}) for number in range(300))
    assert len(kept(Outcome(), many).forecasts) == forecasts.MOST
