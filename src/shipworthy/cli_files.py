"""Files that the command line reads and writes: opened whole, checked fully, written whole or not at all.

Imports nothing heavy: what reads a decision comes in when there is one to read.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shipworthy import terminal
from shipworthy.errors import InputError

if TYPE_CHECKING:
    from shipworthy.decision import Decision
    from shipworthy.record import Opened

KINDS = ("html", "md", "csv", "json")
CHUNK = 2**16  # read at once: between two, an interruption is heard


@contextmanager
def named(file: str) -> Iterator[None]:
    """Put the name of the file before what is wrong with it."""
    try:
        yield
    except InputError as problem:
        raise InputError(f"{shown(file)}: {problem}") from None


def shown(file: str) -> str:
    """A file's name as a sentence says it."""
    return "standard input" if file == "-" else file


def opened(file: str, *, doubts: bool = True) -> "Opened":
    """The decision in a file, fully checked; says on standard error where a record was edited by hand.

    So it does of triggers that can never come true, unless whoever asks says that itself.
    """
    from shipworthy.record import open_any

    found = open_any(read_bytes(file))
    for each in (*filter(None, [found.warning]), *(found.doubts if doubts else ())):
        terminal.say(f"Warning: {shown(file)}: {each}", err=True)
    return found


def all_opened(files: Sequence[str]) -> "tuple[list[tuple[str, Decision]], list[str]]":
    """The decisions in the files, and a sentence for each file that holds none."""
    found, bad = [], []
    for file in files:
        try:
            with named(file):
                found.append((file, opened(file, doubts=False).decision))
        except InputError as problem:
            bad.append(str(problem))
    return found, bad


def with_scenario(file: str, decision: "Decision", name: str, on: date | None) -> "Decision":
    """The decision with the answers of one of its scenarios, its title saying so; what does not fit is a warning."""
    from shipworthy.edits import with_frame, with_scenarios
    from shipworthy.scenarios import applied
    from shipworthy.scenarios import named as scenario_named

    scenario = scenario_named(decision, name)
    found = applied(decision, scenario, on=on or decision.as_of or date.today())
    for problem in found.problems:
        terminal.say(f"Warning: {shown(file)}: {problem}", err=True)
    title = f"{decision.frame.title}, what if: {scenario.name}"
    return with_frame(with_scenarios(found.decision, ()), title=title[:200])


def same_names(decision: "Decision") -> "Iterator[str]":
    """A sentence for each name that two options, scenarios or ways to find out have: nobody can tell them apart."""
    from shipworthy.words import one_line

    kinds = {
        "options": [each.name for each in decision.options],
        "scenarios": [each.name for each in decision.scenarios],
        "ways to find out": [each.name for each in decision.inquiries],
    }
    for kind, names in kinds.items():
        places: dict[str, list[int]] = {}
        for place, name in enumerate(names, start=1):
            places.setdefault(" ".join(name.split()).casefold(), []).append(place)
        for found in places.values():
            if len(found) > 1:
                called, where = one_line(names[found[0] - 1], 60), ", ".join(f"#{place}" for place in found)
                yield f"{len(found)} {kind} are called “{called}” ({where}): give each its own name"


def read_bytes(file: str) -> bytes:
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


def kind_of(output: str) -> str:
    """What is written to a file, by its ending; what has none, and standard output, is a record.

    >>> kind_of("churn.MD"), kind_of("-"), kind_of("out.htm")
    ('md', 'html', 'html')
    """
    ending = Path(output).suffix.lower().lstrip(".")
    kind = {"": "html", "htm": "html", "markdown": "md"}.get(ending, ending)
    if kind not in KINDS:
        raise InputError(f"{output}: nothing is written as .{ending}: choose .html, .md, .csv or .json")
    return kind


def keep_decisions(file: str, output: str, kind: str) -> None:
    """Refuse to write something else over a decision: the one that is read, or another that is there."""
    path = Path(output)
    if kind == "html" or not path.is_file():
        return
    if file != "-" and Path(file).exists() and path.samefile(file):
        raise InputError(f"{output}: this is the file that is read: choose another name")
    if kind == "json" and _holds_a_decision(path):
        raise InputError(f"{output}: a decision is in it, which the assessment would replace: choose another name")


def _holds_a_decision(path: Path) -> bool:
    import json

    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "frame" in found


def write_file(text: str, file: str, *, overwrite: bool) -> None:
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


def read_date(text: str | None) -> date | None:
    """The day that ``--on`` names, where it was given."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--on: “{text[:40]}” is not a date: type one like 2026-11-20") from None
