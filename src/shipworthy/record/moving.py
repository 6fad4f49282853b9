"""What moves the result, and what would change the recommendation, as the record prints it."""

from dataclasses import dataclass

from shipworthy._moving_words import Told, told
from shipworthy.assess import Assessment
from shipworthy.decision import DO_NOTHING
from shipworthy.moving import Movements, Moving
from shipworthy.moving_figures import bars
from shipworthy.record.findings import Chart, charted
from shipworthy.turning import Turning


@dataclass(frozen=True)
class Moved:
    """The section's words and its chart."""

    told: Told
    charts: tuple[Chart, ...]


def moved(assessment: Assessment, main: str) -> Moved | None:
    """What moves an option's payoff (of doing nothing: its lead over the next best); None where nothing compares yet."""
    if not assessment.comparable:
        return None
    moving, said = searched(assessment, main)
    figure = bars(moving, said, assessment.currency())
    name = assessment.decision.option(main).name
    return Moved(said, () if figure is None else (charted(figure, assessment, name),))


def searched(assessment: Assessment, main: str) -> tuple[Moving, Told]:
    """What moves an option, in numbers and in words, with all that is found to change the recommendation."""
    found = Movements(assessment)
    turning = Turning(assessment, found)
    turns = [each for each in turning.search() if each is not None]
    moving = found.of(main, found.next_best if main == DO_NOTHING == assessment.recommended else "")
    return moving, told(moving, assessment, turns, turning.others)
