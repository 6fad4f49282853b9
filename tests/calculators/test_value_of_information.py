"""The worth of knowing: closed forms, brute force, limits and noise."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from shipworthy.calculators.comparison import compare
from shipworthy.calculators.value_of_information import (
    evpi,
    evppi,
    evppi_of_all,
    evppi_together,
    groups,
    ranks,
)
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
SIZE = 2**14
FLAT = math.sqrt(2 * math.pi)


def sobol(dimensions: int, seed: int = 5, size: int = SIZE) -> Floats:
    from scipy.stats import qmc

    return np.asarray(ndtri(qmc.Sobol(dimensions, rng=seed).random(size)).T)


def loss(mean: float, deviation: float) -> float:
    """E[max(0, X)] of something normal, by a textbook's formula."""
    score = mean / deviation
    return deviation * math.exp(-score * score / 2) / FLAT + mean * (1 + math.erf(score / math.sqrt(2))) / 2


@settings(deadline=None, max_examples=40)
@given(options=st.integers(1, 6), seed=st.integers(0, 10**6), scale=st.sampled_from([1e-3, 1.0, 1e9]))
def test_evpi_is_the_expected_regret_of_the_best(options: int, seed: int, scale: float) -> None:
    payoffs = scale * np.random.default_rng(seed).standard_normal((options, 512))
    regrets = [each.regret for each in compare(payoffs)]
    best = int(np.argmax([each.mean for each in compare(payoffs)]))
    assert evpi(payoffs) == pytest.approx(regrets[best], rel=1e-9, abs=1e-9 * scale)
    assert min(regrets) == pytest.approx(regrets[best], rel=1e-9)


@pytest.mark.parametrize(("mean", "slope", "rest"), [(0, 100, 50), (-80, 100, 50), (60, 40, 200), (-180, 100, 10)])
def test_two_options_linear_in_normals(mean: float, slope: float, rest: float) -> None:
    z = sobol(2)
    payoffs = [mean + slope * z[0] + rest * z[1], 0 * z[0]]
    first, second = evppi_of_all(payoffs, [ranks(each) for each in z])
    whole = loss(mean, math.hypot(slope, rest)) - max(mean, 0)
    assert first.evpi == pytest.approx(whole, abs=0.004 * (slope + rest))
    assert first.value == pytest.approx(loss(mean, slope) - max(mean, 0), abs=0.003 * whole)
    assert second.value == pytest.approx(loss(mean, rest) - max(mean, 0), abs=0.003 * whole)


def test_where_a_choice_changes_in_the_last_thousandth_only() -> None:
    z = sobol(1)
    found = evppi([100 * z[0] - 300, 0 * z[0]], ranks(z[0]))
    assert found.value == pytest.approx(loss(-300, 100), rel=0.05)


def test_what_is_found_does_not_depend_on_what_all_options_share() -> None:
    z = sobol(3)
    payoffs = np.stack([10 * z[0] + z[1], 0 * z[0], 4 * z[1]])
    plain, shared = (evppi_of_all(each, [ranks(row) for row in z]) for each in (payoffs, payoffs + 1e4 * z[2] + 3e5))
    assert [each.value for each in plain] == pytest.approx([each.value for each in shared], rel=1e-6, abs=1e-6)
    assert not shared[2].measurable


def test_money_scales_and_the_order_of_options_does_not_matter() -> None:
    z = sobol(2)
    payoffs = np.stack([100 * z[0] + 30 * z[1], 20 * z[1], 0 * z[0] - 3])
    one = evppi(payoffs, ranks(z[0]))
    other = evppi(payoffs[::-1] * 1e6, ranks(np.exp(z[0])))
    assert other.value == pytest.approx(1e6 * one.value)
    assert other.floor == pytest.approx(1e6 * one.floor)


def test_much_variance_and_nothing_to_gain() -> None:
    z = sobol(2)
    certain = 1_000 + 100 * np.exp(z[0])  # 99 % of the variance, and always better than nothing
    found = evppi([certain + z[1], 0 * z[0]], ranks(z[0]))
    assert found.value == 0
    assert found.evpi == 0
    assert not found.measurable
    shared = evppi([100 * z[0] + z[1], 100 * z[0]], ranks(z[0]))  # all options move alike
    assert not shared.measurable


@pytest.mark.parametrize("edge", [-1.5, -0.3, 0.0, 0.71, 2.0])
def test_a_gate_that_shuts_at_a_threshold(edge: float) -> None:
    z = sobol(2)
    payoff = np.where(z[0] > edge, 100.0, -60.0) + 40 * z[1]
    share = 0.5 * math.erfc(edge / math.sqrt(2))
    exact = 100 * share - max(100 * share - 60 * (1 - share), 0)
    found = evppi([payoff, 0 * payoff], ranks(z[0]))
    assert found.value == pytest.approx(exact, abs=0.012 * found.evpi)  # worst where one in 44 is beyond: inside a bin


def test_a_gate_on_a_slope() -> None:
    z = sobol(2)

    def gain(score: Floats) -> Floats:
        return np.where(score > 0.4, -90.0, 60 + 50 * score)

    fine = ndtri((np.arange(2**18) + 0.5) / 2**18)
    exact = np.maximum(gain(fine), 0).mean() - max(gain(fine).mean(), 0)
    found = evppi([gain(z[0]) + 70 * z[1], 0 * z[0]], ranks(z[0]))
    assert found.value == pytest.approx(exact, abs=0.01 * found.evpi)


def test_payoffs_that_wave_or_jump_more_than_once() -> None:
    z = sobol(2)
    fine = ndtri((np.arange(2**18) + 0.5) / 2**18)
    for gain in (
        lambda x: np.where(np.abs(x) < 0.7, 90.0, -70.0),
        lambda x: 80 * np.sin(4 * x) + 10,
        lambda x: np.where(x > 1, 50.0, np.where(x > 0, -60.0, np.where(x > -1, 40.0, -30.0))),
    ):
        exact = np.maximum(gain(fine), 0).mean() - max(gain(fine).mean(), 0)
        found = evppi([gain(z[0]) + 40 * z[1], 0 * z[0]], ranks(z[0]))
        assert found.value == pytest.approx(exact, abs=0.015 * found.evpi)
        assert found.measurable


def test_chances_and_choices_by_hand() -> None:
    # a chance of 1/4 that pays 40, else costs 20: expected −5; known, 1/4 × 40
    labels = np.tile(["yes", "no", "no", "no"], 64)
    payoff = np.where(labels == "yes", 40.0, -20.0)
    found = evppi([payoff, 0 * payoff], groups(labels))
    assert found.value == pytest.approx(10)
    assert found.evpi == pytest.approx(10)
    assert found.measurable
    three = np.tile([0, 1, 2, 1], 64)
    payoffs = np.choose(three, [[[9.0], [0.0]], [[1.0], [2.0]], [[0.0], [5.0]]])
    # 9, 1, 0 at 1/4, 1/2, 1/4 is 2.75; 0, 2, 5 is 2.25; known 9/4 + 2/2 + 5/4
    assert evppi(payoffs, groups(three)).value == pytest.approx(4.5 - 2.75)


NESTED: list[Callable[[Floats, Floats], Floats]] = [
    lambda a, b: np.stack([1e3 * np.exp(0.4 * a + 0.3 * b) - 1_100, 0 * (a + b), 300 * a * b]),
    lambda a, b: np.stack([500 * np.maximum(a - 0.2, 0) - 200 + 90 * b, 120 * b - 40 * a, 0 * (a + b)]),
    lambda a, b: np.stack([np.where(a + 0.5 * b > 0.5, 800.0, -300.0), 0 * (a + b)]),
]


@pytest.mark.parametrize("model", NESTED)
def test_nested_brute_force(model: Callable[[Floats, Floats], Floats]) -> None:
    middles = ndtri((np.arange(1500) + 0.5) / 1500)
    payoffs = model(middles[:, None], middles[None, :])  # all of one answer against all of the other
    best = payoffs.mean(axis=(1, 2)).max()
    exact = [payoffs.mean(axis=axis).max(axis=0).mean() - best for axis in (2, 1)]
    z = sobol(2)
    found = evppi_of_all(model(z[0], z[1]), [ranks(each) for each in z])
    assert [each.value for each in found] == pytest.approx(exact, abs=0.006 * found[0].evpi)


def test_below_everything_and_above_nothing() -> None:
    rng = np.random.default_rng(3)
    for size in (256, 512, 4096):
        z = rng.standard_normal((4, size))
        payoffs = np.stack([z[0] * z[1], z[2], np.exp(z[3]) - 1.5, 0 * z[0]])
        for found in evppi_of_all(payoffs, [*(ranks(each) for each in z), groups(z[0] > 0)]):
            assert 0 <= found.value <= found.evpi
            assert found.floor > 0


def noisy(seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    known, other = rng.standard_normal((2, 4096))
    noise = [other, np.exp(1.2 * other) - math.exp(0.72), known * other, np.exp(0.8 * known) * other]
    return np.stack([noise[seed % 4], 0 * other, 0.3 * rng.standard_normal(4096)]), known


def test_the_floor_covers_pure_noise() -> None:
    found = [evppi(payoffs, ranks(known)) for payoffs, known in map(noisy, range(200))]
    assert sum(each.value > 0 for each in found) > 10  # noise does bias upwards
    assert sum(each.measurable for each in found) <= 4
    assert np.median([each.floor / each.evpi for each in found]) < 0.12


def test_the_floor_falls_with_more_draws_and_lets_real_value_through() -> None:
    few, many = ((lambda z: evppi([z[0] + 0.2 * z[1], 0 * z[0]], ranks(z[1])))(sobol(2, size=n)) for n in (512, 2**15))
    assert many.floor <= few.floor
    assert many.measurable
    assert many.value == pytest.approx(0.2 / FLAT, rel=0.02)


def test_net_counts_only_what_can_be_measured() -> None:
    z = sobol(2)
    known, nothing = evppi_of_all([100 * z[0], 0 * z[0]], [ranks(each) for each in z])
    assert known.net(10) == pytest.approx(100 / FLAT - 10, rel=0.01)
    assert nothing.net(10) == -10


def test_together_by_closed_form() -> None:
    z = sobol(3)
    payoffs = [30 * z[0] + 40 * z[1] + 120 * z[2], 0 * z[0]]
    found = evppi_together(payoffs, z[:2])
    assert found.value == pytest.approx(50 / FLAT, abs=0.003 * found.evpi)
    assert found.measurable
    assert evppi_together(payoffs, z).value == pytest.approx(130 / FLAT, abs=0.003 * found.evpi)
    assert evppi_together(payoffs, z[:1]) == evppi(payoffs, ranks(z[0]))


def test_together_with_a_chance_and_with_gates() -> None:
    z = sobol(4)
    works = z[1] > 0.3
    share = works.mean()
    payoff = np.where(works, 100 + 60 * z[0], -50.0) + 20 * z[3]
    exact = share * loss(100, 60) - max(100 * share - 50 * (1 - share), 0)
    found = evppi_together([payoff, 0 * payoff], [z[0]], [groups(works)])
    assert found.value == pytest.approx(exact, abs=0.01 * found.evpi)
    two = np.where((z[0] > 0) & (z[1] > 0), 100.0, -30.0) + 20 * z[2]
    both = evppi_together([two, 0 * two], z[:2])
    assert both.value == pytest.approx(100 / 4 - (100 - 90) / 4, abs=0.01 * both.evpi)


def test_together_is_worth_no_less_than_each() -> None:
    z = sobol(5)
    payoffs = [np.exp(0.5 * z[0]) * 40 + 20 * z[1] - 45 + 9 * z[4], 5 * z[2] + 6 * z[0], 0 * z[0]]
    alone = [evppi(payoffs, ranks(each)).value for each in z[:3]]
    found = evppi_together(payoffs, z[:3])
    assert max(alone) <= found.value <= found.evpi


def test_together_where_nothing_is_to_be_found() -> None:
    z = sobol(4)
    assert not evppi_together([z[0], 0 * z[0]], z[1:]).measurable
    assert evppi_together([1 + np.exp(z[0]), 0 * z[0]], z[1:3]).value == 0


def test_one_option_or_none_that_is_ever_better() -> None:
    z = sobol(1)
    assert evpi(z) == 0
    assert evppi(z, ranks(z[0])).value == 0
    assert evppi([z[0], z[0] - 1, z[0]], ranks(z[0])).value == 0


def test_float32_scores_give_the_same_order() -> None:
    scores = np.random.default_rng(1).standard_normal(4096).astype(np.float32)
    scores[:6] = [0.0, -0.0, 1e-40, -1e-40, 3.0, -3.0]
    assert ranks(scores).order.tolist() == np.argsort(scores, kind="stable").tolist()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: evpi([1.0, 2.0]), "A row for each option"),
        (lambda: evpi([[1.0, math.nan], [0.0, 0.0]]), "option 1 has a draw that is not a finite number"),
        (lambda: evpi([[0.0, 0.0], [1.0, math.inf]]), "option 2"),
        (lambda: ranks(np.arange(300.0)), "power of two"),
        (lambda: ranks(np.arange(128.0)), "at least 256"),
        (lambda: ranks([math.nan] * 256), "not a finite number"),
        (lambda: ranks(np.repeat([0.0, 1.0], 256)), "groups"),
        (lambda: groups(np.arange(512.0)), "ranks"),
        (lambda: groups([]), "a label for each draw"),
        (lambda: evppi(np.zeros((2, 512)), ranks(np.arange(256.0))), "512"),
        (lambda: evppi_together(np.zeros((2, 256)), []), "at least one"),
    ],
)
def test_refused_in_words(call: Callable[[], object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()
