"""Options compared draw by draw: chance of being the best, regret, bad cases, what binds, and other attitudes to risk.

The draws are common to all options, so a difference between two of them carries no noise of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_payoffs import Floats, checked
from shipworthy.errors import InputError

Flags = npt.NDArray[np.bool_]
TAIL = 0.1
"""The worst part of the draws that a bad case is the mean of."""


@dataclass(frozen=True)
class Standing:
    """One option among the others.

    Attributes
    ----------
    mean, p10, p50, p90
        Expected payoff and percentiles [money].
    chance_best
        Share of draws in which it is the best; equals share [0..1].
    regret
        Expected payoff given up against the best option of each draw [money].
    largest_regret
        The same in the draw where it is largest [money].
    bad_case
        Mean of its worst tenth of draws (CVaR) [money].
    """

    mean: float
    p10: float
    p50: float
    p90: float
    chance_best: float
    regret: float
    largest_regret: float
    bad_case: float


@dataclass(frozen=True)
class Difference:
    """Payoff of one option less that of another, in the same draws.

    Attributes
    ----------
    mean, p10, p50, p90
        Of the difference [money].
    chance_better, chance_equal
        Share of draws in which it is above 0, and in which it is 0 [0..1].
    """

    mean: float
    p10: float
    p50: float
    p90: float
    chance_better: float
    chance_equal: float


@dataclass(frozen=True)
class Binding:
    """How often a requirement is missed.

    Attributes
    ----------
    missed
        Share of all draws in which it is missed [0..1].
    alone
        Share of all draws in which it is the only one missed: meeting it would do [0..1].
    of_misses
        Share of the draws in which anything is missed, in which this is [0..1].
    """

    missed: float
    alone: float
    of_misses: float


@dataclass(frozen=True, eq=False)
class Requirement:
    """Whether a requirement is met in each draw, and how sure the team wants to be.

    Attributes
    ----------
    met
        Yes or no in each draw, or one for all.
    confidence
        Asked for [0..1].
    """

    met: npt.ArrayLike
    confidence: float = 0.8

    @property
    def probability(self) -> float:
        """Share of draws in which it is met [0..1]."""
        return float(np.mean(np.asarray(self.met, dtype=bool)))

    @property
    def assured(self) -> bool:
        """Whether it is met with the confidence asked for."""
        return self.probability >= self.confidence


@dataclass(frozen=True)
class Choices:
    """Which option each attitude would take, by its number; None where none would do.

    Attributes
    ----------
    expected
        Highest expected payoff: the recommended one.
    requirements_first
        Highest expected payoff among those that meet each requirement with the confidence asked for.
    robust
        Smallest largest regret: never far behind, whatever holds.
    risk_averse
        Highest mean of the worst tenth of draws.
    """

    expected: int
    requirements_first: int | None
    robust: int
    risk_averse: int

    @property
    def disagreeing(self) -> tuple[str, ...]:
        """Attitudes that would not take the recommended option."""
        others = ("requirements_first", "robust", "risk_averse")
        return tuple(name for name in others if getattr(self, name) != self.expected)


def cvar(payoffs: npt.ArrayLike, tail: float = TAIL) -> Floats:
    r"""Mean of the worst part of the draws (conditional value at risk).

    .. math:: \mathrm{CVaR}_\alpha = \frac{1}{\alpha} \int_0^\alpha F^{-1}(q)\, dq

    Parameters
    ----------
    payoffs : array
        Payoff in each draw, along the last axis [money].
    tail : float, optional
        Which part: a draw on its edge counts in part (0..1].

    Returns
    -------
    float or array
        [money]

    Examples
    --------
    >>> float(cvar([5, 1, 2, 9], tail=0.5)), float(cvar([5, 1, 2, 9], tail=0.375))
    (1.5, 1.3333333333333333)

    References
    ----------
    Rockafellar, R. T., Uryasev, S. (2000). Optimization of conditional value-at-risk. Journal of Risk 2(3), 21-41.
    """
    found = np.asarray(payoffs, dtype=np.float64)
    if not 0 < tail <= 1:
        raise InputError(f"Worst part of the draws: {tail:g} was found. A share above 0 and up to 1 would do.")
    if found.ndim == 0 or not found.shape[-1]:
        raise InputError("Payoffs: no draws were found. At least one would do.")
    asked = tail * found.shape[-1]
    whole = min(int(asked), found.shape[-1] - 1)
    ordered = np.partition(found, whole, axis=-1)
    total = ordered[..., :whole].sum(axis=-1) + (asked - whole) * ordered[..., whole]
    return np.asarray(total / asked)[()]


def compare(payoffs: npt.ArrayLike, tail: float = TAIL) -> list[Standing]:
    r"""Each option among the others.

    .. math:: \text{regret}_d = E[\max_j U_j - U_d]

    The expected regret of the option with the highest expected payoff is the worth of knowing everything
    (:func:`shipworthy.calculators.value_of_information.evpi`).

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    tail : float, optional
        Worst part of the draws that the bad case is the mean of (0..1].

    Returns
    -------
    list of Standing
        One for each option.

    Raises
    ------
    InputError
        Where there is no option, no draw, or a payoff is not a finite number.

    Examples
    --------
    >>> first, second = compare([[10, -6], [0, 0]])
    >>> first.mean, first.regret, first.largest_regret, first.chance_best
    (2.0, 3.0, 6.0, 0.5)
    >>> second.regret, second.bad_case
    (5.0, 0.0)

    References
    ----------
    Savage, L. J. (1951). The theory of statistical decision. Journal of the American Statistical Association 46, 55-67.
    """
    found = checked(payoffs)
    top = found.max(axis=0)
    best = found == top
    shares = (best / best.sum(axis=0)).mean(axis=1)
    regret = top - found
    low, middle, high = np.quantile(found, (0.1, 0.5, 0.9), axis=1)
    columns = (
        found.mean(axis=1),
        low,
        middle,
        high,
        shares,
        regret.mean(axis=1),
        regret.max(axis=1),
        cvar(found, tail),
    )
    return [Standing(*map(float, each)) for each in zip(*columns, strict=True)]


def difference(payoff: npt.ArrayLike, other: npt.ArrayLike) -> Difference:
    """Payoff of one option less that of another, draw by draw.

    Parameters
    ----------
    payoff, other : array
        Payoff of each in each draw [money].

    Examples
    --------
    >>> found = difference([3.0, 5.0, 4.0], [1.0, 6.0, 4.0])
    >>> found.p50, round(found.chance_better, 3), round(found.chance_equal, 3)
    (0.0, 0.333, 0.333)
    """
    both = checked(np.stack(np.broadcast_arrays(np.atleast_1d(payoff), np.atleast_1d(other))))
    found = both[0] - both[1]
    low, middle, high = (float(each) for each in np.quantile(found, (0.1, 0.5, 0.9)))
    return Difference(float(found.mean()), low, middle, high, float((found > 0).mean()), float((found == 0).mean()))


def binding(met: Mapping[str, npt.ArrayLike]) -> dict[str, Binding]:
    """Which requirement of an option binds how often, most often first.

    Parameters
    ----------
    met : mapping of array
        For each requirement whether it is met in each draw, or one yes or no for all.

    Returns
    -------
    dict of Binding
        By requirement.

    Examples
    --------
    >>> found = binding({"in time": [True, False, False, False], "licence": [True, True, True, False]})
    >>> {name: (each.missed, each.alone) for name, each in found.items()}
    {'in time': (0.75, 0.5), 'licence': (0.25, 0.0)}
    """
    if not met:
        return {}
    missed = ~np.stack(np.broadcast_arrays(*(np.atleast_1d(np.asarray(each, dtype=bool)) for each in met.values())))
    count = missed.sum(axis=0)
    any_missed = max(float((count > 0).mean()), 1e-300)
    found = {
        name: Binding(float(each.mean()), float((each & (count == 1)).mean()), float(each.mean()) / any_missed)
        for name, each in zip(met, missed, strict=True)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1].missed, -item[1].alone)))


def choices(payoffs: npt.ArrayLike, requirements: Sequence[Sequence[Requirement]] = (), tail: float = TAIL) -> Choices:
    """Which option each attitude to risk would take, and where they disagree. Of equals it is the first.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    requirements : sequence of sequence of Requirement, optional
        Those of each option; an option that no requirement concerns has none.
    tail : float, optional
        Worst part of the draws that somebody risk averse looks at (0..1].

    Examples
    --------
    Half of the time 10, half of the time −6, against nothing:

    >>> found = choices([[10, -6], [0, 0]], [[Requirement([True, False])], []])
    >>> found.expected, found.disagreeing
    (0, ('requirements_first', 'risk_averse'))
    """
    found = checked(payoffs)
    if requirements and len(requirements) != len(found):
        raise InputError(
            f"Requirements: found those of {len(requirements)} options, payoffs of {len(found)}. Give those of each."
        )
    means = found.mean(axis=1)
    eligible = [all(each.assured for each in those) for those in requirements] or [True] * len(found)
    allowed = np.where(eligible, means, -np.inf)
    regret = (found.max(axis=0) - found).max(axis=1)
    return Choices(
        int(means.argmax()),
        int(allowed.argmax()) if any(eligible) else None,
        int(regret.argmin()),
        int(np.asarray(cvar(found, tail)).argmax()),
    )
