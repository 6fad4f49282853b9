"""One thread for linear algebra: the products here are small, and kernels side by side would fight for the processors."""

import os

NAMES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread() -> None:
    """Say so to whatever numpy was built with, before it is imported; what somebody set already stays.

    On two busy processors a joint regression of 16,384 draws took ten times as long with two threads as with one.
    """
    for name in NAMES:
        os.environ.setdefault(name, "1")
