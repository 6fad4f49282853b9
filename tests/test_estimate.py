"""Ranges, spreads, chances, weights, pools and correlations, against independent values."""

import copy
import math
import pickle
import subprocess
import sys
from statistics import NormalDist

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from shipworthy._curves import C, Table, Unbounded
from shipworthy.errors import EstimateError
from shipworthy.estimate import (
    Range,
)

EVEN = special.ndtri((np.arange(2**14) + 0.5) / 2**14)
"""Evenly spread scores, one in the middle of each of 16,384 equally likely cells."""


# The published formulas, as printed: Hadlock & Bickel 2017


def published_semi(p, low, likely, high, lower):
    c = mpmath.mpf(C)
    z = mpmath.sqrt(2) * mpmath.erfinv(2 * mpmath.mpf(p) - 1)
    left, middle, right = (mpmath.log(mpmath.mpf(x) - lower) for x in (low, likely, high))
    n = mpmath.sign(left + right - 2 * middle)
    if n == 0:
        return lower + mpmath.e ** (middle + (right - middle) / c * z)
    theta = {1: low, -1: high}[int(n)] - mpmath.mpf(lower)
    small = min(middle - left, right - middle)
    delta = mpmath.sinh(mpmath.acosh((right - left) / (2 * small))) / c
    lam = small / (delta * c)
    return lower + theta * mpmath.exp(lam * mpmath.sinh(mpmath.asinh(delta * z) + mpmath.asinh(n * c * delta)))


def published_bounded(p, low, likely, high, lower, upper):
    c = mpmath.mpf(C)

    def score(q):
        return mpmath.sqrt(2) * mpmath.erfinv(2 * q - 1)

    z = score(mpmath.mpf(p))
    left, middle, right = (score((mpmath.mpf(x) - lower) / (upper - lower)) for x in (low, likely, high))
    n = mpmath.sign(mpmath.chop(left + right - 2 * middle, tol=1e-12))
    if n == 0:
        y = middle + (right - left) / (2 * c) * z
    else:
        xi = left if n == 1 else right
        delta = mpmath.acosh((right - left) / (2 * min(middle - left, right - middle))) / c
        y = xi + (right - left) / mpmath.sinh(2 * delta * c) * mpmath.sinh(delta * (z + n * c))
    return lower + (upper - lower) * mpmath.ncdf(y)


PROBABILITIES = [0.0001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999]


@pytest.mark.parametrize("numbers", [(1, 2, 6), (1, 5, 6), (2, 4, 8), (0.001, 1, 50), (10, 10.5, 20)])
def test_one_bound_is_the_published_formula(numbers):
    r = Range(*numbers, lower=0)
    mirrored = Range(*(10 - x for x in reversed(numbers)), upper=10)
    assert r.kind == mirrored.kind == "J-QPD-S"
    for p in PROBABILITIES:
        expected = float(published_semi(p, *numbers, 0))
        assert r.quantile(p) == pytest.approx(expected, rel=1e-10)
        assert 10 - mirrored.quantile(1 - p) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("numbers", [(0.1, 0.2, 0.6), (0.1, 0.3, 0.4), (0.2, 0.5, 0.8), (0.001, 0.01, 0.03)])
def test_two_bounds_are_the_published_formula(numbers):
    r = Range(*numbers, lower=0, upper=1)
    assert r.kind == "J-QPD-B"
    for p in PROBABILITIES:
        assert r.quantile(p) == pytest.approx(float(published_bounded(p, *numbers, 0, 1)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("numbers", [(1, 2, 4), (1, 2, 3.5), (-5, 4, 8), (0, 1, 11)])
def test_no_bound_is_the_shifted_lognormal(numbers):
    low, likely, high = map(mpmath.mpf, numbers)
    ratio = (high - likely) / (likely - low)
    r = Range(*numbers)
    assert r.kind == "shifted lognormal"
    for z in (-3.0, -1.0, 0.0, 0.5, 2.5):
        expected = likely + (high - likely) * (ratio ** (z / C) - 1) / (ratio - 1)
        assert float(r.from_scores(np.array([z]))[0]) == pytest.approx(float(expected), rel=1e-12)


def test_equal_gaps_without_bounds_are_a_normal():
    r = Range(8.0, 10.0, 12.0)
    assert np.allclose(r.from_scores(EVEN), 10 + 2 / C * EVEN, rtol=1e-14)
    # and the neighbours on either side are no other
    for step in (1e-15, 1e-12, 1e-6, 1.2e-3):
        near = Range(8.0, 10.0, 12.0 + step)
        assert np.abs(near.from_scores(EVEN) - r.from_scores(EVEN)).max() < 30 * step + 1e-12
        assert near.mean() == pytest.approx(10.0, abs=step + 1e-12)


KINDS = [
    (Range(1, 2, 6), "shifted lognormal"),
    (Range(-6, -2, -1), "shifted lognormal"),
    (Range(1, 2, 6, lower=0), "J-QPD-S"),
    (Range(1, 2, 6, upper=7), "J-QPD-S"),
    (Range(1, 2, 6, lower=0, upper=7), "J-QPD-B"),
    (Range(0, 2, 6, lower=0), "clipped shifted lognormal"),
    (Range(0, 2, 6, lower=0, upper=7), "clipped shifted lognormal"),
    (Range(1, 2, 7, lower=0, upper=7), "clipped shifted lognormal"),
    (Range(0, 5, 7, lower=0, upper=7), "clipped shifted lognormal"),
    (Range(2, 2, 6), "two-piece"),
    (Range(1, 6, 6), "two-piece"),
    (Range(0, 0, 6, lower=0), "clipped two-piece"),
    (Range(2, 2, 6, lower=0), "J-QPD-S"),
    (Range(1, 6, 6, upper=8), "J-QPD-S"),
    (Range(1, 6, 6, lower=0), "J-QPD-S"),
    (Range(1, 1.1, 100, lower=0), "J-QPD-S"),
    (Range(0.2, 0.2, 0.6, lower=0, upper=1), "J-QPD-B"),
    (Range(0.2, 0.6, 0.6, lower=0, upper=1), "J-QPD-B"),
    (Range(3, 3, 3), "constant"),
    (Range(0, 0, 0, lower=0), "constant"),
]


@pytest.mark.parametrize(("r", "kind"), KINDS)
def test_passes_through_its_numbers_in_order_and_within_its_bounds(r, kind):
    assert r.kind == kind
    wanted = [r.low, r.likely, r.high]
    assert r.from_scores(np.array([-C, 0.0, C])) == pytest.approx(wanted, rel=1e-12, abs=1e-14)
    assert r.quantile([0.1, 0.5, 0.9]) == pytest.approx(wanted, rel=1e-12, abs=1e-14)
    values = r.from_scores(EVEN)
    assert values.dtype == np.float64
    assert np.all(np.diff(values) >= -1e-14)
    assert values[0] >= (r.lower if r.lower is not None else -np.inf)
    assert values[-1] <= (r.upper if r.upper is not None else np.inf)
    assert values.mean() == pytest.approx(r.mean(), rel=2e-3)


@st.composite
def triplets(draw):
    # the sizes that people type, from thousandths to billions, on a scale that lets ties happen
    numbers = sorted(draw(st.lists(st.integers(1, 9999), min_size=3, max_size=3)))
    unit = draw(st.sampled_from([1e-6, 1e-3, 1.0, 1e5]))
    low, likely, high = (x * unit for x in numbers)
    gap = st.sampled_from([None, 0.0, 1e-3, 0.5, 1e4])
    below, above = draw(gap), draw(gap)
    return (
        low,
        likely,
        high,
        None if below is None else low - below * unit,
        None if above is None else high + above * unit,
    )


@settings(max_examples=300, deadline=None)
@given(triplets())
def test_any_triplet_is_met(numbers):
    r = Range(*numbers)
    low, likely, high, lower, upper = numbers
    at = r.from_scores(np.array([-8.0, -C, -1e-3, 0.0, 1e-3, C, 8.0]))
    assert at[[1, 3, 5]] == pytest.approx([low, likely, high], rel=1e-12, abs=1e-12 * (high - low))
    assert np.all(np.diff(at) >= -1e-12 * max(abs(low), abs(high)))
    slack = 1e-12 * max(abs(low), abs(high), abs(lower or 0), abs(upper or 0))
    assert lower is None or at[0] >= lower - slack
    assert upper is None or at[-1] <= upper + slack
    assert math.isfinite(r.mean())


@pytest.mark.parametrize(
    "r",
    [
        Range(1, 2, 6, lower=0),
        Range(1, 5, 6, lower=0),
        Range(1, 2, 6, upper=7),
        Range(0.3, 0.301, 0.6, lower=0, upper=1),
        Range(0.1, 0.3, 0.4, lower=0, upper=1),
        Range(1, 1.0001, 6, lower=0),
        Range(1, 6, 6, lower=0),
        Range(1, 5.9999, 6, lower=0),
        Range(1, 1.1, 6, upper=6.1),
        Range(0, 2, 6, lower=0),
        Range(1, 2, 7, lower=0, upper=7),
        Range(-6, -2, -1),
        Range(100, 101, 150),
    ],
)
def test_mean_is_the_integral(r):
    def integrand(z):
        return mpmath.mpf(float(r.from_scores(np.array([float(z)]))[0])) * mpmath.npdf(z)

    cuts = [-12, -6, -3, -2, -C, -1, -0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1, 1, C, 2, 3, 6, 14]
    assert r.mean() == pytest.approx(float(mpmath.quad(integrand, cuts)), rel=1e-6)


def test_means_with_a_closed_form():
    # lognormal: equal gaps of the logarithm; p50 2, p90 4
    sigma = math.log(2) / C
    assert Range(1, 2, 4, lower=0).mean() == pytest.approx(2 * math.exp(sigma**2 / 2), rel=1e-12)
    # shifted lognormal
    rate = math.log(4) / C
    assert Range(1, 2, 6).mean() == pytest.approx(2 + 4 / 3 * (math.exp(rate**2 / 2) - 1), rel=1e-12)
    # two straight pieces: half a normal above
    assert Range(1, 1, 5).mean() == pytest.approx(1 + 4 / C / math.sqrt(2 * math.pi), rel=1e-12)
    # a normal clipped at p10: 0 · 0.1 + ∫ (10 + 10 z / C) φ(z) from −C
    part = 10 * 0.9 + 10 / C * NormalDist().pdf(C)
    assert Range(0, 10, 20, lower=0).mean() == pytest.approx(part, rel=1e-12)
    # a logit-free case of J-QPD-B: symmetric about the middle
    assert Range(0.2, 0.5, 0.8, lower=0, upper=1).mean() == pytest.approx(0.5, rel=1e-12)


def test_a_number_on_its_bound_keeps_its_share_of_the_draws_there():
    values = Range(0, 3, 10, lower=0).from_scores(EVEN)
    assert (values == 0).mean() == pytest.approx(0.1, abs=1e-4)
    values = Range(0.2, 0.8, 1, lower=0, upper=1).from_scores(EVEN)
    assert (values == 1).mean() == pytest.approx(0.1, abs=1e-4)


@pytest.mark.parametrize("bounds", [(None, None), (0.0, None), (None, 9.0), (0.0, 9.0)])
def test_no_jump_at_a_tie_or_where_the_curve_gets_its_straight_part(bounds):
    tie = Range(2, 2, 6, *bounds)
    near = Range(2 - 1e-7, 2, 6, *bounds)
    assert np.abs(near.from_scores(EVEN) - tie.from_scores(EVEN)).max() < 2e-3
    assert near.mean() == pytest.approx(tie.mean(), abs=1e-5)
    steep = 6 - 4 / 17  # the gaps around it are 16 to 1
    a, b = (Range(2, 2 + (6 - steep) + step, 6, *bounds).mean() for step in (-1e-9, 1e-9))
    assert a == pytest.approx(b, abs=1e-6)


def test_a_lopsided_range_keeps_a_sensible_mean():
    assert 101 < Range(100, 101, 150).mean() < 130
    assert 20 < Range(1, 1.1, 100, lower=0).mean() < 40
    # two straight pieces at a tie, on the plain scale when the tail leads away from the bound
    for tie in (Range(1, 1, 100), Range(1, 1, 100, lower=0)):
        assert tie.mean() == pytest.approx(1 + 99 / C / math.sqrt(2 * math.pi), rel=1e-12)
        assert tie.quantile(0.99) == pytest.approx(1 + 99 * NormalDist().inv_cdf(0.99) / C, rel=1e-12)
    uncapped = 101 + 49 / 48 * (math.exp((math.log(49) / C) ** 2 / 2) - 1)
    assert uncapped > 190


def test_quantiles_move_with_the_numbers():
    for numbers in [(1, 2, 6), (1, 2, 6, 0), (1, 2, 6, 0, 9), (1, 2, 6, None, 9)]:
        before, higher = Range(*numbers), Range(numbers[0], numbers[1], 6.5, *numbers[3:])
        assert higher.mean() > before.mean()
        assert higher.quantile(0.95) > before.quantile(0.95)
        assert higher.quantile(0.5) == pytest.approx(before.quantile(0.5), rel=1e-12)


def test_quantile_ends_shapes_and_refusals():
    r = Range(1, 2, 6, lower=0)
    assert (r.quantile(0.0), r.quantile(1.0)) == (0.0, math.inf)
    assert Range(1, 2, 6, upper=7).quantile(1.0) == 7
    assert Range(1, 2, 6, lower=0, upper=7).quantile([0.0, 1.0]).tolist() == [0.0, 7.0]
    assert Range(1, 2, 6).quantile(0.0) == pytest.approx(2 - 4 / 3)
    assert Range(1, 2, 3).quantile(0.0) == -math.inf
    assert isinstance(r.quantile(0.3), float)
    assert r.quantile(np.array([[0.1, 0.5]])).shape == (1, 2)
    assert r.from_scores(np.float64(0.0)).shape == ()
    assert r.from_scores(np.zeros((2, 3))).shape == (2, 3)
    with pytest.raises(EstimateError, match="not a probability"):
        r.quantile(1.5)
    with pytest.raises(EstimateError, match="not a probability"):
        r.quantile(math.nan)


@pytest.mark.parametrize(
    "numbers", [(0.1, 0.3, 0.4), (0.001, 0.01, 0.05), (0.3, 0.301, 0.6), (0.2, 0.2, 0.6), (0.97, 0.99, 0.999)]
)
def test_the_table_for_many_scores_is_the_curve(numbers):
    r = Range(*numbers, lower=0, upper=1)
    z = np.concatenate([np.linspace(-6.2, 6.2, 20_001), [-C, 0.0, C]])
    direct = np.concatenate([r.from_scores(part) for part in np.array_split(z, 10)])
    table = r.from_scores(z)
    assert table[-3:] == pytest.approx(numbers, rel=1e-12)
    assert np.abs(table - direct).max() < 1e-9
    assert np.abs(table.mean() - direct.mean()) < 1e-11
    assert Table(r._curve).at(np.array([7.0])) is None
    wide = np.append(z, 8.0)  # a score outside the table
    assert r.from_scores(wide)[-1] <= 1.0
    assert r.from_scores(wide)[:-4] == pytest.approx(direct[:-3], rel=1e-12)


def test_scores_are_left_alone_and_may_be_float32():
    z = EVEN.astype(np.float32)
    z.flags.writeable = False
    for r, _ in KINDS:
        assert r.from_scores(z).dtype == np.float64
        np.testing.assert_allclose(r.from_scores(z), r.from_scores(z.astype(np.float64)), rtol=1e-12)
    own = EVEN.copy()
    for r, _ in KINDS:
        r.from_scores(own)
    assert np.array_equal(own, EVEN)


def test_a_range_is_a_value():
    r = Range(1, 2, 6, lower=0)
    r.from_scores(EVEN)
    assert r == Range(1.0, 2.0, 6.0, 0.0)
    assert hash(r) == hash(Range(1.0, 2.0, 6.0, 0.0))
    assert r != Range(1, 2, 6)
    for other in (pickle.loads(pickle.dumps(r)), copy.deepcopy(r)):
        assert other == r
        assert other.quantile(0.3) == r.quantile(0.3)
    with pytest.raises(AttributeError):
        r.low = 3


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((5, 3, 9), r"low \(5\) is above likely \(3\): type them from small to large"),
        ((1, 9, 5), r"likely \(9\) is above high \(5\): type them from small to large"),
        ((-1, 2, 3, 0), r"low \(-1\) is below 0, the least it can be"),
        ((1, 2, 30, 0, 10), r"high \(30\) is above 10, the most it can be"),
        ((math.nan, 2, 3), r"low \(nan\) is not a number to compute with"),
        ((1, 2, math.inf), r"high \(inf\) is not a number to compute with"),
        ((1, 2, 1e200), "high .* is not a number to compute with"),
        ((1, 2, 10**400), "high .* is not a number to compute with"),
        ((1, 2, 3, -math.inf), "lower .* is not a number to compute with"),
        ((True, 2, 3), r"low \(True\) is not a number"),
        (("1", 2, 3), r"low \('1'\) is not a number"),
        ((None, 2, 3), r"low \(None\) is not a number"),
        ((1e-90, 1, 1e90, 0), "too far apart"),
    ],
)
def test_impossible_ranges_are_refused_in_words(numbers, words):
    with pytest.raises(EstimateError, match=words):
        Range(*numbers)


@pytest.mark.parametrize("bounds", [(-1e12, None), (-1e20, None), (None, 1e20), (-1e20, 1e20), (-1e9, 1e9)])
def test_a_bound_that_is_far_off_does_not_cost_the_numbers(bounds):
    r = Range(1, 2, 4, *bounds)
    assert r.quantile([0.1, 0.5, 0.9]) == pytest.approx([1, 2, 4], rel=1e-12)


# Nine true distributions refitted from p10, p50 and p90, with their natural bounds (METHODS.md)

NINE = {
    "lognormal 0.5": (stats.lognorm(0.5), 0, None),
    "lognormal 1": (stats.lognorm(1), 0, None),
    "gamma 2": (stats.gamma(2), 0, None),
    "weibull 1.5": (stats.weibull_min(1.5), 0, None),
    "exponential": (stats.expon(), 0, None),
    "beta 2, 5": (stats.beta(2, 5), 0, 1),
    "beta 8, 2": (stats.beta(8, 2), 0, 1),
    "normal": (stats.norm(10, 2), None, None),
    "gumbel": (stats.gumbel_r(10, 2), None, None),
}


def refitted(true, lower, upper):
    low, likely, high = true.ppf([0.1, 0.5, 0.9])
    r = Range(low, likely, high, lower, upper)
    return r.mean() / true.mean() - 1, (r.quantile(0.99) - true.ppf(0.99)) / (high - low)


@pytest.mark.parametrize("name", NINE)
def test_refitted_distributions_keep_mean_and_tail(name):
    mean, tail = refitted(*NINE[name])
    assert abs(mean) < 0.0012
    assert abs(tail) < (0.046 if name == "exponential" else 0.03)


@pytest.mark.parametrize(
    ("true", "mean", "tail"),
    [((stats.invgauss(0.5), 0, None), 0.0105, 0.20), ((stats.beta(1, 9), 0, 1), 0.0067, 0.106)],
)
def test_where_three_numbers_do_not_say_enough(true, mean, tail):
    found = refitted(*true)
    assert found == (pytest.approx(mean, rel=0.02), pytest.approx(tail, rel=0.02))


def test_the_import_is_light():
    code = "import sys, shipworthy.estimate as e; e.Range(1, 2, 6, 0).mean(); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_straight_part_only_starts_beyond_a_ratio_of_sixteen():
    assert Unbounded.fit(0, 1, 17).hinge == 0
    assert Unbounded.fit(0, 1, 18).hinge == pytest.approx(1 / C)
