"""Rank correlations between answers: accepted, or refused with the nearest possible ones."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from shipworthy.errors import EstimateError

Floats = npt.NDArray[np.float64]

_POSITIVE = 1e-6  # smallest eigenvalue that still counts as positive definite


class CorrelationError(EstimateError):
    """Rank correlations that cannot hold together; ``nearest`` are the closest ones that can."""

    def __init__(self, message: str, nearest: Floats) -> None:
        super().__init__(message)
        self.nearest = nearest


def correlation_cholesky(matrix: npt.ArrayLike, names: Sequence[str] | None = None) -> Floats:
    r"""Lower triangular factor that gives normal scores the rank correlations asked for.

    .. math:: r_z = 2 \sin(\pi \rho_s / 6), \qquad L L^T = r_z

    Exact for a Gaussian copula, whatever the answers' own distributions.

    Parameters
    ----------
    matrix : array
        Spearman rank correlations [-1..1], symmetric, ones on the diagonal.
    names : sequence of str, optional
        What the rows are called in messages.

    Returns
    -------
    array
        Lower triangular matrix, rows of length one.

    Raises
    ------
    CorrelationError
        (an EstimateError) where no answers can be correlated so; its ``nearest`` has three decimals and is accepted.
    EstimateError
        where the matrix is not one of correlations at all.

    Examples
    --------
    >>> correlation_cholesky([[1, 0.5], [0.5, 1]]).round(4).tolist()
    [[1.0, 0.0], [0.5176, 0.8556]]

    References
    ----------
    Pearson, K. (1907). Mathematical contributions to the theory of evolution XVI.
    """
    ranks = _checked(matrix)
    labels = list(names) if names is not None else [str(i + 1) for i in range(len(ranks))]
    if len(labels) != len(ranks):
        raise EstimateError(f"correlations: {len(labels)} names for {len(ranks)} rows: give one name for each row")
    scores = _score_correlation(ranks)
    if np.linalg.eigvalsh(scores)[0] > _POSITIVE:
        return np.asarray(np.linalg.cholesky(scores), dtype=np.float64)
    nearest = _acceptable(nearest_correlation(scores))
    pairs = [(i, j) for i in range(len(ranks)) for j in range(i) if abs(nearest[i, j] - ranks[i, j]) > 5e-4]
    pairs.sort(key=lambda pair: -abs(nearest[pair] - ranks[pair]))
    told = [f"{labels[j]} and {labels[i]} {nearest[i, j]:g} instead of {ranks[i, j]:g}" for i, j in pairs[:6]]
    more = f", and {len(pairs) - 6} more" if len(pairs) > 6 else ""
    raise CorrelationError(
        "correlations: these cannot all hold at once (two that both follow a third must follow each other); "
        f"the nearest possible are {', '.join(told)}{more}",
        nearest,
    )


def nearest_correlation(matrix: npt.ArrayLike, *, tolerance: float = 1e-10, rounds: int = 10_000) -> Floats:
    """The correlation matrix nearest to a symmetric matrix (Frobenius norm), by alternating projections.

    Projects in turn on the matrices without negative eigenvalues (with Dykstra's correction) and on those with ones
    on the diagonal. The result may be singular.

    Examples
    --------
    >>> nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]]).round(4).tolist()
    [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]

    References
    ----------
    Higham, N. J. (2002). Computing the nearest correlation matrix. IMA Journal of Numerical Analysis 22, 329-343.
    """
    y = np.array(matrix, dtype=np.float64)
    correction = np.zeros_like(y)
    for _ in range(rounds):
        r = y - correction
        values, vectors = np.linalg.eigh(r)
        x = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = x - r
        before, y = y, x.copy()
        np.fill_diagonal(y, 1.0)
        if np.linalg.norm(y - before) <= tolerance * np.linalg.norm(y) and np.linalg.norm(y - x) <= 1e-8:
            break
    return (y + y.T) / 2


def _checked(matrix: npt.ArrayLike) -> Floats:
    try:
        ranks = np.array(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise EstimateError("correlations: not a table of numbers: give one number between -1 and 1 a pair") from None
    if ranks.ndim != 2 or ranks.shape[0] != ranks.shape[1] or ranks.shape[0] == 0:
        raise EstimateError(f"correlations: the table is {ranks.shape}: it needs as many rows as columns")
    if not np.all(np.abs(ranks) <= 1):  # also catches what is not a number
        raise EstimateError("correlations: a number is outside -1 to 1: 1 is in step, 0 unrelated, -1 opposed")
    if np.abs(np.diag(ranks) - 1).max() > 1e-9:
        raise EstimateError("correlations: an answer's correlation with itself is not 1: put 1 on the diagonal")
    if np.abs(ranks - ranks.T).max() > 1e-9:
        raise EstimateError("correlations: a pair has two different numbers: make the table symmetric")
    return (ranks + ranks.T) / 2


def _score_correlation(ranks: Floats) -> Floats:
    scores = 2 * np.sin(math.pi / 6 * ranks)
    np.fill_diagonal(scores, 1.0)
    return scores


def _acceptable(scores: Floats) -> Floats:
    """Rank correlations of three decimals, drawn towards zero as little as rounding and definiteness need."""
    pull = 0.0
    while True:
        ranks = np.round(6 / math.pi * np.arcsin((1 - pull) * scores / 2), 3) + 0.0
        np.fill_diagonal(ranks, 1.0)
        if np.linalg.eigvalsh(_score_correlation(ranks))[0] > 2 * _POSITIVE:
            return ranks
        pull += 1e-4
