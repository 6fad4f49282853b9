"""What the tests of the command line share: running it, here or as a process, and small decisions in files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shipworthy import examples as cases
from shipworthy.cli import cli

COMMAND = [sys.executable, "-m", "shipworthy"]
HOSTILE = "Gap\x1b]0;owned\x07\x1b[31m\x9b2J\u202e\n<script>alert(1)</script>"
needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


def run(*arguments: str | Path, input: bytes | str | None = None) -> Result:
    """Run in this process."""
    return CliRunner().invoke(cli, [str(each) for each in arguments], input=input, env={"COLUMNS": "80"})


def started(*arguments: str, **extra: Any) -> subprocess.CompletedProcess[bytes]:
    """Run as a process of its own."""
    env = {**os.environ, **extra.pop("env", {})}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, timeout=120, env=env, **extra)


def text_of(**changes: Any) -> str:
    """A small decision as JSON text, with parts of it changed."""
    return json.dumps({**json.loads(run("new").stdout), **changes})


def answered(consideration: str, name: str, value: Any, **rest: Any) -> str:
    """One with an answer, as JSON text."""
    return text_of(answers={consideration: {name: {"value": value, **rest}}})


def churn_file(tmp_path: Path) -> Path:
    """The churn example, in a file."""
    path = tmp_path / "churn.json"
    path.write_text(cases.text("churn"), encoding="utf-8")
    return path


def small_file(tmp_path: Path) -> Path:
    """A decision of which nothing is known, in a file."""
    path = tmp_path / "small.json"
    path.write_text(text_of(), encoding="utf-8")
    return path
