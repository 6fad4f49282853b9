"""The workbook on the screen. What a notebook may touch: ``workbook()``, ``panel()`` and ``assessment_of()``."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shipworthy.assess import Assessment
    from shipworthy.ui.shell import Workbook


def workbook(start: str = "") -> "Workbook":
    """The whole workbook; ``start`` names an example or a saved decision to open at once."""
    from shipworthy.ui.shell import Workbook

    return Workbook(start=start)


def panel(consideration: str, start: str = "churn") -> "Workbook":
    """One consideration of a decision, with its options compared."""
    from shipworthy.ui.shell import Workbook

    return Workbook(start=start, only=consideration)


def assessment_of(shown: "Workbook") -> "Assessment":
    """The assessment behind what is on the screen."""
    return shown.session.assessment  # type: ignore[no-any-return]
