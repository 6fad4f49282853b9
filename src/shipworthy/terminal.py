"""What the command line writes: nothing that somebody typed reaches the terminal unescaped; errors are one sentence.

Imports nothing heavy: rich, and what is printed, come in when they are needed.
"""

import os
import re
import secrets
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from shipworthy.report import Column, Said

LONGEST_LOG = 1_000_000
STYLES = {"✓": "green", "!": "yellow", "✕": "red", "?": "magenta", "–": "dim"}

_PLAIN = str.maketrans("✓✕–−→“”’…†", '+x-->""\'.*')
"""Our signs in ASCII."""

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, marks that turn the direction of writing, and halves of characters."""

_KEEP = "\ue000"
"""Stands for a space at which no line may break, while lines are made."""


def clean(text: str) -> str:
    r"""The text with everything that a terminal might obey written out.

    >>> print(clean("Gap\x1b[31m red\n\u202e"))
    Gap\x1b[31m red\x0a\u202e
    """
    return _UNSAFE.sub(lambda found: _written_out(ord(found[0])), text)


def _written_out(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def say(text: str, *, err: bool = False) -> None:
    """One line on standard output or standard error."""
    click.echo(clean(text), err=err)


def tolerate_narrow_encodings() -> None:
    """Write out what the output's encoding cannot hold, rather than fail over a check mark."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def hush() -> None:
    """Nobody reads on: let what is still in the buffer go nowhere."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def failure(error: BaseException) -> str:
    """Put the traceback of a failure of ours into the log; one sentence with its id and where it stands."""
    number = secrets.token_hex(4)
    trace = "".join(traceback.format_exception(error))
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        path = log_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            os.replace(path, path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{at} error {number}\n{trace}\n")
    except OSError as problem:
        click.echo("\n".join(clean(line) for line in trace.splitlines()), err=True)
        return f"Something went wrong in Shipworthy (error {number}); the log cannot be written: {problem.strerror}"
    return f"Something went wrong in Shipworthy (error {number}); what happened stands in {path}"


def log_file() -> Path:
    """The log in the user's log folder."""
    import platformdirs

    return Path(platformdirs.user_log_dir("shipworthy")) / "errors.log"


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on standard error, where that is a terminal; each call names the step that now begins."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=total)
        begun = False

        def step(name: str) -> None:
            nonlocal begun
            bar.update(task, description=clean(name), advance=1 if begun else 0)
            begun = True

        yield step


def show(
    heads: Sequence[str],
    columns: Sequence["Column"],
    conclusion: Sequence[str],
    said: Sequence["Said"],
    find_out: Sequence[str] = (),
) -> None:
    """Print an assessment: the comparison as tables as wide as the terminal, then what is said in words."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        for place, head in enumerate(heads):
            _line(console, head, style="" if place else "bold")
        tables, gap = packed(columns, console.width)
        for chosen in tables:
            _table(console, chosen, gap)
        for each in conclusion:
            _line(console, each, style="bold")
        if find_out:
            console.print()
            _line(console, "Find out first", style="bold")
        for each in find_out:
            _line(console, each, indent=2)
        for one in said:
            _option(console, one)
    lines = (line.rstrip() for line in captured.get().split("\n"))
    click.echo(_sayable("\n".join(lines).replace(_KEEP, " ").strip("\n")))


def _sayable(text: str) -> str:
    """The text with plain signs for ours, where the output's encoding does not know them."""
    try:
        "".join(map(chr, _PLAIN)).encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN)
    return text


def packed(columns: Sequence["Column"], width: int) -> tuple[list[list["Column"]], int]:
    """The columns in as few tables as fit the width, the first column at the left of each; and the gap between them."""
    first, *rest = columns
    room = width - min(_widest(first), max(16, width // 5))
    for gap in (2, 1):
        if sum(_narrowest(column) + gap for column in rest) <= room:
            return [list(columns)], gap
    tables: list[list[Column]] = []
    left = 0
    for column in rest:
        needs = _narrowest(column) + 2
        if not tables or needs > left:
            tables.append([first])
            left = room
        tables[-1].append(column)
        left -= needs
    return tables, 2


def _widest(column: "Column") -> int:
    return max(len(clean(line)) for cell in ((column.heading,), *column.cells) for line in cell)


def _narrowest(column: "Column") -> int:
    """Headings may break between words, cells only where they have lines."""
    words = [len(word) for word in clean(column.heading).split()]
    return max(words + [len(clean(line)) for cell in column.cells for line in cell])


def _table(console: "Console", columns: Sequence["Column"], gap: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    widths = [_narrowest(column) for column in columns[1:]]
    left = console.width - sum(widths) - gap * len(widths)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, gap - 1, 0, 0), leading=1)
    for column, width in zip(columns, (min(_widest(columns[0]), left), *widths), strict=True):
        table.add_column(Text(clean(column.heading)), overflow="fold", width=width)
    for row in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text("\n".join(map(clean, cell)), STYLES.get(cell[0][:1], "")) for cell in row))
    console.print()
    console.print(table)
    console.print()


def _option(console: "Console", said: "Said") -> None:
    from shipworthy.considerations.show import SIGNS

    console.print()
    _line(console, said.name, style="bold")
    for status, head, turns in said.findings:
        mark, word = SIGNS[status]
        _line(console, f"{mark} {word}. {head}", indent=2, style=STYLES[mark])
        for turn in turns:
            _line(console, turn, indent=6, first="→ ")
    for remark in said.remarks:
        _line(console, remark, indent=2)


def _line(console: "Console", text: str, *, indent: int = 0, first: str = "", style: str = "") -> None:
    """One paragraph, wrapped with its indent."""
    from rich.padding import Padding
    from rich.text import Text

    text = clean(text).replace(" %", f"{_KEEP}%")
    console.print(Padding(Text(first + text, style=style, overflow="fold"), (0, 0, 0, indent)))
