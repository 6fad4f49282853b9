"""Intervention lead time: reach and profit worked by hand, the churn case, and which way every answer moves them."""

import itertools
import re
from typing import Any

import numpy as np
import pytest
from decisions import ACTING, ON, assessed, decision, rng, spread
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.calculators import lead_time as calc
from shipworthy.decision import Answer
from shipworthy.examples import example
from shipworthy.words import chance_words, plain


def found(**changes: Any) -> Assessment:
    return assessed(decision("a", {**ACTING, **{f"lead_time.{name}": value for name, value in changes.items()}}))


def figure(assessment: Assessment, name: str) -> float:
    return float(np.mean(assessment.evaluations("lead_time")["a"].figures[name]))


def paid(assessment: Assessment) -> float:
    return float(np.mean(assessment.options["a"].payoff))


def test_payoff_by_hand() -> None:
    # decisions.ACTING: 15,000 a month for a year, less 30,000
    base = found()
    assert paid(base) == pytest.approx(150_000, rel=1e-9)
    assert {
        name: figure(base, name) for name in ("reach", "flagged", "contacts", "saves", "acting", "profit")
    } == pytest.approx(
        {"reach": 1, "flagged": 200, "contacts": 200, "saves": 20, "acting": 4200, "profit": 15_800}, rel=1e-9
    )


def test_half_reached_by_hand() -> None:
    # no gap: 0 to 30 days of warning, 15 of them used up by data delay, hand-over and notice, nobody waits: half in time.
    # 10 saves, 10,000 a month; 1000 for contacts, 1000 + 1200 for incentives, 800 running: 6000 a month, 72,000 − 30,000
    half = found(gap=0, notice=11, contacts_an_hour=1e9)
    assert figure(half, "reach") == pytest.approx(0.5, abs=1e-6)
    assert figure(half, "saves") == pytest.approx(10, rel=1e-5)
    assert paid(half) == pytest.approx(42_000, rel=1e-4)


def test_a_team_too_small_by_hand() -> None:
    # 100 of 200 are tried: 10 saves, 500 + 1000 + 600: 7900 − 800 = 7100 a month, 85,200 − 30,000
    small = found(people=1)
    assert figure(small, "contacts") == pytest.approx(100)
    assert figure(small, "backlog") == pytest.approx(100)
    assert paid(small) == pytest.approx(55_200)
    detail = " ".join(small.options["a"].findings["lead_time"].words.detail)
    assert "200 are flagged a month and 100 can be tried: the list would grow by 100 a month" in detail
    assert "so only the highest scores are called; a case waits up to" in detail


def test_a_list_takes_its_time_to_work_through() -> None:
    # the whole capacity is used, so the last case of a run waits until the next: 0 to 30 days for the run and 0 to 30 in
    # the list. With a gap of 30: 30 to 60 days of warning less the wait in the list less 4; as one uniform wait of the
    # same variance, 42.43 wide from 8.79 on, that is (56 − 8.79) / 42.43 > 1 in time; with a notice of 30, 17.21 / 42.43
    assert figure(found(gap=30), "reach") == 1
    assert figure(found(gap=30, notice=30), "reach") == pytest.approx((26 - (60 - 1800**0.5) / 2) / 1800**0.5, abs=1e-6)
    assert figure(found(gap=30, notice=30, contacts_an_hour=1e9), "reach") == pytest.approx(26 / 30, abs=1e-6)


def test_a_run_every_two_windows_sees_half_of_the_cases() -> None:
    # flagged, contacted and saved are half of them, and so is what the contacts cost
    half, base = found(rhythm=60), found()
    for name in ("flagged", "saves", "acting"):
        assert figure(half, name) == pytest.approx(figure(base, name) / 2, rel=1e-9)
    assert paid(half) == pytest.approx(12 * (15_800 / 2 - 800) - 30_000, rel=1e-9)


@given(
    st.floats(0, 150), st.floats(5, 60), st.floats(0, 90), st.floats(5, 60), st.floats(0.05, 1), st.floats(0.05, 1), st.floats(0.5, 5)
)  # fmt: skip
def test_profit_against_the_gap_agrees_with_the_calculator(
    gap: float, window: float, rhythm: float, days: float, precision: float, recall: float, people: float
) -> None:
    here = found(
        gap=gap,
        window=window,
        rhythm=rhythm,
        persuasion=spread(days, 2 * days),
        precision=precision,
        recall=recall,
        people=people,
    )
    timing = calc.Timing(
        gap=gap, window=window, rhythm=rhythm, fixed=4.0, spread=(np.log(days), np.log(2) / 1.6448536269514722)
    )
    offer = calc.Offer(1000.0, 0.5 * 0.8, 100.0, 5.0, 0.1 * 0.8)
    expected = calc.profit_against_gap([gap], timing, calc.Skill(recall, precision), offer, 100.0, people * 100.0)
    assert figure(here, "profit") == pytest.approx(float(expected[0]), rel=1e-6, abs=1e-6)


def test_looking_further_ahead_costs_precision_and_recall() -> None:
    # the gap is uncertain; precision and recall are stated for its likely value and lose 10 % a month beyond it
    document = decision(
        "a", {**ACTING, "lead_time.gap": rng(100, 200, 300), "lead_time.decay": 0.1, "lead_time.recall": 0.9}
    )
    evaluation = assessed(document, size=2**12).evaluations("lead_time")["a"]
    recall, precision = np.asarray(evaluation.figures["recall"]), np.asarray(evaluation.figures["precision"])
    assert np.median(precision) == pytest.approx(0.25, abs=1e-3)
    assert recall.max() <= 1.0  # a shorter gap cannot find more than all events
    assert precision.max() <= 1.0
    assert np.quantile(precision, 0.1) == pytest.approx(0.25 * 0.9 ** (100 / (365 / 12)), rel=0.01)
    saves = np.asarray(evaluation.figures["saves"])
    assert saves.max() <= 100 * 0.8 * 0.5 + 1e-9


def test_where_precision_is_not_known_the_share_flagged_gives_it() -> None:
    answers = {key: value for key, value in ACTING.items() if key != "lead_time.precision"}
    # 100 events × 0.5 recall among 10,000 × 0.02 = 200 flagged: a quarter is right
    here = assessed(decision("a", {**answers, "lead_time.share_flagged": 0.02}))
    assert figure(here, "precision") == pytest.approx(0.25)
    assert paid(here) == pytest.approx(150_000, rel=1e-9)
    assert here.options["a"].findings["lead_time"].status == "meets"


def test_a_share_flagged_that_does_not_fit_is_pointed_out() -> None:
    assert "do not fit together" in " ".join(found(share_flagged=0.04).options["a"].findings["lead_time"].words.detail)
    assert "do not fit together" not in " ".join(
        found(share_flagged=0.02).options["a"].findings["lead_time"].words.detail
    )


def test_no_contact_pays_where_it_costs_more_than_it_saves() -> None:
    detail = " ".join(found(contact_cost=500).options["a"].findings["lead_time"].words.detail)
    assert "A contact never pays" in detail
    assert "call only the highest scores" in " ".join(
        found(precision=0.02).options["a"].findings["lead_time"].words.detail
    )


def test_where_nobody_has_to_act_it_does_not_apply() -> None:
    here = found(depends="no")
    assert here.options["a"].findings["lead_time"].status == "not_applicable"
    assert "does not apply" in here.options["a"].findings["lead_time"].headline
    unknown = {key: value for key, value in ACTING.items() if key != "lead_time.depends"}
    asked = assessed(decision("a", unknown)).options["a"].findings["lead_time"]
    assert asked.status == "unknown"
    assert asked.missing == ("lead_time.depends",)


@pytest.mark.parametrize("name", ["gap", "window", "persuasion", "events", "precision", "recall", "people", "hours"])
def test_an_unknown_answer_is_named_and_the_rest_still_computes(name: str) -> None:
    key = f"lead_time.{name}"
    answers = {question: value for question, value in ACTING.items() if question != key}
    here = assessed(decision("a", answers))
    finding = here.options["a"].findings["lead_time"]
    assert finding.status == "unknown"
    assert finding.missing == (key,)
    assert here.world.question(key).label in finding.headline
    assert here.provisional
    assert np.isfinite(paid(here))
    # what is worth a year hangs on it too, what a use costs does not
    assert here.options["a"].findings["value_stream"].missing == (key,)
    assert here.options["a"].findings["cost"].missing == (key,)
    assert here.options["a"].without == (key,)


def test_unknown_capacity_limits_nothing() -> None:
    # everybody flagged is tried, and nobody waits in the list
    answers = {key: value for key, value in ACTING.items() if key != "lead_time.people"}
    here = assessed(decision("a", {**answers, "lead_time.events": 1000}))
    assert figure(here, "contacts") == pytest.approx(2000)
    assert figure(here, "queue") == 0


def test_one_unknown_success_counts_as_certain_and_is_missing() -> None:
    here = found(success=Answer(state="unknown"))
    assert here.options["a"].findings["lead_time"].missing == ("lead_time.success",)
    assert figure(here, "saves") == pytest.approx(40)


days = st.floats(0, 200)


@given(days, days, st.floats(1, 90), st.floats(1, 3))
def test_reach_rises_with_warning_and_falls_with_what_acting_takes(
    gap: float, more: float, persuasion: float, wide: float
) -> None:
    base = {"gap": gap, "persuasion": spread(persuasion, persuasion * wide), "rhythm": 20}
    here = figure(found(**base), "reach")
    assert figure(found(**{**base, "gap": gap + more}), "reach") >= here - 1e-9
    assert figure(found(**{**base, "window": 30 + more}), "reach") >= here - 1e-9
    longer = spread(persuasion + more, (persuasion + more) * wide)
    slower: list[dict[str, Any]] = [
        {"persuasion": longer},
        {"notice": more},
        {"hand_over": 2 + more},
        {"data_delay": 2 + more},
    ]
    for change in slower:
        assert figure(found(**{**base, **change}), "reach") <= here + 1e-9


@given(st.floats(0, 1e3), st.floats(0, 1e3), st.floats(0.01, 0.9), st.floats(0, 0.1))
def test_payoff_falls_with_costs_and_rises_with_success(
    cost: float, more: float, success: float, better: float
) -> None:
    here = paid(found(contact_cost=cost, incentive=cost, success=success))
    assert paid(found(contact_cost=cost + more, incentive=cost, success=success)) <= here + 1e-6
    assert paid(found(contact_cost=cost, incentive=cost + more, success=success)) <= here + 1e-6
    if cost <= 1000:  # a saved case is worth more than its incentive
        assert paid(found(contact_cost=cost, incentive=cost, success=success + better)) >= here - 1e-6
    assert paid(found(contact_cost=cost, incentive=cost, success=success, takers=0.1 + better)) <= here + 1e-6


def test_doubling_all_money_doubles_payoff() -> None:
    twice = {**ACTING}
    for key in (
        "value_stream.value",
        "value_stream.running",
        "value_stream.one_off",
        "lead_time.incentive",
        "lead_time.contact_cost",
    ):
        twice[key] = 2 * ACTING[key]
    assert paid(assessed(decision("a", twice))) == pytest.approx(300_000, rel=1e-9)


# The churn case (CASES.md)


@pytest.fixture(scope="module")
def churn() -> Assessment:
    return assess(example("churn"), on=ON)


def test_churn_the_model_without_a_gap_reaches_almost_nobody(churn: Assessment) -> None:
    finding = churn.options["no_gap"].findings["lead_time"]
    assert finding.status == "fails"
    assert finding.probability == 0
    assert float(np.mean(churn.evaluations("lead_time")["no_gap"].figures["reach"])) < 0.005
    assert "none is reached in time" in finding.headline
    assert "The warning is 0 to 30 days" in " ".join(finding.words.detail)


def test_churn_says_the_gap_in_days_from_which_it_works(churn: Assessment) -> None:
    flips = {flip.answer: flip for flip in churn.flips("no_gap")["lead_time"]}
    gap = flips["lead_time.gap"]
    assert (gap.status, gap.at_least, gap.unit, gap.then_status) == ("at_risk", True, "days", "meets")
    # acting takes some 88 days for half of the cases; with a window of 30 days, half of which is lost to the rhythm
    assert 61 < gap.value < gap.then < 91


def test_churn_a_longer_gap_wins_although_less_accurate(churn: Assessment) -> None:
    assert churn.recommended == "three_month_gap"
    means = {key: result.summary.mean for key, result in churn.options.items()}
    assert means["three_month_gap"] > means["two_month_gap"] > means["no_gap"]
    figures = churn.evaluations("lead_time")
    precision = {key: float(np.mean(figures[key].figures["precision"])) for key in figures}
    assert precision["three_month_gap"] < precision["two_month_gap"] < precision["no_gap"]
    assert churn.options["three_month_gap"].findings["lead_time"].status == "meets"
    assert churn.options["two_month_gap"].findings["lead_time"].status == "fails"


def test_churn_accuracy_alone_is_shown_not_to_be_enough(churn: Assessment) -> None:
    detail = " ".join(churn.options["no_gap"].findings["lead_time"].words.detail)
    assert "An accuracy of 90 % says little here: a model that flags nobody is right for 98 % of 20,000" in detail
    assert "Precision and recall decide" in detail


@pytest.mark.parametrize("option", ["no_gap", "two_month_gap", "three_month_gap", "contract_rules"])
def test_churn_shows_the_teams_capacity(churn: Assessment, option: str) -> None:
    detail = " ".join(churn.options[option].findings["lead_time"].words.detail)
    assert "are flagged a month" in detail
    assert "447 can be tried" in detail  # 4 people × some 55 hours × some 2 an hour
    # of what is flagged beyond what can be tried, the mean where there is any: numbers that add up
    figures = churn.evaluations("lead_time")[option].figures
    more = np.asarray(figures["flagged"]) - np.asarray(figures["capacity"])
    assert f"There is {chance_words(float((more > 0).mean()))} that more are flagged" in detail
    assert f"then the list would grow by {plain(float(more[more > 0].mean()))} a month" in detail
    assert re.search(r"A case waits up to \d+ days in the list", detail)


def test_churn_two_weeks_of_persuasion_change_the_recommendation() -> None:
    document = edits.say(example("churn"), "lead_time.persuasion", spread(14.0, 21.0))
    quick = assess(document, on=ON)
    assert quick.recommended == "two_month_gap"
    assert quick.options["two_month_gap"].findings["lead_time"].status == "meets"
    assert quick.options["no_gap"].findings["lead_time"].status == "fails"


def test_churn_figures_and_table(churn: Assessment) -> None:
    consideration, evaluations = churn.registry["lead_time"], churn.evaluations("lead_time")
    view = churn.view("lead_time", "no_gap")
    gap, needed = consideration.figures(view, evaluations)
    assert (gap.key, needed.key) == ("gap", "needed")
    profit = next(trace for trace in gap.plotly["data"] if trace.get("name") == "profit a month")
    # the curve at this option's own gap is its own profit, up to fewer draws
    own = float(np.mean(evaluations["no_gap"].figures["profit"]))
    assert profit["y"][0] == pytest.approx(own, rel=0.02)
    best = max(range(len(profit["y"])), key=lambda i: profit["y"][i])
    assert f"train with a gap of about {profit['x'][best]:g}".split(".")[0] in gap.caption
    done = needed.plotly["data"][0]["y"]
    assert all(0 <= low <= high <= 1 for low, high in itertools.pairwise(done))
    for figure_ in (gap, needed):
        assert all(len(row) == len(figure_.columns) for row in figure_.rows)
        assert figure_.alt
    columns, rows = consideration.table(evaluations, lambda key: churn.view("lead_time", key))
    assert columns == ("Reached in time", "Saves a month", "Contacts a month", "Profit a month")
    assert [row[0] for row in rows] == ["no_gap", "two_month_gap", "three_month_gap", "contract_rules"]
    assert rows[0][1] == "under 1 %"
