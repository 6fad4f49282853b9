"""Response time on the panel against brute force, hand-worked values and its limits."""

import numpy as np
import pytest

from shipworthy.calculators.response import ColdStart
from shipworthy.calculators.response_curve import Curve, convolved, sampled
from shipworthy.calculators.spreads import Z95
from shipworthy.errors import EstimateError, InputError

P50S, P95S = [20.0, 5.0, 60.0, 180.0, 30.0, 15.0], [60.0, 6.0, 90.0, 900.0, 90.0, 80.0]
SHARES = [0.5, 0.95, 0.99]


def draws(correlation: float, seed: int, count: int = 10**6) -> tuple[np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    total = []
    for _ in range(2):
        scores = np.sqrt(correlation) * rng.standard_normal((count, 1))
        scores = scores + np.sqrt(1 - correlation) * rng.standard_normal((count, 6))
        total.append((np.array(P50S) * np.exp(np.log(np.array(P95S) / P50S) / Z95 * scores)).sum(axis=1))
    return np.concatenate(total), rng


def test_convolution_against_brute_force() -> None:
    total, rng = draws(0.0, 1)
    curve = convolved(P50S, P95S)
    assert curve.percentile(SHARES) == pytest.approx(np.quantile(total, SHARES), rel=0.005)
    assert float(curve.share_within(700.0)) == pytest.approx((total <= 700).mean(), abs=0.001)
    cold = total + (rng.random(len(total)) < 0.03) * 800 * np.exp(0.6 * rng.standard_normal(len(total)))
    mixed = convolved(P50S, P95S, ColdStart(0.03, 800, 800 * np.exp(0.6 * Z95)))
    assert mixed.percentile(SHARES) == pytest.approx(np.quantile(cold, SHARES), rel=0.008)


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_sampling_against_brute_force(correlation: float) -> None:
    total, _ = draws(correlation, 2)
    found = sampled(P50S, P95S, correlation).percentile(SHARES)
    assert found == pytest.approx(np.quantile(total, SHARES), rel=0.008)


def test_sampling_meets_the_convolution_where_stages_are_independent() -> None:
    cold = ColdStart(0.05, 700.0, 1500.0)
    for extra in (None, cold):
        exact = convolved(P50S, P95S, extra).percentile(SHARES)
        assert sampled(P50S, P95S, 0.0, extra, seed=5).percentile(SHARES) == pytest.approx(exact, rel=0.008)


def test_one_stage_has_its_own_percentiles() -> None:
    for curve in (convolved([40.0], [95.0]), sampled([40.0], [95.0])):
        assert curve.percentile([0.5, 0.95]) == pytest.approx([40, 95], rel=2e-3)


def test_certain_stages_shift_the_curve() -> None:
    alone, shifted = convolved([40.0], [95.0]), convolved([40.0, 25.0], [95.0, 25.0])
    assert shifted.percentile(SHARES) == pytest.approx(alone.percentile(SHARES) + 25, abs=1e-6)
    step = convolved([30.0, 10.0], [30.0, 10.0])
    assert step.share_within([39.9, 40.0, 41.0]).tolist() == [0.0, 1.0, 1.0]
    assert float(step.percentile(0.95)) == 40.0


def test_stages_that_move_together_add_their_percentiles() -> None:
    found = sampled([20.0, 60.0], [60.0, 180.0], 1.0).percentile([0.5, 0.95])
    assert found == pytest.approx([80, 240], rel=2e-3)


def test_a_matrix_of_correlations_and_scores_of_ones_own() -> None:
    scores = np.random.default_rng(4).standard_normal((4000, 2))
    matrix = [[1.0, 0.6], [0.6, 1.0]]
    one = sampled([20.0, 60.0], [60.0, 180.0], 0.6, scores=scores)
    two = sampled([20.0, 60.0], [60.0, 180.0], matrix, scores=scores)
    assert one.percentile(SHARES) == pytest.approx(two.percentile(SHARES), rel=1e-12)
    assert one.times.shape == (4000,)
    weaker = sampled([20.0, 60.0], [60.0, 180.0], [[1.0, -0.6], [-0.6, 1.0]])
    assert weaker.percentile(0.99) < sampled([20.0, 60.0], [60.0, 180.0]).percentile(0.99)


def test_the_same_seed_gives_the_same_curve() -> None:
    assert (sampled([20.0], [60.0], seed=3).times == sampled([20.0], [60.0], seed=3).times).all()


def test_a_curve_reads_both_ways() -> None:
    curve = Curve(np.array([0.0, 10.0, 20.0]), np.array([0.0, 0.5, 1.0]))
    assert curve.percentile(curve.share_within([3.0, 15.0])) == pytest.approx([3.0, 15.0])
    assert curve.share_within([-1.0, 99.0]).tolist() == [0.0, 1.0]


def test_what_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(EstimateError):
        convolved([10.0], [9.0])
    with pytest.raises(InputError, match="2 medians and 1 95th"):
        convolved([10.0, 20.0], [30.0])
    with pytest.raises(InputError, match="do not go together"):
        sampled([1.0, 1.0, 1.0], [2.0, 2.0, 2.0], [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    with pytest.raises(InputError, match="symmetric table of 2 by 2"):
        sampled([1.0, 1.0], [2.0, 2.0], [[1.0, 0.5, 0.1]])
    with pytest.raises(InputError, match="Give 2 columns"):
        sampled([1.0, 1.0], [2.0, 2.0], scores=np.zeros((5, 3)))
    with pytest.raises(InputError, match=r"correlation of -0\.2"):
        sampled([1.0, 1.0], [2.0, 2.0], -0.2)
    with pytest.raises(InputError, match="share of 2"):
        convolved([1.0], [2.0]).percentile(2.0)
