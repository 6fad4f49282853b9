"""What one answer says of a payoff: means over rank bins, Hermite polynomials and one step, chosen by cross-validation.

Draws are sorted by the answer and cut into bins of as many draws each, so that the basis is the same for every answer
and is made once. In a bin stand the *means* of the Hermite polynomials over it, known in closed form, so that nothing is
lost to the width of a bin.
"""

import math
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

BINS, IN_A_BIN, FEWEST = 256, 16, 256
"""Most bins, fewest draws in one, and fewest draws that are worked on."""
DEGREE = 12
_STEP_COUNTS = 6.0
"""Parameters that a step is charged for: its height, and that it stood at the best of all edges."""
_CHARGE = 1.4
"""Times the parameters count in cross-validation, which else keeps noise too often (Kim, Gu 2004)."""
_SURE = 3.0
_WAVY, _TOGETHER = 0.8, 4
"""How much neighbouring bins stray alike before that is taken for more than noise, and how many bins then stand together."""
_NO_STEP = 0.5
"""What has to be left of a step's square, in bins: polynomials of high degree make nearly the same step near an end."""
_AT_AN_END = 32
"""Places inside the first and the last bin that a curve is looked at: a choice may change in the last thousandth only."""
_EXACT = 1e-13
"""Part of a bin's mean square that is rounding."""


@dataclass(frozen=True, eq=False)
class Ranks:
    """The draws in the order of one answer, from :func:`ranks`: keep it, it stays while the answer's draws do.

    Attributes
    ----------
    order
        Numbers of the draws, from the answer's lowest value to its highest.
    """

    order: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Basis:
    """Hermite polynomials over the bins of so many.

    Attributes
    ----------
    means
        Mean of each normed Hermite polynomial over each bin: degree × bin.
    rows
        The same made orthonormal, degree × bin.
    mix
        ``means = mix @ rows``: lower triangular.
    sums
        Running sums of ``rows`` up to each edge between bins: degree × edge.
    left
        What is left of a step's square at each edge once the polynomials up to a degree are taken out, infinite where
        next to nothing is: degree × edge.
    edges
        Normal score of each edge.
    ends
        How far places inside the last bin are from its middle, in steps from the middle of the bin before it: the last bin
        reaches far. The first bin mirrors it.
    """

    means: Floats
    rows: Floats
    mix: Floats
    sums: Floats
    left: Floats
    edges: Floats
    ends: Floats

    @property
    def bins(self) -> int:
        """How many bins there are."""
        return int(self.rows.shape[1])

    def step(self, edge: Index) -> Floats:
        """1 in the bins above an edge, else 0: one row for each edge."""
        return (np.arange(self.bins) > np.asarray(edge)[..., None]).astype(np.float64)


@dataclass(frozen=True)
class Fit:
    """Means over the bins, fitted: one row for each payoff.

    Attributes
    ----------
    curve
        Fitted mean in each bin [money].
    weights
        Of the normed Hermite polynomials: payoff × degree, 0 beyond the chosen degree [money].
    height, edge
        Height of the step [money], 0 for none, and the number of the edge it stands at.
    error
        Standard error of the curve's slope, from how far bins stray from it, more at the ends or less [money].
    used
        Parameters in use.
    basis
        What it was fitted with.
    """

    curve: Floats
    weights: Floats
    height: Floats
    edge: Index
    error: Floats
    used: Floats
    basis: Basis

    @property
    def noise(self) -> Floats:
        """How far a curve with as many parameters can move where there is nothing to be seen [money]."""
        return self.error * spread(self.used)

    def gain(self, shape: tuple[int, int]) -> Floats:
        """Expected best of the curves, or 0, where rows are answer × difference: one figure an answer [money]."""
        curve = self.curve.reshape(*shape, -1)
        lower, upper = (each.reshape(*shape, 1) for each in self.slopes)
        gain = np.maximum(np.maximum.reduce(curve[..., 1:-1], axis=1), 0.0).sum(axis=1)
        for place, slope in ((-1, upper), (0, lower)):
            inside = curve[..., place : place + 1 or None] + slope * self.basis.ends
            gain += np.maximum(inside.max(axis=1), 0.0).mean(axis=1)
        return np.asarray(gain / self.basis.bins)

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """How each curve goes on inside the first and the last bin, for the basis's ends; level beyond a step there [money]."""
        jumps, last = self.height != 0.0, self.basis.bins - 2
        lower = np.where(jumps & (self.edge == 0), 0.0, self.curve[:, 0] - self.curve[:, 1])
        upper = np.where(jumps & (self.edge == last), 0.0, self.curve[:, -1] - self.curve[:, -2])
        return lower[:, None], upper[:, None]

    @cached_property
    def steps(self) -> Floats:
        """Normal score at which each step stands."""
        return self.basis.edges[self.edge]


def ranks(scores: npt.ArrayLike) -> Ranks:
    """The order of an answer's draws, which :func:`evppi` and its like take.

    Parameters
    ----------
    scores : array
        The answer's draws, or their normal scores: only the order counts [any unit]. As many as a power of two, at
        least 256.

    Raises
    ------
    InputError
        Where there are too few, their number is no power of two, one is not a number, or they are a few values over
        and over (a chance, a choice): those are groups.

    Examples
    --------
    >>> ranks(np.linspace(1, -1, 256)).order[:3].tolist()
    [255, 254, 253]
    """
    found = np.asarray(scores)
    _need_draws(found.shape)
    order = _order(found)
    ordered = found[order]
    if not (math.isfinite(float(ordered[0])) and math.isfinite(float(ordered[-1]))):
        raise InputError("Draws of an answer: one of them is not a finite number. Leave the answer out, or mend it.")
    repeated = int(np.count_nonzero(ordered[1:] == ordered[:-1]))
    if repeated > found.size // 2:
        raise InputError(
            f"Draws of an answer: {found.size - repeated} values stand for {found.size} draws. Take its draws as groups."
        )
    return Ranks(order)


def spread(parameters: npt.ArrayLike) -> Floats:
    """Standard errors by which a curve of pure noise moves at most: three, and more the freer it is.

    Examples
    --------
    >>> spread([1, 2, 9]).round(2).tolist()
    [3.0, 3.32, 5.0]
    """
    return np.asarray(np.sqrt(_SURE**2 + 2.0 * np.maximum(np.asarray(parameters, dtype=np.float64) - 1.0, 0.0)))


def _order(found: npt.NDArray[np.floating]) -> npt.NDArray[np.int32]:
    """The stable order, and fast for float32: its bits, made to sort as numbers do, with the draw's number behind."""
    if found.dtype != np.float32:
        return np.argsort(found, kind="stable").astype(np.int32)
    bits = (np.ascontiguousarray(found) + np.float32(0.0)).view(np.uint32).astype(np.uint64)
    bits ^= np.where(bits >> np.uint64(31), np.uint64(0xFFFFFFFF), np.uint64(0x80000000))
    keys = (bits << np.uint64(32)) | np.arange(found.size, dtype=np.uint64)
    keys.sort()
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int32)


def _need_draws(shape: tuple[int, ...]) -> None:
    count = shape[-1] if shape else 0
    if len(shape) != 1 or count < FEWEST or count & (count - 1):
        raise InputError(
            f"Draws of an answer: found an array of {' × '.join(map(str, shape)) or 'one number'}. One row of a power of "
            f"two, at least {FEWEST}, would do."
        )


@cache
def basis(bins: int) -> Basis:
    """The polynomials over so many bins."""
    normal = NormalDist()
    edges = np.array([normal.inv_cdf(each / bins) for each in range(1, bins)])
    degree = min(DEGREE, bins // 4)
    density = np.concatenate([[0.0], np.exp(-edges * edges / 2) / math.sqrt(2 * math.pi), [0.0]])
    at = np.concatenate([[0.0], edges, [0.0]])
    means = np.empty((degree + 1, bins))
    means[0] = 1.0
    for k in range(1, degree + 1):  # the integral of He_k φ is −He_{k−1} φ
        means[k] = -bins * np.diff(hermite(at, k - 1) * density) / math.sqrt(k)
    turned, mix = np.linalg.qr(means.T)
    signs = np.sign(np.diag(mix))
    rows, mix = (turned * signs).T, (mix.T * signs)
    sums = np.cumsum(rows, axis=1)[:, :-1]
    above = np.arange(bins - 1, 0, -1, dtype=np.float64)  # squares of the steps themselves
    first = above - (above / math.sqrt(bins)) ** 2
    left = first - np.concatenate([np.zeros((1, bins - 1)), np.cumsum(sums[1:] ** 2, axis=0)])
    places = np.array([normal.inv_cdf(1 - (each + 0.5) / (bins * _AT_AN_END)) for each in range(_AT_AN_END)])
    ends = (places - places.mean()) / (means[1, -1] - means[1, -2])
    left[left < _NO_STEP] = np.inf
    return Basis(means, np.ascontiguousarray(rows), mix, sums, left, edges, ends)


def hermite(z: npt.ArrayLike, degree: int) -> Floats:
    """The Hermite polynomial of a degree, normed to a mean square of 1 under the normal distribution.

    Examples
    --------
    >>> hermite([0.0, 1.0, 2.0], 2).round(4).tolist()
    [-0.7071, 0.0, 2.1213]
    """
    score = np.asarray(z, dtype=np.float64)
    before, now = np.zeros_like(score), np.ones_like(score)
    for k in range(degree):
        before, now = now, (score * now - math.sqrt(k) * before) / math.sqrt(k + 1)
    return now


def bins_for(draws: int) -> int:
    """How many bins so many draws are cut into."""
    return min(BINS, draws // IN_A_BIN)


def bin_means(by_draw: Floats, order: npt.NDArray[np.int32]) -> Floats:
    """Mean over each rank bin of each column: column × bin. ``by_draw`` is draw × column."""
    count = bins_for(order.size)
    sorted_rows = by_draw.take(order, axis=0).reshape(count, -1, by_draw.shape[1])
    each = sorted_rows.shape[1]
    return np.asarray((np.full((1, each), 1.0 / each) @ sorted_rows)[:, 0].T)


def fitted(found: Floats) -> Fit:
    """The curve through the bin means of each payoff (payoff × bin): degree and step by generalised cross-validation.

    .. math:: V = \\frac{\\sum_b (m_b - f_b)^2}{(1 - 1.4\\, p / n)^2}

    with n bins and p parameters; the step at the best of all edges counts as six. What neither follows is added four bins
    at a time.
    """
    base = basis(found.shape[-1])
    flat = found.reshape(-1, base.bins)
    weights = flat @ base.rows.T
    off = flat - flat.mean(axis=1, keepdims=True)
    whole = np.einsum("ij,ij->i", off, off)
    rounding = _EXACT * np.einsum("ij,ij->i", flat, flat) + 1e-300
    taken = np.concatenate([np.zeros((len(flat), 1)), np.cumsum(weights[:, 1:] ** 2, axis=1)], axis=1)
    rest = np.maximum(whole[:, None] - taken, rounding[:, None])
    gain, edge = _best_steps(flat, weights, base)
    with_step = np.maximum(rest - gain, rounding[:, None])
    degrees = np.arange(len(base.rows))
    plain = rest / _left_over(degrees + 1, base.bins)
    stepped = with_step / _left_over(degrees + 1 + _STEP_COUNTS, base.bins)
    best_plain, best_step = plain.argmin(axis=1), stepped.argmin(axis=1)
    line = np.arange(len(flat))
    has_step = stepped[line, best_step] < plain[line, best_plain]
    degree = np.where(has_step, best_step, best_plain)
    used = degree + 1 + np.where(has_step, _STEP_COUNTS, 0.0)
    return _assembled(flat, weights, degree, np.where(has_step, edge[line, degree], -1), used, base)


def _left_over(parameters: npt.ArrayLike, bins: int) -> Floats:
    share = np.maximum(1.0 - _CHARGE * np.asarray(parameters, dtype=np.float64) / bins, 0.05)
    return np.asarray(share * share, dtype=np.float64)


def _best_steps(flat: Floats, weights: Floats, base: Basis) -> tuple[Floats, Index]:
    """For each payoff and degree: by how much the best step lowers the squares, and at which edge it stands."""
    running = np.cumsum(flat, axis=1)[:, :-1]
    gain, edge = np.empty(weights.shape), np.empty(weights.shape, dtype=np.intp)
    line = np.arange(len(flat))
    for k in range(weights.shape[1]):
        running -= weights[:, k : k + 1] * base.sums[k]
        squares = running * running
        squares *= 1.0 / base.left[k]
        edge[:, k] = squares.argmax(axis=1)
        gain[:, k] = squares[line, edge[:, k]]
    return gain, edge


def _assembled(flat: Floats, weights: Floats, degree: Index, edge: Index, used: Floats, base: Basis) -> Fit:
    """The chosen curve of each payoff, its coefficients in Hermite polynomials, and the error of its slope."""
    kept = np.arange(weights.shape[1]) <= degree[:, None]
    weights = np.where(kept, weights, 0.0)
    height = np.zeros(len(flat))
    stepped = np.flatnonzero(edge >= 0)
    curve = weights @ base.rows
    if stepped.size:
        steps = base.step(edge[stepped])
        inside = np.where(kept[stepped], steps @ base.rows.T, 0.0)
        free = steps - inside @ base.rows
        squares = np.einsum("ij,ij->i", free, free)
        height[stepped] = np.einsum("ij,ij->i", free, flat[stepped]) / squares
        curve[stepped] += height[stepped, None] * free
        weights[stepped] -= height[stepped, None] * inside
    off = flat - curve
    wavy = np.flatnonzero(alike(off) > _WAVY)
    if wavy.size:  # neither polynomials nor a step: what is left is taken as it is, four bins at a time
        smoothed = off[wavy].reshape(wavy.size, -1, _TOGETHER).mean(axis=2).repeat(_TOGETHER, axis=1)
        curve[wavy] += smoothed
        off[wavy] -= smoothed
        used = used.astype(np.float64)
        used[wavy] += base.bins / _TOGETHER
    astray = off**2 @ (base.rows[1:4] ** 2).T  # of the line, the parabola and the cubic: bins differ in noise
    error = np.sqrt(astray.max(axis=1) / np.maximum(base.bins - used, 1.0))
    plain = np.asarray(np.linalg.solve(base.mix.T, weights.T).T)
    return Fit(curve, plain, height, np.maximum(edge, 0), error, used, base)


def alike(off: Floats) -> Floats:
    """How much neighbouring bins stray alike, by row: about 0 for noise, towards 1 where a curve was not followed."""
    squares = np.einsum("ij,ij->i", off, off)
    return np.asarray(np.einsum("ij,ij->i", off[:, 1:], off[:, :-1]) / np.maximum(squares, 1e-300))
