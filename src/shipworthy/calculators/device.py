"""What a model takes in the memory of a device, by parts, and what is left.

Bytes are decimal: 1 GB is 10^9 of them. Figures that nobody knows are nan, and what depends on them is nan. Which
limit binds and what would still fit is in :mod:`shipworthy.calculators.device_fit`, devices and models by name in
:mod:`shipworthy.calculators.device_known`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy.typing as npt

from shipworthy.calculators._numbers import Array
from shipworthy.calculators.device_time import need_above, need_not_negative

_BITS_PER_BYTE = 8.0


class MemoryNeed(NamedTuple):
    """What a model takes in memory, by parts [B]."""

    weights: Array
    activations: Array
    kv_cache: Array

    @property
    def total(self) -> Array:
        """All parts together [B]."""
        return self.weights + self.activations + self.kv_cache


@dataclass(frozen=True)
class Workload:
    """A model at work. Each figure is a number or an array."""

    parameters: npt.ArrayLike
    """Parameters of the model [1]."""
    bits: npt.ArrayLike
    """Bits a parameter is stored in, with what the format adds (a 4-bit file takes 4.5 to 5) [bit]."""
    flops: npt.ArrayLike
    """Arithmetic of one use, a multiply-add counted as two [flop]."""
    activations: npt.ArrayLike = 0.0
    """Most that intermediate results take at once [B], see :func:`activation_bytes`."""
    kv_cache: npt.ArrayLike = 0.0
    """KV cache of a language model [B], see :func:`kv_cache_bytes`; read once a use."""
    traffic: npt.ArrayLike = 0.0
    """What else is read and written for one use, beside weights and KV cache [B]."""


def weight_bytes(parameters: npt.ArrayLike, bits: npt.ArrayLike) -> Array:
    r"""Memory that the weights of a model take.

    .. math:: w = N b / 8

    Parameters
    ----------
    parameters : float or array
        Parameters N, all of them, also those of experts that are at rest [1].
    bits : float or array
        Bits a parameter b [bit]. Formats with scales take more than their name says: a 4-bit file 4.5 to 5.

    Returns
    -------
    float or array
        Weights [B].

    Raises
    ------
    InputError
        Where a number is negative, or the bits are not above 0.

    Examples
    --------
    >>> float(weight_bytes(7e9, 16)) / 1e9
    14.0

    References
    ----------
    Arithmetic.
    """
    return need_not_negative("number of parameters", parameters) * need_above("bits a parameter", bits) / _BITS_PER_BYTE


def activation_bytes(values: npt.ArrayLike, bits: npt.ArrayLike, batch: npt.ArrayLike = 1.0) -> Array:
    r"""Most memory that intermediate results take at once.

    .. math:: A = v b n / 8

    There is no rule for v from the size of a model: it is the largest sum of what a layer reads and writes, and the
    runtime or a profiler tells it. A runtime that works through an image in pieces, or keeps more than it needs, takes
    another amount.

    Parameters
    ----------
    values : float or array
        Values that are held at once, for one input v [1].
    bits : float or array
        Bits a value b [bit].
    batch : float or array
        Inputs that are worked on together n [1].

    Returns
    -------
    float or array
        Memory [B].

    Raises
    ------
    InputError
        Where a number is negative, or the bits are not above 0.

    Examples
    --------
    MobileNetV2 at 224 pixels is at its peak where a 16-channel image is widened to 96 channels, 112 pixels square:

    >>> float(activation_bytes(112 * 112 * (16 + 96), 8)) / 1024
    1372.0

    References
    ----------
    Lin, J. et al. (2021). MCUNetV2: memory-efficient patch-based inference for tiny deep learning. NeurIPS 34.
    """
    held = need_not_negative("values held at once", values) * need_not_negative("number of inputs", batch)
    return held * need_above("bits a value", bits) / _BITS_PER_BYTE


def kv_cache_bytes(
    layers: npt.ArrayLike,
    kv_heads: npt.ArrayLike,
    head_dimension: npt.ArrayLike,
    bytes_per_value: npt.ArrayLike,
    context: npt.ArrayLike,
    batch: npt.ArrayLike = 1.0,
) -> Array:
    r"""Memory that the KV cache of a language model takes.

    .. math:: k = 2\, L\, H\, D\, b\, c\, n

    a key and a value for each layer, KV head and token. Exact; no rule from the size of the model replaces it. Models
    with a sliding window hold at most the window in those layers, and latent attention stores something else.

    Parameters
    ----------
    layers : float or array
        Layers L [1].
    kv_heads : float or array
        KV heads of a layer H, which are fewer than its heads where heads share them [1].
    head_dimension : float or array
        Size of a head D [1].
    bytes_per_value : float or array
        Bytes a value b: 2 in fp16, 1 in int8 [B].
    context : float or array
        Tokens in the context c: prompt, history and answer [token].
    batch : float or array
        Conversations at once n [1].

    Returns
    -------
    float or array
        Memory [B].

    Raises
    ------
    InputError
        Where a number is negative.

    Examples
    --------
    Llama 2 7B and Llama 3 8B in fp16, kB (1,024 bytes) a token:

    >>> float(kv_cache_bytes(32, 32, 128, 2, 1)) / 1024, float(kv_cache_bytes(32, 8, 128, 2, 1)) / 1024
    (512.0, 128.0)

    References
    ----------
    Pope, R. et al. (2023). Efficiently scaling transformer inference. Proceedings of MLSys 5.
    """
    shape = 2.0 * need_not_negative("number of layers", layers) * need_not_negative("number of KV heads", kv_heads)
    token = shape * need_not_negative("head dimension", head_dimension) * need_not_negative("bytes", bytes_per_value)
    return token * need_not_negative("context", context) * need_not_negative("number of conversations", batch)


def memory_need(workload: Workload) -> MemoryNeed:
    """What a model takes in memory, by parts.

    Parameters
    ----------
    workload : Workload
        The model at work.

    Returns
    -------
    MemoryNeed
        Weights, activations and KV cache [B]. The runtime's own memory is not in it: it belongs to what is not usable.

    Raises
    ------
    InputError
        Where a number is negative, or the bits are not above 0.

    Examples
    --------
    >>> need = memory_need(Workload(8e9, 4.5, 16e9, activations=0.2e9, kv_cache=0.5e9))
    >>> round(float(need.total) / 1e9, 2)
    5.2

    References
    ----------
    Arithmetic.
    """
    return MemoryNeed(
        weight_bytes(workload.parameters, workload.bits),
        need_not_negative("memory of intermediate results", workload.activations),
        need_not_negative("KV cache", workload.kv_cache),
    )


def memory_left(usable: npt.ArrayLike, need: MemoryNeed) -> Array:
    """Memory left on the device.

    Parameters
    ----------
    usable : float or array
        Memory that the system and other programs leave to the model [B].
    need : MemoryNeed
        What the model takes [B].

    Returns
    -------
    float or array
        Memory [B]; negative is what is missing.

    Raises
    ------
    InputError
        Where the usable memory is negative.

    Examples
    --------
    >>> float(memory_left(6e9, memory_need(Workload(8e9, 8, 16e9)))) / 1e9
    -2.0

    References
    ----------
    Arithmetic.
    """
    return need_not_negative("usable memory", usable) - need.total
