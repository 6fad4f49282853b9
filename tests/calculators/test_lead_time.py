"""Profit against the gap: the parts put together by hand, its shape, its limits."""

from dataclasses import replace

import numpy as np
import pytest

from shipworthy.calculators import campaign as campaigns
from shipworthy.calculators import lead_time
from shipworthy.calculators.lead_time import DAYS_A_MONTH, Offer, Skill, Timing, best_gap, profit_against_gap
from shipworthy.calculators.queues import batch_wait
from shipworthy.calculators.spreads import lognormal_from_percentiles
from shipworthy.errors import InputError

TWO_MONTHS = lognormal_from_percentiles(60, 90)
CHURN = Timing(gap=0, window=30, rhythm=30, fixed=5, spread=TWO_MONTHS)
SKILL = Skill(recall=0.6, precision=0.3, recall_loss=0.05, precision_loss=0.08, precision_floor=0.02)


def test_the_parts_put_together_by_hand() -> None:
    gap = 2 * DAYS_A_MONTH
    recall, precision = 0.6 * 0.95**2, 0.02 + 0.28 * 0.92**2
    listed = 200 * recall / precision
    queue, share = batch_wait(listed * 30 / DAYS_A_MONTH, 250 / DAYS_A_MONTH, 30)
    in_time = lead_time.share_in_time(replace(CHURN, gap=gap, queue=queue))
    by_hand = lead_time.campaign(listed, precision, in_time, 250, Offer())
    assert float(by_hand.contacts) == pytest.approx(listed * float(share))
    profit = profit_against_gap([gap], CHURN, SKILL, Offer(), 200, 250)
    assert profit == pytest.approx([float(by_hand.profit)], rel=1e-12)


def test_a_longer_gap_wins_although_it_is_less_accurate() -> None:
    gaps = np.arange(0, 400, 5.0)
    profit = profit_against_gap(gaps, CHURN, SKILL, Offer(), 200, 1000)
    gap, best = best_gap(gaps, profit)
    assert profit[0] < 0 < best, "no gap: the contacts are paid and nobody is turned around"
    assert 60 <= gap <= 120
    assert profit[-1] < best


def test_acting_faster_moves_the_best_gap_down() -> None:
    gaps = np.arange(0, 400, 5.0)
    fast = replace(CHURN, spread=lognormal_from_percentiles(14, 21))
    slow_gap, slow = best_gap(gaps, profit_against_gap(gaps, CHURN, SKILL, Offer(), 200, 1000))
    fast_gap, quick = best_gap(gaps, profit_against_gap(gaps, fast, SKILL, Offer(), 200, 1000))
    assert fast_gap < slow_gap
    assert quick > slow


def test_cases_that_no_run_sees_are_neither_contacted_nor_saved() -> None:
    every, second = replace(CHURN, rhythm=30, window=30), replace(CHURN, rhythm=60, window=30)
    money = [profit_against_gap([90], timing, SKILL, Offer(), 200, np.inf)[0] for timing in (every, second)]
    assert money[1] == pytest.approx(money[0] / 2, rel=1e-12)


def test_a_model_that_loses_nothing_gains_by_every_day_of_gap() -> None:
    gaps = np.arange(0, 365, 7.0)
    profit = profit_against_gap(gaps, CHURN, Skill(0.6, 0.3), Offer(), 200, 300)
    assert (np.diff(profit) >= -1e-9).all()
    assert best_gap(gaps, np.round(profit, 3))[0] < gaps[-1], "of equal ones the shortest"


def test_a_shorter_gap_than_the_stated_one_cannot_pass_a_perfect_model() -> None:
    stated = replace(CHURN, gap=365)
    sharp = Skill(0.9, 0.9, 0.2, 0.2)
    assert profit_against_gap([120], stated, sharp, Offer(), 200, np.inf)[0] == pytest.approx(
        profit_against_gap([120], replace(stated, gap=120), Skill(1, 1), Offer(), 200, np.inf)[0], rel=1e-12
    )


def test_draws_lie_behind_the_gaps_and_agree_with_one_at_a_time() -> None:
    rng = np.random.default_rng(8)
    events, value, fixed = rng.uniform(100, 300, 7), rng.uniform(100, 400, 7), rng.uniform(0, 20, 7)
    gaps = [0.0, 45.0, 90.0]
    offers, timing = Offer(value=value), replace(CHURN, fixed=fixed)
    profit = profit_against_gap(gaps, timing, SKILL, offers, events, 250)
    assert profit.shape == (3, 7)
    for draw in range(7):
        alone = profit_against_gap(
            gaps, replace(CHURN, fixed=fixed[draw]), SKILL, Offer(value=value[draw]), events[draw], 250
        )
        assert profit[:, draw] == pytest.approx(alone, rel=1e-9)
    gap, best = best_gap(gaps, profit)
    assert gap.shape == best.shape == (7,)
    assert best == pytest.approx(profit.max(axis=0))


def test_best_gap_in_any_order_with_ties_and_without_numbers() -> None:
    gap, profit = best_gap([90, 0, 60, 30], [400.0, -100.0, 400.0, np.nan])
    assert (float(gap), float(profit)) == (60.0, 400.0)
    assert np.isnan(best_gap([0, 30], [np.nan, np.nan])[0])


def test_unusable_gaps_are_refused() -> None:
    with pytest.raises(InputError, match="gap is -5 days"):
        profit_against_gap([-5, 0], CHURN, SKILL, Offer(), 200, 300)
    for shape in (3.0, [[0.0, 1.0]]):
        with pytest.raises(InputError, match="Give one list of gaps"):
            profit_against_gap(shape, CHURN, SKILL, Offer(), 200, 300)


def test_every_promised_name_is_here() -> None:
    for name in lead_time.__all__:
        assert hasattr(lead_time, name), name
    assert lead_time.campaign is campaigns.campaign
