"""The worth of a sample: closed forms, exact pilots by adding up, direction, and the size that pays."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import beta, betabinom, binom

from shipworthy.calculators.sample_information import (
    Plan,
    best_size,
    evsi_curve,
    evsi_of_measurement,
    evsi_of_pilot,
    measurement,
    pilot,
)
from shipworthy.calculators.value_of_information import evppi, ranks
from shipworthy.errors import InputError
from shipworthy.estimate import Range

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
    assert evsi_curve(payoffs, pilot(rates), [cases]).values[0] == pytest.approx(exact, abs=2e-3 * whole)


@pytest.mark.parametrize(("a", "b", "limit"), [(3, 7, 0.35), (1, 99, 0.012), (2, 3, 0.5), (99, 1, 0.992)])
@pytest.mark.parametrize("cases", [1, 5, 40, 300, 20_000])
def test_pilot_of_a_beta_against_the_posterior_means_of_all_counts(
    a: float, b: float, limit: float, cases: int
) -> None:
    yes = np.arange(cases + 1)
    after = 1e5 * ((a + yes) / (a + b + cases) - limit)
    exact = float(np.maximum(after, 0) @ betabinom.pmf(yes, cases, a, b) - max(1e5 * (a / (a + b) - limit), 0))
    rates = rate(a, b)
    found = evsi_curve([1e5 * (rates - limit), 0 * rates], pilot(rates), [cases])
    assert found.values[0] == pytest.approx(exact, abs=2e-3 * found.limit)


def test_more_counts_than_are_added_up_one_by_one_tell_the_same() -> None:
    rates = rate(2, 38)
    gain = np.where(rates > 0.06, 900.0, -600.0)
    for size in (600, 3_000):  # some 150 and 700 counts may come
        found = evsi_curve([gain, 0 * gain], pilot(rates), [size])
        assert found.values[0] == pytest.approx(exact_pilot(rates[::8], gain[::8], size), rel=0.01)


def test_shares_that_are_nearly_nought_in_most_draws() -> None:
    rates = (
        np.exp(2.5 * Z) / 40_000
    )  # of 700, a sixtieth of one is expected to say yes in the middle, 394 at the highest
    gain = np.where(rates > 1e-4, 500.0, -250.0)
    found = [evsi_curve([gain, 0 * gain], pilot(rates), [size]) for size in (300, 700, 5_000)]
    for curve, size in zip(found[:2], (300, 700), strict=True):
        assert curve.values[0] == pytest.approx(exact_pilot(rates[4::8], gain[4::8], size), abs=0.01 * curve.limit)
    rising = [curve.values[0] for curve in found]
    assert rising == sorted(rising)
    misses = [evsi_curve([gain, 0 * gain], pilot(1 - rates), [size]).values[0] for size in (300, 700, 5_000)]
    assert misses == pytest.approx(rising, rel=1e-6)


def skewed_measurement(values: Floats, gain: Callable[[Floats], Floats], deviation: float) -> float:
    """By quadrature: the answer in 4,096 places, what is seen on a grid 40 to a deviation."""
    seen = np.arange(values.min() - 6 * deviation, values.max() + 6 * deviation, deviation / 40)
    left = 0.0
    for part in np.array_split(seen, max(1, seen.size // 500)):
        bells = np.exp(-0.5 * ((part[:, None] - values) / deviation) ** 2) / math.sqrt(2 * math.pi)
        left += float(np.maximum(bells @ gain(values) / values.size, 0).sum() / 40)
    return left - max(float(gain(values).mean()), 0.0)


@pytest.mark.parametrize("cases", [5, 20, 50, 174, 1_000])
def test_measurements_of_a_skewed_answer_against_quadrature(cases: int) -> None:
    # one option, whose value is 50 to 100 to 180 and which pays from 53 on; cases stray by 200
    model = Range(50.0, 100.0, 180.0, 0.0)

    def gain(value: Floats) -> Floats:
        return 3832.0 * value - 390_000.0

    values = np.asarray(model.from_scores(Z))
    coarse = np.asarray(model.from_scores(ndtri((np.arange(4096) + 0.5) / 4096)))
    found = evsi_curve([gain(values), 0 * values], measurement(values, 200.0), [cases])
    exact = skewed_measurement(coarse, gain, 200.0 / math.sqrt(cases))
    assert found.values[0] == pytest.approx(exact, abs=1e-3 * found.limit)


# beyond the last edge are 106 draws of 16,384: what knowing the answer is worth is itself off by 4 % there
@pytest.mark.parametrize(("edge", "off"), [(1.0, 0.01), (4.0, 0.01), (12.0, 0.05)])
@pytest.mark.parametrize("cases", [2, 30, 2_000])
def test_a_gate_along_a_skewed_answer_against_quadrature(edge: float, off: float, cases: int) -> None:
    def gain(value: Floats) -> Floats:
        return np.where(value > edge, 1000.0, -200.0)

    values = np.exp(Z)
    found = evsi_curve([gain(values), 0 * values], measurement(values, 8.0), [cases])
    exact = skewed_measurement(values[2::4], gain, 8.0 / math.sqrt(cases))
    assert found.values[0] == pytest.approx(exact, abs=off * found.limit)


def test_three_options_and_an_answer_with_a_long_tail() -> None:
    values = np.exp(1.5 * Z)
    payoffs = np.stack([40 * values - 200, np.where(values < 0.5, 150.0, -60.0), 0 * values])
    rng = np.random.default_rng(5)
    for cases in (1, 10, 200):
        shown = np.tile(values, 16) + 6 / math.sqrt(cases) * rng.standard_normal(16 * SIZE)
        means = np.tile(payoffs, 16)[:, np.argsort(shown)].reshape(3, 512, -1).mean(axis=2)
        brute = float(means.max(axis=0).mean() - payoffs.mean(axis=1).max())
        found = evsi_curve(payoffs, measurement(values, 6.0), [cases])
        assert found.values[0] == pytest.approx(brute, abs=0.01 * found.limit)


@pytest.mark.parametrize("make", [lambda v: measurement(v, 3.0), lambda v: pilot(v / (1 + v))])
def test_the_curve_rises_to_the_worth_of_knowing(make: Callable[[Floats], Plan]) -> None:
    values = np.exp(Z)
    payoffs = np.stack([np.where(values > 2, 300.0, -100.0) + 5 * values, 20 * values, 0 * values + 30])
    found = evsi_curve(payoffs, make(values), [0, *np.unique(np.geomspace(1, 1e7, 60).astype(int))])
    seen = found.at(found.sizes)
    assert np.all(np.diff(seen) >= -1e-5 * found.limit)  # of itself, before it is made to rise
    assert np.all(np.diff(found.values) >= 0)
    assert (seen[0], found.values[-1]) == (0.0, pytest.approx(found.limit, rel=2e-3))
    assert np.all(seen <= found.limit)
    assert found.limit == evppi(payoffs, ranks(values)).value


def test_what_is_exact_in_each_case_is_known_after_one() -> None:
    plan = Plan(ranks(Z), 1e-9, Z, 0.0)
    found = evsi_curve([100 * Z, 0 * Z], plan, [0, 1, 50])
    assert found.values.tolist() == pytest.approx([0, found.limit, found.limit], rel=1e-4)


def test_shares_that_are_nought_or_one_are_worked_on() -> None:
    rates = np.clip(1.2 * rate(2, 2) - 0.1, 0.0, 1.0) + 1e-9 * (1 - np.abs(Z) / 5)
    rates = np.clip(rates, 0.0, 1.0)
    found = evsi_curve([rates - 0.6, 0 * rates], pilot(rates), [1, 10, 100_000])
    assert np.all(np.isfinite(found.values))
    assert 0 < found.values[0] < found.values[1] < found.values[2] <= found.limit


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
@pytest.mark.parametrize("skewed", [False, True])
def test_the_best_size_by_trying_them_all(each: float, fixed: float, skewed: bool) -> None:
    values = np.exp(Z) if skewed else Z
    plan = pilot(values / (values + 9)) if skewed else measurement(Z, 6.0)
    gain = np.where(values > 4, 300.0, -100.0) if skewed else 100 * Z - 30
    curve = evsi_curve([gain, 0 * Z], plan, [1, 2, 5, 10, 20, 50, 100, 200, 500, 800])
    every = np.arange(1, 801)
    nets = curve.at(every) - each * every - fixed
    found = best_size(curve, each, fixed)
    if nets.max() <= 0:
        assert found.size == 0
        assert found.net == 0
    else:
        assert found.net == pytest.approx(nets.max(), abs=2e-3)
        assert nets[found.size - 1] == pytest.approx(found.net)
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
