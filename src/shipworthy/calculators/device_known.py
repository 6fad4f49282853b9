"""Devices and models by name, from the reference tables ``devices``, ``efficiency`` and ``models``, in plain units.

What the tables do not know is nan here and named in ``unknown``; what a user should know before believing a figure is in
``cautions``. No figure is made up: a device whose bandwidth nobody states gets no time until somebody types or
measures one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy.typing as npt

from shipworthy.calculators.device import Workload, kv_cache_bytes
from shipworthy.calculators.device_time import Speed
from shipworthy.errors import InputError
from shipworthy.reference.loader import Row, load

_GIGA, _TERA, _MEGA, _MILLI = 1e9, 1e12, 1e6, 1e-3
_NONE = (math.nan, math.nan)
_USABLE = "The memory that the system and other programs leave to the model is a judgement."
_ESTIMATE = "The time is an estimate until somebody measures it on the device."
_FLASH = "A microcontroller can keep the weights in its flash memory, which the table does not hold."
_STANDS_IN = "No 8-bit figure is known: the 16-bit one stands in, so 8 bits gain nothing in arithmetic here."


@dataclass(frozen=True)
class KnownDevice:
    """A device of the table."""

    name: str
    usable: float
    """Memory that is left to the model [B]."""
    speed: Speed
    power: float
    """Power at work, all of the device [W]."""
    unknown: tuple[str, ...]
    """What the table does not know of it, in words."""
    cautions: tuple[str, ...]
    """Sentences to show beside its figures."""


@dataclass(frozen=True)
class KnownModel:
    """A model of the table."""

    name: str
    counted_for: str
    """What one use is: one input, one token, …"""
    parameters: float
    flops: float
    """Arithmetic of one use [flop]."""
    layers: float
    kv_heads: float
    head_dimension: float
    stored: float
    """Memory of the weights where it is not parameters × bits [B], at its high end; else nan."""
    cautions: tuple[str, ...]

    @property
    def is_language_model(self) -> bool:
        """True where the table counts the arithmetic of one token."""
        return self.counted_for == "one token"

    def workload(
        self,
        bits: npt.ArrayLike,
        context: npt.ArrayLike = 0.0,
        bytes_per_value: npt.ArrayLike = 2.0,
        activations: npt.ArrayLike = 0.0,
    ) -> Workload:
        """The model at work: one input, or one token of one conversation.

        Parameters
        ----------
        bits : float or array
            Bits a parameter is stored in [bit]; without effect where ``stored`` is known.
        context : float or array
            Tokens in the context of a language model [token].
        bytes_per_value : float or array
            Bytes a value of the KV cache [B].
        activations : float or array
            Most that intermediate results take at once [B]. No table knows them: 0 leaves them out.

        Examples
        --------
        >>> work = known_model("Llama-3-8B per token").workload(bits=4.9, context=8192)
        >>> round(float(work.kv_cache) / 1e9, 2)
        1.07
        """
        cache: npt.ArrayLike = 0.0
        if self.is_language_model:
            cache = kv_cache_bytes(self.layers, self.kv_heads, self.head_dimension, bytes_per_value, context)
        stored = bits if math.isnan(self.stored) else self.stored * 8 / self.parameters
        return Workload(self.parameters, stored, self.flops, activations, cache)


def known_device(name: str, bits: int = 8) -> KnownDevice:
    """A device of the reference table, ready for the calculators.

    Parameters
    ----------
    name : str
        Its name in the table ``devices``.
    bits : int
        Bits of the *arithmetic*: 8 or 16 [bit]. Weights stored in 4 bits are mostly worked on in 16.

    Returns
    -------
    KnownDevice
        Memory, speed, power; what is unknown; what to be careful of.

    Raises
    ------
    InputError
        If there is no such device (near names are given), or the bits are neither 8 nor 16.

    Examples
    --------
    >>> device = known_device("NVIDIA L4", bits=8)
    >>> device.usable, device.speed.peak, device.speed.compute_share, device.unknown
    (22000000000.0, 242000000000000.0, (0.03, 0.77), ())

    References
    ----------
    The tables ``devices`` and ``efficiency``: every row names its source.
    """
    if bits not in (8, 16):
        raise InputError(f"Device: arithmetic in {bits} bits was asked for; the table knows 8 and 16.")
    row = load("devices")[name]
    kind = row.text("class")
    cautions = [_USABLE, _ESTIMATE]
    if kind.startswith("microcontroller"):
        cautions.append(_FLASH)
        speed = _microcontroller(row, kind, bits)
    else:
        peak, stands_in = _peak(row, bits)
        if stands_in:
            cautions.append(_STANDS_IN)
        speed = _processor(row, kind, peak)
    usable, power = _known(row, "usable_memory") * _GIGA, _known(row, "power")
    figures = {
        "usable memory": usable,
        "memory bandwidth": speed.bandwidth,
        f"arithmetic in {bits} bits": speed.peak,
        "share of the peak that models get": speed.compute_share[0],
        "power at work": power,
    }
    unknown = tuple(label for label, value in figures.items() if isinstance(value, float) and math.isnan(value))
    return KnownDevice(name, usable, speed, power, unknown, (*cautions, *_unverified(row)))


def known_model(name: str) -> KnownModel:
    """A model of the reference table, ready for the calculators.

    Parameters
    ----------
    name : str
        Its name in the table ``models``.

    Returns
    -------
    KnownModel
        Parameters, arithmetic, shape of a language model; nan where the table does not know.

    Raises
    ------
    InputError
        If there is no such model; near names are given.

    Examples
    --------
    >>> model = known_model("ResNet-50 v1 224")
    >>> model.parameters, model.flops, model.counted_for
    (25530000.0, 6980000000.0, 'one input')

    References
    ----------
    The table ``models``: every row names its source.
    """
    row = load("models")[name]
    return KnownModel(
        name,
        row.text("counted_for"),
        _known(row, "parameters") * _MEGA,
        _known(row, "flops") * _GIGA,
        _known(row, "layers"),
        _known(row, "kv_heads"),
        _known(row, "head_dimension"),
        _known(row, "weights_high") * _MEGA,
        tuple(_unverified(row)),
    )


def _known(row: Row, column: str) -> float:
    value = row.get(column)
    return math.nan if value is None else value


def _peak(row: Row, bits: int) -> tuple[float, bool]:
    """Peak arithmetic [op/s], and whether the 16-bit figure stands in for an 8-bit one."""
    wide, narrow = _known(row, "fp16") * _TERA, _known(row, "int8") * _TERA
    if bits == 16:
        return wide, False
    return (wide, not math.isnan(wide)) if math.isnan(narrow) else (narrow, False)


def _processor(row: Row, kind: str, peak: float) -> Speed:
    low, high = _known(row, "bandwidth") * _GIGA, _known(row, "bandwidth_high") * _GIGA
    high = low if math.isnan(high) else high
    share_low, share_high = _range(f"{kind}.bandwidth")
    overhead_low, overhead_high = _range(f"{kind}.overhead")
    return Speed(
        peak,
        high,
        _range(f"{kind}.compute"),
        (share_low * low / high, share_high),
        (overhead_low * _MILLI, overhead_high * _MILLI),
    )


def _microcontroller(row: Row, kind: str, bits: int) -> Speed:
    """Multiply-adds a cycle were measured on whole inferences in int8: memory and fixed time are in them."""
    low, high = _range(f"{kind}.macs") if bits == 8 else _NONE
    return Speed(2 * _known(row, "clock") * _MEGA * high, math.inf, (low / high, 1.0), (1.0, 1.0))


def _range(key: str) -> tuple[float, float]:
    table = load("efficiency")
    return (table[key].number("low"), table[key].number("high")) if key in table else _NONE


def _unverified(row: Row) -> list[str]:
    words = row.text("unverified")
    return [f"Not verified: {words}."] if words else []
