"""``shipworthy score``: how good the forecasts of a team's past decisions were."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from shipworthy import terminal
from shipworthy.cli_files import all_opened, shown

if TYPE_CHECKING:
    from shipworthy.decision import Decision
    from shipworthy.forecasts import Scored, Scores

BAD_INPUT = 2
_UNITS = {"share": "shares (1 is 100 %)", "": "plain numbers"}
_VERDICTS = {
    "too_narrow": "That is fewer than chance explains: the ranges were too narrow. Make them wider.",
    "too_wide": "That is more than chance explains: the ranges were wider than they had to be.",
    "chance": "The difference can be chance.",
}


@click.command(epilog="FILE is a decision (.json) or a record (.html) in which it was entered what came.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def score(files: tuple[str, ...], as_json: bool) -> int:
    """Say how good the forecasts of past decisions were: ranges and chances, held against what came."""
    from shipworthy.forecasts import score as run
    from shipworthy.report import as_json as written
    from shipworthy.report import nine

    found, bad = all_opened(files)
    for sentence in bad:
        terminal.say(sentence, err=True)
    told = [_told(file, decision, run([decision])) for file, decision in found]
    scores = run(decision for _, decision in found)
    if as_json:
        click.echo(written(nine({"decisions": told, **_data(scores)})).encode("ascii"), nl=False)
    elif found:
        for each in told:
            _say(each)
        for line in _lines(scores):
            terminal.say(line)
    return BAD_INPUT if bad else 0


def _told(file: str, decision: "Decision", scores: "Scores") -> dict[str, Any]:
    outcome = decision.outcome
    return {
        "file": shown(file),
        "title": decision.frame.title,
        "decided": outcome.decided_at.date().isoformat() if outcome.decided_at else None,
        "waiting": scores.waiting,
        "forecasts": [_forecast(decision, each) for each in scores.each],
    }


def _forecast(decision: "Decision", scored: "Scored") -> dict[str, Any]:
    from shipworthy._answer_names import Names
    from shipworthy.decision import RangeValue
    from shipworthy.record.outcome import answer_text, came_text, expected_text

    names, each = Names(decision), scored.forecast
    said = each.expected
    three = isinstance(said, RangeValue)
    return {
        "answer": each.answer,
        "option": each.option,
        "label": answer_text(names, each),
        "expected": {name: getattr(said, name) for name in ("low", "likely", "high")} if three else said,
        "expected_words": expected_text(names, each),
        "came": each.came,
        "came_words": came_text(names, each),
        "came_on": each.came_on.isoformat() if each.came_on else None,
        "unit": each.unit,
        "held": scored.inside,
        "interval_score": scored.interval,
        "crps": scored.crps,
        "brier": scored.brier,
        "off": scored.off,
    }


def _data(scores: "Scores") -> dict[str, Any]:
    from shipworthy.forecasts import PROMISED

    return {
        "waiting": scores.waiting,
        "ranges": {
            "count": scores.ranges,
            "held": scores.hits,
            "share": scores.coverage,
            "promised": PROMISED,
            "expected": scores.expected_hits,
            "chance_of_so_few": scores.so_few,
            "chance_of_so_many": scores.so_many,
            "verdict": scores.verdict,
            "by_unit": [
                {"unit": each.unit, "count": each.count, "interval_score": each.interval, "crps": each.crps}
                for each in scores.by_unit
            ],
        },
        "chances": {"count": scores.chances, "brier": scores.brier},
        "numbers": {
            "count": scores.numbers,
            "by_unit": [{"unit": each.unit, "count": each.count, "off": each.off} for each in scores.numbers_by_unit],
        },
    }


def _say(told: dict[str, Any]) -> None:
    """One decision in lines, forecast by forecast."""
    waiting = f"; nothing came yet for {told['waiting']} more" if told["waiting"] else ""
    count = len(told["forecasts"])
    terminal.say(f"{told['file']}: “{told['title']}”, {count} forecast{'' if count == 1 else 's'} to score{waiting}")
    for each in told["forecasts"]:
        sign = "" if each["held"] is None else "✓ held. " if each["held"] else "✕ missed. "
        came = f"{'' if each['brier'] is not None else 'came '}{each['came_words']}"
        terminal.say(f"  {sign}{each['label']}: expected {each['expected_words']}; {came}")


def _lines(scores: "Scores") -> Iterator[str]:
    """All decisions together."""
    from shipworthy.words import percent, plain

    if not scores.each:
        what = "there are no forecasts: they are kept when an option is chosen, what came is entered later"
        yield f"Nothing to score yet: {f'nothing came for {scores.waiting} forecasts' if scores.waiting else what}."
        return
    if scores.ranges:
        yield (
            f"{scores.hits} of {scores.ranges} range{'' if scores.ranges == 1 else 's'} held what came "
            f"({percent(scores.hits / scores.ranges)}); 8 in 10 were meant to, so {plain(scores.expected_hits)} would "
            f"be expected. {_VERDICTS[str(scores.verdict)]}"
        )
    for each in scores.by_unit:
        of = "1 range" if each.count == 1 else f"{each.count} ranges"
        yield (
            f"Interval score of {of} in {_UNITS.get(each.unit, each.unit)}: {plain(each.interval)} "
            "(lower is better: how wide a range was, and ten times what lay outside)."
        )
    if scores.brier is not None:
        of = "1 chance" if scores.chances == 1 else f"{scores.chances} chances"
        yield (
            f"Brier score of {of}: {scores.brier:.2f} (lower is better: 0 is perfect, 0.25 is what “half and half” gets)."
        )
    yield from scores.of_numbers()
    if scores.waiting:
        are = "forecast is" if scores.waiting == 1 else "forecasts are"
        yield f"{scores.waiting} {are} without an outcome yet."
