"""The command line. Heavy imports happen inside the commands, so that help comes at once.

Exit codes: 0 done, 1 a failure of ours (with an error id), 2 bad input, 130 interrupted, 141 nobody read on.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from shipworthy import __version__, terminal
from shipworthy._threads import one_thread
from shipworthy.cli_files import (
    keep_decisions,
    kind_of,
    named,
    opened,
    read_date,
    same_names,
    shown,
    with_scenario,
    write_file,
)
from shipworthy.cli_recheck import recheck
from shipworthy.cli_score import score
from shipworthy.errors import InputError, ShipworthyError

if TYPE_CHECKING:
    from shipworthy.assess import Assessment
    from shipworthy.decision import Answer, Decision
    from shipworthy.report import Flips

FAILED, BAD_INPUT, INTERRUPTED, NOBODY_READS = 1, 2, 130, 141
_FILE = "FILE is a decision (.json) or a record (.html); - reads standard input."


class Commands(click.Group):
    """A group whose errors are one sentence on standard error and an exit code."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run; in standalone mode the process ends with the exit code."""
        run: Any = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        terminal.tolerate_narrow_encodings()
        one_thread()
        sys.exit(_guarded(lambda: run(*args, standalone_mode=False, **extra)))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a reader that has gone is no error of anybody's."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            terminal.hush()
            ctx.exit(NOBODY_READS)


def _guarded(run: Callable[[], Any]) -> int:
    """The exit code of a run, with whatever went wrong said in one sentence."""
    try:
        code = run()
    except click.UsageError as problem:
        hint = f" (see: {problem.ctx.command_path} --help)" if problem.ctx is not None else ""
        return _sorry(problem.format_message().rstrip(".") + hint, BAD_INPUT)
    except click.ClickException as problem:
        return _sorry(problem.format_message(), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except InputError as problem:
        return _sorry(str(problem), BAD_INPUT)
    except ShipworthyError as problem:
        return _sorry(f"{problem} ({terminal.failure(problem)})", FAILED)
    except Exception as problem:
        return _sorry(terminal.failure(problem), FAILED)
    return code if isinstance(code, int) else 0


def _sorry(sentence: str, code: int) -> int:
    with suppress(BrokenPipeError):
        terminal.say(sentence, err=True)
    return code


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shipworthy", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Ask what makes or breaks a machine-learning product before building it."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command()
@click.option("--port", type=int, default=8866, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--db", metavar="URL", help="Where decisions live (SQLAlchemy URL); otherwise SHIPWORTHY_DB says.")
@click.option(
    "--token",
    default="",
    envvar="SHIPWORTHY_TOKEN",
    help="What visitors have to show; otherwise SHIPWORTHY_TOKEN says.",
)
def serve(port: int, no_browser: bool, db: str | None, token: str) -> None:
    """Serve the workbook and open it in a browser."""
    from shipworthy.serve import serve as run

    if db is not None:
        _check_address(db)
    run(port, open_browser=not no_browser, db=db, token=token)


def _check_address(db: str) -> None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(db)
    except (ArgumentError, ValueError):
        raise InputError(
            "--db: this is no database address: give one like sqlite:///decisions.sqlite "
            "or postgresql+psycopg://user@host/name"
        ) from None


@cli.command()
def examples() -> None:
    """List the cases that ship with the package."""
    from shipworthy.examples import example, keys

    width = max(len(key) for key in keys())
    for key in keys():
        frame = example(key).frame
        terminal.say(f"{key:{width}}  {frame.title}" + (f": {frame.question}" if frame.question else ""))


@cli.command()
@click.option("--example", metavar="KEY", help="Begin from a case that ships with the package.")
@click.option("-o", "--output", metavar="FILE", help="Write to this file rather than to standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def new(example: str | None, output: str | None, force: bool) -> None:
    """Write a new decision, empty or from an example."""
    from shipworthy import edits, examples
    from shipworthy.considerations import with_dimensions
    from shipworthy.decision import new_decision
    from shipworthy.documents import write

    if example is None:
        text = write(with_dimensions(edits.add_option(new_decision("A new decision"), "First option")))
    else:
        text = write(examples.example(example))
    write_file(text, output or "-", overwrite=force)


@cli.command(epilog=_FILE)
@click.argument("file")
def check(file: str) -> None:
    """Say whether a decision can be used, or what is wrong with it."""
    with named(file):
        decision = opened(file, doubts=False).decision
        on = decision.as_of or date.today()
        _check_deeply(decision, on)
        found = _assess(decision, on)
    for each in same_names(decision):
        terminal.say(f"Warning: {shown(file)}: {each}", err=True)
    options = len(decision.options)
    terminal.say(f"OK: {options} option{'' if options == 1 else 's'}; they stand on {found.stands_on_words()}")


@cli.command(epilog=_FILE)
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--on", "on", metavar="DATE", help="Day to assess on (2026-11-20); otherwise the decision's, or today.")
@click.option(
    "--scenario",
    metavar="NAME",
    help="Assess it with the answers of one of its scenarios: its name, or #2 for the second.",
)
def assess(file: str, as_json: bool, on: str | None, scenario: str | None) -> None:
    """Assess a decision: its options compared, findings, and what would change them; of a record, what moved since."""
    from shipworthy import moves, report

    asked = read_date(on)
    with named(file):
        found = opened(file)
        decision = found.decision if scenario is None else with_scenario(file, found.decision, scenario, asked)
    assessment, flips = _assessed(file, decision, asked)
    record = None if found.printed is None or scenario is not None else moves.Record(found.printed, assessment)
    if as_json:
        more = {} if record is None else {"since_record": record.data()}
        click.echo(report.as_json({**report.data(assessment, flips), **more}).encode("ascii"), nl=False)
        return
    _show(assessment, flips)
    for line in ("", *record.lines()) if record is not None else ():
        terminal.say(line)


@cli.command(epilog=_FILE)
@click.argument("file")
@click.option("-o", "--output", metavar="OUT", required=True, help="File to write to: .html, .md, .csv or .json.")
def export(file: str, output: str) -> None:
    """Write the record: one HTML file that can be read, printed and opened again.

    OUT.md is a decision record in Markdown (MADR 4), OUT.csv every answer with its evidence, OUT.json the assessment.
    """
    from shipworthy import exports, record, report
    from shipworthy.decision import now

    kind = kind_of(output)
    keep_decisions(file, output, kind)
    with named(file):
        decision = opened(file).decision
    assessment, flips = _assessed(file, decision, None, flips=kind != "csv")
    with named(file):
        if kind == "md":
            text = exports.markdown(assessment, made_at=now(), flips=flips)
        elif kind == "csv":
            text = "\ufeff" + exports.answers(assessment)  # by this mark spreadsheets know that it is UTF-8
        elif kind == "json":
            text = report.as_json(report.data(assessment, flips))
        else:
            text = record.make(assessment, made_at=now(), flips=flips)
    write_file(text, output, overwrite=True)


@cli.command(epilog="A and B are decisions (.json) or records (.html).")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
@click.option("--on", "on", metavar="DATE", help="Day to assess both on; otherwise each on its own, or today.")
def diff(before: str, after: str, as_json: bool, on: str | None) -> None:
    """Compare two decisions: answers, options, findings, payoffs."""
    from shipworthy import difference, report

    asked, found = read_date(on), []
    for file in (before, after):
        with named(file):
            found.append(opened(file).decision)
    dates = [each.as_of for each in found if each.as_of is not None]
    sides = []
    for file, decision in zip((before, after), found, strict=True):
        with named(file):  # what has no date of its own is held against the other on the other's
            sides.append(_assess(decision, asked or decision.as_of or (dates or [date.today()])[0]))
    compared = difference.compare(sides[0], sides[1])
    if as_json:
        click.echo(report.as_json(difference.data(compared)).encode("ascii"), nl=False)
        return
    for line in difference.lines(compared):
        terminal.say(line)


@cli.command()
@click.option("--of", "what", type=click.Choice(["decision", "assessment"]), default="decision", show_default=True)
def schema(what: str) -> None:
    """Print a JSON Schema: of a decision with every question of every consideration, or of an assessment."""
    import json

    from shipworthy.exports import assessment_schema
    from shipworthy.schema import full_schema

    click.echo(json.dumps(full_schema() if what == "decision" else assessment_schema(), indent=1))


@cli.command()
@click.argument("table", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
@click.option("--on", metavar="DATE", help="Say what is older than it should be on this day; otherwise today.")
def reference(table: str | None, as_json: bool, on: str | None) -> None:
    """List the reference tables: rows, dates, how far each was checked. TABLE lists the rows of one."""
    import json

    from shipworthy.reference import listing

    day = read_date(on) or date.today()
    if as_json:
        click.echo(json.dumps(listing.tables(day, table), indent=2))
        return
    for line in listing.lines(day) if table is None else listing.rows(table, day):
        terminal.say(line)


def _show(assessment: "Assessment", flips: "Flips") -> None:
    from shipworthy import report, report_deciding

    size, currency = assessment.world.size, assessment.currency()
    terminal.show(
        (
            assessment.decision.frame.title,
            f"As of {assessment.on.isoformat()}, {size:,} draws, amounts in {currency}",
        ),
        report.comparison(assessment),
        report.conclusion(assessment),
        report.in_words(assessment, flips),
        report_deciding.first(assessment),
    )


def _assessed(
    file: str, decision: "Decision", asked: date | None, *, flips: bool = True
) -> tuple["Assessment", "Flips"]:
    """The assessment of the decision of a file and what would change it; warnings on standard error."""
    from shipworthy import draws, report

    with named(file):
        on = asked or decision.as_of or date.today()
        options = decision.options if flips else ()
        with terminal.progress(2 + len(options)) as step:
            step("Getting the draws ready")
            draws.prepare(seed=decision.seed)
            step("Assessing")
            assessment = _assess(decision, on)
            found = {}
            for option in options:
                step(f"What would change it: {option.name[:40]}")
                found[option.key] = assessment.flips(option.key)
    for warning in report.warnings(assessment):
        terminal.say(f"Warning: {shown(file)}: {warning}", err=True)
    return assessment, found


def _assess(decision: "Decision", on: date) -> "Assessment":
    import warnings

    from shipworthy.assess import assess as run

    warnings.simplefilter("ignore", RuntimeWarning)  # an overflow becomes an empty figure, which is said
    return run(decision, on=on)


def _answers(decision: "Decision") -> Iterator[tuple[str, "Answer"]]:
    for consideration, answers in decision.answers.items():
        for name, answer in answers.items():
            yield f"{consideration}.{name}", answer


def _check_deeply(decision: "Decision", on: date) -> None:
    """What a single answer cannot show: names that a list must know, correlations that cannot all hold."""
    from shipworthy.considerations import registry
    from shipworthy.considerations.base import World
    from shipworthy.triggers import check as check_triggers

    check_triggers(decision)
    for key, answer in _answers(decision):
        consideration = registry()[key.partition(".")[0]]
        question = consideration.questions[key.partition(".")[2]]
        for value in (answer.value, *answer.by_option.values()):
            if value is not None:
                try:
                    consideration.check(question.name, value, on)
                except InputError as problem:
                    raise InputError(f"{consideration.name} › {question.label}: {problem}") from None
    if decision.correlations:
        _ = World(decision, on, registry()).groups  # refuses what no distribution can have


cli.add_command(recheck)
cli.add_command(score)


def main() -> None:
    """The ``shipworthy`` command."""
    cli()
