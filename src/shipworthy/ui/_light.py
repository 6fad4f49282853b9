"""Loads scipy.special without what it brings along and nobody here uses: 4 MB less in every kernel."""

import sys
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
