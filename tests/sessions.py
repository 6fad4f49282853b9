"""What the tests of sessions share."""

from typing import Any

from shipworthy.ui.session import Session

PERSUASION = "lead_time.persuasion"
TWO_WEEKS = {"p50": "2 weeks", "p95": "3 weeks"}


def value(session: Session, key: str, option: str = "no_gap") -> Any:
    """State and value of an answer, as the assessment has it."""
    return session.assessment.world.value(key, option)
