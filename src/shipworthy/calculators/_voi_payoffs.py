"""Payoffs of options on common draws, checked, and as differences to the best."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.spreads import normal_cdf
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Differences:
    """Each other option less the best, in each draw.

    Attributes
    ----------
    best
        Number of the option with the highest expected payoff, the first of equals.
    by_draw
        Draw × other option, without those that are better in no draw [money].
    means, squares
        Mean and mean square of each column [money], [money²].
    evpi
        Worth of knowing everything [money].
    """

    best: int
    by_draw: Floats
    means: Floats
    squares: Floats
    evpi: float

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return int(self.by_draw.shape[0])

    @property
    def worth(self) -> bool:
        """Whether any other option is better in any draw."""
        return self.means.size > 0


def checked(payoffs: npt.ArrayLike) -> Floats:
    """Payoffs as option × draw, refused in words where they are none."""
    found = np.asarray(payoffs, dtype=np.float64)
    if found.ndim != 2 or 0 in found.shape:
        raise InputError(
            f"Payoffs: found an array of shape {found.shape}. A row for each option and a column for each draw would do."
        )
    if not math.isfinite(float(found.sum())) and not np.isfinite(found).all():
        option = int(np.argmin(np.isfinite(found).all(axis=1)))
        raise InputError(f"Payoffs: option {option + 1} has a draw that is not a finite number. Leave the option out.")
    return found


def differences(payoffs: npt.ArrayLike) -> Differences:
    """Each other option less the one with the highest expected payoff."""
    found = checked(payoffs)
    best = int(found.mean(axis=1).argmax())
    others = [found[place] - found[best] for place in range(len(found)) if place != best]
    kept = [each for each in others if each.max() > 0.0]
    if not kept:
        return Differences(best, np.empty((found.shape[1], 0)), np.empty(0), np.empty(0), 0.0)
    gain = np.maximum(np.maximum.reduce(kept), 0.0).mean()
    means = np.minimum([each.mean() for each in kept], 0.0)
    squares = np.array([np.einsum("i,i", each, each) for each in kept]) / found.shape[1]  # a dot product starts threads
    return Differences(best, np.stack(kept, axis=1), means, squares, float(gain))


def unit_loss(mean: npt.ArrayLike, deviation: npt.ArrayLike) -> Floats:
    r"""Expected part above 0 of something normal.

    .. math:: E[\max(0, X)] = \sigma \varphi(\mu / \sigma) + \mu\, \Phi(\mu / \sigma)

    Examples
    --------
    >>> float(unit_loss(0.0, 100.0).round(2)), float(unit_loss(-3.0, 0.0))
    (39.89, 0.0)
    """
    place, width = np.asarray(mean, dtype=np.float64), np.asarray(deviation, dtype=np.float64)
    score = place / np.maximum(width, 1e-300)
    with np.errstate(over="ignore", under="ignore"):
        found = width * np.exp(-0.5 * score * score) / math.sqrt(2 * math.pi) + place * normal_cdf(score)
    return np.maximum(found, 0.0)[()]
