"""Answers that move together: what is possible, and the nearest that is."""

import math

import numpy as np
import pytest

from shipworthy.errors import EstimateError
from shipworthy.estimate import (
    CorrelationError,
    correlation_cholesky,
    nearest_correlation,
)


def test_cholesky_has_the_score_correlations():
    ranks = np.array([[1, 0.5, -0.2], [0.5, 1, 0.3], [-0.2, 0.3, 1]])
    factor = correlation_cholesky(ranks)
    scores = factor @ factor.T
    assert 6 / math.pi * np.arcsin(scores / 2) == pytest.approx(ranks, abs=1e-12)
    assert np.array_equal(np.triu(factor, 1), np.zeros((3, 3)))
    assert correlation_cholesky([[1.0]]).tolist() == [[1.0]]


def test_nearest_correlation_is_highams():
    # Higham 2002, the two worked examples of section 4: three by three, and the tridiagonal four by four
    three = nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    assert three[np.triu_indices(3, 1)] == pytest.approx([0.7607, 0.1573, 0.7607], abs=5e-5)
    tridiagonal = 2 * np.eye(4) - np.eye(4, k=1) - np.eye(4, k=-1)
    four = nearest_correlation(tridiagonal)
    expected = [-0.8084, 0.1916, 0.1068, -0.6562, 0.1916, -0.8084]
    assert four[np.triu_indices(4, 1)] == pytest.approx(expected, abs=5e-5)
    assert np.linalg.eigvalsh(four)[0] > -1e-8


def test_nearest_correlation_is_not_beaten_by_anything_around_it():
    given_matrix = np.array([[1, 0.9, -0.9, 0.1], [0.9, 1, 0.9, 0], [-0.9, 0.9, 1, 0.4], [0.1, 0, 0.4, 1]])
    best = nearest_correlation(given_matrix)
    distance = np.linalg.norm(best - given_matrix)
    rng = np.random.default_rng(3)
    for _ in range(200):
        vectors = rng.standard_normal((4, 4))
        vectors /= np.linalg.norm(vectors, axis=1)[:, None]
        # every mixture of two correlation matrices is one
        other = 0.99 * best + 0.01 * (vectors @ vectors.T)
        assert np.linalg.norm(other - given_matrix) >= distance - 1e-7


def test_a_possible_matrix_is_its_own_nearest():
    matrix = np.array([[1, 0.5], [0.5, 1]])
    assert nearest_correlation(matrix) == pytest.approx(matrix, abs=1e-12)


@pytest.mark.parametrize(
    "ranks",
    [
        [[1, 1, 0], [1, 1, 1], [0, 1, 1]],
        [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]],
        [[1, 1], [1, 1]],
        (1.9 * np.eye(6) - 0.9).tolist(),
    ],
)
def test_impossible_correlations_are_refused_and_the_nearest_is_accepted(ranks):
    with pytest.raises(CorrelationError, match="cannot all hold at once") as caught:
        correlation_cholesky(ranks)
    nearest = caught.value.nearest
    assert isinstance(caught.value, EstimateError)
    assert correlation_cholesky(nearest).shape == nearest.shape
    assert np.array_equal(np.round(nearest, 3), nearest)  # what is printed can be typed
    scores = 2 * np.sin(math.pi / 6 * np.array(ranks))
    np.fill_diagonal(scores, 1.0)
    ideal = 6 / math.pi * np.arcsin(nearest_correlation(scores) / 2)
    assert np.abs(nearest - ideal).max() < 0.005


def test_the_refusal_names_the_answers():
    with pytest.raises(CorrelationError, match=r"effect and price 0\.\d+ instead of 0.95"):
        correlation_cholesky([[1, 0.95, -0.9], [0.95, 1, 0.9], [-0.9, 0.9, 1]], ["effect", "price", "volume"])


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1, 0.5]], "as many rows as columns"),
        ([[1, 2], [2, 1]], "outside -1 to 1"),
        ([[1, math.nan], [math.nan, 1]], "outside -1 to 1"),
        ([[1, 0.5], [0.4, 1]], "two different numbers"),
        ([[0.9, 0.5], [0.5, 1]], "put 1 on the diagonal"),
        ("abc", "not a table of numbers"),
        ([], "as many rows as columns"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(matrix, words):
    with pytest.raises(EstimateError, match=words):
        correlation_cholesky(matrix)


def test_names_have_to_fit():
    with pytest.raises(EstimateError, match="3 names for 2 rows"):
        correlation_cholesky(np.eye(2), ["a", "b", "c"])
