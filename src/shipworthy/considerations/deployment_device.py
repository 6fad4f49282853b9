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
from shipworthy.words import plain

OWN = "own"
GB, GIGA, MILLION = 1e9, 1e9, 1e6
_EFFICIENCY = "deployment.efficiency"
_PLACE = RangeValue(low=0.1, likely=0.5, high=0.9)
"""Where between the shortest and the longest time a device lies, as far as anybody knows."""
# What is taken where the numbers of a device are typed, or the table does not know: a wide range.
_ANYTHING = times.Speed(np.nan, np.nan, (0.05, 0.6), (0.3, 0.8), (0.0, 0.0))


def evaluate(view: View, result: Evaluation) -> None:
    """Memory left, the gate that hangs on it, and the time of a use on the device."""
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
    if result.notes["target"] != "hybrid":
        result.terms["gate_open"] = np.where(np.greater_equal(result.margins["room"], 0.0), 1.0, 0.0)[()]
    if view.known("measured"):
        result.notes["inference"] = view.spread("measured")
        result.notes["measured"] = True
        return
    seconds = _seconds(view, device, model, need)
    spent = view.world.once(_milliseconds, seconds)
    result.notes["inference"] = (spent, spent)
    result.notes["cautions"] = () if device is None else device.cautions
    if device is not None and np.isfinite(device.power):
        result.figures["energy"] = energy = times.energy_a_use(device.power, seconds)
        if view.known("battery") and view.known("hourly"):
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
    left, parts = mean(result.figures["room"]), result.notes["memory_parts"]
    need = sum(median(part) for part in parts.values()) / GB
    bits, weights = median(view.number("bits")), median(parts.get("weights", 0.0)) / GB
    yield f"It needs {size(need)} of {size(median(result.figures['free']))} that are free."
    if left < 0 < weights + left:
        yield f"It would fit with {plain(round(bits * (weights + left) / weights, 1))} bits a weight instead of {plain(bits)}."
    if result.notes.get("measured"):
        return
    spent = result.notes["inference"][0]
    low, high = (float(each) for each in np.quantile(np.asarray(spent, dtype=np.float64), (0.1, 0.9)))
    yield (
        f"The model takes {plain(round(low, 1))} to {plain(round(high, 1))} ms there by arithmetic and memory speed: an estimate until "
        "someone measures it on the device."
    )
    if "energy" in result.figures:
        yield f"A use takes about {plain(round(median(result.figures['energy']), 3))} joules."
    if "hours" in result.figures:
        yield f"The battery lasts about {plain(median(result.figures['hours']))} hours."


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
    parameters = MILLION * _figure(view, "parameters", np.nan if model is None else model.parameters / MILLION, 1.0)
    working = 1e6 * view.number("working") if view.known("working") else 0.0
    if model is None:
        return fit.memory_need(fit.Workload(parameters, view.number("bits"), 1.0, activations=working))
    known = replace(model, parameters=parameters)  # type: ignore[arg-type]
    language = model.is_language_model and not np.isnan(model.layers)
    context = view.number("context") if language else 0.0
    return fit.memory_need(known.workload(view.number("bits"), context, activations=working))


def _seconds(view: View, device: KnownDevice | None, model: KnownModel | None, need: fit.MemoryNeed) -> Draws:
    """Time of one use by the roofline, in each draw somewhere between the shortest and the longest [s]."""
    known = _ANYTHING if device is None else device.speed
    shares = [_pair(known, name) for name in ("compute_share", "bandwidth_share")]
    if view.known("efficiency"):
        shares[0] = (view.number("efficiency"),) * 2
    figures = (
        _figure(view, "compute", float(np.max(known.peak)) / GIGA, 1.0),
        _figure(view, "bandwidth", float(np.max(known.bandwidth)) / GB, 1.0),
        view.number("overhead"),
        _figure(view, "operations", np.nan if model is None else model.flops / GIGA, 0.0),
        *shares[0],
        *shares[1],
    )
    written, place = view.number("written"), view.world.drawn(_EFFICIENCY, view.option, _PLACE)
    if model is None or not model.is_language_model or not np.any(written):
        found: Draws = view.world.once(_one_use, place, need.weights, *figures)
        return found
    speed, parameters = _speed(*figures), need.weights * 8.0 / view.number("bits")
    read = times.prefill_seconds(speed, parameters, view.number("context"), need.weights)
    rate = times.decode_tokens_per_second(speed, need.weights, need.kv_cache, figures[3] * GIGA)
    return _between(place, times.first_answer_seconds(read, rate, written))


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
