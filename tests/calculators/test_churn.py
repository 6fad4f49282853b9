"""Churn profit against the empulse package, integration by brute force, a hand-worked case and its limits."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from empulse.metrics import empc_score, mpc_score
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators.churn import empc, mpc, profit_curve
from shipworthy.errors import InputError

LABELS = [0, 1, 0, 1, 0, 1, 0, 1]
SCORES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]


def sample(seed: int, size: int, ties: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    labels = (rng.random(size) < 0.2).astype(np.int64)
    labels[:2] = (0, 1)
    scores = 1 / (1 + np.exp(-rng.normal(labels * 1.2 - 1.5, 1.0)))
    return labels, scores.round(2) if ties else scores


def test_the_check_values() -> None:
    expected, certain = empc(LABELS, SCORES), mpc(LABELS, SCORES)
    assert expected.profit == pytest.approx(23.87559, abs=5e-6)
    assert expected.share == pytest.approx(0.874, abs=5e-4)
    assert (expected.threshold, certain.threshold) == (0.2, 0.2)
    assert certain.profit == pytest.approx(23.875)


def test_mpc_by_hand() -> None:
    # all churners found at 7 of 8 contacted: 4/8 x (0.3 x 190 - 1) - 3/8 x 11 = 28 - 4.125
    assert mpc(LABELS, SCORES).profit == pytest.approx(28 - 4.125)
    assert mpc(LABELS, SCORES).share == 7 / 8


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_against_empulse(seed: int, ties: bool) -> None:
    labels, scores = sample(seed, 400, ties)
    rng = np.random.default_rng(seed + 100)
    value, incentive, contact = rng.uniform(50, 400), rng.uniform(1, 40), rng.uniform(0.1, 15)
    alpha, beta, rate = rng.uniform(1.5, 10), rng.uniform(3, 20), rng.uniform(0.05, 0.9)
    money: dict[str, Any] = {"clv": value, "incentive_cost": incentive, "contact_cost": contact}
    ours = {"value": value, "incentive": incentive, "contact_cost": contact}
    expected = empc(labels, scores, alpha=alpha, beta=beta, **ours)
    assert expected.profit == pytest.approx(empc_score(labels, scores, alpha=alpha, beta=beta, **money), rel=1e-9)
    assert expected.share == pytest.approx(
        empc_score.optimal_rate(labels, scores, alpha=alpha, beta=beta, **money), rel=1e-9
    )
    certain = mpc(labels, scores, accept_rate=rate, **ours)
    assert certain.profit == pytest.approx(mpc_score(labels, scores, accept_rate=rate, **money), rel=1e-9, abs=1e-12)
    assert certain.share == pytest.approx(
        mpc_score.optimal_rate(labels, scores, accept_rate=rate, **money), rel=1e-9, abs=1e-12
    )


def test_empc_against_integration_by_brute_force() -> None:
    labels, scores = sample(3, 300, ties=True)
    rates = (np.arange(40_000) + 0.5) / 40_000
    density = rates**5 * (1 - rates) ** 13
    density /= density.sum()
    base = profit_curve(labels, scores, accept_rate=0.0)
    slope = profit_curve(labels, scores, accept_rate=1.0).profit - base.profit
    best = np.array([(base.profit + rate * slope).max() for rate in rates])
    assert empc(labels, scores).profit == pytest.approx(float(density @ best), rel=1e-6)


def test_a_narrow_beta_is_mpc() -> None:
    labels, scores = sample(5, 200, ties=False)
    assert empc(labels, scores, alpha=3e6, beta=7e6).profit == pytest.approx(mpc(labels, scores).profit, rel=1e-4)


def test_the_curve_runs_from_nobody_to_everybody() -> None:
    labels, scores = sample(7, 50, ties=True)
    curve = profit_curve(labels, scores)
    churn = labels.mean()
    assert (curve.share[0], curve.profit[0], curve.threshold[0]) == (0.0, 0.0, np.inf)
    assert curve.share[-1] == 1.0
    assert curve.profit[-1] == pytest.approx(churn * (0.3 * 190 - 1) - (1 - churn) * 11)
    assert (np.diff(curve.threshold[1:]) < 0).all()


def test_the_order_of_customers_and_the_scale_of_scores_change_nothing() -> None:
    labels, scores = sample(9, 120, ties=True)
    order = np.random.default_rng(1).permutation(120)
    first, shuffled = empc(labels, scores), empc(labels[order], 3 * scores[order] - 7)
    assert shuffled.profit == pytest.approx(first.profit, rel=1e-12)
    assert shuffled.threshold == pytest.approx(3 * first.threshold - 7)


def test_nothing_to_win_means_contact_nobody() -> None:
    for poor in (mpc(LABELS, SCORES, incentive=250.0), empc(LABELS, SCORES, incentive=250.0)):
        assert (poor.profit, poor.share, poor.threshold) == (0.0, 0.0, np.inf)
    assert empc(LABELS, SCORES, incentive=200.0).profit == 0.0
    assert mpc(LABELS, SCORES, contact_cost=1e4).profit == 0.0


def test_a_perfect_model_finds_all_churners_and_only_them() -> None:
    best = mpc([0, 0, 0, 1, 1], [0.1, 0.2, 0.3, 0.8, 0.9])
    assert best.profit == pytest.approx(0.4 * 56)
    assert (best.share, best.threshold) == (0.4, 0.8)


@given(seed=st.integers(0, 10_000), more=st.floats(0.1, 20.0))
def test_directions(seed: int, more: float) -> None:
    labels, scores = sample(seed, 40, ties=True)
    base = empc(labels, scores)
    assert base.profit >= 0
    assert empc(labels, scores, contact_cost=1 + more).profit <= base.profit + 1e-12
    assert empc(labels, scores, incentive=10 + more).profit <= base.profit + 1e-12
    assert empc(labels, scores, value=200 + more).profit >= base.profit - 1e-12
    doubled = empc(labels, scores, value=400, incentive=20, contact_cost=2)
    assert doubled.profit == pytest.approx(2 * base.profit, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("labels", "scores", "says"),
    [
        ([0, 1], [0.1], "same length"),
        ([[0, 1]], [[0.1, 0.2]], "same length"),
        ([0, 2], [0.1, 0.2], "1 \\(left\\) or 0"),
        ([0, 1], [0.1, np.nan], "scores must be numbers"),
        ([0, 1], ["a", "b"], "lists of numbers"),
        ([0, 0], [0.1, 0.2], "0 of 2 customers left"),
        ([1, 1], [0.1, 0.2], "2 of 2 customers left"),
        ([], [], "0 of 0 customers left"),
    ],
)
def test_unusable_samples_are_refused_in_words(labels: npt.ArrayLike, scores: npt.ArrayLike, says: str) -> None:
    for measure in (mpc, empc, profit_curve):
        with pytest.raises(InputError, match=says):
            measure(labels, scores)


def test_impossible_parameters_are_refused() -> None:
    with pytest.raises(InputError, match="alpha 0"):
        empc(LABELS, SCORES, alpha=0)
