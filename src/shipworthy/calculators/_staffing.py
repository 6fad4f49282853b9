"""Servers for a waiting time: a fractional number by Newton's method on an expansion of Erlang's C, then whole ones."""

import numpy as np
import numpy.typing as npt

from shipworthy.calculators.queues import wait_exceeds
from shipworthy.calculators.spreads import normal_cdf

Floats = npt.NDArray[np.float64]

_HALF_ROOT = 1.2533141373155001  # the square root of pi / 2
_NEAR = 0.02  # servers: as near to a whole number as this, the exact formula decides


def least_servers(load: Floats, within: Floats, allowed: Floats) -> Floats:
    """Least whole number of servers for loads above 0, ``within`` in service times."""
    goal, root = np.log(allowed), np.sqrt(load)
    least = np.maximum(1.0 - load, 1e-9 * root)  # no fewer servers than one, nor than the load
    wish = extra = np.maximum(_first_guess(root, within, goal), least)
    step = extra
    for _ in range(8):
        rarely, depth = _one_over_erlang_c(load, extra)
        slope = (1.0 - 1.0 / rarely) / extra + depth + within
        wish = extra + (-np.log(rarely) - extra * within - goal) / slope
        after = np.maximum(wish, least)
        step, extra = np.abs(after - extra), after
        if not step.max(initial=0.0) > 0.1 * _NEAR:
            break
    guess = load + wish
    found = np.maximum(np.ceil(guess), np.floor(load) + 1.0)
    doubt = (guess > 1.0 - _NEAR) & (np.abs(guess - np.rint(guess)) < _NEAR) | ~(step < 0.1 * _NEAR)
    if doubt.any():
        found[doubt] = _walk(load[doubt], within[doubt], allowed[doubt], found[doubt])
    return found


def _walk(load: Floats, within: Floats, allowed: Floats, found: Floats) -> Floats:
    """Up to the first number that does, then down while one fewer does, by the exact formula."""

    def short(count: Floats) -> npt.NDArray[np.bool_]:
        return ~(wait_exceeds(load, 1.0, count, within) <= allowed)

    while (more := short(found)).any():
        found = found + more
    while (fewer := ~short(found - 1.0)).any():
        found = found - fewer
    return found


def _first_guess(root: Floats, within: Floats, goal: Floats) -> Floats:
    """Servers above the load in heavy traffic: b = extra / root with b²/2 + b k + ln(1 + 1.5 b) = -ln of what may wait."""
    k = root * within
    most = np.minimum(-goal / (_HALF_ROOT + k), np.sqrt(k * k - 2.0 * goal) - k)
    left = np.maximum(-goal - np.log(1.0 + 1.5 * most), -0.1 * goal)
    return np.asarray(root * np.minimum(most, np.sqrt(k * k + 2.0 * left) - k))


def _one_over_erlang_c(load: Floats, extra: Floats) -> tuple[Floats, Floats]:
    """1 / C(c, a) for c = a + extra, and ln(c / a).

    1/C = a/c + (1 - a/c)/B and 1/B = 1 + Q(c, a)/p, with the first two terms of Temme's expansion of Q: off by 1e-5 at
    ten servers, 1e-3 at one.
    """
    count = load + extra
    below = extra / count  # 1 - a/c
    depth = np.log(count / load)
    exponent = np.maximum(depth - below, 0.0)
    eta = np.sqrt(2.0 * exponent)  # of the expansion, with its sign turned
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        mills = (
            np.sqrt(2 * np.pi * count) * np.exp(np.minimum(count * exponent, 690.0)) * normal_cdf(eta * np.sqrt(count))
        )
        term = np.where(eta > 0.03, 1.0 / eta - 1.0 / below, -1.0 / 3.0 - eta / 12.0 - eta * eta * (2.0 / 135.0))
    gamma = 1.0 + (1.0 + 1.0 / (24.0 * count)) / (12.0 * count)
    return (1.0 - below) + below * (1.0 + gamma * (mills + term)), depth
