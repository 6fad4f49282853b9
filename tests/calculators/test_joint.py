"""The joint model against hand-worked cases, brute force and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.joint import DAYS_A_MONTH, DateCost, Phase, date_cost, discounted_days, payoff


def test_discounted_days_against_summing_day_by_day() -> None:
    for rate in (0.0, 0.03, 0.25):
        middle = np.arange(40, 700) + 0.5
        assert discounted_days(40.0, 700.0, rate) == pytest.approx(np.sum((1 + rate) ** (-middle / 365)), rel=1e-6)


def test_discounted_days_limits() -> None:
    assert discounted_days(10.0, 5.0, 0.1) == 0
    assert discounted_days(0.0, np.inf, 0.08) == pytest.approx(365 / np.log(1.08))
    assert discounted_days(np.inf, 1000.0, 0.08) == 0


def test_one_phase_by_hand() -> None:
    # 12 months a year at 100, live at once, one year, no discounting: 1,200, less 500 to build
    assert payoff([Phase(100.0, 0.0, 500.0)], 365, 0.0) == pytest.approx(700)


def test_second_phase_takes_over() -> None:
    service, own = Phase(100.0, 0.0, 50.0), Phase(300.0, 365.0, 1_000.0)
    # one year at 100 then one year at 300
    assert payoff([service, own], 730, 0.0) == pytest.approx(12 * 100 + 12 * 300 - 1_050)


def test_second_phase_that_comes_first_leaves_nothing_to_the_first() -> None:
    assert payoff([Phase(100.0, 200.0), Phase(300.0, 100.0)], 465, 0.0) == pytest.approx(300 * 365 / DAYS_A_MONTH)


def test_late_launch_after_the_period_earns_nothing() -> None:
    assert payoff([Phase(100.0, 800.0, 40.0)], 730, 0.0) == -40


def test_missed_date_costs_its_date_cost_and_no_more() -> None:
    date = DateCost(90, once=5_000, a_day=100)
    late = payoff([Phase(1_000.0, 120.0)], 365, 0.0)
    assert payoff([Phase(1_000.0, 120.0)], 365, 0.0, date) == pytest.approx(late - 5_000 - 30 * 100)
    in_time = payoff([Phase(1_000.0, 90.0)], 365, 0.0)
    assert payoff([Phase(1_000.0, 90.0)], 365, 0.0, date) == pytest.approx(in_time)


def test_date_cost_of_an_earlier_phase_counts() -> None:
    date = DateCost(90, once=5_000, a_day=100)
    phases = [Phase(10.0, 60.0), Phase(20.0, 300.0)]
    assert payoff(phases, 365, 0.0, date) == pytest.approx(payoff(phases, 365, 0.0))


def test_failed_gate_costs_one_off_and_date_cost_to_the_end() -> None:
    closed = Phase(9_999.0, 10.0, 700.0, gate_open=0.0)
    assert payoff([closed], 365, 0.0) == pytest.approx(-700)
    assert payoff([closed], 365, 0.0, DateCost(165, once=50, a_day=2)) == pytest.approx(-700 - 50 - 2 * 200)


def test_repaired_gate_costs_its_repair_and_days() -> None:
    plain, repaired = Phase(1_000.0, 60.0), Phase(1_000.0, 30.0, repair_cost=400.0, repair_days=30.0)
    assert payoff([repaired], 365, 0.05) == pytest.approx(payoff([plain], 365, 0.05) - 400)


def test_do_nothing_pays_the_date_cost_only() -> None:
    assert payoff([], 365, 0.08) == 0
    assert payoff([], 365, 0.0, DateCost(100, a_day=3)) == pytest.approx(-3 * 265)
    assert payoff([], 365, 0.0, DateCost(365, once=3)) == 0


def test_arrays_and_numbers_agree() -> None:
    launch = np.array([0.0, 50.0, 400.0])
    gates = np.array([1.0, 0.0, 1.0])
    date = DateCost(45, once=10.0, a_day=1.0)
    together = payoff([Phase(100.0, launch, 5.0, gates)], 365, 0.07, date)
    alone = [payoff([Phase(100.0, day, 5.0, gate)], 365, 0.07, date) for day, gate in zip(launch, gates, strict=True)]
    np.testing.assert_allclose(together, alone)


@given(st.floats(0, 900), st.floats(0, 300), st.floats(0, 0.5))
def test_a_later_launch_never_earns_more(day: float, delay: float, rate: float) -> None:
    assert payoff([Phase(10.0, day + delay)], 730, rate) <= payoff([Phase(10.0, day)], 730, rate) + 1e-9


@given(st.floats(0, 2_000), st.floats(0, 400))
def test_date_cost_grows_with_lateness(live: float, delay: float) -> None:
    cost = DateCost(100, once=7.0, a_day=2.0)
    assert date_cost(live + delay, cost, 1_000, 0.1) >= date_cost(live, cost, 1_000, 0.1) - 1e-9
