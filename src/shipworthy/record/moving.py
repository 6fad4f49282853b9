"""What moves the result, and what would change the recommendation, as the record prints it."""

from dataclasses import dataclass

from shipworthy._moving_words import Told, told
from shipworthy.assess import Assessment
from shipworthy.decision import DO_NOTHING
from shipworthy.moving import Movements
from shipworthy.moving_figures import bars
from shipworthy.record.embed import chart_json
from shipworthy.record.findings import Chart
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
    found = Movements(assessment)
    turning = Turning(assessment, found)
    searched = [each for each in turning.search() if each is not None]
    moving = found.of(main, found.next_best if main == DO_NOTHING == assessment.recommended else "")
    said = told(moving, assessment, searched, turning.others)
    figure = bars(moving, said, assessment.currency())
    if figure is None:
        return Moved(said, ())
    typed = tuple(each.name for each in assessment.decision.options)
    return Moved(said, (Chart(figure, chart_json(figure.plotly, typed), assessment.decision.option(main).name),))
