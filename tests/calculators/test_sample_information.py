"""The worth of a sample: closed forms, exact pilots by adding up, direction, and the size that pays."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import beta, binom

from shipworthy.calculators.sample_information import (
    best_size,
    evsi_curve,
    evsi_of_measurement,
    evsi_of_pilot,
    measurement,
    pilot,
)
from shipworthy.calculators.value_of_information import evppi, ranks
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
SIZE = 2**14
Z = ndtri((np.arange(SIZE) + 0.5) / SIZE)
SIZES = [0, 1, 3, 10, 30, 100, 300, 1_000, 10_000]


def loss(mean: float, deviation: float) -> float:
    score = mean / deviation
    bell = math.exp(-score * score / 2) / math.sqrt(2 * math.pi)
    return deviation * bell + mean * (1 + math.erf(score / math.sqrt(2))) / 2


def exact_pilot(rates: Floats, gain: Floats, size: int) -> float:
    """Every outcome of a pilot, weighed by its chance under each rate: the choice after it, against the choice now."""
    chances = binom.pmf(np.arange(size + 1)[:, None], size, rates[None, :])
    return float(np.maximum(chances @ gain / len(rates), 0).sum() - max(gain.mean(), 0))


def rate(a: float, b: float) -> Floats:
    return np.asarray(beta.ppf((np.arange(SIZE) + 0.5) / SIZE, a, b))


@pytest.mark.parametrize("mean", [0.0, -40.0, 75.0])
@pytest.mark.parametrize("cases", [1, 16, 400])
def test_normal_answer_and_normal_sample(mean: float, cases: int) -> None:
    payoffs = [mean + 100 * Z, 0 * Z]
    sharpness = math.sqrt(cases / (cases + 16.0))  # prior worth (4 / 1)² cases
    exact = loss(mean, 100 * sharpness) - max(mean, 0)
    assert evsi_curve(payoffs, measurement(Z, 4.0), [cases]).values[0] == pytest.approx(exact, rel=2e-3, abs=0.02)
    simulated = evsi_of_measurement(payoffs, Z, 4.0, cases)
    assert simulated.value == pytest.approx(exact, abs=0.03 * simulated.evpi)


def test_a_step_seen_through_a_sample() -> None:
    payoffs = [np.where(Z > 0.5, 100.0, -50.0), 0 * Z]
    cases, prior = 9.0, 4.0
    rho = math.sqrt(cases / (cases + prior))
    seen = ndtri((np.arange(2**16) + 0.5) / 2**16)
    chance = 0.5 * (1 + np.vectorize(math.erf)((rho * seen - 0.5) / math.sqrt(2 * (1 - rho * rho))))
    exact = np.maximum(150 * chance - 50, 0).mean()  # of itself it loses: chosen only after the sample
    assert payoffs[0].mean() < 0
    found = evsi_curve(payoffs, measurement(Z, 2.0), [cases])
    assert found.values[0] == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(("a", "b", "limit"), [(3, 7, 0.3), (20, 180, 0.09), (50, 30, 0.6)])
@pytest.mark.parametrize("cases", [100, 400])
def test_pilot_against_every_outcome(a: float, b: float, limit: float, cases: int) -> None:
    rates = rate(a, b)
    gain = 1e5 * (rates - limit)
    payoffs, exact = [gain, 0 * gain], exact_pilot(rates, gain, cases)
    whole = evppi(payoffs, ranks(rates)).value
    assert evsi_of_pilot(payoffs, rates, cases).value == pytest.approx(exact, abs=0.02 * whole)
    assert evsi_curve(payoffs, pilot(rates), [cases]).values[0] == pytest.approx(exact, abs=0.04 * whole)


def test_rare_counts_are_warned_of_and_simulated_right() -> None:
    rates = rate(1, 99)
    gain = 1e5 * (rates - 0.012)
    payoffs, exact = [gain, 0 * gain], exact_pilot(rates, gain, 20)
    curve = evsi_curve(payoffs, pilot(rates), [20, 100, 999, 1_001])
    assert curve.rare.tolist() == [True, True, True, False]
    assert abs(curve.values[0] / exact - 1) > 0.2  # why there is a warning
    assert evsi_of_pilot(payoffs, rates, 20).value == pytest.approx(exact, rel=0.06)
    rare_misses = evsi_curve([-gain, 0 * gain], pilot(1 - rates), [100])
    assert rare_misses.rare.all()
    assert not evsi_curve([Z, 0 * Z], measurement(Z, 1.0), [1]).rare.any()


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), gate=st.floats(-1.5, 1.5), mean=st.floats(-60, 60))
def test_more_cases_are_never_worth_less_nor_more_than_knowing(seed: int, gate: float, mean: float) -> None:
    rng = np.random.default_rng(seed)
    one, two, three = rng.normal(0, 30, 3)
    payoffs = np.stack([mean + one * Z + two * (Z * Z - 1), np.where(gate < Z, three, -three), 0 * Z])
    found = evsi_curve(payoffs + rng.normal(0, 5, SIZE), measurement(Z, 5.0), SIZES)
    assert found.values[0] == 0
    assert np.all(np.diff(found.values) >= -2e-3 * max(found.limit, 1e-9))
    assert np.all(found.values <= found.limit)
    assert found.limit <= evppi(payoffs, ranks(Z)).evpi + 30
    assert found.at([1e9])[0] == pytest.approx(found.limit, rel=0.02, abs=0.05)


def test_simulated_never_above_knowing() -> None:
    rates = rate(4, 6)
    payoffs = [800 * rates - 300, 40 * np.sin(9 * rates), 0 * rates]
    whole = evppi(payoffs, ranks(rates))
    found = [evsi_of_pilot(payoffs, rates, size) for size in (0, 5, 50, 500, 50_000)]
    assert found[0].value == 0
    assert all(each.value <= whole.value <= whole.evpi for each in found)
    assert [each.value for each in found] == sorted(each.value for each in found)
    assert found[-1].value == pytest.approx(whole.value, rel=0.03)


def test_the_noisier_the_cases_the_less_a_sample_is_worth() -> None:
    payoffs = [100 * Z - 20, 0 * Z]
    found = [evsi_curve(payoffs, measurement(Z, spread), [10]).values[0] for spread in (0.5, 2.0, 8.0, 50.0)]
    assert found == sorted(found, reverse=True)


def test_prior_size() -> None:
    assert pilot(rate(3, 7)).prior_size == pytest.approx(10, rel=0.01)
    assert measurement(50 + 3 * Z, 12.0).prior_size == pytest.approx(16, rel=0.01)


@pytest.mark.parametrize(("each", "fixed"), [(0.02, 0.0), (0.4, 0.0), (0.02, 5.0), (3.0, 0.0), (0.001, 60.0)])
def test_the_best_size_by_trying_them_all(each: float, fixed: float) -> None:
    curve = evsi_curve([100 * Z - 30, 0 * Z], measurement(Z, 6.0), [1, 2_000])
    every = np.arange(1, 2_001)
    nets = curve.at(every) - each * every - fixed
    found = best_size(curve, each, fixed)
    if nets.max() <= 0:
        assert found.size == 0
        assert found.net == 0
    else:
        assert found.net == pytest.approx(nets.max(), abs=1e-3)
        assert found.size == pytest.approx(every[nets.argmax()], abs=2)
        assert found.cost == pytest.approx(fixed + each * found.size)


def test_a_dearer_case_never_asks_for_more_of_them() -> None:
    curve = evsi_curve([100 * Z, 0 * Z], measurement(Z, 6.0), [1, 100_000])
    sizes = [best_size(curve, each).size for each in (0.0001, 0.01, 0.1, 1.0, 100.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0


def test_nothing_to_be_gained_asks_for_no_sample() -> None:
    curve = evsi_curve([5 + 0.1 * Z, 0 * Z], measurement(Z, 1.0), [10, 100])
    assert curve.values.tolist() == [0, 0]
    assert not curve.measurable
    assert best_size(curve, 0.0).size == 0
    assert evsi_of_measurement([5 + 0.1 * Z, 0 * Z], Z, 1.0, 10).value == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: pilot(np.linspace(-0.1, 0.5, 256)), "share from 0 to 1"),
        (lambda: pilot(np.full(256, 0.3)), "nothing left to find out"),
        (lambda: pilot([math.nan] * 256), "finite numbers"),
        (lambda: measurement(Z, 0.0), "above 0"),
        (lambda: measurement(Z, math.inf), "above 0"),
        (lambda: evsi_curve([Z, 0 * Z], measurement(Z, 1.0), [-1]), "10\\^9"),
        (lambda: evsi_of_pilot([Z, 0 * Z], rate(2, 2), -5), "Size of a sample"),
        (lambda: best_size(evsi_curve([Z, 0 * Z], measurement(Z, 1.0), [5]), -1.0), "0 or more"),
    ],
)
def test_refused_in_words(call: Callable[[], object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()
