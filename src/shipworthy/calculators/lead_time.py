"""Intervention lead time: is there time to act between the warning and the event, and what does acting earn?

The timing model is in :mod:`shipworthy.calculators.timing`, the campaign's arithmetic in
:mod:`shipworthy.calculators.campaign`; the names of both can be had from here. What needs both is here: profit against
the gap, and the best gap.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.campaign import (
    DAYS_A_MONTH,
    Campaign,
    Capacity,
    Offer,
    Skill,
    campaign,
    capacity,
    consistency,
    contact_threshold,
    decayed,
    flagged,
    precision_from_share,
)
from shipworthy.calculators.queues import batch_wait
from shipworthy.calculators.timing import (
    Timing,
    days_checked,
    share_in_time,
    share_reached,
    share_scored,
    time_needed_curve,
    time_needed_percentile,
    warning,
)
from shipworthy.errors import InputError

__all__ = [
    "DAYS_A_MONTH",
    "Campaign",
    "Capacity",
    "Offer",
    "Skill",
    "Timing",
    "best_gap",
    "campaign",
    "capacity",
    "consistency",
    "contact_threshold",
    "decayed",
    "flagged",
    "precision_from_share",
    "profit_against_gap",
    "share_in_time",
    "share_reached",
    "share_scored",
    "time_needed_curve",
    "time_needed_percentile",
    "warning",
]

Floats = npt.NDArray[np.float64]


def profit_against_gap(
    gaps: npt.ArrayLike, timing: Timing, skill: Skill, offer: Offer, events: npt.ArrayLike, capacity: npt.ArrayLike
) -> Floats:
    """Profit a month for each of several gaps: more time to act, against a model that sees less far.

    For each gap: precision and recall decayed from ``timing.gap``, where they are stated (:func:`decayed`, at most 1);
    what is flagged, and how long the list then is (:func:`shipworthy.calculators.queues.batch_wait`; ``timing.queue``
    is replaced); the share in time; the campaign's profit (:func:`campaign`).

    Parameters
    ----------
    gaps : array
        The gaps to try, one dimension [days].
    timing : Timing
        The times, with the gap at which ``skill`` is stated.
    skill : Skill
        Recall and precision at that gap, and what a month more costs them.
    offer : Offer
        What a saved case brings and what contacts and incentives cost.
    events : float or array
        Events a month [1/month].
    capacity : float or array
        Contacts the team can make [1/month].

    Returns
    -------
    array
        Profit [currency/month], the gaps along the first axis; behind it the draws, if anything else is an array.

    Raises
    ------
    InputError
        Where ``gaps`` has not one dimension, or a gap is negative.

    Examples
    --------
    >>> timing = Timing(gap=0, window=30, rhythm=30, spread=(np.log(60), 0.25))
    >>> profit = profit_against_gap([0, 60, 300], timing, Skill(0.6, 0.3, 0.1, 0.1), Offer(), 200, 300)
    >>> bool(profit[1] > profit[0] and profit[1] > profit[2])
    True

    References
    ----------
    The timing model of this module; the campaign as Verbraken, Verbeke, Baesens (2013), with a limited team.
    """
    grid = days_checked(gaps, "gap")
    if grid.ndim != 1:
        raise InputError(f"Profit against the gap: found gaps in {grid.ndim} dimensions. Give one list of gaps.")
    fields = [timing.gap, timing.window, timing.rhythm, timing.fixed, *timing.spread, events, capacity]
    fields += [*vars(skill).values(), *vars(offer).values()]
    grid = grid.reshape((-1,) + (1,) * max(np.ndim(field) for field in fields))
    later = grid - np.asarray(timing.gap, dtype=np.float64)
    recall = np.minimum(decayed(skill.recall, skill.recall_loss, later, skill.recall_floor), 1.0)
    precision = np.minimum(decayed(skill.precision, skill.precision_loss, later, skill.precision_floor), 1.0)
    seen = np.asarray(events, dtype=np.float64) * share_scored(timing.window, timing.rhythm)
    listed = flagged(seen, recall, precision)
    a_day = np.asarray(capacity, dtype=np.float64) / DAYS_A_MONTH
    queue, _ = batch_wait(listed * np.asarray(timing.rhythm) / DAYS_A_MONTH, a_day, timing.rhythm)
    in_time = share_in_time(replace(timing, gap=grid, queue=queue))
    return campaign(listed, precision, in_time, capacity, offer).profit


def best_gap(gaps: npt.ArrayLike, profits: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The gap with the highest profit, and that profit; of equal ones the shortest.

    Parameters
    ----------
    gaps : array
        Gaps, one dimension [days].
    profits : array
        Profit for each, the gaps along the first axis [currency/month]. For the best gap on average, pass the mean
        over the draws; with draws behind the first axis it is the best gap of each draw.

    Returns
    -------
    tuple of float or array
        Best gap [days] and its profit [currency/month]; nan where no profit is a number.

    Examples
    --------
    >>> gap, profit = best_gap([0, 30, 60, 90], [-100, 50, 400, 400])
    >>> float(gap), float(profit)
    (60.0, 400.0)

    References
    ----------
    :func:`profit_against_gap`.
    """
    grid, money = np.asarray(gaps, dtype=np.float64), np.asarray(profits, dtype=np.float64)
    order = np.argsort(grid, kind="stable")
    money = money[order]
    ranked = np.where(np.isnan(money), -np.inf, money)
    best = np.argmax(ranked, axis=0)
    profit = np.take_along_axis(money, np.expand_dims(best, 0), axis=0)[0]
    gap: Floats = np.where(np.isnan(profit), np.nan, grid[order][best])
    return gap[()], profit
