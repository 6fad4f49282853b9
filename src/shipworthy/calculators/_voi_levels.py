"""What a summary with few values, a count, says of a payoff."""

import numpy as np

from shipworthy.calculators._voi_fit import DEGREE, Floats, hermite, spread

_CHARGE = 1.4
_FEW_LEVELS, _MANY_DRAWS = 12, 100


def by_level(by_draw: Floats, squares: Floats, summary: Floats) -> tuple[Floats, Floats, Floats]:
    """Fitted mean of each column at each level of a summary, the share of draws at each level, and how far noise can move the curve.

    Polynomials in the normal score of the middle rank of each level, weighted by its draws, degree by generalised
    cross-validation; where levels are few and full, their means as they are.

    Parameters
    ----------
    by_draw, squares
        Draw × column [money], and the mean square of each column [money²].
    summary
        One figure for each draw.
    """
    from scipy.special import ndtri

    _, index, sizes = np.unique(summary, return_inverse=True, return_counts=True)
    draws, levels = len(by_draw), sizes.size
    shares = sizes / draws
    means = np.stack([np.bincount(index, column) / sizes for column in by_draw.T], axis=1)
    score = ndtri(np.cumsum(shares) - 0.5 * shares)
    most = levels - 1 if levels <= _FEW_LEVELS and sizes.min() >= _MANY_DRAWS else min(DEGREE, levels - 1)
    rows = np.stack([hermite(score, k) for k in range(most + 1)], axis=1)
    root = np.sqrt(shares)[:, None]
    turned, _ = np.linalg.qr(rows * root)
    weights = turned.T @ (means * root)
    rest = np.maximum(squares - np.cumsum(weights**2, axis=0), 1e-13 * squares + 1e-300)
    used = np.arange(1, most + 2)
    degree = (rest / ((1 - _CHARGE * used / draws) ** 2)[:, None]).argmin(axis=0)
    weights[np.arange(most + 1)[:, None] > degree] = 0.0
    left = rest[degree, np.arange(rest.shape[1])]
    return (turned @ weights) / root, shares, np.sqrt(left / draws) * spread(degree + 1)
