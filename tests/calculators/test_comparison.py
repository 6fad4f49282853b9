"""Options compared: hand-worked cases, identities, and where attitudes disagree."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.calculators.comparison import Requirement, binding, choices, compare, cvar, difference
from shipworthy.errors import InputError


def test_by_hand() -> None:
    first, second, third = compare([[4.0, 0.0, 8.0, 0.0], [1.0, 1.0, 1.0, 1.0], [-2.0, 9.0, 8.0, 0.0]])
    assert [each.mean for each in (first, second, third)] == [3.0, 1.0, 3.75]
    assert first.chance_best == pytest.approx((1 + 0 + 0.5 + 0) / 4)  # the third draw is shared
    assert second.chance_best == pytest.approx(1 / 4)
    assert third.chance_best == pytest.approx((0 + 1 + 0.5 + 0) / 4)
    assert [each.regret for each in (first, second, third)] == [10 / 4, 18 / 4, 7 / 4]
    assert [each.largest_regret for each in (first, second, third)] == [9.0, 8.0, 6.0]
    assert [each.bad_case for each in (first, second, third)] == [0.0, 1.0, -2.0]


@settings(deadline=None, max_examples=40)
@given(options=st.integers(1, 6), seed=st.integers(0, 10**6))
def test_identities(options: int, seed: int) -> None:
    payoffs = np.random.default_rng(seed).standard_normal((options, 300)).round(1)
    found = compare(payoffs)
    assert sum(each.chance_best for each in found) == pytest.approx(1)
    assert [each.mean + each.regret for each in found] == pytest.approx([payoffs.max(axis=0).mean()] * options)
    for each in found:
        assert 0 <= each.regret <= each.largest_regret
        assert each.bad_case <= each.p10 <= each.p50 <= each.p90
        assert each.bad_case <= each.mean
    moved = compare(payoffs + 1_000)
    assert [each.regret for each in moved] == pytest.approx([each.regret for each in found])
    assert [each.mean for each in moved] == pytest.approx([each.mean + 1_000 for each in found])


def test_two_identical_options_share_the_chance() -> None:
    one, other = compare([[1.0, 2.0], [1.0, 2.0]])
    assert one == other
    assert one.chance_best == 0.5
    assert one.regret == 0


def test_bad_case_of_a_normal() -> None:
    from scipy.special import ndtri

    z = ndtri((np.arange(2**16) + 0.5) / 2**16)
    # the mean of the worst tenth of a normal is −φ(z₀.₁) / 0.1
    assert cvar(z) == pytest.approx(-1.7549833193, abs=1e-3)
    assert cvar(z, 1.0) == pytest.approx(0, abs=1e-9)


def test_bad_case_against_sorting_and_in_parts_of_a_draw() -> None:
    draws = np.random.default_rng(4).standard_normal((3, 1000))
    assert cvar(draws, 0.25) == pytest.approx(np.sort(draws)[:, :250].mean(axis=1))
    assert cvar([1.0, 2.0, 30.0], 0.5) == pytest.approx((1 + 0.5 * 2) / 1.5)
    assert cvar([7.0], 0.1) == 7
    values = [float(cvar(draws[0], tail)) for tail in (0.001, 0.01, 0.1, 0.5, 1.0)]
    assert values == sorted(values)


def test_difference_of_common_draws_is_sharp() -> None:
    noise = 1e6 * np.random.default_rng(1).standard_normal(4096)
    found = difference(noise + 5, noise)
    assert (found.p10, found.p50, found.p90) == pytest.approx((5, 5, 5))
    assert found.chance_better == 1
    same = difference(noise, noise)
    assert (same.mean, same.chance_better, same.chance_equal) == (0, 0, 1)
    back = difference(noise, noise + 5)
    assert back.mean == pytest.approx(-5)
    assert difference(np.array([1.0, 3.0]), 2.0).chance_better == 0.5


def test_what_binds() -> None:
    met = {
        "licence": np.array([True, True, True, True]),
        "in time": np.array([False, False, True, False]),
        "margin": np.array([True, False, True, True]),
        "never": False,
    }
    found = binding(met)
    assert list(found) == ["never", "in time", "margin", "licence"]
    assert (found["never"].missed, found["never"].alone, found["never"].of_misses) == (1, 0.25, 1)
    assert (found["in time"].missed, found["in time"].alone) == (0.75, 0)
    assert found["licence"].of_misses == 0
    assert binding({}) == {}
    assert binding({"all": True})["all"].of_misses == 0


@pytest.mark.parametrize(
    ("share", "confidence", "assured"), [(8, 0.8, True), (7, 0.8, False), (10, 1.0, True), (0, 0.0, True)]
)
def test_assured(share: int, confidence: float, assured: bool) -> None:
    met = np.arange(10) < share
    assert Requirement(met, confidence).probability == share / 10
    assert Requirement(met, confidence).assured is assured


def test_four_attitudes_four_choices() -> None:
    many = 1000
    where = np.arange(many) / many
    payoffs = np.stack([
        np.where(where < 0.5, 400.0, -180.0),   # mean 110, loses half of the time
        np.where(where < 0.5, 100.0, 60.0),     # mean 80, never bad
        np.where(where < 0.5, 250.0, -60.0),    # mean 95, never far behind
        np.full(many, 70.0),                    # mean 70, meets all, never below 70
    ])  # fmt: skip
    shy, sure = Requirement(where < 0.7), Requirement(where < 0.9)
    found = choices(payoffs, [[sure, shy], [sure, sure], [shy], []])
    assert (found.expected, found.requirements_first, found.robust, found.risk_averse) == (0, 1, 2, 3)
    assert found.disagreeing == ("requirements_first", "robust", "risk_averse")
    strict = Requirement(where < 0.7, confidence=0.95)
    assert choices(payoffs, [[strict]] * 4).requirements_first is None
    assert choices(payoffs).requirements_first == 0


def test_all_agree_on_what_is_better_in_every_draw() -> None:
    z = np.random.default_rng(1).standard_normal(500)
    found = choices([z, z + 1, z - 1])
    assert found.disagreeing == ()
    assert found.expected == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: compare([]), "A row for each option"),
        (lambda: compare([[1.0, np.inf]]), "option 1"),
        (lambda: cvar([1.0], 0.0), "share above 0"),
        (lambda: cvar([1.0], 1.5), "share above 0"),
        (lambda: cvar([]), "no draws"),
        (lambda: choices([[1.0], [2.0]], [[]]), "requirements|Requirements"),
    ],
)
def test_refused_in_words(call: Callable[[], object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        call()
