"""Uses that go different ways: the percentile of the whole, and one more stage after a response."""

import numpy as np
import pytest

from shipworthy.calculators.response import ColdStart, response_time
from shipworthy.calculators.response_mixture import Mixture, Way, then
from shipworthy.errors import InputError

DRAWN = 400_000
RARE = 1.6448536269514722


def times(generator: np.random.Generator, p50: float, p95: float) -> np.ndarray:
    return np.exp(np.log(p50) + np.log(p95 / p50) / RARE * generator.standard_normal(DRAWN))


def test_the_whole_is_what_brute_force_finds() -> None:
    generator = np.random.default_rng(1)
    near, far = times(generator, 40, 60), times(generator, 90, 140)
    there = generator.random(DRAWN) < 0.3
    brute = np.where(there, far, near)
    mixture = Mixture((Way(0.7, response_time([40], [60])), Way(0.3, response_time([90], [140]))))
    for share in (0.5, 0.95):
        assert mixture.percentile(share) == pytest.approx(np.quantile(brute, share), rel=5e-3)
    assert mixture.share_within(100.0) == pytest.approx(np.mean(brute <= 100), abs=3e-3)


def test_percentile_and_share_are_each_others_inverse_on_draws() -> None:
    shares = np.array([0.0, 0.02, 0.5, 0.98, 1.0])
    cold = response_time([60], [80], 0.0, ColdStart(0.1, 5000.0, 5000.0))
    mixture = Mixture((Way(1 - shares, response_time([20], [30])), Way(shares, cold)))
    for share in (0.5, 0.95):
        assert mixture.share_within(mixture.percentile(share)) == pytest.approx([share] * 5, abs=1e-6)
    alone = mixture.percentile(0.5)
    assert alone[0] == pytest.approx(20.0)
    assert alone[-1] == pytest.approx(float(cold.percentile(0.5)), rel=1e-6)
    assert (np.diff(alone) > 0).all()


def test_a_way_that_few_go_hardly_moves_the_middle() -> None:
    mixture = Mixture((Way(0.98, response_time([60], [80])), Way(0.02, response_time([700], [900]))))
    assert 60 < mixture.percentile(0.5) < 61
    with pytest.raises(InputError, match="no way"):
        Mixture(())


@pytest.mark.parametrize(("p50", "p95"), [(3.0, 13.0), (30.0, 130.0), (300.0, 1300.0)])
def test_one_more_stage_after_a_response(p50: float, p95: float) -> None:
    generator = np.random.default_rng(2)
    stages = ((8.0, 14.0), (14.0, 26.0), (60.0, 90.0))
    brute = sum(times(generator, *stage) for stage in stages) + times(generator, p50, p95)
    found = then(response_time(*zip(*stages, strict=True)), p50, p95)
    for share in (0.5, 0.95, 0.99):
        assert found.percentile(share) == pytest.approx(np.quantile(brute, share), rel=0.02)
        limit = np.quantile(brute, share)
        assert found.share_within(limit) == pytest.approx(share, abs=0.03 if share == 0.5 else 0.01)


def test_one_more_stage_comes_after_cold_starts_too_and_none_changes_nothing() -> None:
    cold = response_time([60], [80], 0.0, ColdStart(0.1, 5000.0, 5000.0))
    assert then(cold, 0.0, 0.0).percentile(0.95) == pytest.approx(float(cold.percentile(0.95)), rel=1e-6)
    assert then(cold, 100.0, 100.0).percentile(0.95) == pytest.approx(float(cold.percentile(0.95)) + 100, rel=1e-4)
