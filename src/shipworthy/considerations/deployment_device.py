"""What has to fit on a device: memory, and how long the model takes there until somebody has measured it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from shipworthy.calculators import device as fit
from shipworthy.calculators import device_time as times
from shipworthy.calculators.device_known import KnownDevice, KnownModel, known_device, known_model
from shipworthy.considerations.base import Draws, Evaluation, View
from shipworthy.considerations.show import mean, median
from shipworthy.decision import RangeValue
from shipworthy.words import percent, plain

OWN = "own"
GB, GIGA, MILLION = 1e9, 1e9, 1e6
_EFFICIENCY = "deployment.efficiency"
_GEOMETRY = ("layers", "kv_heads", "head_dimension")
_BYTES = 2.0
"""Bytes a value of what is kept in mind: 16 bits."""
_FEWEST = 2
"""Bits a weight: with fewer, no model is of use."""
_PLACE = RangeValue(low=0.1, likely=0.5, high=0.9)
"""Where between the shortest and the longest time a device lies, as far as anybody knows."""
# What is taken where the numbers of a device are typed, or the table does not know: a wide range.
_ANYTHING = times.Speed(np.nan, np.nan, (0.05, 0.6), (0.3, 0.8), (0.0, 0.0))


def evaluate(view: View, result: Evaluation) -> None:
    """Memory left, the gate that hangs on it, the time of a use on the device, and what that draws."""
    device, model = _device(view), _model(view)
    need = _need(view, model)
    free = _figure(view, "memory", np.nan if device is None else device.usable / GB, 1.0)
    room = free - need.total / GB
    result.figures.update(room=room, free=free)
    result.notes["memory_parts"] = {
        name: part
        for name, part in zip(("weights", "working memory", "kept in mind"), need, strict=True)
        if np.any(part)
    }
    result.margins["room"] = room - view.requirement("room").limit
    result.notes["fits"] = fits = np.greater_equal(result.margins["room"], 0.0)
    if result.notes["target"] != "hybrid":
        result.terms["gate_open"] = np.where(fits, 1.0, 0.0)[()]
    if view.known("measured"):
        result.notes["inference"] = view.spread("measured")
        result.notes["measured"] = True
        seconds = result.notes["inference"][0] / 1000.0
    else:
        seconds = _seconds(view, result, device, model, need)
        spent = view.world.once(_milliseconds, seconds)
        result.notes["inference"] = (spent, spent)
        result.notes["cautions"] = () if device is None else device.cautions
    _energy(view, result, device, seconds)


def _energy(view: View, result: Evaluation, device: KnownDevice | None, seconds: Draws) -> None:
    """What a use draws and how long the battery lasts, where it is known what the device draws at work."""
    power: Draws = np.nan if device is None else device.power
    if view.known("power"):
        power = view.number("power")
    asked = view.known("battery") and view.known("hourly")
    if not np.all(np.isfinite(power)):
        result.notes["no_power"] = asked
        return
    result.figures["energy"] = energy = times.energy_a_use(power, seconds)
    if asked:
        lasts = times.battery_hours(view.number("battery"), view.number("idle"), view.number("hourly"), energy)
        result.figures["hours"] = lasts


def stage(result: Evaluation) -> list[tuple[str, str, Draws, Draws]]:
    """The model's own time on the device, as a stage of the response."""
    if "inference" not in result.notes:
        return []
    typical, slow = result.notes["inference"]
    return [("model on the device", "device" if result.notes["target"] == "hybrid" else "always", typical, slow)]


def size(gigabytes: float) -> str:
    """An amount of memory: in MB below one GB.

    >>> size(0.0112), size(7.5)
    ('11 MB', '7.5 GB')
    """
    return f"{plain(gigabytes * 1000)} MB" if abs(gigabytes) < 1 else f"{plain(gigabytes)} GB"


def words(view: View, result: Evaluation) -> Iterator[str]:
    """What is left of the memory, what would make it fit, and how far to trust the time."""
    if "room" not in result.figures:
        return
    need = sum(median(part) for part in result.notes["memory_parts"].values()) / GB
    free = median(result.figures["free"])
    yield (
        f"It needs {size(need)} of {size(free)} that are free."
        if need <= free
        else f"It needs {size(need)}, and {size(free)} are free."
    )
    yield from _would_fit(view, result)
    yield from _speed_words(result)
    if "energy" in result.figures:
        yield f"A use takes about {plain(round(median(result.figures['energy']), 3))} joules."
    if "hours" in result.figures:
        yield f"The battery lasts about {plain(median(result.figures['hours']))} hours."
    if result.notes.get("no_power"):
        yield "How long the battery lasts is not known: type what the device draws at work."


def _would_fit(view: View, result: Evaluation) -> Iterator[str]:
    """Bits a weight with which it would fit, where it does not; or that no squeezing helps."""
    left = mean(result.margins["room"])
    if left >= 0:
        return
    bits, weights = median(view.number("bits")), median(result.notes["memory_parts"].get("weights", 0.0)) / GB
    enough = bits * (weights + left) / weights if weights > 0 else 0.0
    if enough >= _FEWEST:
        said = f"It would fit with {plain(np.floor(10 * enough) / 10)} bits a weight instead of {plain(bits)}."
    else:
        said = f"It cannot fit by squeezing its weights: not even {_FEWEST} bits a weight would do."
    if result.notes["target"] == "hybrid":
        said += f" Where it does not fit every use goes to the cloud: {percent(mean(result.notes['chain']['remote']))} of all."
    yield said


def _speed_words(result: Evaluation) -> Iterator[str]:
    """The time as an interval, and tokens a second of a language model."""
    if result.notes.get("measured"):
        return
    low, high = _interval(result.notes["inference"][0])
    yield (
        f"The model takes {low} to {high} ms there by arithmetic and memory speed: an estimate until "
        "someone measures it on the device."
    )
    if "tokens_a_second" in result.figures:
        slow, fast = _interval(result.figures["tokens_a_second"])
        read = ""
        if "prompt_seconds" in result.figures:
            least, most = _interval(result.figures["prompt_seconds"])
            read = f", after {least} to {most} s to read what it is given"
        yield f"It writes {slow} to {fast} tokens a second there{read}."


def _interval(values: Draws) -> tuple[str, str]:
    """Where 8 in 10 of the draws lie."""
    low, high = (float(each) for each in np.quantile(np.asarray(values, dtype=np.float64), (0.1, 0.9)))
    return plain(round(low, 1)), plain(round(high, 1))


def _device(view: View) -> KnownDevice | None:
    """The device that was picked; none where its numbers are typed, or nothing is picked yet. Weights in 8 bits are
    worked on in 8; all others, also those squeezed into 4, in 16."""
    picked = view.word("device")
    whole = 8 if median(view.number("bits")) == 8 else 16
    return None if picked in ("", OWN) else known_device(picked, whole)


def _model(view: View) -> KnownModel | None:
    picked = view.word("model")
    return None if picked in ("", OWN) else known_model(picked)


def _figure(view: View, name: str, known: float, neutral: float) -> Draws:
    """What was typed, else the table's figure; noted as missing where there is neither."""
    if view.known(name):
        return view.number(name)
    if np.isnan(known):
        view.missing[f"{view.consideration}.{name}"] = None
        return neutral
    return known


def _need(view: View, model: KnownModel | None) -> fit.MemoryNeed:
    parameters = _parameters(view, model)
    working = 1e6 * view.number("working") if view.known("working") else 0.0
    cache = _cache(view, model)
    if model is None:
        return fit.memory_need(fit.Workload(parameters, view.number("bits"), 1.0, activations=working, kv_cache=cache))
    known = replace(model, parameters=parameters)  # type: ignore[arg-type]
    stored = known.workload(view.number("bits"), 0.0, activations=working)
    return fit.memory_need(replace(stored, kv_cache=cache))


def _parameters(view: View, model: KnownModel | None) -> Draws:
    return MILLION * _figure(view, "parameters", np.nan if model is None else model.parameters / MILLION, 1.0)


def _cache(view: View, model: KnownModel | None) -> Draws:
    """What the tokens kept in mind take [B]: two a layer, KV head and token, for each conversation."""
    context = view.number("context")
    typed = [view.known(name) for name in _GEOMETRY]
    if model is not None and not model.is_language_model and not any(typed):
        return 0.0
    if not np.any(context):
        return 0.0
    known = [np.nan] * 3 if model is None else [model.layers, model.kv_heads, model.head_dimension]
    layers, heads, size = (_figure(view, name, figure, 0.0) for name, figure in zip(_GEOMETRY, known, strict=True))
    return fit.kv_cache_bytes(layers, heads, size, _BYTES, context, _batch(view))


def _batch(view: View) -> Draws:
    return view.number("batch") if view.known("batch") else 1.0


def _writes(view: View, model: KnownModel | None) -> bool:
    """Whether it is a language model: by the table, or by what was typed of it."""
    if model is not None:
        return model.is_language_model
    return bool(np.any(view.number("written")) or np.any(view.number("context")))


def _seconds(
    view: View, result: Evaluation, device: KnownDevice | None, model: KnownModel | None, need: fit.MemoryNeed
) -> Draws:
    """Time of one use by the roofline, in each draw somewhere between the shortest and the longest [s]."""
    known = _ANYTHING if device is None else device.speed
    shares = [_pair(known, name) for name in ("compute_share", "bandwidth_share")]
    if view.known("efficiency"):
        shares[0] = (view.number("efficiency"),) * 2
    writes = _writes(view, model)
    token = _parameters(view, model) * 2.0 / GIGA if model is None and writes else np.nan
    figures = (
        _figure(view, "compute", float(np.max(known.peak)) / GIGA, 1.0),
        _figure(view, "bandwidth", float(np.max(known.bandwidth)) / GB, 1.0),
        view.number("overhead"),
        _operations(view, token if model is None else model.flops / GIGA),
        *shares[0],
        *shares[1],
    )
    written, place = view.number("written"), view.world.drawn(_EFFICIENCY, view.option, _PLACE)
    if not writes:
        found: Draws = view.world.once(_one_use, place, need.weights, *figures)
        return found
    speed = _speed(*figures)
    rate = times.decode_tokens_per_second(speed, need.weights, need.kv_cache, figures[3] * GIGA * _batch(view))
    result.figures["tokens_a_second"] = tokens = _between(1.0 - place, times.Interval(*rate))
    if not np.any(written):
        return view.world.once(_one_use, place, need.weights, *figures)  # type: ignore[no-any-return]
    read = times.prefill_seconds(speed, _parameters(view, model), view.number("context"), need.weights)
    result.figures["prompt_seconds"] = before = _between(place, read)
    return before + written / tokens


def _operations(view: View, known: Draws) -> Draws:
    """Arithmetic of one use, typed or known: of a language model that of one token, twice its parameters."""
    if view.known("operations") or np.ndim(known) == 0:
        return _figure(view, "operations", float(known), 0.0)
    return known


def _pair(known: times.Speed, name: str) -> tuple[Draws, Draws]:
    """Lowest and highest share of a peak; a wide range where the table does not know one for such a device."""
    low, high = getattr(known, name)
    return getattr(_ANYTHING, name) if np.isnan(low) or np.isnan(high) else (float(low), float(high))


def _speed(compute: Draws, bandwidth: Draws, overhead: Draws, _: Draws, *shares: Draws) -> times.Speed:
    over = overhead / 1000.0
    return times.Speed(compute * GIGA, bandwidth * GB, shares[:2], shares[2:], (over, over))  # type: ignore[arg-type]


def _one_use(place: Draws, weights: Draws, *figures: Draws) -> Draws:
    return _between(place, times.inference_time(_speed(*figures), figures[3] * GIGA, weights))


def _milliseconds(seconds: Draws) -> Draws:
    return seconds * 1000.0


def _between(place: Draws, found: times.Interval) -> Draws:
    with np.errstate(divide="ignore", invalid="ignore"):
        between = found.shortest * (found.longest / found.shortest) ** place
    return np.where(np.isfinite(between), between, found.longest)[()]
