"""Small helpers that the cost calculators share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Array = npt.NDArray[np.float64]


def floats(value: npt.ArrayLike) -> Array:
    """The value in 64-bit floats: a number stays a number, an array an array."""
    result: Array = np.asarray(value, dtype=np.float64)[()]
    return result


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
