"""``shipworthy recheck``: whether decisions still hold, so that a scheduled job can watch them."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from shipworthy import terminal
from shipworthy.cli_files import all_opened, named, read_bytes, read_date, shown
from shipworthy.errors import InputError

if TYPE_CHECKING:
    from shipworthy.decision import Decision
    from shipworthy.measurements import Line
    from shipworthy.triggers import Verdict

REOPEN, BAD_INPUT = 3, 2
MOST_SAID = 20
_SIGNS = {"reopen": "! reopen", "cannot": "✕ cannot be judged", "judge": "? for people to judge", "holds": "✓ holds"}
"""What is said of each state; reasons to reopen are told first."""


@click.command(
    epilog="FILE is a decision (.json) or a record (.html). Exit codes: 0 all hold, 3 reopen (whatever else was wrong), "
    "2 bad input: a file that cannot be read, or a trigger that cannot be judged."
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--answers", metavar="CSV", help="New measurements: columns answer, option (may be empty), value.")
@click.option("--on", metavar="DATE", help="Day to look on (2026-11-20); otherwise today.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def recheck(files: tuple[str, ...], answers: str | None, on: str | None, as_json: bool) -> int:
    """Say whether decisions still hold: their triggers against new measurements, today's tables and date."""
    from shipworthy._trigger_faults import problems
    from shipworthy.report import as_json as written

    day = read_date(on) or date.today()
    lines = _lines(answers)
    found, bad = all_opened(files)
    wrong = _wrong_lines(lines, [decision for _, decision in found])
    bad += [f"{shown(file)}: {each}" for file, decision in found for each in problems(decision)]
    for sentence in [*bad, *(f"{answers}: {each}" for each in wrong)]:
        terminal.say(sentence, err=True)
    if wrong:
        return BAD_INPUT
    told: list[dict[str, Any]] = []
    for file, decision in found:
        try:
            with named(file):
                told.append(_told(file, decision, _verdicts(decision, lines, day)))
        except InputError as problem:
            terminal.say(str(problem), err=True)
            bad.append(str(problem))
    if as_json:
        click.echo(written({"on": day.isoformat(), "decisions": told}).encode("ascii"), nl=False)
    else:
        _say(told)
    return REOPEN if any(each["reopen"] for each in told) else BAD_INPUT if bad else 0


def _lines(answers: str | None) -> "list[Line]":
    from shipworthy.measurements import more_columns, read
    from shipworthy.words import join, one_line

    if answers is None:
        return []
    with named(answers):
        data = read_bytes(answers)
        found, more = read(data), more_columns(data)
    if more:
        columns = join([f"“{one_line(each)}”" for each in more[:MOST_SAID]])
        terminal.say(
            f"Warning: {shown(answers)}: not looked at: the column{'' if len(more) == 1 else 's'} {columns}", err=True
        )
    return found


def _wrong_lines(lines: "list[Line]", decisions: "list[Decision]") -> list[str]:
    """What is wrong with measurements that no decision understands: an option need not be in every one."""
    from shipworthy.measurements import measured

    each = [measured(lines, decision)[1] for decision in decisions]
    wrong = [said for number, said in (each[0] if each else {}).items() if all(number in other for other in each)]
    more = len(wrong) - MOST_SAID
    return [*wrong[:MOST_SAID], f"and {more} more lines are wrong"] if more > 0 else wrong


def _verdicts(decision: "Decision", lines: "list[Line]", on: date) -> "list[Verdict]":
    from shipworthy.measurements import measured
    from shipworthy.triggers import recheck as run

    return run(decision, on=on, measured=measured(lines, decision)[0])


def _told(file: str, decision: "Decision", verdicts: "list[Verdict]") -> dict[str, Any]:
    outcome = decision.outcome
    return {
        "file": shown(file),
        "title": decision.frame.title,
        "chosen": outcome.chosen,
        "decided": outcome.decided_at.date().isoformat() if outcome.decided_at else None,
        "reopen": any(each.reopens for each in verdicts),
        "conditions": [{"what": each.what, "state": each.state, "reason": each.reason} for each in verdicts],
    }


def _say(told: list[dict[str, Any]]) -> None:
    """Decision by decision, in lines."""
    for each in told:
        cannot = any(condition["state"] == "cannot" for condition in each["conditions"])
        state = "should be reopened" if each["reopen"] else "holds as far as it can be judged" if cannot else "holds"
        undecided = "" if each["chosen"] else " (not decided yet)"
        terminal.say(f"{each['file']}: “{each['title']}” {state}{undecided}")
        for condition in sorted(each["conditions"], key=lambda found: list(_SIGNS).index(found["state"])):
            terminal.say(f"  {_SIGNS[condition['state']]}. {condition['what']}: {condition['reason']}")
        if not each["conditions"]:
            terminal.say("  Nothing was written down that would reopen it.")
    if len(told) > 1:
        count = sum(each["reopen"] for each in told)
        terminal.say(f"{count or 'None'} of {len(told)} decisions should be reopened.")
