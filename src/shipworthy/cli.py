"""The command line. Heavy imports happen inside the commands, so that help comes at once.

Exit codes: 0 done, 1 a failure of ours (with an error id), 2 bad input, 130 interrupted, 141 nobody read on.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shipworthy import __version__, terminal
from shipworthy.errors import InputError, ShipworthyError

if TYPE_CHECKING:
    from shipworthy.assess import Assessment
    from shipworthy.decision import Answer, Decision
    from shipworthy.report import Flips

FAILED, BAD_INPUT, INTERRUPTED, NOBODY_READS = 1, 2, 130, 141
CHUNK = 2**16  # read at once: between two, an interruption is heard
_FILE = "FILE is a decision (.json) or a record (.html); - reads standard input."


class Commands(click.Group):
    """A group whose errors are one sentence on standard error and an exit code."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run; in standalone mode the process ends with the exit code."""
        run: Any = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        terminal.tolerate_narrow_encodings()
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
    _write(text, output or "-", overwrite=force)


@cli.command(epilog=_FILE)
@click.argument("file")
def check(file: str) -> None:
    """Say whether a decision can be used, or what is wrong with it."""
    with _named(file):
        decision = _open(file)
        on = decision.as_of or date.today()
        _check_deeply(decision, on)
        found = _assess(decision, on)
    options = len(decision.options)
    terminal.say(f"OK: {options} option{'' if options == 1 else 's'}; they stand on {found.stands_on_words()}")


@cli.command(epilog=_FILE)
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--on", "on", metavar="DATE", help="Day to assess on (2026-11-20); otherwise the decision's, or today.")
def assess(file: str, as_json: bool, on: str | None) -> None:
    """Assess a decision: its options compared, findings, and what would change them."""
    from shipworthy import report

    assessment, flips = _assessed(file, _date(on))
    if as_json:
        click.echo(report.as_json(report.data(assessment, flips)).encode("ascii"), nl=False)
    else:
        _show(assessment, flips)


@cli.command(epilog=_FILE)
@click.argument("file")
@click.option("-o", "--output", metavar="OUT.html", required=True, help="File to write the record to.")
def export(file: str, output: str) -> None:
    """Write the record: one HTML file that can be read, printed and opened again."""
    from shipworthy import record
    from shipworthy.decision import now

    assessment, flips = _assessed(file, None)
    with _named(file):
        text = record.make(assessment, made_at=now(), flips=flips)
    _write(text, output, overwrite=True)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of a decision, with every question of every consideration."""
    import json

    from shipworthy.schema import full_schema

    click.echo(json.dumps(full_schema(), indent=1))


@cli.command()
@click.argument("table", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write the list as JSON.")
@click.option("--on", metavar="DATE", help="Say what is older than it should be on this day; otherwise today.")
def reference(table: str | None, as_json: bool, on: str | None) -> None:
    """List the reference tables: rows, dates, how far each was checked. TABLE lists the rows of one."""
    import json

    from shipworthy.reference import listing

    day = _date(on) or date.today()
    if as_json:
        click.echo(json.dumps(listing.tables(day, table), indent=2))
        return
    for line in listing.lines(day) if table is None else listing.rows(table, day):
        terminal.say(line)


def _show(assessment: "Assessment", flips: "Flips") -> None:
    from shipworthy import report

    size, currency = assessment.world.size, assessment.currency()
    terminal.show(
        assessment.decision.frame.title,
        f"As of {assessment.on.isoformat()}, {size:,} draws, amounts in {currency}",
        report.comparison(assessment),
        report.conclusion(assessment),
        report.in_words(assessment, flips),
    )


def _assessed(file: str, asked: date | None) -> tuple["Assessment", "Flips"]:
    """The assessment of the decision in a file and what would change it; warnings on standard error."""
    from shipworthy import draws, report

    with _named(file):
        decision = _open(file)
        on = asked or decision.as_of or date.today()
        with terminal.progress(2 + len(decision.options)) as step:
            step("Getting the draws ready")
            draws.prepare(seed=decision.seed)
            step("Assessing")
            assessment = _assess(decision, on)
            flips = {}
            for option in decision.options:
                step(f"What would change it: {option.name[:40]}")
                flips[option.key] = assessment.flips(option.key)
    for warning in report.warnings(assessment):
        terminal.say(f"Warning: {_shown(file)}: {warning}", err=True)
    return assessment, flips


def _assess(decision: "Decision", on: date) -> "Assessment":
    import warnings

    from shipworthy.assess import assess as run

    warnings.simplefilter("ignore", RuntimeWarning)  # an overflow becomes an empty figure, which is said
    return run(decision, on=on)


@contextmanager
def _named(file: str) -> Iterator[None]:
    """Put the name of the file before what is wrong with it."""
    try:
        yield
    except InputError as problem:
        raise InputError(f"{_shown(file)}: {problem}") from None


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _open(file: str) -> "Decision":
    """The decision in a file, fully checked; says on standard error where a record was edited by hand."""
    from shipworthy.record import open_any

    opened = open_any(_read(file))
    if opened.warning:
        terminal.say(f"Warning: {_shown(file)}: {opened.warning}", err=True)
    return opened.decision


def _read(file: str) -> bytes:
    """The bytes of a file, one more than may be at most."""
    from shipworthy.decision import MAX_BYTES

    data = bytearray()
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb") as source:
            while len(data) <= MAX_BYTES and (part := source.read(min(CHUNK, MAX_BYTES + 1 - len(data)))):
                data += part
    except FileNotFoundError:
        raise InputError("there is no such file: check the path") from None
    except IsADirectoryError:
        raise InputError("this is a folder: name a decision (.json) or a record (.html) in it") from None
    except PermissionError:
        raise InputError("this file may not be read: change its permissions, or copy it") from None
    except OSError as problem:
        raise InputError(f"this file cannot be read: {problem.strerror}") from None
    if len(data) > MAX_BYTES:
        raise InputError("more than 8 MB are there: a decision or record has at most 8 MB")
    return bytes(data)


def _write(text: str, file: str, *, overwrite: bool) -> None:
    """Write a file whole or not at all; ``-`` is standard output."""
    if file == "-":
        click.echo(text.encode(), nl=False)
        return
    import os
    import tempfile

    path = Path(os.path.realpath(file))
    try:
        if path.exists() and not overwrite:
            raise InputError(f"{file}: there is a file of this name already: add --force to overwrite it")
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, part = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as target:
                target.write(text)
            os.chmod(part, mode)
            os.replace(part, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(part)
            raise
    except BrokenPipeError:
        raise
    except IsADirectoryError:
        raise InputError(f"{file}: this is a folder: name a file in it") from None
    except FileNotFoundError:
        raise InputError(f"{file}: its folder is not there: make it first, or choose another") from None
    except OSError as problem:
        raise InputError(f"{file}: it cannot be written: {problem.strerror}: choose another place") from None


def _umask() -> int:
    import os

    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--on: “{text[:40]}” is not a date: type one like 2026-11-20") from None


def _answers(decision: "Decision") -> Iterator[tuple[str, "Answer"]]:
    for consideration, named in decision.answers.items():
        for name, answer in named.items():
            yield f"{consideration}.{name}", answer


def _check_deeply(decision: "Decision", on: date) -> None:
    """What a single answer cannot show: names that a list must know, correlations that cannot all hold."""
    from shipworthy.considerations import registry
    from shipworthy.considerations.base import World

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


def main() -> None:
    """The ``shipworthy`` command."""
    cli()
