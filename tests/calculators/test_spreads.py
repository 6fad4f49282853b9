"""Spreads against mpmath, the convolution, hand-worked values and their limits."""

import subprocess
import sys

import mpmath  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from shipworthy.calculators.spreads import (
    check_sigma,
    lognormal_cdf,
    lognormal_from_percentiles,
    lognormal_moments,
    lognormal_percentile,
    normal_cdf,
    sum_of_lognormals,
)
from shipworthy.errors import EstimateError, InputError

Floats = npt.NDArray[np.float64]


def convolution(p50s: Floats, p95s: Floats, cells: int = 2**14) -> tuple[Floats, Floats]:
    """Values and the share of cases below each, for the sum of independent lognormal spreads."""
    step = 8 * p95s.sum() / cells
    edges = (np.arange(cells + 1) - 0.5) * step
    transform = np.ones(cells + 1, dtype=np.complex128)
    for p50, p95 in zip(p50s, p95s, strict=True):
        sigma = np.log(p95 / p50) / 1.6448536269514722
        share = ndtr(np.log(np.maximum(edges, 1e-300) / p50) / sigma)
        transform *= np.fft.rfft(np.diff(share), 2 * cells)
    return edges[1:], np.cumsum(np.fft.irfft(transform, 2 * cells)[:cells])


def test_normal_cdf_against_scipy_and_mpmath() -> None:
    z = np.linspace(-40, 12, 520_001)
    assert np.abs(normal_cdf(z) - ndtr(z)).max() < 1e-12
    for value in (-7.0, -1.2345, 0.3, 2.0):
        assert float(normal_cdf(value)) == pytest.approx(float(mpmath.ncdf(value)), abs=1e-12)


def test_normal_cdf_limits_and_shapes() -> None:
    assert normal_cdf([-np.inf, -39.0, 0.0, 9.5, np.inf]).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert np.isnan(normal_cdf(np.nan))
    z = np.array([[0.5, -0.5], [1.0, 2.0]])
    kept = z.copy()
    assert normal_cdf(z).shape == (2, 2)
    assert (z == kept).all(), "the caller's array must not be overwritten"


def test_percentiles_come_back() -> None:
    p50, p95 = np.array([1.0, 60.0, 0.01]), np.array([1.5, 120.0, 9.0])
    mu, sigma = lognormal_from_percentiles(p50, p95)
    assert lognormal_percentile(0.5, mu, sigma) == pytest.approx(p50, rel=1e-12)
    assert lognormal_percentile(0.95, mu, sigma) == pytest.approx(p95, rel=1e-12)
    assert lognormal_cdf(p95, mu, sigma) == pytest.approx(0.95, abs=1e-12)


def test_moments_against_mpmath() -> None:
    mu, sigma = 4.1, 0.42
    mean, variance = lognormal_moments(mu, sigma)

    def weight(z: mpmath.mpf) -> mpmath.mpf:
        return mpmath.npdf(z)

    first = mpmath.quad(lambda z: mpmath.e ** (mu + sigma * z) * weight(z), [-12, 0, 12])
    second = mpmath.quad(lambda z: mpmath.e ** (2 * (mu + sigma * z)) * weight(z), [-12, 0, 12])
    assert float(mean) == pytest.approx(float(first), rel=1e-12)
    assert float(variance) == pytest.approx(float(second - first**2), rel=1e-10)


def test_a_spread_of_length_zero_is_neutral() -> None:
    mu, sigma = lognormal_from_percentiles(0, 0)
    assert (float(mu), float(sigma)) == (-np.inf, 0.0)
    assert lognormal_cdf([-1e-9, 0.0, 3.0], mu, sigma).tolist() == [0.0, 1.0, 1.0]
    assert float(lognormal_percentile(0.95, mu, sigma)) == 0.0
    assert [float(x) for x in lognormal_moments(mu, sigma)] == [0.0, 0.0]
    alone, with_none = sum_of_lognormals([7], [11]), sum_of_lognormals([7, 0], [11, 0])
    assert with_none == pytest.approx(alone, rel=1e-14)
    for nothing in (sum_of_lognormals([0, 0], [0, 0]), sum_of_lognormals([], [])):
        assert [float(x) for x in nothing] == [-np.inf, 0.0]


def test_cases_all_alike_are_a_step() -> None:
    mu = np.log(60.0)
    assert lognormal_cdf([59.999, 60.0, 60.001], mu, 0.0).tolist() == [0.0, 1.0, 1.0]
    assert float(lognormal_percentile(1.0, mu, 0.0)) == pytest.approx(60.0)
    assert float(lognormal_percentile(1.0, mu, 0.1)) == np.inf
    assert np.isnan(lognormal_cdf(np.nan, mu, 0.0))


def test_the_sum_of_one_is_itself_and_of_certain_times_their_sum() -> None:
    assert sum_of_lognormals([12], [30]) == pytest.approx(lognormal_from_percentiles(12, 30), rel=1e-12)
    mu, sigma = sum_of_lognormals([12, 30], [12, 30])
    assert float(np.exp(mu)) == pytest.approx(42.0)
    assert float(sigma) == 0.0


def test_the_sum_has_the_moments_of_the_convolution() -> None:
    p50s, p95s = np.array([5.0, 14.0, 45.0]), np.array([12.0, 30.0, 90.0])
    mean, variance = lognormal_moments(*sum_of_lognormals(list(p50s), list(p95s)))
    values, share = convolution(p50s, p95s, 2**17)
    middle = values - (values[1] - values[0]) / 2
    mass = np.diff(share, prepend=0.0)
    assert float(mean) == pytest.approx(float(mass @ middle), rel=1e-4)
    assert float(variance) == pytest.approx(float(mass @ middle**2 - (mass @ middle) ** 2), rel=1e-3)


@pytest.mark.parametrize(
    ("widest", "share_off", "typical", "p95_off"),
    [(2.0, 0.04, 0.013, 0.013), (3.0, 0.09, 0.022, 0.014), (5.0, 0.15, 0.045, 0.071)],
)
def test_the_sum_against_the_convolution(widest: float, share_off: float, typical: float, p95_off: float) -> None:
    rng = np.random.default_rng(0)
    off, off_p95 = [], []
    for case in range(90):
        count = 2 + case % 3
        p50s = 5 * 10 ** rng.uniform(0, 1, count)
        p95s = p50s * rng.uniform(1.2, widest, count)
        values, share = convolution(p50s, p95s)
        mu, sigma = sum_of_lognormals(list(p50s), list(p95s))
        off.append(np.abs(lognormal_cdf(values, mu, sigma) - share).max())
        off_p95.append(abs(float(lognormal_percentile(0.95, mu, sigma)) / np.interp(0.95, share, values) - 1))
    assert max(off) < share_off
    assert np.median(off) < typical
    assert max(off_p95) < p95_off


@given(
    p50=st.floats(0.01, 1e4), ratio=st.floats(1.0, 50.0), more=st.floats(0.01, 1e3), unit=st.sampled_from([1 / 7, 24.0])
)
def test_direction_and_units(p50: float, ratio: float, more: float, unit: float) -> None:
    mu, sigma = sum_of_lognormals([p50, 3.0], [p50 * ratio, 5.0])
    longer, _ = lognormal_moments(*sum_of_lognormals([p50 + more, 3.0], [(p50 + more) * ratio, 5.0]))
    assert longer > lognormal_moments(mu, sigma)[0]
    scaled, same = sum_of_lognormals([p50 * unit, 3.0 * unit], [p50 * ratio * unit, 5.0 * unit])
    assert float(scaled) == pytest.approx(float(mu + np.log(unit)), abs=1e-9)
    assert float(same) == pytest.approx(float(sigma), abs=1e-9)


def test_scalars_and_arrays_agree() -> None:
    p95s = np.array([20.0, 40.0])
    mu, sigma = sum_of_lognormals([10, 3], [p95s, 9])
    for index, p95 in enumerate(p95s):
        assert (mu[index], sigma[index]) == pytest.approx(sum_of_lognormals([10, 3], [p95, 9]), rel=1e-14)


@pytest.mark.parametrize(
    ("p50", "p95"), [(10, 9), (-1, 3), (0, 3), (np.nan, 3), (3, np.nan), (3, np.inf), (1, 1e15), ([1, 5], [2, 4])]
)
def test_impossible_pairs_are_refused_in_words(p50: npt.ArrayLike, p95: npt.ArrayLike) -> None:
    with pytest.raises(EstimateError, match=r"Spread: found a median \(p50\) of"):
        lognormal_from_percentiles(p50, p95)
    with pytest.raises(EstimateError):
        sum_of_lognormals([1, p50], [2, p95])


def test_lists_of_different_length_and_wild_sigmas_are_refused() -> None:
    with pytest.raises(InputError, match="2 medians and 1 95th percentiles"):
        sum_of_lognormals([1, 2], [3])
    for sigma in (-0.1, 21.0):
        with pytest.raises(EstimateError, match="can be 0 to 20"):
            check_sigma(np.array([0.3, sigma]))


def test_the_hot_path_loads_no_scipy() -> None:
    code = (
        "import sys, shipworthy.calculators.lead_time as lt, shipworthy.calculators.churn\n"
        "from shipworthy.calculators.spreads import sum_of_lognormals\n"
        "lt.share_reached(lt.Timing(gap=60, queue=10, spread=sum_of_lognormals([5, 45], [9, 90])))\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('scipy', 'pandas', 'plotly', 'pydantic')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
