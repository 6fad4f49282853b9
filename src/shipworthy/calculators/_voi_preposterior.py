"""What a sample of one answer is worth, by adding up what it may show.

The answer stands in some 320 places: the middles of the bins that its draws are cut into, and 32 inside the first and the
last bin. At each of them the chance of what the sample shows is known in closed form. What it may show is cut into cells,
finely where one choice gives way to another, and in each cell the choice is taken that is best there. A choice by cells
is one that could be made, so the worth is never above the true one, nor above that of knowing the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from shipworthy.calculators._voi_fit import Fit, Floats
from shipworthy.calculators._voi_plans import Plan

_REACH, _EDGES, _STRAYS = 4.5, 73, 17
"""How far into the tails what is seen is cut, in normal scores, into how many cells, and by how many places of the noise
they are found."""
_ROUNDS, _FINER = 3, 6
"""How often the cells at which the choice turns are cut into how many."""
_COUNTS, _FEW = 400, 64
"""Counts up to which each stands for itself, and how many of the lowest and of the highest always have their exact chance."""
_FAR = 9.0
"""Standard deviations, and cases, beyond which no count is looked at."""
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Prior:
    """What is known of an answer before the sample.

    Attributes
    ----------
    places
        Values of the answer, rising [its unit].
    shares
        Chance of each [0..1].
    weighed
        Each other option less the best, fitted, times the chance: place × other option [money].
    """

    places: Floats
    shares: Floats
    weighed: Floats

    def worth(self, plan: Plan, cases: float) -> float:
        """Expected gain from choosing after so many cases [money]."""
        if cases <= 0:
            return 0.0
        if plan.case_sd is None:
            return self._of_count(round(cases))
        return self._of_mean(plan.case_sd / float(np.sqrt(cases)))

    def _of_mean(self, noise: float) -> float:
        """Seen is the answer with normal noise."""
        from scipy.special import ndtr

        least = _ROUNDING * float(self.places[-1] - self.places[0])
        strays = np.full(self.places.size, max(noise, least))

        def below(edges: Floats) -> Floats:
            return np.asarray(ndtr((edges[:, None] - self.places) / strays) @ self.weighed)

        return self._chosen(self._edges(self.places, strays), below)

    def _of_count(self, cases: int) -> float:
        """Seen is how many of the cases say yes: count by count, or by cells where there are many."""
        shares = np.clip(self.places, 1e-15, 1 - 1e-15)
        middle, strays = cases * shares, np.sqrt(cases * shares * (1 - shares))
        first = max(0, int((middle - _FAR * (strays + 1)).min()))
        last = min(cases, int((middle + _FAR * (strays + 1)).max()) + 1)
        if last - first < _COUNTS:
            return _gained(_chances(np.arange(first, last + 1.0), cases, shares) @ self.weighed)
        under = _under(cases, shares)

        def below(edges: Floats) -> Floats:
            return np.asarray(under(edges) @ self.weighed)

        edges = np.clip(self._edges(middle, strays), 0, cases - 1)
        return self._chosen(edges, below, whole=True)

    def _edges(self, middles: Floats, strays: Floats) -> Floats:
        """Places that cut what is seen into cells that are alike in normal scores."""
        scores, parts, levels = _cuts()
        seen = (middles[:, None] + strays[:, None] * scores).ravel()
        order = np.argsort(seen)
        under = np.cumsum((self.shares[:, None] * parts).ravel()[order])
        return np.asarray(np.interp(levels, under, seen[order]))

    def _chosen(self, edges: Floats, below: Callable[[Floats], Floats], *, whole: bool = False) -> float:
        """Expected gain where the best is chosen in each cell; ``below`` tells what lies under an edge."""
        edges = np.unique(np.floor(edges) if whole else edges)
        under, total = below(edges), self.weighed.sum(axis=0)
        small = _ROUNDING * float(np.abs(self.weighed).sum())
        for _ in range(_ROUNDS):
            finer = _inside(edges, _cells(under, total), small)
            finer = np.setdiff1d(np.floor(finer) if whole else finer, edges)
            if not finer.size:
                break
            edges, under = np.append(edges, finer), np.append(under, below(finer), axis=0)
            order = np.argsort(edges)
            edges, under = edges[order], under[order]
        return _gained(_cells(under, total))


def prior(fit: Fit, plan: Plan) -> Prior:
    """The answer in places, with the curve of each difference at each: its mean is that of the draws, and knowing the place is
    worth what knowing the answer is."""
    bins, ends = fit.basis.bins, fit.basis.ends
    rising = plan.values[plan.ranks.order].reshape(bins, -1)
    each = rising.shape[1]
    at = (np.arange(ends.size) + 0.5) * (each / ends.size) - 0.5
    lower, upper = (np.interp(at, np.arange(each), rising[place]) for place in (0, -1))
    places = np.concatenate([lower, rising[1:-1].mean(axis=1), upper])
    down, up = fit.slopes
    curve = [fit.curve[:, :1] + down * ends, fit.curve[:, 1:-1], fit.curve[:, -1:] + up * ends[::-1]]
    shares = np.full(places.size, 1.0 / bins)
    shares[: ends.size] = shares[-ends.size :] = 1.0 / (bins * ends.size)
    return Prior(places, shares, np.ascontiguousarray((np.concatenate(curve, axis=1) * shares).T))


@cache
def _cuts() -> tuple[Floats, Floats, Floats]:
    """Places of the noise with their parts, and the parts of what is seen that lie under each edge."""
    from scipy.special import ndtr

    scores = np.linspace(-_REACH, _REACH, _STRAYS)
    parts = np.exp(-0.5 * scores * scores)
    return scores, parts / parts.sum(), np.asarray(ndtr(np.linspace(-_REACH, _REACH, _EDGES)))


def _chances(counts: Floats, cases: int, shares: Floats) -> Floats:
    """Chance of each count under each share: count × share."""
    from scipy.special import gammaln

    ways = gammaln(cases + 1.0) - gammaln(counts + 1.0) - gammaln(cases - counts + 1.0)
    no = np.outer(cases - counts, np.log1p(-shares))
    return np.asarray(np.exp(ways[:, None] + np.outer(counts, np.log(shares)) + no))


def _under(cases: int, shares: Floats) -> Callable[[Floats], Floats]:
    """Chance of as many or fewer under each share, count × share: Molenaar’s approximation, exact where few say yes, or no."""
    from scipy.special import ndtr

    few = np.arange(float(_FEW))
    low = np.cumsum(_chances(few, cases, shares), axis=0)
    high = 1 - np.cumsum(_chances(few, cases, 1 - shares), axis=0)
    yes, no = np.sqrt(shares), np.sqrt(1 - shares)

    def under(counts: Floats) -> Floats:
        scores = np.sqrt(4 * counts + 3)[:, None] * no - np.sqrt(4 * (cases - counts) - 1)[:, None] * yes
        found = np.maximum(np.minimum(ndtr(scores), high[-1]), low[-1])
        first, last = counts < _FEW, cases - 1 - counts < _FEW
        found[first] = low[counts[first].astype(np.intp)]
        found[last] = high[(cases - 1 - counts[last]).astype(np.intp)]
        return np.asarray(found)

    return under


def _cells(under: Floats, total: Floats) -> Floats:
    """What lies in each cell, from what lies under each edge: cell × other option."""
    return np.diff(np.concatenate([np.zeros((1, total.size)), under, total[None]]), axis=0)


def _inside(edges: Floats, cells: Floats, small: float) -> Floats:
    """Edges inside the cells next to which the choice turns."""
    choice = np.where(cells.max(axis=1) > small, cells.argmax(axis=1) + 1, 0)
    turns = np.flatnonzero(choice[1:] != choice[:-1])
    closed = np.unique(np.append(turns, turns + 1))
    closed = closed[(closed > 0) & (closed < edges.size)]
    parts = np.arange(1, _FINER) / _FINER
    return np.asarray((edges[closed - 1, None] + (edges[closed] - edges[closed - 1])[:, None] * parts).ravel())


def _gained(cells: Floats) -> float:
    return float(np.maximum(cells.max(axis=1), 0.0).sum())
