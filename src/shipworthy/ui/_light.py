"""Keeps a kernel small: scipy.special without what it drags along (4 MB), freed memory given back (13 MB)."""

import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType

_UNUSED = ("numpy.f2py", "numpy.testing")
"""SciPy's layer over array libraries copies every public name of numpy's, and so loads these two and what they need."""


def load_special() -> None:
    """Import scipy.special; while it loads, empty modules stand in for those that are not used, and go away after it.

    >>> load_special()
    >>> import numpy.testing
    >>> numpy.testing.assert_equal(1, 1)
    """
    if "scipy.special" in sys.modules:
        return
    import numpy as np

    stood_in = [name for name in _UNUSED if name not in sys.modules]
    for name in stood_in:
        sys.modules[name] = ModuleType(name)
        setattr(np, name.rpartition(".")[2], sys.modules[name])
    try:
        import scipy.special  # noqa: F401
    finally:
        for name in stood_in:
            del sys.modules[name]
            delattr(np, name.rpartition(".")[2])


def give_back() -> None:
    """Give freed memory back to the system, where the C library can: some 13 MB after an answer, in 4 ms. For quiet moments."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    import ctypes

    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not the GNU C library
        return None
    return found
