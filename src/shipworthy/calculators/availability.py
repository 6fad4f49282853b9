"""Availability: parts in series and with redundancy, downtime, and what an outage leaves of a use.

Availability is the share of time in which something works. A month has 730 hours, 43,800 minutes.
"""

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError
from shipworthy.words import DAYS_A_MONTH

Floats = npt.NDArray[np.float64]

#: Minutes of a mean month [min/month].
MINUTES_A_MONTH = DAYS_A_MONTH * 24 * 60


def series(*availabilities: npt.ArrayLike) -> Floats:
    r"""Availability of what works only while all its parts work, independently of each other.

    .. math:: A = \prod_i a_i

    Parameters
    ----------
    *availabilities : float or array
        Availability of each part [0..1]; none at all gives 1.

    Returns
    -------
    float or array
        Availability [0..1].

    Raises
    ------
    InputError
        Where an availability is not a share.

    Examples
    --------
    >>> round(float(series(0.999, 0.9995, 0.995)), 6)
    0.993508

    References
    ----------
    Rausand, M., Barros, A., Høyland, A. (2021). System Reliability Theory, 3rd ed., ch. 6.
    """
    whole = np.ones(())
    for part in availabilities:
        whole = whole * _share(part, "availability")
    return np.asarray(whole)[()]


def k_of_n(availability: npt.ArrayLike, k: npt.ArrayLike, n: npt.ArrayLike, common: npt.ArrayLike = 0.0) -> Floats:
    r"""Availability of n like parts of which at least k have to work, where a share of the outages hits all at once.

    .. math:: A = (1 - \beta U) \sum_{j=k}^{n} \binom{n}{j} p^j (1 - p)^{n - j}, \qquad p = \frac{a}{1 - \beta U},
              \quad U = 1 - a

    The common cause (one power line, one bad release) takes away βU of the time from all parts together; what is left
    of each part's downtime is independent of the others'. A part alone keeps its availability a. With β = 1 more parts
    help nothing.

    Parameters
    ----------
    availability : float or array
        Availability of one part a [0..1].
    k : float or array
        Parts that have to work [1], 0 to n, whole.
    n : float or array
        Parts that there are [1], whole.
    common : float or array
        Share of a part's downtime that hits all at once β [0..1]. 0.01 to 0.1 is usual in other fields.

    Returns
    -------
    float or array
        Availability [0..1].

    Raises
    ------
    InputError
        Where an availability or the common share is not a share, or k and n are not whole numbers with 0 ≤ k ≤ n.

    Examples
    --------
    Two servers of 99 % of which one is enough; the same where a tenth of the outages hits both:

    >>> round(float(k_of_n(0.99, 1, 2)), 6), round(float(k_of_n(0.99, 1, 2, 0.1)), 6)
    (0.9999, 0.998919)

    References
    ----------
    Fleming, K. N. (1975). A reliability model for common mode failures in redundant safety systems. General Atomic
    report GA-A13284 (the beta factor). Rausand, Barros, Høyland (2021), ch. 6 and 8.
    """
    from scipy.special import bdtrc

    up, shared = _share(availability, "availability"), _share(common, "common-cause share")
    needed, count = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    whole = (needed == np.floor(needed)) & (count == np.floor(count)) & (needed >= 0) & (count >= needed)
    if not whole.all():
        raise InputError(
            f"Redundancy: {needed.flat[0]:g} of {count.flat[0]:g} was found. Give whole numbers, and no more that have "
            "to work than there are."
        )
    together = 1.0 - shared * (1.0 - up)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(together > 0, np.minimum(up / together, 1.0), 0.0)
    enough = np.where(needed > 0, bdtrc(np.maximum(needed, 1.0) - 1.0, count.astype(np.int64), own), 1.0)
    return np.asarray(np.where(needed > 0, together * enough, 1.0))[()]


def downtime_minutes(availability: npt.ArrayLike) -> Floats:
    r"""Minutes of downtime in a mean month.

    .. math:: D = 43\,800 \, (1 - A)

    Parameters
    ----------
    availability : float or array
        Availability A [0..1].

    Returns
    -------
    float or array
        Downtime [min/month].

    Raises
    ------
    InputError
        Where the availability is not a share.

    Examples
    --------
    >>> [round(float(downtime_minutes(a)), 1) for a in (0.999, 0.9995, 0.9999)]
    [43.8, 21.9, 4.4]

    References
    ----------
    Arithmetic.
    """
    return np.asarray(MINUTES_A_MONTH * (1.0 - _share(availability, "availability")))[()]


def chance_downtime_exceeds(
    availability: npt.ArrayLike, outage_minutes: npt.ArrayLike, budget_minutes: npt.ArrayLike, months: npt.ArrayLike = 1
) -> Floats:
    r"""Chance that the downtime of some months exceeds a budget, though the mean is what the availability says.

    .. math:: P(D > b) = P(N > M), \qquad N \sim \text{Poisson}(T (1 - A) / m), \quad M \sim \text{Poisson}(b / m)

    Outages come at random and last exponentially long (compound Poisson); N counts them. It is the non-central
    chi-square distribution with two degrees of freedom. Outages that would overlap are counted twice: for availabilities
    below 90 % the chance is too high.

    Parameters
    ----------
    availability : float or array
        Mean availability A [0..1].
    outage_minutes : float or array
        Mean length of an outage m [min]. Above 0.
    budget_minutes : float or array
        Downtime that is accepted in all these months b [min].
    months : float or array
        How many months, T minutes in all [month].

    Returns
    -------
    float or array
        Chance [0..1].

    Raises
    ------
    InputError
        Where the availability is not a share, an outage has no length, or the budget or the months are negative.

    Examples
    --------
    99.9 % on average, outages of an hour: the chance that a month has more than its 43.8 minutes down

    >>> round(float(chance_downtime_exceeds(0.999, 60, 43.8)), 3)
    0.313

    References
    ----------
    Feller, W. (1971). An Introduction to Probability Theory and Its Applications, vol. 2, 2nd ed., ch. II.7.
    """
    from scipy.special import chndtr

    length, budget = np.asarray(outage_minutes, dtype=np.float64), np.asarray(budget_minutes, dtype=np.float64)
    span = np.asarray(months, dtype=np.float64)
    if not ((length > 0) & (length < np.inf)).all():
        raise InputError(f"Downtime: outages of {length.min():g} minutes were found. Give a length above 0.")
    for label, value in (("budget [min]", budget), ("number of months", span)):
        if not (value >= 0).all():
            raise InputError(f"Downtime: the {label} is {value.min():g}. It must be 0 or more.")
    outages = downtime_minutes(availability) * span / length
    return np.asarray(chndtr(2.0 * outages, 2.0, 2.0 * budget / length))[()]


def served_share(
    availability: npt.ArrayLike,
    fallback: npt.ArrayLike = 0.0,
    queued: npt.ArrayLike = 0.0,
    fallback_availability: npt.ArrayLike = 1.0,
) -> Floats:
    r"""Share of the effect of the uses that outages leave.

    .. math:: s = A + (1 - A) \left(w + (1 - w) \, A_f \, f\right)

    A use that meets an outage is done later (a share w, at full effect), goes to a fallback where one works, or is lost.

    Parameters
    ----------
    availability : float or array
        Availability A [0..1].
    fallback : float or array
        Effect of the fallback, as a share of the full one f [0..1]; 0 is no fallback: the use is lost.
    queued : float or array
        Share of the uses that wait and are done when the service is back w [0..1].
    fallback_availability : float or array
        Share of the outages during which the fallback itself works A_f [0..1].

    Returns
    -------
    float or array
        Share [0..1].

    Raises
    ------
    InputError
        Where an argument is not a share.

    Examples
    --------
    Lost; queued for nine in ten; a fallback that is 70 % as good:

    >>> [round(float(x), 4) for x in (served_share(0.99), served_share(0.99, queued=0.9), served_share(0.99, 0.7))]
    [0.99, 0.999, 0.997]

    References
    ----------
    Arithmetic.
    """
    up, worth = _share(availability, "availability"), _share(fallback, "effect of the fallback")
    later, works = _share(queued, "share that waits"), _share(fallback_availability, "availability of the fallback")
    return np.asarray(up + (1.0 - up) * (later + (1.0 - later) * works * worth))[()]


def _share(value: npt.ArrayLike, name: str) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    bad = ~((array >= 0) & (array <= 1))
    if bad.any():
        raise InputError(f"Availability: the {name} is {array[bad][0]:g}. Give a share from 0 to 1 (100 %).")
    return array
