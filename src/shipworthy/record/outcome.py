"""What was decided as the record prints it beside the document's own words: triggers, and forecasts with what came."""

from dataclasses import dataclass

from shipworthy._answer_names import Names
from shipworthy.assess import Assessment
from shipworthy.decision import Forecast, Outcome
from shipworthy.forecasts import distance, one_number, score
from shipworthy.record.answers import value_text
from shipworthy.triggers import words
from shipworthy.words import box_text, day


@dataclass(frozen=True)
class Told:
    """The outcome in sentences and rows."""

    anything: bool
    """Whether there is an outcome to tell of."""
    reopen: tuple[str, ...]
    """What would reopen it: the triggers in words, then what was typed freely."""
    came: tuple[tuple[str, str, str, str], ...]
    """Forecasts for which something came: the answer, what was expected, what came, when."""
    waiting: int
    scores: tuple[str, ...]


def told(assessment: Assessment) -> Told:
    """The outcome of an assessment's decision."""
    decision, names = assessment.decision, Names(assessment.decision)
    outcome = decision.outcome
    triggers = [words(each, decision) + (f" ({each.note})" if each.note else "") for each in outcome.triggers]
    found = score([decision])
    return Told(
        outcome != Outcome(),
        (*triggers, *outcome.reopen),
        tuple(_came(names, each) for each in outcome.forecasts if each.came is not None),
        found.waiting,
        tuple(found.sentences()),
    )


def expected_text(names: Names, forecast: Forecast) -> str:
    """What was expected, as it is printed: ``61 days (55 to 70)``, ``a chance of 30 %``."""
    said = value_text(names.declared(forecast.answer, forecast.unit), forecast.expected, names.currency)
    return f"a chance of {said}" if forecast.chance else said


def answer_text(names: Names, forecast: Forecast) -> str:
    """The name of the answer, and of the option where it has its own."""
    own = f", for “{names.option_name(forecast.option)}”" if forecast.option is not None else ""
    return names.label(forecast.answer) + own


def came_text(names: Names, forecast: Forecast) -> str:
    """What came, as it is printed behind what was expected: ``57 days``, ``it did not come``; of one number how far off it was."""
    if forecast.chance:
        return "it came" if forecast.came else "it did not come"
    question, number = names.declared(forecast.answer, forecast.unit), one_number(forecast)
    said = value_text(question, forecast.came, names.currency)
    if number is None or forecast.came in (None, number):
        return said
    off = (forecast.came or 0.0) - number
    unit = "share" if question.unit == "share" else names.unit(question)
    return f"{said}, {distance(off, unit)} {'more' if off > 0 else 'less'}"


def _came(names: Names, forecast: Forecast) -> tuple[str, str, str, str]:
    when = day(forecast.came_on) if forecast.came_on is not None else "–"
    return answer_text(names, forecast), expected_text(names, forecast), came_text(names, forecast), when


def came_box(names: Names, forecast: Forecast) -> str:
    """What came as it stands in a box; empty where nothing did yet."""
    if forecast.came is None:
        return ""
    return box_text(forecast.came, unit="" if forecast.chance else names.declared(forecast.answer, forecast.unit).unit)
