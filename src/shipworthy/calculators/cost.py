"""What a use of a model costs, whether it pays, and when hosting it oneself does.

Plain arithmetic on numbers and arrays. How many tokens a conversation takes is in `conversation`, GPUs of one's own
are in `self_hosting`; their functions can be had from here too. Prices of tokens are in USD per million.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shipworthy.calculators._numbers import Array, floats, need_share
from shipworthy.calculators.conversation import (
    ConversationTokens,
    TurnMoments,
    TurnSpread,
    conversation_tokens,
    fixed_turns,
    request_tokens,
    tokens_by_tier,
    turn_moments,
)
from shipworthy.calculators.self_hosting import (
    HOURS_PER_MONTH,
    Fleet,
    SelfHosted,
    break_even_utilisation,
    cost_per_million_tokens,
    crossover_volume,
    self_hosted,
)

__all__ = [
    "HOURS_PER_MONTH",
    "ConversationTokens",
    "Fleet",
    "SelfHosted",
    "TurnMoments",
    "TurnSpread",
    "break_even_revenue",
    "break_even_tokens",
    "break_even_utilisation",
    "cache_break_even",
    "conversation_tokens",
    "cost_per_million_tokens",
    "crossover_volume",
    "fixed_turns",
    "flat",
    "hosted_cost",
    "margin",
    "per_call",
    "request_tokens",
    "self_hosted",
    "tokens_by_tier",
    "turn_moments",
]

_MILLION = 1e6


def hosted_cost(
    tokens: ConversationTokens,
    input_price: npt.ArrayLike,
    output_price: npt.ArrayLike,
    cache_read_price: npt.ArrayLike | None = None,
    cache_write_price: npt.ArrayLike | None = None,
) -> Array:
    r"""Cost of a conversation with a hosted model.

    .. math:: \frac{(I - R - W) p_i + R p_r + W p_w + O p_o}{10^6}

    Where requests reach a context tier, split the tokens with `tokens_by_tier` and add two costs.

    Parameters
    ----------
    tokens : ConversationTokens
        Input I, output O, cached R and written W, from `conversation_tokens` [token/conversation].
    input_price, output_price : float or array
        Prices [USD per million tokens].
    cache_read_price, cache_write_price : float or array, optional
        Prices of input read from and written to the cache [USD per million tokens]; the input price if left out.

    Returns
    -------
    float or array
        Cost [USD/conversation].

    Examples
    --------
    >>> tokens = conversation_tokens(1000, 50, 200, fixed_turns(2))
    >>> round(float(hosted_cost(tokens, 1.0, 5.0)), 6)
    0.00435
    """
    p_in = floats(input_price)
    total = tokens.input * p_in + tokens.output * floats(output_price)
    if cache_read_price is not None:
        total = total + tokens.cached * (floats(cache_read_price) - p_in)
    if cache_write_price is not None:
        total = total + tokens.written * (floats(cache_write_price) - p_in)
    return total / _MILLION


def per_call(price: npt.ArrayLike, calls: npt.ArrayLike = 1.0) -> Array:
    """Cost of a use that is charged by the call: price × calls [USD/use].

    >>> float(per_call(0.002, 3))
    0.006
    """
    return floats(price) * floats(calls)


def flat(month: npt.ArrayLike, uses: npt.ArrayLike) -> Array:
    """Cost of a use under a flat fee: fee a month over uses a month [USD/use]; infinite where nothing is used.

    >>> float(flat(500, 10_000))
    0.05
    """
    volume = floats(uses)
    with np.errstate(divide="ignore", invalid="ignore"):
        return floats(np.where(volume > 0, floats(month) / volume, np.inf))


def margin(revenue_use: npt.ArrayLike, cost_use: npt.ArrayLike) -> Array:
    """What a use leaves: its value less its cost [USD/use].

    >>> round(float(margin(0.05, 0.02)), 6)
    0.03
    """
    return floats(revenue_use) - floats(cost_use)


def break_even_revenue(cost_use: npt.ArrayLike, kept: npt.ArrayLike = 1.0) -> Array:
    """Revenue of a use at which the margin is 0: cost over the share of revenue that one keeps [USD/use].

    >>> float(break_even_revenue(0.03, kept=0.25))
    0.12
    """
    share = floats(kept)
    need_share("Share of the revenue that is kept", share)
    return floats(cost_use) / share


def break_even_tokens(
    revenue_use: npt.ArrayLike, cost_use: npt.ArrayLike, tokens: npt.ArrayLike, fixed_use: npt.ArrayLike = 0.0
) -> Array:
    r"""Tokens of a conversation at which the margin is 0, the mix of input, cached and output tokens staying the same.

    .. math:: t^* = t \, \frac{v - f}{c - f}

    Parameters
    ----------
    revenue_use, cost_use : float or array
        Value v and cost c of a use [USD/use].
    tokens : float or array
        Tokens t of a use at that cost, in and out [token/use].
    fixed_use : float or array
        Part f of the cost that does not depend on tokens [USD/use].

    Returns
    -------
    float or array
        Tokens [token/use]; 0 where even an empty use does not pay, infinite where tokens cost nothing.

    Examples
    --------
    >>> round(float(break_even_tokens(0.05, 0.02, 10_000)))
    25000
    """
    fixed = floats(fixed_use)
    left, variable = np.maximum(floats(revenue_use) - fixed, 0.0), np.maximum(floats(cost_use) - fixed, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = left / variable * floats(tokens)
    return floats(np.where(left > 0, np.where(variable > 0, found, np.inf), 0.0))


def cache_break_even(read_ratio: npt.ArrayLike, write_ratio: npt.ArrayLike) -> Array:
    """Reads of a cache entry from which writing it pays: (w − 1) / (1 − r), prices over the plain input price [1].

    >>> round(float(cache_break_even(0.1, 1.25)), 2)
    0.28
    """
    read, write = floats(read_ratio), floats(write_ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        return floats(np.where(write > 1, (write - 1) / (1 - read), 0.0))
