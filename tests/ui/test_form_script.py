"""What the form's script does by itself: a row of headings above what is pasted is left out, and nothing else is."""

import json
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from shipworthy.considerations import registry
from shipworthy.ui import fields

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node runs the script without a browser")

PLAN = [["Build", "3 5 9", "", "Ann"], ["Test", "2 weeks", "Build", ""]]


def columns() -> list[dict[str, Any]]:
    sections = fields.sections(registry()["deadline"], registry(), "EUR")
    (plan,) = [each for section in sections for each in section["questions"] if each["key"] == "deadline.plan"]
    found: list[dict[str, Any]] = plan["columns"]
    return found


def kept(lines: list[list[str]], tmp_path: Path, left: int = 0) -> list[list[str]]:
    """The lines that are left of what was pasted into the column on the ``left``."""
    script = tmp_path / "form.mjs"
    script.write_text(files("shipworthy.ui").joinpath("form.js").read_text("utf-8"), "utf-8")
    call = f"import('{script.as_uri()}').then(({{ withoutHead }}) => console.log(JSON.stringify(withoutHead(...{json.dumps([lines, columns()[left:]])}))))"
    done = subprocess.run([str(NODE), "-e", call], capture_output=True, text=True, check=True, timeout=60)
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "head",
    [
        ["Task", "Takes", "After", "Who"],
        ["TASK", "takes [working days]", "", "who"],
        ["Aufgabe", "Dauer", "Vorgänger", "Wer"],
        ["Step", "Days", "Depends on", "Person"],
    ],
)
def test_headings_are_left_out(head: list[str], tmp_path: Path) -> None:
    assert kept([head, *PLAN], tmp_path) == PLAN


@pytest.mark.parametrize(
    "first",
    [
        ["Build", "3", "", "Ann"],
        ["Task", "3", "", ""],  # a task that is called Task
        ["Build", "tbd", "", "Ann"],  # refused with its row and column
        ["Build", "", "", "Ann"],
        ["", "", "", ""],
    ],
)
def test_a_first_row_that_says_something_stays(first: list[str], tmp_path: Path) -> None:
    assert kept([first, *PLAN], tmp_path) == [first, *PLAN]


def test_one_row_and_one_column(tmp_path: Path) -> None:
    assert kept([["Task", "Takes"]], tmp_path) == [["Task", "Takes"]]
    assert kept([["Takes"], ["3"], ["4"]], tmp_path, left=1) == [["3"], ["4"]]
    assert kept([["Build"], ["Test"]], tmp_path) == [["Build"], ["Test"]]
