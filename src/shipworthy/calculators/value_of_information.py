"""What it would be worth to know an answer before committing.

    evpi(payoffs)                          everything known
    evppi(payoffs, ranks(scores))          one answer known; groups(labels) for a chance or a choice
    evppi_of_all(payoffs, known)           each of many answers, in a few milliseconds
    evppi_together(payoffs, scores, ...)   several answers found out together
    expected(payoffs, scores, ...)         payoffs as they are expected once several answers are known

``payoffs`` is a row an option, a column a draw, from common draws. All work on *differences* to the option with the
highest expected payoff, so what all options share cancels. What is found from draws is never exactly zero: each value
comes with a noise floor, and at or below it there is no measurable value.

Variance is not value: an answer that carries nearly all the variance is worth nothing where no value of it would change
which option is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._voi_fit import Fit, Floats, Index, bin_means, bins_for, fitted, spread
from shipworthy.calculators._voi_fit import Ranks as Ranks
from shipworthy.calculators._voi_fit import ranks as ranks
from shipworthy.calculators._voi_joint import Columns, joint_curve
from shipworthy.calculators._voi_payoffs import Differences, differences, unit_loss
from shipworthy.errors import InputError

_ACCURACY = 0.003
"""Part of EVPI that a value may be off by however still the draws are (16,384 of them, bench/voi.py)."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The draws by a chance or a choice, from :func:`groups`.

    Attributes
    ----------
    index
        Number of each draw's group.
    sizes
        Draws in each.
    """

    index: Index
    sizes: Floats


@dataclass(frozen=True)
class Worth:
    """What finding something out is worth.

    Attributes
    ----------
    value
        Expected gain in payoff from choosing after it is known, never below 0 or above ``evpi`` [money].
    floor
        What draws alone could show where there is nothing to gain [money].
    evpi
        Worth of knowing everything [money].
    """

    value: float
    floor: float
    evpi: float

    @property
    def measurable(self) -> bool:
        """Whether it is above the noise floor; else there is no measurable value."""
        return self.value > self.floor

    def net(self, cost: float) -> float:
        """What is left when finding out costs so much [money]; a value that cannot be measured counts as none."""
        return (self.value if self.measurable else 0.0) - cost


Known = Ranks | Groups


def groups(labels: npt.ArrayLike) -> Groups:
    """The draws by a chance or a choice, as :func:`evppi` takes them.

    Parameters
    ----------
    labels : array
        What holds in each draw: numbers, words, yes or no; as many as there are draws.

    Raises
    ------
    InputError
        Where nearly every draw has a label of its own: that is an answer with a range.

    Examples
    --------
    >>> groups(["yes", "no", "no", "no"]).sizes.tolist()
    [3.0, 1.0]
    """
    found = np.asarray(labels)
    if found.ndim != 1 or not found.size:
        raise InputError(f"Groups: found an array of shape {found.shape}. One row, a label for each draw, would do.")
    _, index, sizes = np.unique(found, return_inverse=True, return_counts=True)
    if sizes.size > max(8, found.size // 32):
        raise InputError(
            f"Groups: {sizes.size} groups for {found.size} draws. An answer with a range is known by its ranks."
        )
    return Groups(index.astype(np.intp), sizes.astype(np.float64))


def evpi(payoffs: npt.ArrayLike) -> float:
    r"""Worth of knowing everything: the most that finding out, of any kind, could bring.

    .. math:: \mathrm{EVPI} = E[\max_d U_d] - \max_d E[U_d]

    It equals the expected regret of the option with the highest expected payoff.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].

    Returns
    -------
    float
        [money]

    Raises
    ------
    InputError
        Where there is no option, no draw, or a payoff is not a finite number.

    Examples
    --------
    Better by 10 or worse by 6, with equal chances: chosen as it is, and knowing would save the 6 half of the time.

    >>> evpi([[10, -6], [0, 0]])
    3.0

    References
    ----------
    Raiffa, H., Schlaifer, R. (1961). Applied Statistical Decision Theory, ch. 4.
    """
    return differences(payoffs).evpi


def evppi(payoffs: npt.ArrayLike, known: Known) -> Worth:
    r"""Worth of knowing one answer.

    .. math:: \mathrm{EVPPI} = E_\theta\bigl[\max_d E[U_d - U_{d^*} \mid \theta]\bigr]

    with d* the option with the highest expected payoff. The inner expectation is a curve through the means of 256 bins
    of as many draws each: Hermite polynomials in the answer's normal score, and one step at the best of the edges between
    bins where that makes cross-validation better (a gate makes payoffs jump). Where neighbouring bins still stray alike
    (payoffs that wave, or jump more than once), means of four bins are taken as they are. Groups stand for themselves.
    With 16,384 draws off by 0.1 to 0.2 % of EVPI (bench/voi.py), up to 1.1 % for a gate that few draws are beyond.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    known : Ranks or Groups
        The answer's draws, from :func:`ranks`, or :func:`groups` for a chance or a choice.

    Returns
    -------
    Worth
        Value, noise floor and EVPI [money].

    Raises
    ------
    InputError
        As :func:`evpi`, or where there are not as many draws of the answer as of the payoffs.

    Examples
    --------
    Payoff normal with mean 0 and standard deviation 100, against 0: 100 φ(0) is 39.89.

    >>> from statistics import NormalDist
    >>> z = np.array([NormalDist().inv_cdf((i + 0.5) / 4096) for i in range(4096)])
    >>> found = evppi([100 * z, 0 * z], ranks(z))
    >>> round(found.value, 1), found.measurable
    (39.9, True)

    References
    ----------
    Strong, M., Oakley, J. E., Brennan, A. (2014). Estimating multiparameter partial expected value of perfect
    information from a probabilistic sensitivity analysis sample. Medical Decision Making 34(3), 311-326.
    """
    return evppi_of_all(payoffs, [known])[0]


def evppi_of_all(payoffs: npt.ArrayLike, known: Sequence[Known]) -> list[Worth]:
    """Worth of knowing each of many answers, one at a time: :func:`evppi` of each, done at once.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    known : sequence of Ranks or Groups
        The answers. Keep the ranks between calls: making them takes longer than all the rest.

    Returns
    -------
    list of Worth
        In the same order [money].

    Examples
    --------
    >>> z = np.random.default_rng(1).standard_normal((2, 1024))
    >>> first, second = evppi_of_all([50 * z[0] + z[1], 0 * z[0]], [ranks(each) for each in z])
    >>> first.measurable, second.measurable
    (True, False)
    """
    found = differences(payoffs)
    for each in known:
        count = each.order.size if isinstance(each, Ranks) else each.index.size
        if count != found.draws:
            raise InputError(f"Draws: the payoffs have {found.draws}, an answer {count}. Both need the same draws.")
    if not found.worth:
        return [Worth(0.0, 0.0, found.evpi) for _ in known]
    fits = iter(_ranked(found, [each for each in known if isinstance(each, Ranks)]))
    return [next(fits) if isinstance(each, Ranks) else _grouped(found, each) for each in known]


def evppi_together(
    payoffs: npt.ArrayLike, scores: Sequence[npt.ArrayLike] | Floats, chances: Sequence[Groups] = ()
) -> Worth:
    """Worth of knowing several answers that are found out together.

    A joint polynomial regression of the differences between options on the answers' normal scores: total degree by
    generalised cross-validation, with a column for each group, and the step that each answer has on its own. Never below
    the worth of the best of them alone.

    Parameters
    ----------
    payoffs : array
        Payoff of each option in each draw, option × draw [money].
    scores : sequence of array
        Draws of each answer, or their normal scores: only the order counts.
    chances : sequence of Groups, optional
        Chances and choices among them.

    Returns
    -------
    Worth
        [money]

    Examples
    --------
    Two answers that matter only together: a sale needs both.

    >>> z = np.random.default_rng(1).standard_normal((2, 4096))
    >>> payoffs = [100 * z[0] * z[1], 0 * z[0]]
    >>> alone, both = evppi(payoffs, ranks(z[0])), evppi_together(payoffs, z)
    >>> alone.measurable, both.measurable, round(both.value / both.evpi, 2)
    (False, True, 1.0)

    References
    ----------
    Strong, Oakley, Brennan (2014).
    """
    known: list[Known] = [*(ranks(each) for each in scores), *chances]
    if not known:
        raise InputError("Answers found out together: none was given. Name at least one.")
    alone = evppi_of_all(payoffs, known)
    found = differences(payoffs)
    if len(known) == 1 or not found.worth:
        return alone[0]
    curve, used, error = joint_curve(found.by_draw, _columns(found, known))
    value = max(float(np.maximum(curve.max(axis=1), 0.0).mean()), *(each.value for each in alone))
    noise = error * spread(used) / np.sqrt(found.draws)
    return Worth(min(value, found.evpi), float(noise_floors(found, noise)), found.evpi)


def expected(
    payoffs: npt.ArrayLike, scores: Sequence[npt.ArrayLike] | Floats, chances: Sequence[Groups] = ()
) -> Floats:
    """Payoffs as they are expected once several answers are known, less that of the option with the highest expected payoff.

    What else is uncertain is averaged out, so what a sample of these answers is worth is found from these payoffs with less
    noise than from those that were drawn. By the regression of :func:`evppi_together`.

    Parameters
    ----------
    payoffs, scores, chances
        As :func:`evppi_together` takes them.

    Returns
    -------
    array
        0 for the option with the highest expected payoff, then each other that is better in some draw [money].

    Examples
    --------
    >>> z, other = np.random.default_rng(1).standard_normal((2, 4096))
    >>> smooth = expected([100 * z + 100 * other, 0 * z - 50], [z])
    >>> bool(np.std(smooth[1] - (-50 - 100 * z)) < 5)
    True
    """
    found = differences(payoffs)
    known: list[Known] = [*(ranks(each) for each in scores), *chances]
    if not known or not found.worth:
        return np.zeros((1, found.draws))
    curve, _, _ = joint_curve(found.by_draw, _columns(found, known))
    return np.concatenate([np.zeros((1, found.draws)), curve.T])


def _columns(found: Differences, known: Sequence[Known]) -> Columns:
    ranked = [each for each in known if isinstance(each, Ranks)]
    grouped = [(each.index, each.sizes) for each in known if isinstance(each, Groups)]
    return Columns([each.order for each in ranked], _steps(found, ranked), grouped)


def _steps(found: Differences, known: Sequence[Ranks]) -> list[Index]:
    """The edges at which payoffs jump along each answer by itself."""
    if not known:
        return []
    fit, shape = fit_ranked(found, known), (len(known), found.means.size)
    pairs = zip(fit.edge.reshape(shape), fit.height.reshape(shape), strict=True)
    return [edge[height != 0.0] for edge, height in pairs]


def fit_ranked(found: Differences, known: Sequence[Ranks]) -> Fit:
    """The curve of each difference between options along each answer: rows answer by answer."""
    size, width = bins_for(found.draws), found.means.size
    means = np.empty((len(known), width, size))
    for place, each in enumerate(known):
        means[place] = bin_means(found.by_draw, each.order)
    return fitted(means.reshape(-1, size))


def _ranked(found: Differences, known: Sequence[Ranks]) -> list[Worth]:
    if not known:
        return []
    fit, shape = fit_ranked(found, known), (len(known), found.means.size)
    values = np.minimum(fit.gain(shape), found.evpi)
    floors = noise_floors(found, fit.noise.reshape(shape))
    return [Worth(*each, found.evpi) for each in zip(values.tolist(), floors.tolist(), strict=True)]


def _grouped(found: Differences, known: Groups) -> Worth:
    means = np.stack([np.bincount(known.index, column) / known.sizes for column in found.by_draw.T])
    within = np.maximum(found.squares - (means * means * known.sizes).sum(axis=1) / found.draws, 0.0)
    error = np.sqrt(within / found.draws) * spread(known.sizes.size)
    value = float(np.maximum(means.max(axis=0), 0.0) @ known.sizes) / found.draws
    return Worth(min(value, found.evpi), float(noise_floors(found, error)), found.evpi)


def noise_floors(found: Differences, noise: Floats) -> Floats:
    """What would seem to be gained if each difference moved by as much as noise can make it; at least what the method
    itself is off by. The last axis is the differences."""
    return np.asarray(np.maximum(unit_loss(found.means, noise).sum(axis=-1), _ACCURACY * found.evpi), dtype=np.float64)
