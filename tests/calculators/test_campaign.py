"""The campaign against hand-worked cases, a simulation of customers, and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.campaign import (
    DAYS_A_MONTH,
    Offer,
    Skill,
    campaign,
    capacity,
    consistency,
    contact_threshold,
    decayed,
    flagged,
    precision_from_share,
)
from shipworthy.errors import InputError


def test_flagged_precision_and_consistency_by_hand() -> None:
    # 200 events a month, 60 % found, 30 % of the flagged are right: 120 true cases in 400 flagged, 4 % of 10,000
    assert float(flagged(200, 0.6, 0.3)) == pytest.approx(400)
    assert float(precision_from_share(200, 0.6, 10_000, 0.04)) == pytest.approx(0.3)
    assert float(consistency(200, Skill(0.6, 0.3), 10_000, 0.04)) == pytest.approx(1.0)
    assert float(consistency(200, Skill(0.6, 0.3), 10_000, 0.08)) == pytest.approx(2.0)


def test_flagged_and_precision_limits() -> None:
    assert flagged([0.0, 10.0, 10.0], [0.5, 0.0, 0.5], [0.0, 0.0, 0.0]).tolist() == [0.0, 0.0, np.inf]
    assert float(precision_from_share(200, 0.6, 100, 0.5)) == 1.0
    assert np.isnan(precision_from_share(200, 0.6, 100, 0.0))
    assert float(consistency(0, Skill(0.6, 0.3), 0, 0.1)) == 1.0
    assert float(consistency(0, Skill(0.6, 0.3), 100, 0.1)) == np.inf


@given(events=st.floats(1, 1e4), recall=st.floats(0.01, 1), scored=st.floats(2e4, 1e6), share=st.floats(0.5, 1))
def test_precision_from_share_is_consistent(events: float, recall: float, scored: float, share: float) -> None:
    precision = precision_from_share(events, recall, scored, share)
    assert float(consistency(events, Skill(recall, precision), scored, share)) == pytest.approx(1.0)
    assert float(flagged(events, recall, precision)) == pytest.approx(scored * share)


def test_capacity_by_hand() -> None:
    team = capacity(people=[3, 0], hours=120, contacts_an_hour=5, contact_rate=0.3)
    assert team.attempts.tolist() == [1800.0, 0.0]
    assert team.conversations.tolist() == [540.0, 0.0]


def test_decay_by_hand_and_at_its_limits() -> None:
    months = DAYS_A_MONTH * np.array([0.0, 1.0, 2.0, -1.0, 1e6])
    assert decayed(0.9, 0.1, months, 0.1) == pytest.approx([0.9, 0.82, 0.748, 0.1 + 0.8 / 0.9, 0.1])
    assert float(decayed(0.05, 0.1, 300, 0.2)) == 0.05, "below the floor it stays"
    assert decayed(0.9, 1.0, [0.0, 1.0], 0.1).tolist() == [0.9, 0.1]
    assert decayed(0.0, 1.0, [-30.0, 30.0]).tolist() == [0.0, 0.0]
    with pytest.raises(InputError, match="share lost in a month is 120% to 120%"):
        decayed(0.9, 1.2, 30)


def test_threshold_of_the_paper() -> None:
    assert float(contact_threshold(200, 0.3, 10, 1, 1)) == pytest.approx(11 / 67, rel=1e-14)


def test_threshold_limits() -> None:
    assert np.isinf(contact_threshold(200, [0.0, 0.005, 0.3], 10, 1)).tolist() == [True, True, False]
    assert float(contact_threshold(10, 0.3, 10, 1)) == np.inf, "worth no more than the incentive"
    assert float(contact_threshold(200, 0.3, 10, 57)) == np.inf, "a certain case just pays its contact"
    assert float(contact_threshold(200, 0.3, 10, 0, 0)) == 0.0, "a contact that costs nothing always pays"


@given(
    value=st.floats(1, 1e4),
    success=st.floats(0.01, 1),
    incentive=st.floats(0, 100),
    contact=st.floats(0.01, 50),
    takers=st.floats(0, 1),
    reached=st.floats(0.05, 1),
)
def test_at_the_threshold_a_contact_earns_nothing(
    value: float, success: float, incentive: float, contact: float, takers: float, reached: float
) -> None:
    offer = Offer(value, success, incentive, contact, takers)
    threshold = float(contact_threshold(value, success * reached, incentive, contact, takers))
    if threshold < 1:
        size = value + incentive + contact
        assert float(campaign(1, threshold, reached, 1, offer).profit) == pytest.approx(0, abs=1e-9 * size)
        assert float(campaign(1, min(1.0, threshold * 1.01), reached, 1, offer).profit) > -1e-9 * size
        assert float(campaign(1, threshold * 0.99, reached, 1, offer).profit) < 1e-9 * size
    else:
        assert float(campaign(1, 1, reached, 1, offer).profit) <= 1e-9 * (value + incentive + contact)


def test_a_month_by_hand() -> None:
    # 300 contacts, 90 true cases, half in time, 30 % of those saved: 13.5. Cost 300 + 135 + 105 takers x 10
    month = campaign(400, 0.3, 0.5, 300, Offer(200, 0.3, 10, 1, 0.5))
    assert [float(x) for x in (month.contacts, month.true_cases, month.saves)] == pytest.approx([300, 90, 13.5])
    assert float(month.cost) == pytest.approx(300 + 135 + 1050)
    assert float(month.profit) == pytest.approx(2700 - 1485)


def test_a_month_against_customers_one_by_one() -> None:
    rng = np.random.default_rng(2)
    contacted, offer = 400_000, Offer(200, 0.3, 10, 1, 0.6)
    true_case = rng.random(contacted) < 0.25
    saved = true_case & (rng.random(contacted) < 0.4) & (rng.random(contacted) < 0.3)
    took = ~true_case & (rng.random(contacted) < 0.6)
    profit = 200 * saved - 1 - 10 * (saved | took)
    expected = campaign(contacted, 0.25, 0.4, np.inf, offer)
    assert float(expected.saves) == pytest.approx(saved.sum(), rel=0.03)
    assert float(expected.profit) / contacted == pytest.approx(profit.mean(), abs=0.15)


def test_too_late_costs_the_contact_only() -> None:
    late = campaign(100, 1.0, 0.0, 100, Offer(200, 0.3, 10, 1, 1))
    assert (float(late.saves), float(late.cost), float(late.profit)) == (0.0, 100.0, -100.0)


def test_no_capacity_no_campaign() -> None:
    idle = campaign(400, 0.3, 0.5, [0.0, np.inf], Offer())
    assert idle.contacts.tolist() == [0.0, 400.0]
    assert (idle.cost[0], idle.profit[0]) == (0.0, 0.0)


def test_agrees_with_the_profit_of_the_churn_measure() -> None:
    # all takers, all in time: profit a contact as in Verbraken et al., p (0.3 x 190 - 1) - (1 - p) 11
    p = np.array([0.0, 0.2, 1.0])
    assert campaign(1, p, 1, 1, Offer()).profit == pytest.approx(p * 56 - (1 - p) * 11)


@given(
    precision=st.floats(0.05, 0.9), reached=st.floats(0.05, 0.9), success=st.floats(0.05, 0.9), unit=st.floats(0.1, 10)
)
def test_directions_and_units(precision: float, reached: float, success: float, unit: float) -> None:
    base = campaign(400, precision, reached, 300, Offer(200, success, 10, 1, 0.8))
    slack = 1e-9 * (abs(float(base.profit)) + 1)
    assert campaign(400, precision + 0.05, reached, 300, Offer(200, success, 10, 1, 0.8)).profit > base.profit - slack
    assert campaign(400, precision, reached + 0.05, 300, Offer(200, success, 10, 1, 0.8)).profit > base.profit
    assert campaign(400, precision, reached, 300, Offer(200, success + 0.05, 10, 1, 0.8)).profit > base.profit
    assert campaign(400, precision, reached, 300, Offer(200, success, 10, 1, 0.9)).profit < base.profit
    scaled = campaign(400, precision, reached, 300, Offer(200 * unit, success, 10 * unit, unit, 0.8))
    assert float(scaled.profit) == pytest.approx(unit * float(base.profit), rel=1e-9, abs=1e-9)
