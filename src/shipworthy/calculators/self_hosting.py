"""Hosting a model on GPUs of one's own, or rented by the hour: how many, at what cost, and when it pays.

Plain arithmetic on numbers and arrays. Months are months of 730 hours. Tokens are always of the kind that the
throughput counts: published throughput (MLPerf) counts output tokens, at short prompts and full load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import Array, floats, need_above_zero, need_share

HOURS_PER_MONTH = 730.0
"""365 days × 24 hours / 12 months [h/month]."""

_SECONDS_PER_HOUR = 3600.0
_MILLION = 1e6
_ROUNDING = 1e-9
"""A need for 8.000000001 GPUs is a need for 8."""


@dataclass(frozen=True)
class Fleet:
    """GPUs that a team runs a model on. Every field is a number or an array."""

    gpu_price: npt.ArrayLike
    """Price of a GPU [USD/h]."""
    throughput: npt.ArrayLike
    """Tokens a second of one GPU at full load [token/s]."""
    utilisation: npt.ArrayLike
    """Share of that which real traffic gets, around the clock [0..1]."""
    people: npt.ArrayLike = 0.0
    """Cost of the people who run it [USD/month]."""
    minimum: npt.ArrayLike = 1
    """GPUs that run however little is asked [1]."""
    step: npt.ArrayLike = 1
    """GPUs that one copy of the model takes: GPUs are added in such steps [1]."""


class SelfHosted(NamedTuple):
    """What self-hosting takes for a volume."""

    gpus: Array
    cost_month: Array
    cost_use: Array
    """USD a use *served*; infinite where nothing is."""
    capacity: Array
    """Uses a month that these GPUs can serve."""
    overloaded: npt.NDArray[np.bool_]
    """True where the volume is above the capacity."""


def cost_per_million_tokens(
    gpu_price: npt.ArrayLike, throughput: npt.ArrayLike, utilisation: npt.ArrayLike = 1.0, gpus: npt.ArrayLike = 1
) -> Array:
    r"""Cost of a million tokens on rented GPUs.

    .. math:: \frac{g \, p}{3600 \, s \, \rho} \cdot 10^6

    Parameters
    ----------
    gpu_price : float or array
        Price p of a GPU [USD/h].
    throughput : float or array
        Tokens a second s of all the GPUs together, at full load [token/s].
    utilisation : float or array
        Share ρ of full load that traffic gives [0..1].
    gpus : float or array
        Number of GPUs g [1].

    Returns
    -------
    float or array
        Cost [USD per million tokens], of the tokens that the throughput counts: published ones count output tokens.

    Examples
    --------
    Eight H100 at 2.95 USD, 21,606 tokens a second, 30 % used:

    >>> round(float(cost_per_million_tokens(2.95, 21_606, 0.3, gpus=8)), 2)
    1.01
    """
    speed, share = floats(throughput), floats(utilisation)
    need_above_zero("Throughput [token/s]", speed)
    need_share("Utilisation", share)
    return floats(gpus) * floats(gpu_price) / (speed * share * _SECONDS_PER_HOUR) * _MILLION


def self_hosted(
    uses: npt.ArrayLike, tokens: npt.ArrayLike, fleet: Fleet, fixed: npt.ArrayLike | None = None
) -> SelfHosted:
    r"""GPUs, cost and capacity of hosting a model oneself.

    .. math:: g = \max\left(g_0, s \left\lceil \frac{N t}{3600 \cdot 730 \, \theta \rho s} \right\rceil\right),
              \qquad C = 730 \, g p + P

    for N uses a month of t tokens, throughput θ and utilisation ρ, in steps of s GPUs, at least g0. Over a mean month:
    peaks are in the utilisation.

    Parameters
    ----------
    uses : float or array
        Uses a month N [1/month].
    tokens : float or array
        Tokens of a use t, of the kind that the throughput counts (published ones count output) [token/use].
    fleet : Fleet
        Prices, throughput and people.
    fixed : float or array, optional
        A number of GPUs that stays as it is [1]; then a volume may be above the capacity.

    Returns
    -------
    SelfHosted
        Whole GPUs, cost a month [USD/month], cost of a use that is served [USD/use], capacity [use/month], overloaded.

    Examples
    --------
    A million conversations of 633 tokens on H100 at 2.95 USD, copies of eight GPUs, 30 % of 2,700 tokens a second:

    >>> fleet = Fleet(gpu_price=2.95, throughput=2700, utilisation=0.3, people=10_000, minimum=8, step=8)
    >>> found = self_hosted(1e6, 633, fleet)
    >>> int(found.gpus), round(float(found.cost_month)), round(float(found.cost_use), 4), bool(found.overloaded)
    (8, 27228, 0.0272, False)
    """
    uses_month, people = floats(uses), floats(fleet.people)
    one = _uses_per_gpu(tokens, fleet)
    if fixed is None:
        step = floats(fleet.step)
        gpus = step * np.maximum(_whole_steps(uses_month / (one * step)), _whole_steps(floats(fleet.minimum) / step))
    else:
        gpus = floats(fixed)
        need_above_zero("GPUs", gpus)
    month = gpus * floats(fleet.gpu_price) * HOURS_PER_MONTH + people
    capacity = gpus * one
    with np.errstate(divide="ignore", invalid="ignore"):
        cost_use = month / np.minimum(uses_month, capacity)
    return SelfHosted(gpus, month, cost_use, capacity, uses_month > capacity * (1 + _ROUNDING))


def break_even_utilisation(
    worth_use: npt.ArrayLike, tokens: npt.ArrayLike, gpu_price: npt.ArrayLike, throughput: npt.ArrayLike
) -> Array:
    r"""Utilisation at which a self-hosted use costs just what it is worth, or what a hosted one costs.

    .. math:: \rho^* = \frac{t \, p}{3600 \, \theta \, v}

    Parameters
    ----------
    worth_use : float or array
        Value of a use, or the hosted price to beat, less its share of the people's cost v [USD/use].
    tokens : float or array
        Tokens of a use t, of the kind that the throughput counts [token/use].
    gpu_price, throughput : float or array
        Price [USD/h] and full-load throughput [token/s] of a GPU.

    Returns
    -------
    float or array
        Utilisation [0..1]; nan ("never") where not even a full load does it.

    Examples
    --------
    >>> round(float(break_even_utilisation(0.001, 633, 2.95, 2700)), 3)
    0.192
    """
    speed = floats(throughput)
    need_above_zero("Throughput [token/s]", speed)
    worth = np.maximum(floats(worth_use), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = floats(tokens) * floats(gpu_price) / (speed * _SECONDS_PER_HOUR * worth)
    return floats(np.where(share <= 1.0, share, np.nan))


def crossover_volume(
    hosted_use: npt.ArrayLike,
    tokens: npt.ArrayLike,
    fleet: Fleet,
    variable_use: npt.ArrayLike = 0.0,
    add_gpus: bool = True,
) -> Array:
    r"""Uses a month from which hosting the model oneself costs no more than the hosted price.

    .. math:: N^* = \frac{730 \, g p + P}{h - v}

    for the smallest number of GPUs g that can serve N*. GPUs come in steps: shortly after each further step the hosted
    price can be the lower one again for a while.

    Parameters
    ----------
    hosted_use : float or array
        Hosted cost of a use h [USD/use].
    tokens : float or array
        Tokens of a use, of the kind that the throughput counts [token/use].
    fleet : Fleet
        Prices, throughput, people, and the GPUs that run in any case.
    variable_use : float or array
        Cost of a self-hosted use beside GPUs and people v [USD/use].
    add_gpus : bool
        May GPUs be added beyond the fleet's minimum?

    Returns
    -------
    float or array
        Uses a month [1/month]; nan ("never") where no volume within the capacity does it.

    Examples
    --------
    >>> fleet = Fleet(gpu_price=2.95, throughput=2700, utilisation=0.3, people=10_000, minimum=8, step=8)
    >>> round(float(crossover_volume(0.01, 633, fleet)))
    2722800
    """
    step, people = floats(fleet.step), floats(fleet.people)
    saved = floats(hosted_use) - floats(variable_use)
    copy_uses = _uses_per_gpu(tokens, fleet) * step
    copy_month = floats(fleet.gpu_price) * HOURS_PER_MONTH * step
    copies = _whole_steps(floats(fleet.minimum) / step)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        gain = saved * copy_uses - copy_month  # what a fully used copy saves in a month
        if add_gpus:
            copies = np.maximum(copies, np.where(gain > 0, _whole_steps(people / gain), 0.0))
        within = copies * gain >= people * (1 - _ROUNDING)
        found = (copies * copy_month + people) / saved
    return floats(np.where((saved > 0) & within, found, np.nan))


def _uses_per_gpu(tokens: npt.ArrayLike, fleet: Fleet) -> Array:
    """Uses a month that one GPU serves [1/month]."""
    speed, share = floats(fleet.throughput), floats(fleet.utilisation)
    need_above_zero("Throughput [token/s]", speed)
    need_share("Utilisation", share)
    with np.errstate(divide="ignore"):
        return speed * share * (_SECONDS_PER_HOUR * HOURS_PER_MONTH) / floats(tokens)


def _whole_steps(need: Array) -> Array:
    return floats(np.ceil(need * (1 - _ROUNDING)))
