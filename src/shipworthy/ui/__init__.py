"""The workbook on the screen. What a notebook may touch: ``workbook()``, ``panel()`` and ``assessment_of()``."""

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shipworthy.assess import Assessment
    from shipworthy.ui.shell import Workbook


log = logging.getLogger(__name__)


def workbook(start: str = "") -> "Workbook":
    """The whole workbook; ``start`` names an example or a saved decision to open at once."""
    from shipworthy.ui.shell import Workbook

    made = Workbook(start=start)
    if "SHIPWORTHY_PLOTLY" in os.environ:
        _warm(made)
    return made


def _warm(made: "Workbook") -> None:
    """A kernel that waits for its visitor does beforehand what the first answer would pay for: imports and prices."""
    from datetime import date

    from shipworthy import examples
    from shipworthy.assess import assess

    try:
        made.session.store.titles(["warm"])
        for key in examples.keys():  # noqa: SIM118
            assess(examples.example(key), on=date.today())
    except Exception as error:
        log.warning("warming up failed: %s", error)


def panel(consideration: str, start: str = "churn") -> "Workbook":
    """One consideration of a decision, with its options compared."""
    from shipworthy.ui.shell import Workbook

    return Workbook(start=start, only=consideration)


def assessment_of(shown: "Workbook") -> "Assessment":
    """The assessment behind what is on the screen."""
    return shown.session.assessment  # type: ignore[no-any-return]
