"""How many tokens a conversation takes: history grows with the square of the turns unless it is cached.

Every request carries the system prompt and all that was said before. The number of turns is a *spread*: it differs
from conversation to conversation and is integrated here, through its first two moments, never drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import Array, floats
from shipworthy.errors import EstimateError, InputError

_Z95 = 1.6448536269514722
"""Normal score of p95; written out because the statistics module takes 10 ms to import."""
_NO_WIDTH = 1e-9


class TurnMoments(NamedTuple):
    """Moments of the turns of a conversation: E[n], E[n²], and the share of conversations that have a turn at all."""

    mean: Array | float
    square: Array | float
    started: Array | float = 1.0


@dataclass(frozen=True)
class TurnSpread:
    """Turns of a conversation as p50 and p95, with the turn at which the product stops it, if it does."""

    p50: npt.ArrayLike
    p95: npt.ArrayLike
    cap: npt.ArrayLike | None = None


class ConversationTokens(NamedTuple):
    """Mean tokens of a conversation. ``input`` holds the cached and the written ones too."""

    input: Array
    output: Array
    cached: Array | float
    """Input tokens read from the cache."""
    written: Array | float
    """Input tokens written to the cache: with caching on, all input that is not read from it."""


def fixed_turns(turns: npt.ArrayLike) -> TurnMoments:
    """Moments where every conversation has the same number of turns.

    >>> fixed_turns(4)
    TurnMoments(mean=np.float64(4.0), square=np.float64(16.0), started=1.0)
    """
    n = floats(turns)
    if not np.all(n >= 1):
        raise InputError(f"Turns of a conversation: {np.min(n):g} was found; a conversation has at least 1 turn.")
    return TurnMoments(n, n * n)


def turn_moments(p50: npt.ArrayLike, p95: npt.ArrayLike, cap: npt.ArrayLike | None = None) -> TurnMoments:
    r"""Mean and mean square of the turns of a conversation, from their p50 and p95.

    .. math:: E[n^k] = P(X < 1) + e^{k\mu + k^2\sigma^2/2}
              \left[\Phi(z_c - k\sigma) - \Phi(z_1 - k\sigma)\right] + c^k P(X > c)

    with X lognormal, :math:`\mu = \ln p_{50}`, :math:`\sigma = \ln(p_{95}/p_{50})/1.645`,
    :math:`z_x = (\ln x - \mu)/\sigma` and n = X held between 1 and the cap c. Turns are treated as continuous:
    rounding them to whole ones moves the mean square by about 1/12.

    Parameters
    ----------
    p50, p95 : float or array
        Turns that half, and 95 %, of the conversations stay within [turn]. At least 1.
    cap : float or array, optional
        Turn after which the product ends a conversation [turn].

    Returns
    -------
    TurnMoments
        E[n] [turn] and E[n²] [turn²].

    Raises
    ------
    EstimateError
        If p50 is below 1, p95 below p50, or the cap below 1.

    Examples
    --------
    >>> moments = turn_moments(4, 12)
    >>> round(float(moments.mean), 3), round(float(moments.square), 2)
    (5.003, 39.05)

    References
    ----------
    Johnson, Kotz, Balakrishnan (1994). Continuous Univariate Distributions 1, ch. 14: partial moments.
    """
    low, high = floats(p50), floats(p95)
    if not np.all(low >= 1):
        raise EstimateError(f"Turns of a conversation: p50 is {np.min(low):g}; a conversation has at least 1 turn.")
    if not (np.all(high >= low) and np.all(np.isfinite(high))):
        raise EstimateError("Turns of a conversation: p95 must be a number and not below p50.")
    if cap is not None and not np.all(floats(cap) >= 1):
        raise EstimateError("Turns of a conversation: a conversation cannot be ended before its first turn.")
    return _moments(low, high, None if cap is None else floats(cap))


def conversation_tokens(
    system: npt.ArrayLike,
    user: npt.ArrayLike,
    answer: npt.ArrayLike,
    turns: TurnMoments,
    cache_hit: npt.ArrayLike | None = None,
) -> ConversationTokens:
    r"""Mean tokens of a conversation in which every request carries the whole history.

    .. math:: I = n p_0 + u \frac{n(n+1)}{2} + a \frac{n(n-1)}{2}, \qquad O = n a

    .. math:: R = h \left[ n p_0 + u \frac{n(n-1)}{2} + a \frac{(n-1)(n-2)}{2} \right]

    R is what can be read from the cache: in each turn the whole of the request before it, and in the first turn the
    system prompt, which other conversations keep warm. The last answer is not in it: it was never sent as input.
    With caching on, all other input is written to the cache.

    Parameters
    ----------
    system : float or array
        System prompt, tools and anything else at the head of every request, p0 [token].
    user, answer : float or array
        One message of the user, u, and one answer, a [token].
    turns : TurnMoments
        From `turn_moments` or `fixed_turns`.
    cache_hit : float or array, optional
        Share h of the repeated tokens that is found in the cache [0..1]; left out, nothing is cached or written.

    Returns
    -------
    ConversationTokens
        Input, output, cached and written tokens [token/conversation].

    Examples
    --------
    Two turns: requests of 1,000 + 50 and 1,000 + 50 + 200 + 50 tokens.

    >>> tokens = conversation_tokens(1000, 50, 200, fixed_turns(2), cache_hit=1.0)
    >>> [float(x) for x in tokens]
    [2350.0, 400.0, 2050.0, 300.0]
    """
    p0, u, a = (floats(x) for x in (system, user, answer))
    mean, square, started = turns
    half = 0.5 * (square - mean)  # E[n(n−1)] / 2: how often an earlier message is sent again
    tokens_in = mean * (p0 + u) + half * (u + a)
    tokens_out = mean * a
    if cache_hit is None:
        return ConversationTokens(tokens_in, tokens_out, 0.0, 0.0)
    hit = floats(cache_hit)
    if not (np.all(hit >= 0) and np.all(hit <= 1)):
        raise InputError("Share of the repeated prompt that is read from the cache: a share from 0 to 1 is needed.")
    older = np.maximum(half - mean + started, 0.0)  # E[(n−1)(n−2)] / 2
    cached = hit * (mean * p0 + half * u + older * a)
    return ConversationTokens(tokens_in, tokens_out, cached, tokens_in - cached)


def request_tokens(system: npt.ArrayLike, user: npt.ArrayLike, answer: npt.ArrayLike, turn: npt.ArrayLike) -> Array:
    """Input tokens of the request of one turn: p0 + u·k + a·(k − 1); what must fit in the context window.

    >>> float(request_tokens(1000, 50, 200, 4))
    1800.0
    """
    k = floats(turn)
    return floats(system) + floats(user) * k + floats(answer) * (k - 1)


def tokens_by_tier(
    chat: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    turns: TurnSpread,
    above: npt.ArrayLike,
    cache_hit: npt.ArrayLike | None = None,
) -> tuple[ConversationTokens, ConversationTokens]:
    """Split a conversation's tokens at a context tier: the requests up to its threshold, and those above it.

    Providers price a request by its own length, so a long conversation pays the base price in its first turns and the
    tier's price in its last ones.

    Parameters
    ----------
    chat : three floats or arrays
        System prompt, user message and answer, as in `conversation_tokens` [token].
    turns : TurnSpread
        Turns of a conversation.
    above : float or array
        Threshold of the tier: it holds for requests with *more* input tokens than that [token].
    cache_hit : float or array, optional
        As in `conversation_tokens`.

    Returns
    -------
    two ConversationTokens
        Below and above the threshold; their sum is what `conversation_tokens` gives.

    Examples
    --------
    Requests of 100, 300, 500 tokens; the tier starts above 300.

    >>> below, above = tokens_by_tier((0, 100, 100), TurnSpread(3, 3), 300)
    >>> round(float(below.input), 6), round(float(above.input), 6)
    (400.0, 500.0)
    """
    p0, u, a = (floats(x) for x in chat)
    grown = u + a
    room = floats(above) - p0 + a
    with np.errstate(divide="ignore", invalid="ignore"):
        last = np.where(grown > 0, np.floor(room / grown), np.where(room >= 0, np.inf, 0.0))
    total = conversation_tokens(p0, u, a, turn_moments(turns.p50, turns.p95, turns.cap), cache_hit)
    low, high = floats(turns.p50), floats(turns.p95)
    sigma = np.log(high / low) / _Z95
    end = low * np.exp(sigma * (2 * sigma + 4))  # beyond it lie less than 1e-4 of E[n²]
    if turns.cap is not None:
        end, last = np.minimum(end, floats(turns.cap)), np.minimum(last, floats(turns.cap))
    if np.all(last >= end):
        return total, ConversationTokens(*(floats(np.zeros_like(x)) for x in total))
    below = conversation_tokens(p0, u, a, _moments(low, high, floats(np.maximum(last, 0.0))), cache_hit)
    return below, ConversationTokens(*(floats(t - b) for t, b in zip(total, below, strict=True)))


def _moments(low: Array, high: Array, cap: Array | None) -> TurnMoments:
    mu = np.log(low)
    sigma = np.maximum(np.log(high / low) / _Z95, _NO_WIDTH)
    grow = np.exp(0.5 * sigma * sigma)
    whole = (low * grow, (low * grow * grow) ** 2)  # E[X], E[X²] before n is held between 1 and the cap
    z_one = -mu / sigma
    under = _phi(z_one)
    if cap is None:
        mean, square = (under + x * _phi(k * sigma - z_one) for k, x in enumerate(whole, start=1))
        return TurnMoments(mean, square)
    safe = np.maximum(cap, 1.0)
    z_cap = (np.log(safe) - mu) / sigma
    over = _phi(-z_cap)
    ends = np.where(over > 0, safe, 0.0)  # an endless cap is never reached
    mean, square = (
        under + x * (_phi(z_cap - k * sigma) - _phi(z_one - k * sigma)) + ends**k * over
        for k, x in enumerate(whole, start=1)
    )
    started = floats(cap >= 1)
    return TurnMoments(mean * started, square * started, started)


def _phi(z: Array) -> Array:
    """Normal distribution function: without scipy for a number, with it for an array."""
    if np.ndim(z) == 0:
        return floats(0.5 * math.erfc(-float(z) / math.sqrt(2)))
    from scipy.special import ndtr

    return floats(ndtr(z))
