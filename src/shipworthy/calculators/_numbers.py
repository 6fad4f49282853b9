"""Small helpers that calculators share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Array = npt.NDArray[np.float64]


def floats(value: npt.ArrayLike) -> Array:
    """The value in 64-bit floats: a number stays a number, an array an array."""
    result: Array = np.asarray(value, dtype=np.float64)[()]
    return result


def need_not_negative(what: str, label: str, value: npt.ArrayLike, *, known: bool = False) -> Array:
    """The value in floats; anything below 0 is refused, and what is no number where it has to be known."""
    array: Array = np.asarray(value, dtype=np.float64)
    if array.size and (not array.min() >= 0 if known else (array < 0).any()):
        raise InputError(
            f"{what}: the {label} is {array.min() if known else np.nanmin(array):g}. It must be 0 or more."
        )
    return array


def need_above_zero(label: str, value: Array) -> None:
    """Refuse anything that is not above 0."""
    low = np.min(value)
    if not low > 0:
        raise InputError(f"{label}: {low:g} was found; a number above 0 would do.")


def need_share(label: str, value: Array) -> None:
    """Refuse anything that is not above 0 and up to 1."""
    low, high = np.min(value), np.max(value)
    if not (low > 0 and high <= 1):
        wrong = high if low > 0 else low
        raise InputError(f"{label}: {wrong:g} was found; a share above 0 and up to 1 (100 %) would do.")
