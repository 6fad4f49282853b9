"""Profit-driven measures of a churn model, on labels and scores.

Customers with the highest scores are contacted; of the churners among them a share accepts the offer and stays. What
that earns per customer, at the best cut-off, is the maximum profit (:func:`mpc`), or its expectation when the share is
not known but beta distributed (:func:`empc`). Label 1 is a churner; a higher score is a likelier churner.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ChurnProfit:
    """What a churn model earns at its best: profit [currency/customer], share to contact [0..1], lowest score of it."""

    profit: float
    share: float
    threshold: float


@dataclass(frozen=True)
class ProfitCurve:
    """Profit [currency/customer] for every share contacted [0..1], and the lowest score contacted; nobody first."""

    share: Floats
    profit: Floats
    threshold: Floats


def profit_curve(
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    accept_rate: float = 0.3,
    value: float = 200.0,
    incentive: float = 10.0,
    contact_cost: float = 1.0,
) -> ProfitCurve:
    r"""Profit per customer of contacting all above a score, for every score.

    .. math:: P(t) = V (\gamma (1 - \delta) - \phi)\, \pi_0 F_0(t) - V (\delta + \phi)\, \pi_1 F_1(t)

    with :math:`\delta = d / V`, :math:`\phi = c / V`, π the shares of churners (0) and others (1), F the shares of each
    that are contacted. It assumes that everyone contacted who would have stayed takes the incentive.

    Parameters
    ----------
    labels : array
        1 for a churner, 0 for the others.
    scores : array
        Score of each, higher for a likelier churner.
    accept_rate : float
        Share γ of contacted churners who accept the offer and stay [0..1].
    value, incentive, contact_cost : float
        Value of a customer kept V, cost of the incentive d and of a contact c [currency].

    Returns
    -------
    ProfitCurve
        From contacting nobody (share 0, threshold inf) to everybody; equal scores are contacted together.

    Raises
    ------
    InputError
        Where labels are not 0 and 1 with some of both, scores are not numbers, or the lengths differ.

    Examples
    --------
    >>> curve = profit_curve([0, 1, 0, 1], [0.1, 0.4, 0.3, 0.9])
    >>> curve.share.tolist(), curve.profit.round(2).tolist()
    ([0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 14.0, 28.0, 25.25, 22.5])

    References
    ----------
    Verbraken, T., Verbeke, W., Baesens, B. (2013). A novel profit maximizing metric for measuring classification
    performance of customer churn prediction models. IEEE TKDE 25(5), 961-973.
    """
    churners, others, cut = _contacted(labels, scores)
    profit = churners * (accept_rate * (value - incentive) - contact_cost) - others * (incentive + contact_cost)
    return ProfitCurve(churners + others, profit, cut)


def mpc(
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    accept_rate: float = 0.3,
    value: float = 200.0,
    incentive: float = 10.0,
    contact_cost: float = 1.0,
) -> ChurnProfit:
    r"""Maximum profit measure for customer churn (MPC): the highest point of :func:`profit_curve`.

    .. math:: \text{MPC} = \max_t P(t)

    Parameters
    ----------
    labels, scores, accept_rate, value, incentive, contact_cost
        As :func:`profit_curve`.

    Returns
    -------
    ChurnProfit
        Profit [currency/customer], share to contact [0..1], lowest score contacted (inf: contact nobody). Of equally
        good cut-offs the one that contacts fewest.

    Raises
    ------
    InputError
        As :func:`profit_curve`.

    Examples
    --------
    >>> labels, scores = [0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
    >>> best = mpc(labels, scores, accept_rate=0.3, value=200, incentive=10, contact_cost=1)
    >>> round(best.profit, 3), best.share, best.threshold
    (23.875, 0.875, 0.2)

    References
    ----------
    Verbraken, Verbeke, Baesens (2013).
    """
    curve = profit_curve(
        labels, scores, accept_rate=accept_rate, value=value, incentive=incentive, contact_cost=contact_cost
    )
    best = int(np.argmax(curve.profit))
    return ChurnProfit(float(curve.profit[best]), float(curve.share[best]), float(curve.threshold[best]))


def empc(  # noqa: PLR0913 - the measure's own parameters
    labels: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    alpha: float = 6.0,
    beta: float = 14.0,
    value: float = 200.0,
    incentive: float = 10.0,
    contact_cost: float = 1.0,
) -> ChurnProfit:
    r"""Expected maximum profit measure for customer churn (EMPC): MPC where the accept rate is beta distributed.

    .. math:: \text{EMPC} = \int_0^1 \max_t P(t; \gamma)\, h(\gamma)\, d\gamma, \qquad \gamma \sim B(\alpha, \beta)

    Exact: the best cut-off is a corner of the ROC curve's convex hull, and moves from corner i to i + 1 at

    .. math:: \gamma_i = \frac{1}{1 - \delta} \Big( \frac{\pi_1 (F_1^{i+1} - F_1^i)}{\pi_0 (F_0^{i+1} - F_0^i)}
              (\delta + \phi) + \phi \Big)

    Between two of these the profit is linear in γ, so the integral is a sum of incomplete beta functions.

    Parameters
    ----------
    labels, scores
        As :func:`profit_curve`.
    alpha, beta : float
        Shape of the accept rate's beta distribution, both above 0 (6 and 14: mean 0.30, standard deviation 0.10).
    value, incentive, contact_cost : float
        Value of a customer kept, cost of the incentive and of a contact [currency].

    Returns
    -------
    ChurnProfit
        Expected profit [currency/customer], expected share to contact [0..1], and the score at which the share
        contacted comes nearest to that (inf: contact nobody).

    Raises
    ------
    InputError
        As :func:`profit_curve`; also where alpha or beta is not above 0, or a cost is negative.

    Examples
    --------
    >>> labels, scores = [0, 1, 0, 1, 0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.9]
    >>> best = empc(labels, scores)
    >>> round(best.profit, 5), round(best.share, 3), best.threshold
    (23.87559, 0.874, 0.2)

    References
    ----------
    Verbraken, Verbeke, Baesens (2013).
    """
    from scipy.special import betainc

    if not (alpha > 0 and beta > 0 and incentive >= 0 and contact_cost >= 0):
        raise InputError(
            f"Expected churn profit: found alpha {alpha:g}, beta {beta:g}, incentive {incentive:g} and contact cost "
            f"{contact_cost:g}. Alpha and beta must be above 0, the costs 0 or more."
        )
    all_churners, all_others, cut = _contacted(labels, scores)
    corner = _hull(all_churners, all_others)
    churners, others = all_churners[corner], all_others[corner]
    if value > incentive:
        with np.errstate(divide="ignore"):
            slope = np.diff(others) / np.diff(churners)
            moves = (slope * (incentive + contact_cost) + contact_cost) / (value - incentive)
        moves = np.clip(np.nan_to_num(moves, nan=np.inf, posinf=1.0), 0.0, 1.0)
    else:  # a customer is worth no more than the incentive: no accept rate makes a contact pay
        moves = np.ones(len(churners) - 1)
    ends = np.concatenate(([0.0], moves, [1.0]))
    weight = np.diff(betainc(alpha, beta, ends))  # chance that the accept rate is where this corner is best
    rate = np.diff(betainc(alpha + 1.0, beta, ends)) * alpha / (alpha + beta)  # and its part of the mean accept rate
    cost = churners * contact_cost + others * (incentive + contact_cost)
    profit = float(np.sum(churners * (value - incentive) * rate - cost * weight))
    share = float(np.sum((churners + others) * weight))
    nearest = int(np.argmin(np.abs(all_churners + all_others - share)))
    return ChurnProfit(profit, share, float(cut[nearest]))


def _contacted(labels: npt.ArrayLike, scores: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Churners and others contacted, as shares of all customers, and the lowest score, for each distinct score."""
    try:
        label, score = np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("Churn profit: labels and scores must be lists of numbers, one of each a customer.") from None
    if label.ndim != 1 or label.shape != score.shape:
        raise InputError(
            f"Churn profit: found labels of shape {label.shape} and scores of shape {score.shape}. Give two lists of "
            "the same length."
        )
    if not np.isin(label, (0.0, 1.0)).all() or np.isnan(score).any():
        raise InputError("Churn profit: labels must be 1 (left) or 0 (stayed) and scores must be numbers.")
    if not 0 < label.sum() < label.size:
        raise InputError(
            f"Churn profit: {int(label.sum())} of {label.size} customers left. Give a sample with both, leavers and "
            "stayers."
        )
    order = np.argsort(-score, kind="stable")
    score, label = score[order], label[order]
    last = np.append(np.flatnonzero(score[1:] != score[:-1]), score.size - 1)
    found = np.cumsum(label)[last]
    churners = np.concatenate(([0.0], found)) / score.size
    others = np.concatenate(([0.0], last + 1 - found)) / score.size
    return churners, others, np.concatenate(([np.inf], score[last]))


def _hull(churners: Floats, others: Floats) -> npt.NDArray[np.intp]:
    """Corners of the upper hull of churners contacted over others contacted, from nobody to everybody."""
    y, x = churners.tolist(), others.tolist()
    corners = [0]
    for new in range(1, len(y)):
        while len(corners) > 1:
            before, last = corners[-2], corners[-1]
            if (x[last] - x[before]) * (y[new] - y[before]) >= (y[last] - y[before]) * (x[new] - x[before]):
                corners.pop()
            else:
                break
        corners.append(new)
    return np.array(corners, dtype=np.intp)
