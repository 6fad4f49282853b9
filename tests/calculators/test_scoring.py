"""Scores of forecasts against closed forms, hand-worked values, brute force, and what makes a score proper."""

import math
from itertools import pairwise
from statistics import NormalDist

import mpmath  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.scoring import brier, coverage_chance, crps, inside, interval_score
from shipworthy.errors import InputError

NORMAL = NormalDist()


def quantiles(count: int, mean: float = 0.0, sd: float = 1.0) -> list[float]:
    return [mean + sd * NORMAL.inv_cdf((place + 0.5) / count) for place in range(count)]


def crps_of_normal(came: float) -> float:
    """Closed form: z (2 Φ(z) − 1) + 2 φ(z) − 1 / √π (Gneiting & Raftery 2007, eq. 5.7 in Gneiting et al. 2005)."""
    return came * (2 * NORMAL.cdf(came) - 1) + 2 * NORMAL.pdf(came) - 1 / math.sqrt(math.pi)


def crps_by_integral(values: list[float], came: float) -> float:
    """∫ (F − 1{x ≥ y})² dx over the steps of the distribution function."""
    places = sorted({*values, came})
    total = 0.0
    for left, right in pairwise(places):
        below = sum(each <= left for each in values) / len(values)
        total += (below - (came <= left)) ** 2 * (right - left)
    return total


# ---- Brier


def test_brier_by_hand() -> None:
    assert brier(0.7, 1) == pytest.approx(0.09)
    assert brier(0.7, 0) == pytest.approx(0.49)
    assert brier([0.0, 1.0, 0.5, 0.5], [0, 1, 0, 1]).tolist() == [0.0, 0.0, 0.25, 0.25]
    assert brier([[0.1], [0.2]], [0, 1]).shape == (2, 2)


@given(st.floats(0, 1), st.floats(0, 1))
def test_brier_is_proper(true: float, said: float) -> None:
    def mean(chance: float) -> float:
        return float(true * brier(chance, 1) + (1 - true) * brier(chance, 0))

    assert mean(true) <= mean(said) + 1e-12


@pytest.mark.parametrize(
    ("chance", "came", "found"), [(1.2, 1, "1.2"), (-0.1, 0, "-0.1"), (math.nan, 0, "nan"), (0.5, 0.5, "0.5")]
)
def test_brier_refuses(chance: float, came: float, found: str) -> None:
    with pytest.raises(InputError, match=f"{found} was found"):
        brier([0.5, chance], [1, came])


# ---- intervals


def test_interval_score_by_hand() -> None:
    # 80 %: alpha = 0.2, so a miss costs ten times itself
    assert interval_score(10, 20, 10).tolist() == 10.0
    assert interval_score(10, 20, 9) == pytest.approx(10 + 10 * 1)
    assert interval_score(10, 20, 23.5) == pytest.approx(10 + 10 * 3.5)
    assert interval_score(10, 20, 23.5, share=0.5) == pytest.approx(10 + 4 * 3.5)
    assert interval_score(7, 7, 7) == 0.0


def test_the_interval_score_is_best_for_the_true_percentiles() -> None:
    came = np.array(quantiles(4001))
    true = float(interval_score(NORMAL.inv_cdf(0.1), NORMAL.inv_cdf(0.9), came).mean())
    # closed form: 2 z + 2 (2 / α) (φ(z) − z α / 2) = (4 / α) φ(z), less what 4,001 quantiles lack in the tails
    z = NORMAL.inv_cdf(0.9)
    assert true == pytest.approx(20 * NORMAL.pdf(z), rel=3e-4)
    for low, high in ((-1.0, 1.0), (-1.6, 1.6), (-1.2816, 1.0), (-1.6, 1.2816)):
        assert float(interval_score(low, high, came).mean()) > true


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e5), st.floats(0.1, 100))
def test_the_interval_score_grows_with_the_miss_and_scales_with_the_unit(
    low: float, width: float, miss: float, unit: float
) -> None:
    high = low + width
    near, far = interval_score(low, high, high + miss), interval_score(low, high, high + 2 * miss + 1)
    assert near < far
    assert interval_score(unit * low, unit * high, unit * (high + miss)) == pytest.approx(
        unit * float(near), rel=1e-6, abs=1e-4
    )


def test_inside_counts_the_ends() -> None:
    assert inside(1, 3, [0.999, 1, 2, 3, 3.001]).tolist() == [False, True, True, True, False]


@pytest.mark.parametrize("act", [interval_score, inside])
def test_intervals_refuse(act: object) -> None:
    assert callable(act)
    with pytest.raises(InputError, match="Low is above high"):
        act([1, 5], [2, 4], 1)
    with pytest.raises(InputError, match="What came: inf was found"):
        act(1, 2, math.inf)
    with pytest.raises(InputError, match="Share: 1 was found"):
        interval_score(1, 2, 1, share=1.0)


# ---- coverage


def test_coverage_chance_against_mpmath_and_by_hand() -> None:
    for hits, count, share in ((0, 10, 0.8), (4, 10, 0.8), (8, 10, 0.8), (70, 100, 0.8), (10, 10, 0.8), (3, 7, 0.5)):
        wanted = mpmath.fsum(
            mpmath.binomial(count, k) * mpmath.mpf(share) ** k * (1 - mpmath.mpf(share)) ** (count - k)
            for k in range(hits + 1)
        )
        assert float(coverage_chance(hits, count, share=share)) == pytest.approx(float(wanted), rel=1e-12)
    assert float(coverage_chance(0, 1)) == pytest.approx(0.2)
    assert float(coverage_chance(0, 0)) == 1.0
    assert coverage_chance([1, 2], [2, 2]).tolist() == pytest.approx([1 - 0.64, 1.0])


def test_coverage_chance_refuses() -> None:
    for hits, count in ((3, 2), (-1, 2), (1.5, 2), (1, math.inf)):
        with pytest.raises(InputError, match="were found"):
            coverage_chance(hits, count)


# ---- CRPS


def test_crps_by_hand() -> None:
    # 1, 2, 3 against 2: E|X − y| = 2/3, E|X − X'| = 8/9
    assert float(crps([3, 1, 2], 2)) == pytest.approx(2 / 3 - 4 / 9)
    assert float(crps([5.0], 8.0)) == 3.0
    assert float(crps(5.0, 8.0)) == 3.0
    assert float(crps([0.0, 1.0], 1.0)) == pytest.approx(0.25), "two values: the Brier score of one half"


def test_crps_of_a_normal_is_the_closed_form() -> None:
    for came in (-3.0, -0.5, 0.0, 1.0, 4.0):
        assert float(crps(quantiles(2000), came)) == pytest.approx(crps_of_normal(came), abs=1e-3)
    # the same in another unit
    assert float(crps(quantiles(2000, 60, 12), 72)) == pytest.approx(12 * crps_of_normal(1.0), abs=12e-3)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12), st.floats(-1e3, 1e3))
def test_crps_is_the_integral(values: list[float], came: float) -> None:
    assert float(crps(values, came)) == pytest.approx(crps_by_integral(values, came), abs=1e-8)


def test_crps_broadcasts_and_is_never_negative() -> None:
    values = np.array([[1.0, 2.0, 3.0], [10.0, 10.0, 10.0]])
    assert crps(values, [2.0, 12.0]).tolist() == pytest.approx([2 / 9, 2.0])
    assert crps([1.0, 2.0, 3.0], [1.0, 2.0, 30.0]).shape == (3,)
    assert float(crps([7.0] * 50, 7.0)) == 0.0
    far = np.full(1000, 1e12)
    assert float(crps(far, 1e12)) == 0.0


def test_crps_is_best_for_the_true_spread() -> None:
    came = np.array(quantiles(501))
    scores = {sd: float(crps(quantiles(500, 0, sd), came).mean()) for sd in (0.5, 0.8, 1.0, 1.25, 2.0)}
    assert min(scores, key=lambda sd: scores[sd]) == 1.0


def test_crps_refuses() -> None:
    for values, came in (([], 1.0), ([1.0, math.nan], 1.0), ([1.0], math.inf)):
        with pytest.raises(InputError, match="finite"):
            crps(values, came)
