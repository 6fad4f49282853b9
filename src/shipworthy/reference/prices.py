"""Prices of hosted models, from the ``genai-prices`` library, without network.

The library guesses where it is not told: a provider from a model's name, a model from the beginning of a name, the
present for a missing date, the standard price for a batch price that it does not have. Nothing is guessed here: the
reference is ``provider/model``, the date is given, and what the library does not know is an error in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError
from shipworthy.reference.loader import load, near

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, PriceVariant, Provider

MAIN_PROVIDERS = ("anthropic", "openai", "google", "mistral", "deepseek", "groq", "x-ai", "aws", "azure", "together")
"""Providers that head the list of models, in this order; the others follow by name."""

_MTOK = 1e6
_BATCH = {"processing": "batch"}
_NOON = time(12, tzinfo=UTC)
_KEYS = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok")
_OTHER_OUTPUT = ("output_audio_mtok", "output_image_mtok", "output_video_mtok")
_DAY = re.compile(r"20\d{2}-?[01]\d-?[0-3]\d")
_DATED = re.compile(r"(-latest|-20\d{2}-?[01]\d-?[0-3]\d)$")


@dataclass(frozen=True)
class ContextTier:
    """Prices that hold for all tokens of a request with more than ``above`` input tokens [USD per million tokens]."""

    above: int
    input: float
    output: float
    cache_read: float
    cache_write: float


@dataclass(frozen=True)
class TokenPrice:
    """What a hosted model costs [USD per million tokens], as known on ``as_of``."""

    provider: str
    model: str
    input: float
    output: float
    cache_read: float
    """Input token read from the cache; the input price where the provider lists none of its own."""
    cache_write: float
    """Input token written to the cache; the input price where writing costs nothing extra."""
    per_request: float
    """USD a request, beside the tokens; nearly always 0."""
    tiers: tuple[ContextTier, ...]
    """Prices of long requests, by rising threshold."""
    batch: bool
    on: date
    """The day whose prices these are."""
    as_of: date
    """How far the list knows: the day asked for, but not later than the list itself."""
    source: str
    note: str
    """What the user should know about this price; empty where there is nothing."""

    @property
    def reference(self) -> str:
        """``provider/model``."""
        return f"{self.provider}/{self.model}"

    def tier(self, input_tokens: float) -> ContextTier:
        """Prices of a request with so many input tokens."""
        found = ContextTier(0, self.input, self.output, self.cache_read, self.cache_write)
        for tier in self.tiers:
            if input_tokens > tier.above:
                found = tier
        return found


@lru_cache(maxsize=1024)
def price(reference: str, on: date, batch: bool = False) -> TokenPrice:
    """Price of a hosted model on a day.

    Where the price depends on the hour, the price at noon UTC is taken and the note says what it moves between.

    Parameters
    ----------
    reference : str
        ``provider/model`` as `models` lists it; a dated or ``-latest`` alias of such a model is found too.
    on : date
        Day whose prices are wanted. The library knows price changes of some models only, and no launch dates: an old
        date may give a model that was not yet there.
    batch : bool
        The price of batch processing.

    Raises
    ------
    InputError
        If the provider or the model is unknown (the message names near ones), if it has no price for tokens in and
        out, or if a batch price is asked for that the list does not have on that day.

    Examples
    --------
    >>> p = price("anthropic/claude-haiku-4-5", date(2026, 11, 20))
    >>> p.input, p.output, p.cache_read, p.cache_write
    (1.0, 5.0, 0.1, 1.25)
    >>> price("anthropic/claude-haiku-4-5", date(2026, 11, 20), batch=True).output
    2.5

    References
    ----------
    genai-prices, Pydantic Services Inc., MIT licence. Its README says that prices are not 100 % accurate.
    """
    provider, model = _find(reference)
    moment = datetime.combine(on, _NOON)
    name = f"{provider.id}/{model.id}"
    if batch:
        _need_batch(name, model, moment)
    prices = model.get_prices(moment, _BATCH if batch else None)
    if prices.input_mtok is None or prices.output_mtok is None:
        raise InputError(f"{name} has no price for text tokens in and out. Choose another model or type the price in.")
    base, tiers = _tiers(prices)
    library = f"genai-prices {version('genai-prices')}"
    lists = load("price_lists")
    known = min(on, lists[library].as_of) if library in lists else on
    source = f"{library}, {name}{', batch' if batch else ''}, prices of {on.isoformat()}"
    return TokenPrice(
        provider=provider.id,
        model=model.id,
        input=base.input,
        output=base.output,
        cache_read=base.cache_read,
        cache_write=base.cache_write,
        per_request=_first(prices, "requests_kcount") / 1000,
        tiers=tiers,
        batch=batch,
        on=on,
        as_of=known,
        source=source,
        note=" ".join(_notes(model, prices, moment, batch)),
    )


def models(on: date, batch: bool = False) -> list[str]:
    """References of the hosted language models that `price` knows: main providers first, then the others by name.

    Left out: what has no price for tokens in and out, what answers in sound or pictures, what the library marks as
    deprecated (it marks few), and with ``batch`` what has no batch price on that day.

    >>> models(date(2026, 11, 20))[0]
    'anthropic/claude-2'
    >>> "openai/gpt-4o" in models(date(2026, 10, 1), batch=True)
    False
    """
    return list(_models(on, batch))


@lru_cache(maxsize=16)
def _models(on: date, batch: bool) -> tuple[str, ...]:
    moment = datetime.combine(on, _NOON)
    rank = {name: index for index, name in enumerate(MAIN_PROVIDERS)}
    providers = sorted(_providers(), key=lambda p: (rank.get(p.id, len(rank)), p.id))
    found: list[str] = []
    for provider in providers:
        for model in provider.models:
            prices = model.get_prices(moment)
            language = prices.input_mtok is not None and prices.output_mtok is not None
            other = any(getattr(prices, key) is not None for key in _OTHER_OUTPUT)
            if language and not other and not model.deprecated and not (batch and not _batch(model, moment)):
                found.append(f"{provider.id}/{model.id}")
    return tuple(found)


def cost(
    price: TokenPrice,
    input_tokens: npt.ArrayLike,
    cached_tokens: npt.ArrayLike,
    output_tokens: npt.ArrayLike,
    cache_write_tokens: npt.ArrayLike = 0.0,
) -> npt.NDArray[np.float64]:
    r"""Cost of one request, or of an array of requests, to a hosted model.

    .. math:: \frac{(I - R - W) p_i + R p_r + W p_w + O p_o}{10^6} + p_q

    with the prices of the highest context tier whose threshold the input tokens *exceed*, for all tokens of the
    request.

    Parameters
    ----------
    price : TokenPrice
        From `price` [USD per million tokens].
    input_tokens : float or array
        All input tokens, cached ones included [1].
    cached_tokens, cache_write_tokens : float or array
        Those of them that are read from the cache, and written to it [1].
    output_tokens : float or array
        Tokens of the answer, reasoning included [1].

    Returns
    -------
    float or array
        Cost [USD].

    Raises
    ------
    InputError
        If more tokens are cached than go in.

    Examples
    --------
    >>> gemini = price("google/gemini-2.5-pro", date(2026, 11, 20))
    >>> round(float(cost(gemini, 300_000, 0, 1_000)), 6)
    0.765
    """
    tokens_in, read, out, write = (
        np.asarray(x, dtype=np.float64) for x in (input_tokens, cached_tokens, output_tokens, cache_write_tokens)
    )
    plain = tokens_in - read - write
    if np.any(plain < -1e-9 * tokens_in):
        raise InputError("Cached tokens: more tokens are read from and written to the cache than go in.")
    rates: list[float | npt.NDArray[np.float64]] = [price.input, price.cache_read, price.cache_write, price.output]
    for tier in price.tiers:
        long = tokens_in > tier.above
        tiered = (tier.input, tier.cache_read, tier.cache_write, tier.output)
        rates = [np.where(long, high, low) for high, low in zip(tiered, rates, strict=True)]
    total = plain * rates[0] + read * rates[1] + write * rates[2] + out * rates[3]
    result: npt.NDArray[np.float64] = total / _MTOK + price.per_request
    return result


def _providers() -> list[Provider]:
    from genai_prices.data import providers  # late: half a megabyte of prices, and a network client that is not used

    return providers


def _find(reference: str) -> tuple[Provider, ModelInfo]:
    providers = {provider.id: provider for provider in _providers()}
    wanted, _, rest = reference.strip().partition("/")
    provider = providers.get(wanted.lower())
    if not rest or provider is None:
        raise InputError(_unknown_provider(reference, wanted, rest, providers))
    by_id = {model.id.lower(): model for model in provider.models}
    if model := by_id.get(rest.lower()):
        return provider, model
    guess = provider.find_model(rest)  # no fallback to other providers: their price need not hold here
    if guess is not None and _bare(guess.id) == _bare(rest):
        return provider, guess
    names = [model.id for model in provider.models if not model.deprecated]
    close = list(dict.fromkeys(_newest(rest, names) + near(rest, [model.id for model in provider.models])))
    if guess is not None and guess.id not in close:
        close.insert(0, guess.id)
    elsewhere = [
        p.id for p in providers.values() if p is not provider and any(m.id.lower() == rest.lower() for m in p.models)
    ]
    raise InputError(
        f"The price list has no model {rest!r} at {provider.id}."
        + _mean(f"{provider.id}/{name}" for name in close[:4])
        + (f" {rest} is listed at {', '.join(elsewhere[:4])}." if elsewhere else "")
    )


def _unknown_provider(reference: str, wanted: str, rest: str, providers: dict[str, Provider]) -> str:
    if rest:
        listed = sorted(providers, key=lambda name: (name not in MAIN_PROVIDERS, name))
        close = near(wanted, listed)
        return f"The price list has no provider {wanted!r}." + (
            _mean(f"{name}/{rest}" for name in close) or f" It has {', '.join(MAIN_PROVIDERS)} and others."
        )
    known = {f"{name}/{m.id}": m.id for name in MAIN_PROVIDERS for m in providers[name].models}
    close = near(wanted, list(known.values()))
    hints = [full for name in close for full, model in known.items() if model == name]
    for name in MAIN_PROVIDERS:
        if newest := _newest(wanted, [m.id for m in providers[name].models if not m.deprecated]):
            hints = [f"{name}/{each}" for each in newest]
            break
    return (
        f"{reference!r} does not say whose price is meant: provider/model is needed, such as"
        f" anthropic/claude-haiku-4-5." + _mean(dict.fromkeys(hints[:4]))
    )


def _newest(word: str, names: Iterable[str]) -> list[str]:
    """Of the models with these words in their name, those of the highest version: ``opus`` means the newest of them."""
    wanted = [re.compile(rf"\b{re.escape(each)}\b") for each in word.lower().split()]
    found = {name: _version(name) for name in names if wanted and all(each.search(name.lower()) for each in wanted)}
    return [name for name, number in found.items() if number and number == max(found.values())][:3]


def _version(name: str) -> tuple[int, ...]:
    number = re.search(r"(?<![a-z\d])\d{1,2}(?:[.-]\d{1,2})*(?![a-z\d])", _DAY.sub("", name.lower()))
    return tuple(map(int, re.findall(r"\d+", number[0]))) if number else ()


def _mean(names: Iterable[str]) -> str:
    listed = list(names)
    return f" Did you mean {' or '.join(listed)}?" if listed else ""


def _bare(name: str) -> str:
    """A model's name without its date and ``-latest``: what makes an alias the same model."""
    return _DATED.sub("", _DATED.sub("", name.lower()))


def _batch(model: ModelInfo, moment: datetime) -> list[PriceVariant]:
    """Batch prices of a model that are in force; one that prices no token does not count."""
    return [v for v in _batch_ever(model) if v.constraint is None or v.constraint.active(moment)]


def _batch_ever(model: ModelInfo) -> list[PriceVariant]:
    return [
        variant
        for variant in model.price_variants or []
        if variant.when == _BATCH and (variant.prices.input_mtok is not None or variant.prices.output_mtok is not None)
    ]


def _need_batch(name: str, model: ModelInfo, moment: datetime) -> None:
    if _batch(model, moment):
        return
    starts = [start for v in _batch_ever(model) if (start := getattr(v.constraint, "start_date", None)) is not None]
    asked = f"{moment.date().isoformat()} was asked for"
    if starts:
        raise InputError(
            f"The price list knows batch prices of {name} from {min(starts).isoformat()} on; {asked}."
            " Choose a later date, the standard price, or type the price in."
        )
    raise InputError(
        f"The price list has no batch price for {name}; {asked}. Choose the standard price or type the batch price in."
    )


def _tiers(prices: ModelPrice) -> tuple[ContextTier, tuple[ContextTier, ...]]:
    """Base prices and those of every threshold that any of the four prices has."""
    starts = sorted({tier.start for key in _KEYS for tier in getattr(getattr(prices, key), "tiers", [])})
    first, *rest = [_at(prices, start) for start in (0, *starts)]
    return first, tuple(rest)


def _at(prices: ModelPrice, start: int) -> ContextTier:
    tokens_in = _first(prices, "input_mtok", start=start)
    return ContextTier(
        above=start,
        input=tokens_in,
        output=_first(prices, "output_mtok", start=start),
        cache_read=_first(prices, "cache_read_mtok", tokens_in, start),
        cache_write=_first(prices, "cache_write_mtok", tokens_in, start),
    )


def _first(prices: ModelPrice, key: str, otherwise: float = 0.0, start: int = 0) -> float:
    value = getattr(prices, key)
    if value is None:
        return otherwise
    found = getattr(value, "base", value)
    for tier in getattr(value, "tiers", []):
        if start >= tier.start and start > 0:
            found = tier.price
    return float(found)


def _notes(model: ModelInfo, prices: ModelPrice, moment: datetime, batch: bool) -> Iterable[str]:
    if model.deprecated:
        yield "The provider has deprecated this model."
    context = _BATCH if batch else None
    hours = {
        (_first(p, "input_mtok"), _first(p, "output_mtok"))
        for hour in range(24)
        for p in [model.get_prices(moment.replace(hour=hour, minute=45), context)]
    }
    if len(hours) > 1:
        low, high = min(hours), max(hours)
        yield (
            f"The price depends on the hour: {low[0]:g} in and {low[1]:g} out up to {high[0]:g} and {high[1]:g} USD per"
            " million tokens; the one at noon UTC is taken."
        )
    if prices.cache_read_mtok is None:
        yield "No price for cached input is listed: it counts as plain input."
    if (
        batch
        and prices.cache_read_mtok is not None
        and all(v.prices.cache_read_mtok is None for v in _batch(model, moment))
    ):
        yield "The batch price list has no price for cached input: the standard one is used."
    if batch and model.get_prices(moment) == prices:
        yield "Batch processing costs the same here."
    if prices.requests_kcount is not None:
        yield "Each request costs a fee beside its tokens."
