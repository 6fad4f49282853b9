"""Spreads, chances and choices by their two numbers, one chance, and shares."""

import math

import numpy as np
import pytest
from scipy import special, stats

from shipworthy.errors import EstimateError
from shipworthy.estimate import (
    Chance,
    Spread,
    Weights,
    lognormal_parameters,
)

EVEN = special.ndtri((np.arange(2**14) + 0.5) / 2**14)


# Spreads


def test_spread_meets_its_two_numbers():
    s = Spread(2, 8)
    true = stats.lognorm(s.sigma, scale=math.exp(s.mu))
    assert true.ppf([0.5, 0.95]) == pytest.approx([2, 8], rel=1e-12)
    assert s.mean() == pytest.approx(true.mean(), rel=1e-12)
    assert s.quantile(0.3) == pytest.approx(true.ppf(0.3), rel=1e-12)


def test_spread_at_its_limits():
    none = Spread(0, 0)
    assert (none.mu, none.sigma, none.mean(), none.quantile(0.99)) == (-math.inf, 0.0, 0.0, 0.0)
    same = Spread(3, 3)
    assert (same.sigma, same.mean(), same.quantile(0.95)) == (0.0, 3.0, 3.0)
    assert Spread(2, 9).sigma > Spread(2, 8).sigma


@pytest.mark.parametrize(
    ("p50", "p95", "words"),
    [
        (-1, 2, r"p50 \(-1\) is below 0"),
        (3, 2, r"p50 \(3\) is above p95 \(2\)"),
        (0, 2, "p50 is 0 and p95 is 2"),
        (1, math.inf, "p95 .* is not a number to compute with"),
    ],
)
def test_impossible_spreads_are_refused(p50, p95, words):
    with pytest.raises(EstimateError, match=words):
        Spread(p50, p95)


def test_lognormal_parameters_draw_by_draw():
    mu, sigma = lognormal_parameters(np.array([1.0, 2.0, 3.0, 0.0, 0.0]), np.array([5.0, 8.0, 2.0, 0.0, 4.0]))
    assert mu.tolist() == [0.0, math.log(2), math.log(3), -math.inf, -math.inf]
    assert sigma[:2] == pytest.approx([math.log(5) / 1.6448536269514722, Spread(2, 8).sigma], rel=1e-12)
    assert sigma[2:].tolist() == [0.0, 0.0, 0.0]  # crossed, none, none
    assert lognormal_parameters(1.0, np.array([2.0, 3.0]))[1].shape == (2,)
    for bad in (-1.0, math.nan):
        with pytest.raises(EstimateError, match="negative or not a number"):
            lognormal_parameters(bad, 1.0)


# Chances and weights


@pytest.mark.parametrize("p", [0.0, 1e-6, 0.1, 0.5, 0.75, 0.999, 1.0])
def test_chance_has_its_mean(p):
    values = Chance(p).from_scores(EVEN)
    assert set(np.unique(values)) <= {0.0, 1.0}
    assert values.mean() == pytest.approx(p, abs=1 / EVEN.size)
    assert Chance(p).mean() == p


def test_certain_chances_never_waver():
    ends = np.array([-1e9, 1e9])
    assert Chance(0).from_scores(ends).tolist() == [0, 0]
    assert Chance(1).from_scores(ends).tolist() == [1, 1]
    # whoever says yes more often says yes in the same draws
    assert np.all(Chance(0.6).from_scores(EVEN) >= Chance(0.4).from_scores(EVEN))


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan, "0.5", True])
def test_impossible_chances_are_refused(p):
    with pytest.raises(EstimateError, match="chance"):
        Chance(p)


def test_weights_have_their_shares():
    w = Weights({"none": 0, "a": 2, "b": 1, "zero": 0, "c": 5, "last": 0})
    index = w.from_scores(EVEN)
    counts = np.bincount(index, minlength=6) / EVEN.size
    assert counts == pytest.approx([0, 0.25, 0.125, 0, 0.625, 0], abs=1 / EVEN.size)
    assert w.shares == (0, 0.25, 0.125, 0, 0.625, 0)
    assert w.from_scores(np.array([-1e9, 1e9])).tolist() == [1, 4]
    assert Weights({"only": 3}).from_scores(EVEN).max() == 0
    assert Weights({"a": 1, "b": 2}) == Weights({"a": 1, "b": 2}) != Weights({"a": 1, "b": 3})


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({}, "there are no choices"),
        ({"a": 0, "b": 0}, "all are 0"),
        ({"a": 1, "b": -1}, r"weight of b \(-1\) is below 0"),
        ({"a": math.nan}, "weight of a"),
    ],
)
def test_impossible_weights_are_refused(weights, words):
    with pytest.raises(EstimateError, match=words):
        Weights(weights)
