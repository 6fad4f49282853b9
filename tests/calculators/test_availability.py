"""Availability against hand-worked values, enumeration, a simulation, mpmath and its limits."""

from itertools import product

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.availability import (
    chance_downtime_exceeds,
    downtime_minutes,
    k_of_n,
    series,
    served_share,
)
from shipworthy.errors import InputError


def test_series_by_hand() -> None:
    assert float(series(0.9, 0.8, 0.5)) == pytest.approx(0.36)
    assert float(series()) == 1.0
    assert series([0.9, 1.0], 0.5).tolist() == [0.45, 0.5]


@pytest.mark.parametrize(("k", "n"), [(1, 1), (1, 2), (2, 3), (3, 5), (5, 5), (0, 4)])
def test_k_of_n_against_all_states(k: int, n: int) -> None:
    up, total = 0.93, 0.0
    for state in product((0, 1), repeat=n):
        if sum(state) >= k:
            total += float(np.prod([up if working else 1 - up for working in state]))
    assert float(k_of_n(up, k, n)) == pytest.approx(total, rel=1e-12)


def test_the_common_cause_by_hand() -> None:
    # 1 of 2 at 99 %, a tenth of the 1 % in common: 0.001 for both; each else up 0.99 / 0.999
    own = 0.99 / 0.999
    assert float(k_of_n(0.99, 1, 2, 0.1)) == pytest.approx(0.999 * (1 - (1 - own) ** 2), rel=1e-12)
    assert float(k_of_n(0.99, 1, 5, 1.0)) == pytest.approx(0.99)
    for common in (0.0, 0.3, 1.0):
        assert float(k_of_n(0.97, 1, 1, common)) == pytest.approx(0.97)


def test_k_of_n_limits() -> None:
    assert k_of_n([0.0, 1.0], 1, 2, 0.5).tolist() == [0.0, 1.0]
    assert float(k_of_n(0.0, 1, 2, 1.0)) == 0.0
    assert float(k_of_n(0.5, 2, 2)) == pytest.approx(float(series(0.5, 0.5)))


@given(up=st.floats(0.5, 0.9999), k=st.integers(1, 4), more=st.integers(0, 4), common=st.floats(0, 0.9))
def test_k_of_n_directions(up: float, k: int, more: int, common: float) -> None:
    found = k_of_n(up, k, k + more, common)
    assert found <= k_of_n(up, k, k + more + 1, common) + 1e-12
    assert found >= k_of_n(up, k + 1, k + 1 + more, common) - 1e-12
    assert found <= k_of_n((1 + up) / 2, k, k + more, common) + 1e-12
    assert found <= 1 - common * (1 - up) + 1e-12, "no redundancy helps against what hits all at once"


def test_downtime_of_the_usual_nines() -> None:
    assert downtime_minutes([0.999, 0.9995, 0.9999]) == pytest.approx([43.8, 21.9, 4.38])
    assert downtime_minutes([0.0, 1.0]).tolist() == [43_800.0, 0.0]


def test_chance_against_a_simulation() -> None:
    rng = np.random.default_rng(6)
    for up, length, budget, months in ((0.999, 60.0, 43.8, 1), (0.995, 30.0, 300.0, 1), (0.999, 120.0, 600.0, 12)):
        outages = rng.poisson(43_800 * months * (1 - up) / length, 400_000)
        down = np.where(outages > 0, length * rng.standard_gamma(np.maximum(outages, 1)), 0.0)
        found = float(chance_downtime_exceeds(up, length, budget, months))
        assert found == pytest.approx((down > budget).mean(), abs=0.003)


def test_chance_against_its_series_in_mpmath() -> None:
    for up, length, budget in ((0.999, 60.0, 43.8), (0.9, 10.0, 4000.0), (0.99999, 30.0, 10.0)):
        outages, least = mpmath.mpf(43_800 * (1 - up) / length), mpmath.mpf(budget / length)
        total = mpmath.nsum(
            lambda n, m=outages, b=least: (
                mpmath.exp(-m) * m**n / mpmath.factorial(n) * mpmath.gammainc(n, b) / mpmath.gamma(n)
            ),
            [1, 900],
            method="direct",
        )
        assert float(chance_downtime_exceeds(up, length, budget)) == pytest.approx(float(total), rel=1e-8)


def test_chance_limits_and_directions() -> None:
    assert float(chance_downtime_exceeds(1.0, 30, 10)) == 0.0
    # no budget: the chance of any outage at all, 43.8 / 30 of them on average
    assert float(chance_downtime_exceeds(0.999, 30, 0)) == pytest.approx(1 - np.exp(-43.8 / 30))
    base = chance_downtime_exceeds(0.999, 30, 60)
    assert chance_downtime_exceeds(0.999, 30, 90) < base < chance_downtime_exceeds(0.998, 30, 60)
    assert chance_downtime_exceeds(0.999, 30, 60, 2) > base
    # many short outages: nearly the mean for certain
    assert chance_downtime_exceeds(0.999, 0.01, [40.0, 48.0]).tolist() == pytest.approx([1.0, 0.0], abs=1e-3)


def test_served_by_hand_and_at_its_limits() -> None:
    assert float(served_share(0.99)) == pytest.approx(0.99)
    assert float(served_share(0.9, 0.5)) == pytest.approx(0.95)
    assert float(served_share(0.9, 0.5, 0.4)) == pytest.approx(0.9 + 0.1 * (0.4 + 0.6 * 0.5))
    assert float(served_share(0.9, 0.5, 0.4, 0.0)) == pytest.approx(0.94)
    assert served_share(0.9, [0.0, 1.0], 0.0).tolist() == pytest.approx([0.9, 1.0])
    assert float(served_share(0.0, queued=1.0)) == 1.0


def test_what_is_no_share_is_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"Availability: the availability is 99\.9"):
        downtime_minutes(99.9)
    with pytest.raises(InputError, match="the availability is -1"):
        series(0.9, [0.5, -1.0])
    with pytest.raises(InputError, match="common-cause share is 2"):
        k_of_n(0.9, 1, 2, 2)
    with pytest.raises(InputError, match="3 of 2 was found"):
        k_of_n(0.9, 3, 2)
    with pytest.raises(InputError, match=r"1\.5 of 2 was found"):
        k_of_n(0.9, 1.5, 2)
    with pytest.raises(InputError, match=r"effect of the fallback is 1\.2"):
        served_share(0.9, 1.2)
    with pytest.raises(InputError, match="outages of 0 minutes"):
        chance_downtime_exceeds(0.9, 0, 10)
    with pytest.raises(InputError, match=r"budget \[min\] is -1"):
        chance_downtime_exceeds(0.9, 10, -1)
