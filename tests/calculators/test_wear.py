"""How an effect wears off: against numerical integration, by hand, at its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from shipworthy.calculators.joint import DAYS_A_MONTH, discounted_days
from shipworthy.calculators.wear import effect_kept, retraining_cost
from shipworthy.errors import InputError


def integrated(decay: float, every: float, months: float, rate: float) -> float:
    """The definition, integrated cycle by cycle."""
    cycle = every if every > 0 else months
    total, start = 0.0, 0.0
    while start < months - 1e-12:
        end = min(start + cycle, months)
        total += quad(lambda t, s=start: (1 - decay) ** (t - s) * (1 + rate) ** (-t / 12), start, end)[0]
        start = end
    return float(total / quad(lambda t: (1 + rate) ** (-t / 12), 0, months)[0])


@pytest.mark.parametrize("decay", [0.001, 0.05, 0.3, 0.9])
@pytest.mark.parametrize(("every", "months"), [(3, 36), (5, 36), (0, 24), (48, 12), (1.7, 10.3)])
@pytest.mark.parametrize("rate", [0.0, 0.08, 1.0])
def test_against_the_integral(decay: float, every: float, months: float, rate: float) -> None:
    found = effect_kept(decay, every, months, rate)
    assert float(found) == pytest.approx(integrated(decay, every, months, rate), rel=1e-9)


def test_by_hand() -> None:
    # half a month, never retrained, one month: (1 − 0.5) / ln 2 = 0.7213
    assert float(effect_kept(0.5, 0.0, 1.0)) == pytest.approx(0.5 / np.log(2))
    assert float(effect_kept(0.5, 1.0, 24.0)) == pytest.approx(0.5 / np.log(2))


def test_the_average_times_discounted_months_is_the_discounted_sum() -> None:
    months = float(discounted_days(0.0, 20 * DAYS_A_MONTH, 0.1)) / DAYS_A_MONTH
    sum_kept = quad(lambda t: 0.96 ** (t % 6) * 1.1 ** (-t / 12), 0, 20, points=[6, 12, 18])[0]
    assert float(effect_kept(0.04, 6.0, 20.0, 0.1)) * months == pytest.approx(sum_kept, rel=1e-9)


def test_limits() -> None:
    assert effect_kept(0.0, 3.0, 36.0) == 1
    assert float(effect_kept(1.0, 3.0, 36.0)) == 0
    assert float(effect_kept(0.1, 3.0, 0.0)) == 1
    assert float(effect_kept(1e-14, 3.0, 36.0)) == pytest.approx(1)
    assert float(effect_kept(0.3, 1e-6, 36.0)) == pytest.approx(1, abs=1e-6)
    assert float(effect_kept(0.02, 1e6, 12.0)) == pytest.approx(float(effect_kept(0.02, 0.0, 12.0)))


def test_arrays_as_numbers() -> None:
    decay, every = np.array([0.0, 0.05, 1.0, 0.2]), np.array([3.0, 0.0, 1.0, 7.0])
    months = np.array([12.0, 30.0, 5.0, 0.0])
    found = effect_kept(decay, every, months, 0.05)
    each = [float(effect_kept(*one, 0.05)) for one in zip(decay, every, months, strict=True)]
    np.testing.assert_allclose(found, each)


@given(st.floats(0, 1), st.floats(0.1, 24), st.floats(0.1, 60), st.floats(0, 0.5))
def test_more_decay_keeps_less_and_it_stays_a_share(decay: float, every: float, months: float, rate: float) -> None:
    kept = float(effect_kept(decay, every, months, rate))
    assert -1e-12 <= kept <= 1 + 1e-9
    assert float(effect_kept(min(1.0, decay + 0.05), every, months, rate)) <= kept + 1e-9
    assert float(effect_kept(decay, 0.0, months, rate)) <= kept + 1e-9


def test_what_retraining_costs() -> None:
    np.testing.assert_allclose(retraining_cost(900.0, np.array([3.0, 0.0, 1.0])), [300.0, 0.0, 900.0])


@pytest.mark.parametrize(
    "wrong", [(1.2, 3, 12, 0), (-0.1, 3, 12, 0), (0.1, -3, 12, 0), (0.1, 3, -1, 0), (0.1, 3, 1, -1)]
)
def test_what_cannot_be_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(InputError, match="would do"):
        effect_kept(*wrong)
    with pytest.raises(InputError, match="0 or more"):
        retraining_cost(1.0, -1.0)
