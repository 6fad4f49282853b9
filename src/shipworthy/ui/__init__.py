"""The workbook on the screen. What a notebook may touch: ``workbook()``, ``panel()`` and ``assessment_of()``."""

import atexit
import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shipworthy.assess import Assessment
    from shipworthy.ui.shell import Workbook


log = logging.getLogger(__name__)


def workbook(start: str = "") -> "Workbook":
    """The whole workbook; ``start`` names an example or a saved decision to open at once."""
    from shipworthy.ui._light import load_special
    from shipworthy.ui.shell import Workbook

    load_special()
    made = Workbook(start=start)
    _settle_in(made)
    if "SHIPWORTHY_PLOTLY" in os.environ:
        _warm(made)
    return made


_WARMING = ("churn", "shopping-assistant")
"""Examples whose assessment imports what most decisions need, and no more: holidays alone take 20 MB."""


def _settle_in(made: "Workbook") -> None:
    """When the kernel ends, what is pending is saved first; what goes wrong is told to the server's log."""
    from ipykernel.kernelapp import IPKernelApp

    atexit.register(made.session.flush, at_once=True)
    if IPKernelApp.initialized():  # its handlers write where the server does, not into the page
        package = logging.getLogger("shipworthy")
        package.handlers = [*IPKernelApp.instance().log.handlers]


def _warm(made: "Workbook") -> None:
    """A kernel that waits for its visitor does beforehand what the first answer would pay for: imports and prices."""
    from datetime import date

    from shipworthy import examples
    from shipworthy.assess import assess
    from shipworthy.ui._light import give_back

    try:
        made.session.store.titles(["warm"])
        for key in _WARMING:
            assess(examples.example(key), on=date.today())
        give_back()
    except Exception as error:
        log.warning("warming up failed: %s", error)


def panel(consideration: str, start: str = "churn") -> "Workbook":
    """One consideration of a decision, with its options compared."""
    from shipworthy.ui._light import load_special
    from shipworthy.ui.shell import Workbook

    load_special()
    made = Workbook(start=start, only=consideration)
    _settle_in(made)
    return made


def assessment_of(shown: "Workbook") -> "Assessment":
    """The assessment behind what is on the screen."""
    return shown.session.assessment  # type: ignore[no-any-return]
