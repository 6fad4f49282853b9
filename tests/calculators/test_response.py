"""Response time inside the draws against the convolution, brute force, hand-worked values and its limits."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.response import (
    ColdStart,
    Response,
    response_time,
    share_within,
    sum_percentile,
    transfer_time,
)
from shipworthy.calculators.response_curve import convolved
from shipworthy.calculators.spreads import Z95, lognormal_percentile, sum_of_lognormals
from shipworthy.errors import EstimateError, InputError

Floats = npt.NDArray[np.float64]
SHARES = np.array([0.5, 0.95, 0.99])


def six_stages(case: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """p95/p50 from 1.2 to 6; medians alike, up to tenfold, a hundredfold and a thousandfold apart."""
    p50s = 10 ** rng.uniform(0, case % 4, 6)
    ratio = rng.uniform(1.2, 6, 6) if case % 3 else np.full(6, rng.uniform(1.2, 6))
    return p50s, p50s * ratio


def brute(p50s: Floats, p95s: Floats, correlation: float, count: int = 10**6) -> Floats:
    rng = np.random.default_rng(11)
    sigma = np.log(p95s / p50s) / Z95
    shared = rng.standard_normal((count, 1))
    own = rng.standard_normal((count, len(p50s)))
    scores = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
    return np.asarray((p50s * np.exp(sigma * scores)).sum(axis=1))


def test_six_stages_against_the_convolution_and_better_than_two_moments() -> None:
    rng = np.random.default_rng(3)
    ours, plain = [], []
    for case in range(160):
        p50s, p95s = six_stages(case, rng)
        exact = convolved(list(p50s), list(p95s)).percentile(SHARES)
        ours.append(sum_percentile(list(p50s), list(p95s), SHARES) / exact - 1)
        plain.append(lognormal_percentile(SHARES, *sum_of_lognormals(list(p50s), list(p95s))) / exact - 1)
    worst, before = np.abs(ours).max(axis=0), np.abs(plain).max(axis=0)
    assert worst[0] < 0.04
    assert worst[1] < 0.02
    assert worst[2] < 0.02
    assert (before[1:] > 0.05).all(), "Fenton-Wilkinson would not do"


@pytest.mark.parametrize("correlation", [0.0, 0.25, 0.5, 0.75])
def test_six_stages_against_brute_force(correlation: float) -> None:
    rng = np.random.default_rng(8)
    for case in range(8):
        p50s, p95s = six_stages(case, rng)
        exact = np.quantile(brute(p50s, p95s, correlation), SHARES)
        found = sum_percentile(list(p50s), list(p95s), SHARES, correlation)
        assert found[1:] == pytest.approx(exact[1:], rel=0.025)
        assert found[0] == pytest.approx(exact[0], rel=0.045)


def test_mean_variance_and_skewness_are_those_of_the_sum() -> None:
    p50s, p95s = np.array([20.0, 60.0, 180.0]), np.array([60.0, 90.0, 540.0])
    found = response_time(list(p50s), list(p95s), 0.4)
    assert isinstance(found, Response)
    sigma = np.log(p95s / p50s) / Z95
    mean = p50s * np.exp(sigma**2 / 2)
    joint = np.exp(np.where(np.eye(3, dtype=bool), 1.0, 0.4) * np.outer(sigma, sigma))
    raw = [
        mean.sum(),
        mean @ joint @ mean,
        np.einsum("i,j,k,ij,jk,ik->", mean, mean, mean, joint, joint, joint),
    ]
    grown = np.exp(found.sigma**2)
    lognormal = np.exp(found.mu + found.sigma**2 / 2)
    variance = lognormal**2 * (grown - 1)
    assert float(found.shift + lognormal) == pytest.approx(raw[0])
    assert float(variance) == pytest.approx(raw[1] - raw[0] ** 2)
    third = raw[2] - 3 * raw[0] * raw[1] + 2 * raw[0] ** 3
    assert float(variance**1.5 * (grown + 2) * np.sqrt(grown - 1)) == pytest.approx(third)


def test_one_stage_is_itself() -> None:
    assert sum_percentile([40], [95], [0.5, 0.95]) == pytest.approx([40, 95], rel=1e-9)
    assert sum_percentile([40, 0, 0], [95, 0, 0], 0.95) == pytest.approx(95, rel=1e-9)


def test_certain_times_add_up() -> None:
    found = response_time([30, 10], [30, 10])
    assert found.percentile([0.1, 0.95]).tolist() == [40.0, 40.0]
    assert found.share_within([39.9, 40.0, 41.0]).tolist() == [0.0, 1.0, 1.0]
    nothing = response_time([0], [0])
    assert nothing.share_within([-1.0, 0.0, 1.0]).tolist() == [0.0, 1.0, 1.0]
    assert float(sum_percentile([30, 10], [60, 10], 0.95) - sum_percentile([30], [60], 0.95)) == pytest.approx(10)


def test_stages_that_move_together_add_their_percentiles() -> None:
    assert float(sum_percentile([20, 60], [60, 180], 0.95, 1.0)) == pytest.approx(240, rel=1e-6)


def test_by_how_much_the_sum_of_the_p99s_is_off() -> None:
    p50s, p95s = [20.0, 30.0, 60.0, 120.0, 30.0, 15.0], [60.0, 90.0, 150.0, 400.0, 90.0, 40.0]
    added = sum(float(sum_percentile([low], [high], 0.99)) for low, high in zip(p50s, p95s, strict=True))
    truth = float(convolved(p50s, p95s).percentile(0.99))
    assert float(sum_percentile(p50s, p95s, 0.99)) == pytest.approx(truth, rel=0.03)
    assert truth == pytest.approx(np.quantile(brute(np.array(p50s), np.array(p95s), 0.0), 0.99), rel=0.01)
    assert added / truth == pytest.approx(1.53, abs=0.02)


def test_one_use_under_the_limit_is_not_the_p95_under_the_limit() -> None:
    p95s = 300 * np.exp(0.2 * np.random.default_rng(0).standard_normal(4096))
    within = share_within([100, 50], [p95s, 120], 360)
    assert 0.9 < within.mean() < 0.95
    assert (within >= 0.95).mean() < 0.5


@given(
    p50=st.floats(1.0, 500.0),
    ratio=st.floats(1.0, 8.0),
    more=st.floats(1.0, 300.0),
    q=st.floats(0.05, 0.999),
    correlation=st.sampled_from([0.0, 0.3, 0.9]),
)
def test_percentile_and_share_are_inverse_and_directions(
    p50: float, ratio: float, more: float, q: float, correlation: float
) -> None:
    found = response_time([p50, 30.0, 80.0], [p50 * ratio, 75.0, 90.0], correlation)
    at = float(found.percentile(q))
    if at > 0:
        assert float(found.share_within(at)) == pytest.approx(q, abs=1e-9)
        assert found.share_within(at + more) >= q - 1e-9
    assert found.percentile(min(q + 0.01, 0.9995)) >= at
    longer = response_time([p50 + more, 30.0, 80.0], [(p50 + more) * ratio, 75.0, 90.0], correlation)
    assert longer.percentile(0.95) > found.percentile(0.95)
    scaled = response_time([p50 / 1000, 0.03, 0.08], [p50 * ratio / 1000, 0.075, 0.09], correlation)
    assert float(scaled.percentile(q)) == pytest.approx(at / 1000, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("ratio", [1.0, 1 + 1e-12, 1 + 1e-7, 1 + 1e-4, 1.01])
def test_almost_certain_stages(ratio: float) -> None:
    found = response_time([20.0, 30.0], [20.0 * ratio, 30.0 * ratio])
    assert float(found.percentile(0.95)) == pytest.approx(50.0, rel=2 * (ratio - 1) + 1e-9)
    assert found.share_within([49.0, 51.0]).tolist() == pytest.approx([0.0, 1.0], abs=0.01)


def test_scalars_and_arrays_agree_across_blocks() -> None:
    rng = np.random.default_rng(1)
    count = 2**14 + 777
    p50, p95 = 20 + 10 * rng.random(count), 80 + 50 * rng.random(count)
    cold = ColdStart(0.02 + 0.02 * rng.random(count), 500.0, 1500.0)
    many = [share_within([p50, 40], [p95, 70], 180, 0.3), sum_percentile([p50, 40], [p95, 70], 0.97, 0.3, cold)]
    for at in (0, 5000, 2**14 + 3):
        one = ColdStart(float(np.asarray(cold.share)[at]), 500.0, 1500.0)
        assert float(share_within([p50[at], 40], [p95[at], 70], 180, 0.3)) == pytest.approx(many[0][at], rel=1e-12)
        again = float(sum_percentile([p50[at], 40], [p95[at], 70], 0.97, 0.3, one))
        assert again == pytest.approx(many[1][at], rel=1e-7)


def test_cold_starts_are_a_mixture() -> None:
    p50s, p95s, cold = [40.0, 80.0], [90.0, 160.0], ColdStart(0.03, 900.0, 2500.0)
    warm, slow = response_time(p50s, p95s), response_time([*p50s, 900.0], [*p95s, 2500.0])
    found = response_time(p50s, p95s, cold=cold)
    for limit in (150.0, 300.0, 1200.0):
        by_hand = 0.97 * float(warm.share_within(limit)) + 0.03 * float(slow.share_within(limit))
        assert float(found.share_within(limit)) == pytest.approx(by_hand, abs=1e-12)
    shares = np.array([0.2, 0.5, 0.95, 0.969, 0.971, 0.99, 0.999])
    assert found.share_within(found.percentile(shares)) == pytest.approx(shares, abs=1e-9)
    exact = convolved(p50s, p95s, cold).percentile([0.95, 0.99])
    assert found.percentile([0.95, 0.99]) == pytest.approx(exact, rel=0.03)


def test_cold_starts_at_their_limits() -> None:
    never, always = ColdStart(0.0, 900.0, 2500.0), ColdStart(1.0, 900.0, 2500.0)
    assert sum_percentile([40], [90], 0.95, cold=never) == pytest.approx(90, rel=1e-9)
    both = sum_percentile([40, 900], [90, 2500], 0.95)
    assert sum_percentile([40], [90], 0.95, cold=always) == pytest.approx(both, rel=1e-9)
    only = response_time([0], [0], cold=ColdStart(0.1, 100.0, 100.0))
    assert only.percentile([0.5, 0.89, 0.95]).tolist() == [0.0, 0.0, pytest.approx(100.0)]
    step = response_time([40], [40], cold=ColdStart(0.1, 900.0, 2500.0))
    assert step.percentile([0.5, 0.95]) == pytest.approx([40, 40 + 900], rel=1e-6)
    assert only.share_within([0.0, 50.0, 100.0]).tolist() == pytest.approx([0.9, 0.9, 1.0])


def test_transfer_by_hand() -> None:
    # 100 kB are 800 kbit: 80 ms over 10 Mbit/s, and half of a 50 ms round trip
    assert float(transfer_time(100, 10, 50)) == pytest.approx(105.0)
    assert float(transfer_time(100, 10, 50, 3)) == pytest.approx(230.0)
    assert transfer_time([0.0, 100.0], 10, 0).tolist() == [0.0, 80.0]
    assert transfer_time(200, 10, 50) > transfer_time(100, 10, 50) > transfer_time(100, 20, 50)


def test_what_cannot_be_is_refused_in_words() -> None:
    with pytest.raises(EstimateError, match="Spread: found a median"):
        response_time([10, 20], [9, 30])
    with pytest.raises(InputError, match="2 medians and 1 95th"):
        response_time([10, 20], [30])
    with pytest.raises(InputError, match="at least one stage"):
        response_time([], [])
    with pytest.raises(InputError, match=r"correlation of 1\.5"):
        response_time([10], [20], 1.5)
    with pytest.raises(InputError, match=r"20,000 times its median"):
        response_time([10, 1], [20, 20_000])
    with pytest.raises(InputError, match=r"share of 1\.2 was found"):
        response_time([10], [20], cold=ColdStart([0.1, 1.2], 5, 6))
    with pytest.raises(InputError, match=r"Percentile: a share of 95"):
        sum_percentile([10], [20], 95)
    with pytest.raises(InputError, match=r"bandwidth \[Mbit/s\] is 0"):
        transfer_time(10, 0)
    with pytest.raises(InputError, match=r"payload \[kB\] is -1"):
        transfer_time(-1, 10)
