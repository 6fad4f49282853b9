"""A value stream as a funnel: who gets through each step, what a model changes, and what is left of that.

Steps stand in order; each has a share of those who enter it that goes on to the next. Everything takes numbers or
arrays of draws. Where a point more is worth most, and what a broken step leaves, is in
:mod:`shipworthy.calculators.bottleneck`; how an effect wears off in :mod:`shipworthy.calculators.wear`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Array = npt.NDArray[np.float64]
Draws = float | Array


@dataclass(frozen=True)
class Chain:
    """The steps in order, and what comes out of them.

    Parameters
    ----------
    shares : sequence of float or array
        Of those who enter a step, the share that goes on to the next [0..1].
    value : float or array
        Worth of one that comes out of the last step [money].
    costs : sequence of float or array, optional
        Cost of each one that enters a step, as long as ``shares`` [money]; empty where there is none.
    acts : sequence of float or array, optional
        Part of the model's uplift that is at work in a step, as long as ``shares`` [1]; 0 where the model does nothing.
    losses : sequence of float or array, optional
        Share lost in a step for every 100 ms of added delay, as long as ``shares`` [0..1].
    relative : bool
        Whether an uplift multiplies the share (0.05: 5 % more of them) or is added to it (0.05: 5 points).
    """

    shares: Sequence[Draws]
    value: Draws = 1.0
    costs: Sequence[Draws] = ()
    acts: Sequence[Draws] = ()
    losses: Sequence[Draws] = ()
    relative: bool = True

    def __post_init__(self) -> None:
        if not self.shares:
            raise InputError("Steps: none were found; give at least one with the share that goes on from it.")
        for label, found in (("costs", self.costs), ("model's part", self.acts), ("loss by delay", self.losses)):
            if found and len(found) != len(self.shares):
                raise InputError(
                    f"Steps: {len(self.shares)} shares and {len(found)} entries of “{label}” were found; give one a step."
                )
        for label, found in (("Share that goes on", self.shares), ("Share lost to delay", self.losses)):
            for each in found:
                need_part(label, each)


@dataclass(frozen=True)
class Flow:
    """What a model changes for one that enters the first step [money].

    ``gross`` is its uplift on a page as fast as before, ``effect`` its uplift as slow as it is, ``lost`` what the
    delay takes from the business that was there before. The whole change is ``effect − lost``.
    """

    gross: Draws
    effect: Draws
    lost: Draws


def need_part(label: str, value: Draws) -> None:
    """Refuse anything that is not a share from 0 to 1."""
    low, high = (value, value) if isinstance(value, float | int) else (np.min(value), np.max(value))
    if not (low >= 0 and high <= 1):
        wrong = high if low >= 0 else low
        raise InputError(f"{label}: {wrong:g} was found; a share from 0 to 1 (100 %) would do.")


def reached(volume: Draws, shares: Sequence[Draws]) -> list[Draws]:
    r"""How many enter each step, and how many come out of the last.

    .. math:: n_i = v \prod_{j < i} s_j

    Parameters
    ----------
    volume : float or array
        Enter the first step [1/month].
    shares : sequence of float or array
        Share that goes on from each step [0..1].

    Returns
    -------
    list of float or array
        One more than there are steps [1/month].

    Examples
    --------
    >>> reached(1000.0, [0.5, 0.2])
    [1000.0, 500.0, 100.0]
    """
    found = [volume]
    for share in shares:
        found.append(found[-1] * share)
    return found


def uplifted(share: Draws, uplift: Draws, *, relative: bool = True) -> Draws:
    r"""A share as a model changes it, kept between 0 and 1.

    .. math:: s' = s (1 + u) \quad \text{or} \quad s' = s + u

    Parameters
    ----------
    share : float or array
        The share without the model [0..1].
    uplift : float or array
        Its change: relative, or in points as a share [1]. May be negative.
    relative : bool
        Which of the two it is.

    Returns
    -------
    float or array
        [0..1]

    Examples
    --------
    >>> round(float(uplifted(0.2, 0.05)), 4), round(float(uplifted(0.2, 0.05, relative=False)), 4)
    (0.21, 0.25)
    >>> float(uplifted(0.9, 0.5))
    1.0
    """
    changed = share * (1.0 + uplift) if relative else share + uplift
    return np.minimum(np.maximum(changed, 0.0), 1.0)


def share_kept(loss: Draws, added_ms: Draws) -> Draws:
    r"""Share that stays in spite of an added delay; every 100 ms takes the same share of those still there.

    .. math:: k = (1 - l)^{d / 100}

    Losses compound, so that a long delay never takes more than all. One study that gives both ends fits that: 2.4 % of
    desktop conversions for 100 ms and 36.5 % for 2 s, where this formula has 38.5 % (and a straight line 48 %).

    Parameters
    ----------
    loss : float or array
        Lost for every 100 ms [0..1].
    added_ms : float or array
        Delay against today [ms]. A faster page, below 0, counts as no delay.

    Returns
    -------
    float or array
        [0..1]

    Raises
    ------
    InputError
        Where ``loss`` is no share.

    Examples
    --------
    >>> round(float(share_kept(0.01, 300.0)), 4)
    0.9703

    References
    ----------
    Akamai (2017). State of online retail performance, spring 2017 (as quoted by others).
    """
    need_part("Share lost to delay", loss)
    if isinstance(added_ms, float | int) and added_ms <= 0:
        return 1.0
    return np.power(1.0 - loss, np.maximum(added_ms, 0.0) / 100.0)


def slowed(chain: Chain, shares: Sequence[Draws], added_ms: Draws) -> list[Draws]:
    """Shares of each step once the page is slower, by what the chain loses in each [0..1].

    Examples
    --------
    >>> [round(float(each), 3) for each in slowed(Chain([0.5, 0.2], losses=[0.0, 0.1]), [0.5, 0.2], 100.0)]
    [0.5, 0.18]
    """
    if not chain.losses:
        return list(shares)
    return [
        share if isinstance(loss, float) and loss == 0 else share * share_kept(loss, added_ms)
        for share, loss in zip(shares, chain.losses, strict=True)
    ]


def with_model(chain: Chain, uplift: Draws) -> list[Draws]:
    """Shares of each step with the model at work, on a page as fast as before [0..1].

    Examples
    --------
    >>> [round(float(each), 3) for each in with_model(Chain([0.5, 0.2], acts=[1.0, 0.0]), 0.1)]
    [0.55, 0.2]
    """
    if not chain.acts:
        return list(chain.shares)
    return [
        share if isinstance(part, float) and part == 0 else uplifted(share, part * uplift, relative=chain.relative)
        for share, part in zip(chain.shares, chain.acts, strict=True)
    ]


def worth_ahead(chain: Chain, shares: Sequence[Draws]) -> list[Draws]:
    r"""What one is worth who stands before each step, and after the last.

    .. math:: w_n = V, \qquad w_{i-1} = s_i w_i - c_i

    Parameters
    ----------
    chain : Chain
        Value of what comes out and cost of each that enters a step.
    shares : sequence of float or array
        Share that goes on from each step, with or without the model [0..1].

    Returns
    -------
    list of float or array
        One more than there are steps, the first what one that enters is worth [money].

    Examples
    --------
    Half go on, a fifth of them buys for 50, and each that enters the second step costs 1:

    >>> worth_ahead(Chain([0.5, 0.2], value=50.0, costs=[0.0, 1.0]), [0.5, 0.2])
    [4.5, 9.0, 50.0]
    """
    found = [chain.value]
    for place in range(len(shares) - 1, -1, -1):
        ahead = shares[place] * found[0]
        cost = chain.costs[place] if chain.costs else 0.0
        found.insert(0, ahead if isinstance(cost, float) and cost == 0 else ahead - cost)
    return found


def flow(chain: Chain, uplift: Draws, added_ms: Draws = 0.0) -> Flow:
    """What a model changes for one that enters: its uplift, what delay leaves of it, and what delay takes besides.

    Parameters
    ----------
    chain : Chain
        The steps as they are today.
    uplift : float or array
        What the model changes at its steps [1].
    added_ms : float or array
        Delay that it adds [ms].

    Returns
    -------
    Flow
        [money]

    Examples
    --------
    A fifth buys for 50; a tenth more would. 100 ms cost 5 % of all who would buy:

    >>> found = flow(Chain([0.2], 50.0, acts=[1.0], losses=[0.05]), 0.1, 100.0)
    >>> round(float(found.gross), 4), round(float(found.effect), 4), round(float(found.lost), 4)
    (1.0, 0.95, 0.5)
    """
    before, better = chain.shares, with_model(chain, uplift)
    today = worth_ahead(chain, before)[0]
    quick = worth_ahead(chain, better)[0]
    if not chain.losses or (isinstance(added_ms, float | int) and added_ms <= 0):
        return Flow(quick - today, quick - today, 0.0)
    slow = worth_ahead(chain, slowed(chain, before, added_ms))[0]
    both = worth_ahead(chain, slowed(chain, better, added_ms))[0]
    return Flow(quick - today, both - slow, today - slow)


def waterfall(gross: float, changes: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """From a gross amount to the net one: each change that is not nought, with what is left after it.

    Parameters
    ----------
    gross : float
        Where it starts [money].
    changes : mapping
        What is added, or taken away where it is below 0, by name and in order [money].

    Returns
    -------
    list of (name, change, level)

    Examples
    --------
    >>> waterfall(100.0, {"lost to delay": -30.0, "nothing": 0.0, "running": -20.0})
    [('lost to delay', -30.0, 70.0), ('running', -20.0, 50.0)]
    """
    found, level = [], gross
    for name, change in changes.items():
        level += change
        if change != 0:
            found.append((name, change, level))
    return found
