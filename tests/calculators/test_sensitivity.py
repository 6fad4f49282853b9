"""Tornado rows and shares of the variance, against closed forms."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtr, ndtri

from shipworthy.calculators.sensitivity import (
    conditional_means,
    conditional_means_of_all,
    first_order_share,
    first_order_shares,
    tornado,
)
from shipworthy.calculators.value_of_information import evppi, groups, ranks
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
SIZE = 2**14


def sobol(dimensions: int, seed: int = 5) -> Floats:
    from scipy.stats import qmc

    return np.asarray(ndtri(qmc.Sobol(dimensions, rng=seed).random(SIZE)).T)


def test_tornado_rows() -> None:
    rows = tornado(
        {"narrow": (1.0, 2.0, 3.0), "falls": (90.0, 50.0, 10.0), "turns": (0.0, 60.0, 5.0), "flat": (7, 7, 7)}
    )
    assert [row.answer for row in rows] == ["falls", "turns", "narrow", "flat"]
    assert [row.swing for row in rows] == [80.0, 60.0, 2.0, 0.0]
    assert [row.turns for row in rows] == [False, True, False, False]
    assert rows[1].ends == (0.0, 60.0)


def test_conditional_means_of_a_model_with_a_middle() -> None:
    z = sobol(2)
    payoff = 10 * z[0] - 3 * (z[0] ** 2) + 5 * z[1] + 40
    low, middle, high = conditional_means(payoff, ranks(z[0]))
    end = 1.2815515655446004
    assert low == pytest.approx(40 - 10 * end - 3 * end * end, abs=0.1)
    assert middle == pytest.approx(40, abs=0.1)
    assert high == pytest.approx(40 + 10 * end - 3 * end * end, abs=0.1)


def test_conditional_means_across_a_gate() -> None:
    z = sobol(2)
    found = conditional_means(np.where(z[0] > 0.6, 100.0, -20.0) + z[1], ranks(np.exp(z[0])))
    assert found == pytest.approx((-20, -20, 100), abs=1.5)


def test_shares_of_a_linear_model() -> None:
    z, weights = sobol(4), np.array([1.0, 2.0, 4.0, 0.1])
    found = first_order_shares(weights @ z, [ranks(each) for each in z])
    exact = weights**2 / (weights**2).sum()
    assert [each.value for each in found] == pytest.approx(exact, abs=0.0016)
    assert all(abs(each.value - share) < 4 * each.error + 0.001 for each, share in zip(found, exact, strict=True))


def test_shares_of_ishigami() -> None:
    # Ishigami and Homma (1990): S1 0.3139, 0.4424, 0; the third answer matters only together with the first
    x = math.pi * (2 * ndtr(sobol(3)) - 1)
    payoff = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    found = first_order_shares(payoff, [ranks(each) for each in x])
    assert [each.value for each in found] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.005)


def test_share_of_a_product_is_closed_form() -> None:
    z = sobol(2)
    payoff = np.exp(0.3 * z[0] + 0.4 * z[1])
    exact = math.expm1(0.09) / math.expm1(0.25)
    assert first_order_share(payoff, ranks(z[0])).value == pytest.approx(exact, abs=0.002)


def test_share_of_a_chance() -> None:
    z = sobol(2)
    works = ndtr(z[0]) < 0.25
    payoff = 100 * works + 30 * z[1]
    exact = 100**2 * 0.25 * 0.75 / (100**2 * 0.25 * 0.75 + 900)
    assert first_order_share(payoff, groups(works)).value == pytest.approx(exact, abs=0.002)


def test_noise_has_no_share() -> None:
    rng = np.random.default_rng(2)
    found = [first_order_share(rng.standard_normal(4096), ranks(rng.standard_normal(4096))) for _ in range(40)]
    assert max(each.value for each in found) < 0.01
    assert np.mean([each.value for each in found]) < 0.001


def test_nearly_all_the_variance_and_no_worth() -> None:
    z = sobol(2)
    payoffs = [1_000 + 50 * z[0] + 2 * z[1], 0 * z[0]]
    assert first_order_share(payoffs[0], ranks(z[0])).value > 0.99
    assert not evppi(payoffs, ranks(z[0])).measurable


def test_the_same_in_every_draw() -> None:
    assert first_order_share(np.full(SIZE, 1e9), ranks(sobol(1)[0])).value == 0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tornado({"price": (1.0, math.nan, 2.0)}), "price"),
        (lambda: first_order_share(np.arange(512.0), ranks(np.arange(256.0))), "512"),
        (lambda: first_order_share(np.arange(512.0), groups(np.arange(256) % 2)), "256"),
        (lambda: conditional_means(np.arange(512.0), ranks(np.arange(256.0))), "same draws"),
        (lambda: conditional_means([math.nan] * 256, ranks(np.arange(256.0))), "finite"),
    ],
)
def test_refused_in_words(call: Callable[[], object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()


def test_all_at_once_are_those_one_by_one_and_a_chance_is_told_at_no_and_yes() -> None:
    z = sobol(3)
    yes = z[2] > 1.0
    payoffs = np.stack([z[0] ** 2 + 3 * z[1], np.where(yes, 5.0, 1.0) + z[0]])
    known = [ranks(z[0]), groups(yes), ranks(z[1])]
    found = conditional_means_of_all(payoffs, known)
    assert found.shape == (3, 2, 3)
    for place in (0, 2):
        for row in (0, 1):
            assert found[place, row].tolist() == pytest.approx(conditional_means(payoffs[row], known[place]), abs=1e-12)
    assert found[1, 1] == pytest.approx([1.0, payoffs[1].mean(), 5.0], abs=0.05)
    with pytest.raises(InputError, match="Both need the same draws"):
        conditional_means_of_all(payoffs[:, :256], known)


def test_a_pattern_of_the_draws_that_carries_little_is_not_followed() -> None:
    z = sobol(2)
    payoff = 10 * z[1] + np.where(np.sin(9 * z[0]) > 0, 0.7, -0.7)  # wild along the first, and nothing much
    low, middle, high = conditional_means(payoff, ranks(z[0]))
    assert max(abs(low), abs(middle), abs(high)) < 0.5
    step = 10 * z[1] + np.where(
        z[0] > 1.0, 3.0, 0.0
    )  # a gate that carries as little is followed: it needs few parameters
    low, middle, high = conditional_means(step, ranks(z[0]))
    assert (low, middle, high) == pytest.approx((0.0, 0.0, 3.0), abs=0.5)
