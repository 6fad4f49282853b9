"""A campaign: contact the flagged cases, offer an incentive, save some of them. What it takes and what it earns.

The words: an *event* is what is to be prevented (a customer leaves); a *true case* is a flagged case whose event would
come; *recall* is the share of events that is flagged, *precision* the share of the flagged that are true cases;
*success* is the share of true cases, contacted in time, that the intervention saves; *takers* is the share of the
contacted who would have stayed anyway and take the incentive for nothing.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.joint import DAYS_A_MONTH as DAYS_A_MONTH
from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Offer:
    """What a saved case brings, and what it takes. Floats or arrays; money in one currency.

    Attributes
    ----------
    value
        Value of a saved case [currency].
    success
        Share of the true cases contacted in time that are saved [0..1].
    incentive
        Cost of the incentive to each who takes it [currency].
    contact_cost
        Cost of a contact [currency].
    takers
        Share of the contacted who would have stayed anyway that take the incentive [0..1].
    """

    value: npt.ArrayLike = 200.0
    success: npt.ArrayLike = 0.3
    incentive: npt.ArrayLike = 10.0
    contact_cost: npt.ArrayLike = 1.0
    takers: npt.ArrayLike = 1.0


@dataclass(frozen=True)
class Skill:
    """Recall and precision at a stated gap [0..1], and the share that they lose with each month more of gap.

    Attributes
    ----------
    recall, precision
        At the stated gap [0..1].
    recall_loss, precision_loss
        Share of what is above the floor that is lost with a month more [0..1 a month].
    recall_floor, precision_floor
        What is left however long the gap [0..1]; for precision the share of events among the scored.
    """

    recall: npt.ArrayLike
    precision: npt.ArrayLike
    recall_loss: npt.ArrayLike = 0.0
    precision_loss: npt.ArrayLike = 0.0
    recall_floor: npt.ArrayLike = 0.0
    precision_floor: npt.ArrayLike = 0.0


class Capacity(NamedTuple):
    """What a team can do: conversations and attempts [1/month]."""

    conversations: Floats
    attempts: Floats


@dataclass(frozen=True)
class Campaign:
    """What a campaign does in a month: contacts, true cases among them, saves [1/month]; cost, profit [money/month]."""

    contacts: Floats
    true_cases: Floats
    saves: Floats
    cost: Floats
    profit: Floats


def flagged(events: npt.ArrayLike, recall: npt.ArrayLike, precision: npt.ArrayLike) -> Floats:
    r"""Cases flagged a month.

    .. math:: n = E r / p

    Parameters
    ----------
    events : float or array
        Events E [1/month], those that a scoring run can see (:func:`shipworthy.calculators.lead_time.share_scored`).
    recall, precision : float or array
        Recall r and precision p [0..1].

    Returns
    -------
    float or array
        Flagged [1/month]; 0 where there is nothing to find, inf where the precision is 0 and there is.

    Examples
    --------
    >>> float(flagged(200, 0.6, 0.3))
    400.0

    References
    ----------
    Definition of precision and recall: van Rijsbergen, C. J. (1979). Information Retrieval, 2nd ed., ch. 7.
    """
    found = np.multiply(events, recall, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        listed = found / np.asarray(precision, dtype=np.float64)
    return np.where(found == 0, 0.0, listed)[()]


def precision_from_share(
    events: npt.ArrayLike, recall: npt.ArrayLike, scored: npt.ArrayLike, share_flagged: npt.ArrayLike
) -> Floats:
    r"""Precision that follows from how many are flagged.

    .. math:: p = \min\Big(1, \frac{E r}{N f}\Big)

    Parameters
    ----------
    events : float or array
        Events E [1/month].
    recall : float or array
        Recall r [0..1].
    scored : float or array
        Cases scored N, each counted once a month [1/month].
    share_flagged : float or array
        Share of them that is flagged f [0..1].

    Returns
    -------
    float or array
        Precision [0..1]; nan where nobody is flagged. At most 1: where more events would be found than cases flagged
        the numbers contradict each other, which :func:`consistency` shows.

    Examples
    --------
    >>> float(precision_from_share(200, 0.6, 10_000, 0.04))
    0.3

    References
    ----------
    van Rijsbergen (1979), ch. 7.
    """
    found = np.multiply(events, recall, dtype=np.float64)
    listed = np.multiply(scored, share_flagged, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.minimum(found / listed, 1.0)
    return np.where(listed > 0, precision, np.nan)[()]


def consistency(events: npt.ArrayLike, skill: Skill, scored: npt.ArrayLike, share_flagged: npt.ArrayLike) -> Floats:
    r"""Whether events, recall, precision and the share flagged can be true together: true cases counted in two ways.

    .. math:: \frac{N f p}{E r}

    Parameters
    ----------
    events : float or array
        Events E [1/month].
    skill : Skill
        Recall r and precision p [0..1].
    scored, share_flagged : float or array
        Cases scored N, each counted once a month [1/month], and the share of them flagged f [0..1].

    Returns
    -------
    float or array
        1 where the numbers agree; above 1 where more true cases are flagged than recall allows, below 1 where fewer.
        1 where both counts are 0, inf where only the events are.

    Examples
    --------
    >>> round(float(consistency(200, Skill(recall=0.6, precision=0.3), 10_000, 0.04)), 9)
    1.0

    References
    ----------
    van Rijsbergen (1979), ch. 7.
    """
    by_share = np.multiply(scored, share_flagged, dtype=np.float64) * np.asarray(skill.precision)
    by_recall = np.multiply(events, skill.recall, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((by_share == 0) & (by_recall == 0), 1.0, by_share / by_recall)[()]


def capacity(
    people: npt.ArrayLike, hours: npt.ArrayLike, contacts_an_hour: npt.ArrayLike, contact_rate: npt.ArrayLike
) -> Capacity:
    r"""Conversations and attempts that a team can make in a month.

    .. math:: \text{attempts} = P h a, \qquad \text{conversations} = P h a c

    Parameters
    ----------
    people : float or array
        People P [1].
    hours : float or array
        Hours that each has for this h [hours/month].
    contacts_an_hour : float or array
        Attempts (calls, visits, messages) that a person makes an hour a [1/hour].
    contact_rate : float or array
        Share of attempts in which one gets hold of the person c [0..1].

    Returns
    -------
    Capacity
        ``conversations`` and ``attempts`` [1/month].

    Examples
    --------
    >>> team = capacity(people=3, hours=120, contacts_an_hour=5, contact_rate=0.3)
    >>> float(team.conversations), float(team.attempts)
    (540.0, 1800.0)

    References
    ----------
    Arithmetic.
    """
    attempts = np.multiply(people, hours, dtype=np.float64) * np.asarray(contacts_an_hour, dtype=np.float64)
    return Capacity((attempts * np.asarray(contact_rate, dtype=np.float64))[()], attempts[()])


def decayed(
    value: npt.ArrayLike, rate_per_month: npt.ArrayLike, days: npt.ArrayLike, floor: npt.ArrayLike = 0.0
) -> Floats:
    r"""Precision or recall after the gap has grown.

    .. math:: f + (v - f) (1 - r)^{d / 30.42}

    Parameters
    ----------
    value : float or array
        Value v at the stated gap [0..1].
    rate_per_month : float or array
        Share r of what is above the floor that a month takes away [0..1 a month].
    days : float or array
        How much longer the gap is d [days]; negative where it is shorter, and the value is then higher.
    floor : float or array
        What is left in the end f [0..1]; a value that is below it stays as it is.

    Returns
    -------
    float or array
        The value [0..1 for days >= 0]; not capped for negative days.

    Raises
    ------
    InputError
        Where the rate is not a share.

    Examples
    --------
    >>> round(float(decayed(0.9, 0.1, 2 * DAYS_A_MONTH, 0.1)), 3)
    0.748

    References
    ----------
    That churn models lose power within a few periods: Risselada, Verhoef, Bijmolt (2010), Journal of Interactive
    Marketing 24(3). The exponential form is an assumption.
    """
    rate = np.asarray(rate_per_month, dtype=np.float64)
    if ((rate < 0) | (rate > 1)).any():
        raise InputError(
            f"Decay: the share lost in a month is {rate.min():.0%} to {rate.max():.0%}. Give a share from 0 % to 100 %."
        )
    start = np.asarray(value, dtype=np.float64)
    least = np.minimum(floor, start, dtype=np.float64)
    above = start - least
    with np.errstate(divide="ignore", invalid="ignore"):
        left = above * np.power(1.0 - rate, np.divide(days, DAYS_A_MONTH, dtype=np.float64))
    return (least + np.where(above > 0, left, 0.0))[()]


def contact_threshold(
    value: npt.ArrayLike,
    success: npt.ArrayLike,
    incentive: npt.ArrayLike,
    contact_cost: npt.ArrayLike,
    takers: npt.ArrayLike = 1.0,
) -> Floats:
    r"""Probability of the event above which contacting a case pays.

    .. math:: \text{profit}(p) = p\,(s (V - d) - c) - (1 - p)\,(t d + c) = 0
              \;\Rightarrow\; p^* = \frac{t d + c}{s (V - d) + t d}

    Parameters
    ----------
    value : float or array
        Value of a saved case V [currency].
    success : float or array
        Share of the true cases contacted that are saved s [0..1]; times the share in time, if some come too late.
    incentive, contact_cost : float or array
        Cost of the incentive d and of a contact c [currency].
    takers : float or array
        Share of the contacted who would have stayed anyway that take the incentive t [0..1].

    Returns
    -------
    float or array
        Threshold [0..1]; inf where no contact ever pays, not even to a case that is certain.

    Examples
    --------
    >>> round(float(contact_threshold(200, 0.3, 10, 1, takers=1)) * 67, 9)
    11.0

    References
    ----------
    Verbraken, T., Verbeke, W., Baesens, B. (2013). A novel profit maximizing metric for measuring classification
    performance of customer churn prediction models. IEEE TKDE 25(5), 961-973 (takers = 1).
    """
    offer = Offer(value, success, incentive, contact_cost, takers)
    won, lost = _per_true_case(offer), _per_false_alarm(offer)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(won > 0, lost / (won + lost), np.inf)[()]


def campaign(
    flagged: npt.ArrayLike, precision: npt.ArrayLike, reached: npt.ArrayLike, capacity: npt.ArrayLike, offer: Offer
) -> Campaign:
    r"""A month of contacting the flagged cases: contacts, saves, cost and profit.

    .. math:: n = \min(F, K), \quad S = n p q s, \quad
              \text{cost} = n c + S d + n (1 - p) t d, \quad \text{profit} = S V - \text{cost}

    The effort of a contact is spent on everyone contacted. Each saved case gets the incentive, and so do the takers
    among the false alarms; a true case that is reached too late, or not persuaded, costs its contact only. Precision is
    taken to be the same in the part of the list that the capacity allows (which understates it: the best-scored come
    first).

    Parameters
    ----------
    flagged : float or array
        Cases flagged F [1/month].
    precision : float or array
        Share of them that are true cases p [0..1].
    reached : float or array
        Share of the flagged true cases reached in time q [0..1]: :func:`shipworthy.calculators.lead_time.share_in_time`
        where ``flagged`` counts what a scoring run sees.
    capacity : float or array
        Contacts that the team can make K [1/month].
    offer : Offer
        Value V, success s, incentive d, contact cost c, takers t.

    Returns
    -------
    Campaign
        Contacts, true cases among them, saves [1/month], cost and profit [currency/month].

    Examples
    --------
    >>> month = campaign(flagged=400, precision=0.3, reached=0.5, capacity=300, offer=Offer(takers=0.5))
    >>> round(float(month.saves), 2), round(float(month.cost), 2), round(float(month.profit), 2)
    (13.5, 1485.0, 1215.0)

    References
    ----------
    Profit per contact as Verbraken, Verbeke, Baesens (2013), with late contacts, takers and a limited team added.
    """
    contacts = np.minimum(flagged, capacity, dtype=np.float64)
    incentive = np.asarray(offer.incentive, dtype=np.float64)
    true_cases = contacts * np.asarray(precision, dtype=np.float64)
    saves = true_cases * np.multiply(reached, offer.success, dtype=np.float64)
    false_alarms = contacts - true_cases
    cost = contacts * np.asarray(offer.contact_cost) + (saves + false_alarms * np.asarray(offer.takers)) * incentive
    profit = saves * np.asarray(offer.value) - cost
    return Campaign(contacts[()], true_cases[()], saves[()], cost[()], profit[()])


def _per_true_case(offer: Offer) -> Floats:
    """Expected profit of contacting a case whose event would come."""
    kept = np.subtract(offer.value, offer.incentive, dtype=np.float64)
    profit: Floats = kept * np.asarray(offer.success) - np.asarray(offer.contact_cost)
    return profit


def _per_false_alarm(offer: Offer) -> Floats:
    """Expected cost of contacting a case that would have stayed."""
    cost: Floats = np.multiply(offer.takers, offer.incentive, dtype=np.float64) + np.asarray(offer.contact_cost)
    return cost
