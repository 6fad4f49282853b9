"""What several people say: the mixture of their ranges."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy import special

from shipworthy._curves import C
from shipworthy.errors import EstimateError
from shipworthy.estimate import (
    Pool,
    Range,
    quantile_average,
)

EVEN = special.ndtri((np.arange(2**14) + 0.5) / 2**14)


PEOPLE = (Range(1, 2, 6, lower=0), Range(3, 4, 5, lower=0), Range(8, 12, 30, lower=0))


def test_pool_is_the_mixture():
    pool = Pool(PEOPLE)
    for p in (0.05, 0.2, 0.5, 0.8, 0.95):
        x = pool.quantile(p)
        share = np.mean([(r.from_scores(EVEN) <= x).mean() for r in PEOPLE])
        assert share == pytest.approx(p, abs=1e-4)
    assert np.all(np.diff(pool.from_scores(EVEN)) >= 0)
    assert pool.from_scores(EVEN).mean() == pytest.approx(pool.mean(), rel=1e-3)


def test_pool_of_two_normals_against_the_closed_form():
    pool = Pool((Range(8, 10, 12), Range(13, 14, 15)))
    a, b = NormalDist(10, 2 / C), NormalDist(14, 1 / C)
    for p in (0.001, 0.1, 0.5, 0.7, 0.999):
        x = pool.quantile(p)
        assert (a.cdf(x) + b.cdf(x)) / 2 == pytest.approx(p, rel=1e-4)


def test_pool_keeps_gaps_and_certain_numbers():
    gap = Pool((Range(1, 2, 3, 0, 4), Range(101, 102, 103, 100, 104))).from_scores(EVEN)
    assert (gap < 4).mean() == pytest.approx(0.5, abs=2e-3)
    assert ((gap > 4.01) & (gap < 99.9)).mean() < 2e-3
    certain = Pool((Range(5, 5, 5), Range(1, 2, 9, lower=0))).from_scores(EVEN)
    assert (np.abs(certain - 5) < 1e-9).mean() == pytest.approx(0.5, abs=2e-3)
    atom = Pool((Range(0, 3, 10, lower=0), Range(1, 3, 10, lower=0))).from_scores(EVEN)
    assert (atom == 0).mean() == pytest.approx(0.05, abs=1e-3)
    both = Pool((Range(5, 5, 5), Range(7, 7, 7))).from_scores(np.array([-1.0, 1.0]))
    assert both.tolist() == [5.0, 7.0]


def test_pool_of_one_or_of_equals_is_the_range():
    r = PEOPLE[0]
    assert np.array_equal(Pool((r,)).from_scores(EVEN), r.from_scores(EVEN))
    assert Pool((r, r, r)).from_scores(EVEN) == pytest.approx(r.from_scores(EVEN), rel=1e-4)
    for make in (Pool, quantile_average):
        with pytest.raises(EstimateError, match="nobody has given a range"):
            make(())


@pytest.mark.parametrize("people", [PEOPLE, PEOPLE[:2], (Range(1, 2, 3), Range(1.5, 2, 5)), (Range(0, 1, 2),) * 2])
def test_quantile_average_has_the_pools_mean_and_is_never_wider(people):
    pool, average = Pool(people), quantile_average(people)
    assert average.mean() == pytest.approx(pool.mean(), rel=1e-12)
    a, b = average.from_scores(EVEN), pool.from_scores(EVEN)
    assert a.mean() == pytest.approx(b.mean(), rel=2e-3)
    assert a.var() <= b.var() * (1 + 1e-4)
    # and in the stronger sense: no expected excess over any level is larger (convex order)
    for level in np.quantile(b, [0.1, 0.5, 0.9]):
        assert np.maximum(a - level, 0).mean() <= np.maximum(b - level, 0).mean() + 1e-3 * b.std()
    assert average.quantile(0.9) == pytest.approx(np.mean([r.high for r in people]), rel=1e-12)
