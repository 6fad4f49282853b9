"""Which step of a funnel holds the rest back, and what is left when one breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shipworthy.calculators.funnel import Chain, Draws, need_part, reached, worth_ahead
from shipworthy.errors import InputError

POINT = 0.01
"""One percentage point."""


def point_values(volume: Draws, chain: Chain, shares: Sequence[Draws]) -> list[Draws]:
    r"""What one percentage point more is worth at each step.

    .. math:: v \Big(\prod_{j < i} s_j\Big) w_i \min(0.01, 1 - s_i)

    with w what one is worth who has passed the step (:func:`worth_ahead`). A step that all pass has nothing to gain.

    Parameters
    ----------
    volume : float or array
        Enter the first step [1/month].
    chain : Chain
        Value and costs.
    shares : sequence of float or array
        Share that goes on from each step, with or without the model [0..1].

    Returns
    -------
    list of float or array
        One a step [money/month].

    Examples
    --------
    1000 enter, half go on, a fifth of them buys for 50: a point at the first step is 10 who go on and 2 sales.

    >>> [round(float(each), 6) for each in point_values(1000.0, Chain([0.5, 0.2], 50.0), [0.5, 0.2])]
    [100.0, 250.0]
    """
    entering, ahead = reached(volume, shares), worth_ahead(chain, shares)
    return [entering[place] * ahead[place + 1] * np.minimum(POINT, 1.0 - share) for place, share in enumerate(shares)]


@dataclass(frozen=True)
class Bottleneck:
    """The step where one point more is worth most on average, and how the steps rank by that.

    ``ranks`` counts from 1, the step where a point is worth most; equal ones in the order of the steps. ``often`` is
    the share of the draws in which each step is the one where a point is worth most.
    """

    place: int
    ranks: tuple[int, ...]
    often: tuple[float, ...]
    points: tuple[float, ...]


def bottleneck(points: Sequence[Draws]) -> Bottleneck:
    """The bottleneck among steps, from what a point is worth in each (:func:`point_values`).

    Examples
    --------
    >>> found = bottleneck([100.0, 250.0, 40.0])
    >>> found.place, found.ranks
    (1, (2, 1, 3))

    References
    ----------
    Goldratt, E. M. (1984). The Goal: what is gained elsewhere than at the bottleneck is gained little.
    """
    if not points:
        raise InputError("Bottleneck: no steps were found; give at least one.")
    every = np.stack([np.atleast_1d(each) for each in np.broadcast_arrays(*points)])
    means = every.mean(axis=1)
    order = np.argsort(-means, kind="stable")
    ranks = np.empty(order.size, dtype=np.int64)
    ranks[order] = np.arange(1, order.size + 1)
    often = np.bincount(np.argmax(every, axis=0), minlength=order.size) / every.shape[1]
    return Bottleneck(int(order[0]), tuple(ranks.tolist()), tuple(often.tolist()), tuple(means.tolist()))


def broken(shares: Sequence[Draws], place: int, left: Draws = 0.0) -> list[Draws]:
    """Shares of each step when one of them breaks and only a part still gets through it [0..1].

    Parameters
    ----------
    shares : sequence of float or array
        Share that goes on from each step while all work [0..1].
    place : int
        The step that breaks, from 0.
    left : float or array
        Part of its share that still gets through [0..1].

    Examples
    --------
    >>> broken([0.5, 0.2, 0.9], 1)
    [0.5, 0.0, 0.9]
    """
    if not 0 <= place < len(shares):
        raise InputError(f"A step that breaks: number {place + 1} of {len(shares)} was asked for; choose one of them.")
    need_part("What still gets through", left)
    return [share * left if each == place else share for each, share in enumerate(shares)]
