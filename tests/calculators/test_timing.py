"""The timing model against a simulation of windows and runs, exact integrals, hand-worked cases and its limits."""

from dataclasses import replace

import mpmath  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from shipworthy.calculators.spreads import lognormal_from_percentiles, sum_of_lognormals
from shipworthy.calculators.timing import (
    Timing,
    share_in_time,
    share_reached,
    share_scored,
    time_needed_curve,
    time_needed_percentile,
    warning,
)
from shipworthy.errors import EstimateError, InputError

Floats = npt.NDArray[np.float64]
NONE = (-np.inf, 0.0)


def twice_integrated(x: Floats, mu: float, sigma: float) -> Floats:
    """Second integral of the lognormal distribution function from 0 to x: the mean of (x - S)²/2 where S < x."""
    x = np.maximum(x, 1e-300)
    z = (np.log(x) - mu) / sigma
    first, second = np.exp(mu + sigma**2 / 2), np.exp(2 * mu + 2 * sigma**2)
    both: Floats = 0.5 * (x * x * ndtr(z) - 2 * x * first * ndtr(z - sigma) + second * ndtr(z - 2 * sigma))
    return both


def two_waits(x: Floats, run: float, queue: float, spread: tuple[float, float]) -> Floats:
    """Exact share in time with two independent uniform waits."""
    j = twice_integrated
    corners = j(x, *spread) - j(x - run, *spread) - j(x - queue, *spread) + j(x - run - queue, *spread)
    exact: Floats = corners / (run * queue)
    return exact


def simulated(timing: Timing, parts: list[tuple[float, float]], size: int = 200_000) -> tuple[float, float]:
    """Share of events scored in their label window, and share reached in time, by walking through runs and windows."""
    rng = np.random.default_rng(12)
    gap, window, rhythm, fixed, queue = (
        float(np.asarray(part)) for part in (timing.gap, timing.window, timing.rhythm, timing.fixed, timing.queue)
    )
    event = 1000 + rng.uniform(0, rhythm, size)
    enters, leaves = event - gap - window, event - gap
    run = np.ceil(enters / rhythm) * rhythm  # runs at 0, R, 2R, …: the first one inside the window
    scored = run < leaves
    needs = fixed + rng.uniform(0, queue, size)
    for p50, p95 in parts:
        mu, sigma = lognormal_from_percentiles(p50, p95)
        needs += np.exp(mu + sigma * rng.standard_normal(size))
    return float(scored.mean()), float((scored & (run + needs <= event)).mean())


@pytest.mark.parametrize(
    ("gap", "window", "rhythm", "fixed"),
    [(0, 30, 30, 2), (60, 30, 30, 14), (60, 30, 7, 30), (45, 30, 50, 3), (90, 7, 1, 5)],
)
def test_one_wait_and_one_spread_against_the_simulation(gap: float, window: float, rhythm: float, fixed: float) -> None:
    timing = Timing(gap, window, rhythm, fixed, 0.0, lognormal_from_percentiles(50, 90))
    scored, reached = simulated(timing, [(50, 90)])
    assert float(share_scored(window, rhythm)) == pytest.approx(scored, abs=0.004)
    assert float(share_reached(timing)) == pytest.approx(reached, abs=0.004)


@pytest.mark.parametrize("gap", [0, 30, 60, 90, 120])
def test_the_whole_way_against_the_simulation(gap: float) -> None:
    parts = [(2.0, 5.0), (5.0, 15.0), (45.0, 90.0)]
    timing = Timing(gap, 30, 30, 7, 20, sum_of_lognormals([2, 5, 45], [5, 15, 90]))
    _, reached = simulated(timing, parts)
    assert float(share_reached(timing)) == pytest.approx(reached, abs=0.01)


@pytest.mark.parametrize(
    ("p50", "p95", "largest"), [(0.01, 0.02, 0.0430), (15, 30, 0.0250), (30, 60, 0.0107), (60, 120, 0.0024)]
)
def test_one_wait_for_two_against_the_exact_integral(p50: float, p95: float, largest: float) -> None:
    days = np.linspace(0.5, 400, 4000)
    mu, sigma = (float(part) for part in lognormal_from_percentiles(p50, p95))
    off = []
    for queue in (0.5, 3.0, 10.0, 20.0, 30.0):
        timing = Timing(0, 30, 30, 0, queue, (mu, sigma))
        off.append(np.abs(time_needed_curve(timing, days) - two_waits(days, 30.0, queue, (mu, sigma))).max())
    assert max(off) == off[-1], "two equal waits are the worst case"
    assert 0.8 * largest < max(off) <= largest


def test_the_exact_integral_itself_against_mpmath() -> None:
    mu, sigma, at = np.log(40.0), 0.4, 62.0

    def share(u: mpmath.mpf) -> mpmath.mpf:
        inner = [0, min(15.0, max(float(at - u), 0.0))]
        if inner[1] == 0:
            return mpmath.mpf(0)
        return mpmath.quad(lambda v: mpmath.ncdf((mpmath.log(at - u - v) - mu) / sigma), inner) / (30 * 15)

    exact = float(mpmath.quad(share, [0, 30]))
    assert float(two_waits(np.array([at]), 30.0, 15.0, (mu, sigma))[0]) == pytest.approx(exact, abs=1e-9)


def test_one_wait_is_exact() -> None:
    mu, sigma = np.log(60.0), 0.3
    timing = Timing(60, 30, 30, 5, 0, (mu, sigma))

    def share(u: mpmath.mpf) -> mpmath.mpf:
        return mpmath.ncdf((mpmath.log(85 - u) - mu) / sigma) / 30

    assert float(share_in_time(timing)) == pytest.approx(float(mpmath.quad(share, [0, 30])), abs=1e-11)
    only_queue = Timing(60, 30, 0, 5, 30, (mu, sigma))
    assert float(share_in_time(only_queue)) == pytest.approx(float(share_in_time(timing)), abs=1e-14)


def test_horizon_one_month_two_needed_is_exactly_nothing() -> None:
    for timing in (
        Timing(0, 30, 30, 60),
        Timing(0, 30, 30, 0, 0, (np.log(60), 0.0)),
        Timing(0, 30, 30, 0, 25, (np.log(60), 0.0)),
        Timing(0, 30, 30, 0, 0, lognormal_from_percentiles(60, 60)),
        Timing(0, 30, 0, 60),
    ):
        assert float(share_reached(timing)) == 0.0
    assert float(share_reached(Timing(0, 30, 30, 0, 0, lognormal_from_percentiles(60, 90)))) < 1e-3


def test_certain_times_by_hand() -> None:
    # warning 60 to 90 days, 75 needed: half of the cases; 60 needed: all; with a run every 60 days half are never seen
    assert float(share_reached(Timing(60, 30, 30, 75))) == pytest.approx(0.5)
    assert float(share_reached(Timing(60, 30, 30, 60))) == pytest.approx(1.0)
    assert float(share_reached(Timing(60, 30, 60, 75))) == pytest.approx(0.25)
    assert float(share_reached(Timing(60, 30, 10, 75))) == pytest.approx(1.0)
    step = Timing(60, 30, 30, 0, 0, (np.log(75), 0.0))
    assert float(share_reached(step)) == pytest.approx(0.5, abs=1e-8)


def test_nothing_varies_and_nobody_waits() -> None:
    assert share_reached(Timing(np.array([29.0, 30.0, 31.0]), 30, 0, 60)).tolist() == [0.0, 1.0, 1.0]
    no_wait = Timing(60, 30, 0, 0, 0, lognormal_from_percentiles(60, 90))
    assert float(share_reached(no_wait)) == pytest.approx(0.95)


def test_limits_stay_shares() -> None:
    spread = lognormal_from_percentiles(60, 120)
    assert float(share_reached(Timing(1e9, 30, 30, 5, 10, spread))) == pytest.approx(1.0, abs=1e-6)
    assert float(share_reached(Timing(0, 30, 30, 1e9, 10, spread))) == 0.0
    assert float(share_reached(Timing(0, 0, 30, 0, 0, NONE))) == 0.0
    assert float(share_reached(Timing(10, 0, 0, 0, 0, NONE))) == 1.0
    assert 0.4 < float(share_reached(Timing(0, 30, 30, 0, 0, (np.log(10), 19.0)))) < 0.6
    assert np.isnan(share_reached(Timing(np.nan, 30, 30, 0, 0, spread)))


@pytest.mark.parametrize("width", [1e-12, 1e-9, 1e-6, 1e-4, 1e-2])
def test_a_wait_that_vanishes_changes_nothing(width: float) -> None:
    spread = lognormal_from_percentiles(60, 120)
    without = float(share_in_time(Timing(60, 30, 0, 5, 0, spread)))
    assert float(share_in_time(Timing(60, 30, width, 5, 0, spread))) == pytest.approx(without, abs=width + 1e-6)


def test_a_spread_that_vanishes_is_certain() -> None:
    timing = Timing(60, 30, 30, 10, 0, (np.log(60), 0.0))
    for sigma in (1e-12, 1e-9, 1e-7, 1e-5):
        narrow = replace(timing, spread=(np.log(60), sigma))
        assert float(share_in_time(narrow)) == pytest.approx(float(share_in_time(timing)), abs=1e-4)


def test_blocks_scalars_and_broadcasting_agree() -> None:
    rng = np.random.default_rng(5)
    size = 10_000  # more than two blocks, and not a multiple
    gap, queue, sigma = rng.uniform(0, 120, size), rng.uniform(0, 30, size), rng.uniform(0, 1, size)
    sigma[::7], queue[::5] = 0.0, 0.0
    rhythm = np.where(np.arange(size) % 3 == 0, 0.0, 30.0)
    mu = np.where(np.arange(size) % 11 == 0, -np.inf, np.log(45.0))
    together = share_reached(Timing(gap, 30, rhythm, 5, queue, (mu, sigma)))
    assert together.shape == (size,)
    for index in (0, 1, 5, 7, 11, 4095, 4096, 8191, 8192, 9999):
        alone = Timing(gap[index], 30, rhythm[index], 5, queue[index], (mu[index], sigma[index]))
        assert float(share_reached(alone)) == pytest.approx(float(together[index]), abs=1e-12)
    curves = time_needed_curve(Timing(0, 30, 30, 5, queue[:4], (mu[:4], sigma[:4])), np.linspace(0, 90, 7)[:, None])
    assert curves.shape == (7, 4)


def test_warning_by_hand() -> None:
    shortest, longest = warning([0, 60, 60, 60], 30, [30, 30, 7, 90])
    assert shortest.tolist() == [0.0, 60.0, 83.0, 60.0]
    assert longest.tolist() == [30.0, 90.0, 90.0, 90.0]


def test_share_scored_by_hand() -> None:
    assert share_scored(30, [0.0, 15.0, 30.0, 40.0, 90.0]).tolist() == [1.0, 1.0, 1.0, 0.75, 1 / 3]
    assert float(share_scored(0, 0)) == 1.0


@given(
    gap=st.floats(0, 200),
    fixed=st.floats(0, 100),
    queue=st.floats(0, 30),
    p50=st.floats(0.1, 200),
    ratio=st.floats(1.0, 5.0),
    more=st.floats(0.1, 50),
)
def test_directions(gap: float, fixed: float, queue: float, p50: float, ratio: float, more: float) -> None:
    timing = Timing(gap, 30, 20, fixed, queue, lognormal_from_percentiles(p50, p50 * ratio))
    share = float(share_reached(timing))
    slack = 1e-9
    assert 0 <= share <= 1
    assert float(share_reached(replace(timing, gap=gap + more))) >= share - slack
    assert float(share_reached(replace(timing, fixed=fixed + more))) <= share + slack
    assert float(share_reached(replace(timing, queue=queue + more))) <= share + slack
    assert float(share_reached(replace(timing, rhythm=20 + more))) <= share + slack
    longer = lognormal_from_percentiles(p50 + more, (p50 + more) * ratio)
    assert float(share_reached(replace(timing, spread=longer))) <= share + slack


@given(unit=st.sampled_from([1 / 7, 24.0, 86_400.0]), gap=st.floats(0, 200), queue=st.floats(0, 30))
def test_the_unit_of_time_does_not_matter(unit: float, gap: float, queue: float) -> None:
    days = Timing(gap, 30, 20, 4, queue, lognormal_from_percentiles(40, 80))
    other = Timing(
        gap * unit, 30 * unit, 20 * unit, 4 * unit, queue * unit, lognormal_from_percentiles(40 * unit, 80 * unit)
    )
    assert float(share_reached(days)) == pytest.approx(float(share_reached(other)), abs=1e-9)


@given(
    q=st.floats(0.001, 0.999),
    rhythm=st.floats(0, 40),
    queue=st.floats(0, 30),
    p50=st.sampled_from([0.0, 3.0, 60.0]),
    ratio=st.floats(1.0, 4.0),
)
def test_a_percentile_is_where_the_curve_passes_it(
    q: float, rhythm: float, queue: float, p50: float, ratio: float
) -> None:
    timing = Timing(0, 30, rhythm, 5, queue, lognormal_from_percentiles(p50, p50 * ratio))
    days = float(time_needed_percentile(timing, q))
    assert float(time_needed_curve(timing, days + 1e-6 * (1 + days))) >= q - 1e-9
    assert float(time_needed_curve(timing, days - 1e-6 * (1 + days))) <= q + 1e-9


def test_percentiles_by_hand_and_at_the_ends() -> None:
    certain = Timing(0, 30, 30, 20)
    assert time_needed_percentile(certain, [0.0, 0.25, 0.5, 1.0]) == pytest.approx([20.0, 27.5, 35.0, 50.0])
    spread = Timing(0, 30, 0, 20, 0, lognormal_from_percentiles(60, 120))
    assert time_needed_percentile(spread, [0.0, 0.5, 0.95, 1.0]).tolist() == pytest.approx([20.0, 80.0, 140.0, np.inf])
    fixed = Timing(0, 30, 30, np.array([0.0, 10.0, 25.0]), 10, lognormal_from_percentiles(60, 120))
    assert np.diff(time_needed_percentile(fixed, 0.8)) == pytest.approx([10.0, 15.0])


def test_the_gap_needed_reaches_the_share_asked_for() -> None:
    timing = Timing(0, 30, 30, 7, 20, lognormal_from_percentiles(50, 90))
    gap = float(time_needed_percentile(timing, 0.5)) - 30
    assert float(share_reached(replace(timing, gap=gap))) == pytest.approx(0.5, abs=1e-9)


def test_impossible_times_are_refused_in_words() -> None:
    with pytest.raises(InputError, match="label window is -1 days"):
        warning(0, -1, 30)
    with pytest.raises(InputError, match="scoring rhythm is -3 days"):
        share_scored(30, -3)
    with pytest.raises(InputError, match="Give 0 % to 100 %"):
        time_needed_percentile(Timing(), 1.2)
    with pytest.raises(EstimateError, match="can be 0 to 20"):
        share_reached(Timing(spread=(1.0, -0.5)))
