"""The two examples' models written out in plain numpy, by hand, to hold the assessment against.

No documents, no questions, no considerations, no caches: arrays of draws in, payoffs, percentiles and the share of
draws that meets each requirement out. What all options share is computed once. The normal distribution function is the
calculators' own, which is faster than SciPy's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.spreads import normal_cdf

Array = npt.NDArray[np.float64]
Draws = Any
"""A number or an array of draws."""

MONTH = 365 / 12
Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Result:
    """One option: its payoff, mean and percentiles, and the share of draws that meets each requirement, and all."""

    payoff: Array
    mean: float
    percentiles: tuple[float, float, float]
    met: dict[str, float]
    met_all: float


@dataclass(frozen=True)
class Price:
    """A hosted model's prices [USD per million tokens]."""

    input: float
    output: float
    cache_read: float
    cache_write: float


def churn(shared: Mapping[str, Draws], own: Mapping[str, Mapping[str, Draws]]) -> dict[str, Result]:
    """Every option of the churn example; ``shared`` and ``own`` are its answers by name."""
    days = DiscountedDays(shared)
    mu, sigma = _sum_of_spreads(shared["contact"], shared["persuasion"])
    fixed = shared["data_delay"] + shared["hand_over"] + shared["notice"]
    capacity = shared["people"] * shared["hours"] * shared["contacts_an_hour"]
    success, takers = shared["success"] * shared["contact_rate"], shared["takers"] * shared["contact_rate"]
    harm = shared["uses"] * shared["wrong"] * shared["harm"]
    rhythm = shared["rhythm"]
    found = {}
    for option, each in own.items():
        seen = shared["events"] * min(1.0, each["window"] / rhythm)
        flagged = seen * each["recall"] / each["precision"]
        queue = np.minimum(flagged * rhythm / capacity, rhythm)
        run = min(rhythm, each["window"])
        width = np.sqrt(run * run + queue * queue)
        left = each["gap"] + each["window"] - fixed - 0.5 * (run + queue - width)
        reach = np.clip((_integral(left, mu, sigma) - _integral(left - width, mu, sigma)) / width, 0.0, 1.0)
        contacts = np.minimum(flagged, capacity)
        true_cases = contacts * each["precision"]
        saves = true_cases * reach * success
        acting = contacts * shared["contact_cost"] + (saves + (contacts - true_cases) * takers) * shared["incentive"]
        brought = saves * shared["value"]
        monthly = brought - acting - harm - each["running"]
        margins = {
            "worth": 12 * brought - 12 * harm - shared["worth"],
            "reached": reach - shared["reached"],
            "margin": brought / shared["uses"] - shared["margin"],
        }
        found[option] = _result(monthly * days(each["live"]) / MONTH - each["one_off"], margins)
    return found


def shopping(shared: Mapping[str, Draws], own: Mapping[str, Mapping[str, Draws]]) -> dict[str, Result]:
    """Every option of the shopping assistant; an option has a ``price``, or a throughput and GPUs."""
    days = DiscountedDays(shared)
    turns, square = _turns(*shared["turns"])
    again = 0.5 * (square - turns)
    system, user, answer = shared["system_tokens"], shared["user_tokens"], shared["answer_tokens"]
    tokens_in = turns * (system + user) + again * (user + answer)
    tokens_out = turns * answer
    uses, rate = shared["uses"], shared["usd_rate"]
    found = {}
    for option, each in own.items():
        use, month = 0.0, 0.0
        if "price" in each:
            price = each["price"]
            cached = shared["cache_hit"] * (turns * system + again * user + max(again - turns + 1, 0.0) * answer)
            extra = cached * (price.cache_read - price.input) + (tokens_in - cached) * (price.cache_write - price.input)
            use = (tokens_in * price.input + tokens_out * price.output + extra) / 1e6 * rate
        else:
            served = each["throughput"] * each["utilisation"] * (3600 * 730) / tokens_out
            gpus = np.maximum(np.ceil(uses / served * (1 - 1e-9)), each["gpus"])
            month = gpus * each["gpu_price"] * 730 * rate + each["people"]
        brought = uses * each["effect"] * shared["value"]
        harm = uses * each["wrong"] * shared["harm"]
        monthly = brought - uses * use - harm - month - each["running"]
        margins = {
            "worth": 12 * brought - 12 * harm - shared["worth"],
            "margin": brought / uses - (use + month / uses) - shared["margin"],
        }
        found[option] = _result(monthly * days(each["live"]) / MONTH - each["one_off"], margins)
    return found


class DiscountedDays:
    """Days from the launch to the end of the period, discounted."""

    def __init__(self, shared: Mapping[str, Draws]) -> None:
        self.rho = math.log1p(shared["discount_rate"]) / 365
        self.last = math.exp(-self.rho * 365 * shared["period"])

    def __call__(self, live: Array) -> Array:
        return np.maximum(0.0, (np.exp(-self.rho * live) - self.last) / self.rho)


def _sum_of_spreads(*spreads: tuple[Draws, Draws]) -> tuple[Draws, Draws]:
    """The lognormal with the mean and variance of the sum of some, each by its p50 and p95."""
    mean: Draws = 0.0
    variance: Draws = 0.0
    for p50, p95 in spreads:
        sigma = np.log(p95 / p50) / Z95
        part = p50 * np.exp(0.5 * sigma * sigma)
        mean, variance = mean + part, variance + part * part * np.expm1(sigma * sigma)
    squared = np.log1p(variance / (mean * mean))
    return np.log(mean) - 0.5 * squared, np.sqrt(squared)


def _integral(x: Array, mu: Draws, sigma: Draws) -> Array:
    """The lognormal distribution function, integrated from 0 to x."""
    above = np.maximum(x, 1e-300)
    score = (np.log(above) - mu) / sigma
    area: Array = above * normal_cdf(score) - np.exp(mu + 0.5 * sigma * sigma) * normal_cdf(score - sigma)
    return area


def _turns(p50: float, p95: float) -> tuple[float, float]:
    """Mean and mean square of a lognormal number of turns that is at least 1."""
    mu, sigma = math.log(p50), math.log(p95 / p50) / Z95

    def below(z: float) -> float:
        return 0.5 * math.erfc(-z / math.sqrt(2))

    one = -mu / sigma
    mean, square = (below(one) + math.exp(k * mu + 0.5 * (k * sigma) ** 2) * below(k * sigma - one) for k in (1, 2))
    return mean, square


def _result(payoff: Array, margins: Mapping[str, Array]) -> Result:
    flags = {name: margin >= 0 for name, margin in margins.items()}
    met_all = np.logical_and.reduce(list(flags.values()))
    met = {name: float(flag.mean()) for name, flag in flags.items()}
    return Result(payoff, float(payoff.mean()), _percentiles(payoff), met, float(met_all.mean()))


def _percentiles(values: Array) -> tuple[float, float, float]:
    """p10, p50 and p90, interpolated as numpy.quantile does; by sorting, which is faster."""
    places = [share * (values.size - 1) for share in (0.1, 0.5, 0.9)]
    parted = np.sort(values)
    low, middle, high = (
        float(parted[int(at)] + (parted[int(at) + 1] - parted[int(at)]) * (at - int(at))) for at in places
    )
    return low, middle, high
