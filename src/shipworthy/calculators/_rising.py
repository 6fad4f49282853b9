"""A smooth curve through a few points that never turns where they do not (SciPy's takes a sixth of a second to load)."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def rising(places: npt.ArrayLike, values: npt.ArrayLike) -> Callable[[npt.ArrayLike], Floats]:
    """The monotone cubic through points; level beyond the first and the last.

    Parameters
    ----------
    places
        Rising, two or more.
    values
        As many.

    Examples
    --------
    >>> rising([0, 1, 3], [0, 1, 1])([0.5, 1, 2]).tolist()
    [0.625, 1.0, 1.0]

    References
    ----------
    Fritsch, F. N., Butland, J. (1984). A method for constructing local monotone piecewise cubic interpolants. SIAM Journal
    on Scientific and Statistical Computing 5(2), 300-304.
    """
    x, y = np.asarray(places, dtype=np.float64), np.asarray(values, dtype=np.float64)
    width, steep = np.diff(x), np.diff(y) / np.diff(x)
    slopes = np.concatenate([steep[:1], _inner(width, steep), steep[-1:]])

    def at(wanted: npt.ArrayLike) -> Floats:
        place = np.clip(np.asarray(wanted, dtype=np.float64), x[0], x[-1])
        left = np.clip(np.searchsorted(x, place, side="right") - 1, 0, x.size - 2)
        part, wide = (place - x[left]) / width[left], width[left]
        bent = slopes[left] - steep[left]
        other = steep[left] - slopes[left + 1]
        return np.asarray(y[left] + wide * part * (steep[left] + (1 - part) * (bent * (1 - part) + other * part)))

    return at


def _inner(width: Floats, steep: Floats) -> Floats:
    """Slopes at the inner points: the weighted harmonic mean of both sides, none where they turn."""
    before, after = steep[:-1], steep[1:]
    first, second = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    same = before * after > 0
    below = np.where(same, first * after + second * before, 1.0)
    return np.where(same, (first + second) * before * after / below, 0.0)
