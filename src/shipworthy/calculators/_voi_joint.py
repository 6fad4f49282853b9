"""What several answers say of a payoff together: polynomials in their normal scores, groups and steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_fit import Floats, Index, bins_for, hermite

_MOST_DEGREE, _MOST_COLUMNS, _DRAWS_A_COLUMN = 8, 90, 40
_CHARGE = 1.4
_ALIKE = 1e-10
"""Added to a column's square, so that columns that say the same do no harm."""


@dataclass(frozen=True)
class Columns:
    """What is known: the order of the draws by each answer, the edges of each answer's steps, and groups with sizes."""

    orders: Sequence[npt.NDArray[np.int32]]
    steps: Sequence[Index]
    groups: Sequence[tuple[Index, Floats]]


@cache
def _normal_scores(count: int) -> Floats:
    """Normal scores of the middles of so many ranks."""
    from scipy.special import ndtri

    scores: Floats = ndtri((np.arange(count) + 0.5) / count)
    return scores


def joint_curve(by_draw: Floats, known: Columns) -> tuple[Floats, Floats, Floats]:
    """Fitted mean in each draw of each column of ``by_draw``, the parameters used, and what is left as deviation.

    Blocks of columns (a constant, groups and steps, then one degree more each time) are added as long as generalised
    cross-validation falls for the column.
    """
    draws = len(by_draw)
    blocks = list(_blocks(draws, known))
    sizes = np.cumsum([block.shape[1] for block in blocks])
    columns = np.concatenate(blocks, axis=1)
    squares = columns.T @ columns
    factor = np.linalg.cholesky(squares + np.diag(_ALIKE * np.diag(squares)))
    weights = np.linalg.solve(factor, columns.T @ by_draw)
    whole = np.einsum("ij,ij->j", by_draw, by_draw)
    rest = np.maximum(whole - np.cumsum(weights**2, axis=0)[sizes - 1], 1e-13 * whole + 1e-300)
    scored = rest / ((1.0 - _CHARGE * sizes / draws) ** 2)[:, None]
    best = scored.argmin(axis=0)
    used = sizes[best]
    taken = np.zeros(weights.shape)
    for place, count in enumerate(used):
        taken[:count, place] = np.linalg.solve(factor[:count, :count].T, weights[:count, place])
    left = rest[best, np.arange(len(best))]
    return columns @ taken, used.astype(np.float64), np.sqrt(left / np.maximum(draws - used, 1))


def _blocks(draws: int, known: Columns) -> Iterator[Floats]:
    """Columns that are taken or left together, in order."""
    scores = [_scored(order) for order in known.orders]
    flags = [*_group_flags(known.groups), *_step_flags(known)]
    yield np.ones((draws, 1))
    lower: list[Floats] = [np.ones(draws)]
    taken, most = 1, min(_MOST_COLUMNS, draws // _DRAWS_A_COLUMN)
    polynomials = [[hermite(score, k) for k in range(_MOST_DEGREE + 1)] for score in scores]
    for degree in range(1, _MOST_DEGREE + 1):
        here = [_product(polynomials, powers) for powers in combinations_with_replacement(range(len(scores)), degree)]
        block = here + [flag * each for flag in flags for each in lower]
        if degree == 1:
            block += [one * other for at, one in enumerate(flags) for other in flags[:at]]
        block = _of_own(block)
        taken += len(block)
        if not block or (taken > most and degree > 1):
            return
        yield np.stack(block, axis=1)
        lower = here


def _of_own(block: list[Floats]) -> list[Floats]:
    """Without columns that hold nothing."""
    return [each for each in block if np.any(each)]


def _scored(order: npt.NDArray[np.int32]) -> Floats:
    found = np.empty(order.size)
    found[order] = _normal_scores(order.size)
    return found


def _product(polynomials: Sequence[Sequence[Floats]], powers: tuple[int, ...]) -> Floats:
    found = np.ones(polynomials[0][0].shape)
    for place in sorted(set(powers)):
        found = found * polynomials[place][powers.count(place)]
    return found


def _group_flags(groups: Sequence[tuple[Index, Floats]]) -> Iterator[Floats]:
    for index, sizes in groups:
        for group in range(1, sizes.size):
            yield (index == group) - sizes[group] / index.size


def _step_flags(known: Columns) -> Iterator[Floats]:
    for order, edges in zip(known.orders, known.steps, strict=True):
        each_bin = order.size // bins_for(order.size)
        for edge in sorted(set(edges.tolist())):
            flag = np.zeros(order.size)
            flag[order[(edge + 1) * each_bin :]] = 1.0
            yield flag - flag.mean()
