"""The faces of the Decide page in tests: brought into view, and typed into line by line."""

from typing import Any

from screen import answer

from shipworthy.ui.decide import DecidePage
from shipworthy.ui.decide_compare import CompareFace
from shipworthy.ui.decide_find_out import FindOutFace
from shipworthy.ui.decide_what_if import WhatIfFace
from shipworthy.ui.face import Face
from shipworthy.ui.shell import Workbook

LISTS: dict[type[Face], str] = {WhatIfFace: "what_if.scenarios", FindOutFace: "find_out.inquiries"}


def opened(book: Workbook, kind: type[Face]) -> Any:
    """A face of the Decide page, brought into view."""
    book.session.place = "decide"
    page = book.place("decide")
    assert isinstance(page, DecidePage)
    page.bring(kind)
    return page.face(kind)


def shown(face: Face, key: str) -> list[dict[str, Any]]:
    """The lines of a list as the form has them."""
    return [{"id": row["id"], "cells": dict(row["cells"])} for row in face.form.answers[key]["shared"]["rows"]]


def put(face: Face, key: str, row: int, **cells: str) -> str:
    """Type into a line as it is shown, counted from 1, or into a new one below; what is told beside the list."""
    rows = shown(face, key)
    if row > len(rows):
        rows.append({"id": f"new{row}", "cells": {}})
    rows[row - 1]["cells"].update(cells)
    answer(face.form, key, rows=rows)
    return str(face.form.answers[key]["error"])


def outcome(book: Workbook) -> Any:
    return book.session.decision.outcome


def back(book: Workbook, kind: type[Face]) -> Any:
    """The face, after another was in view."""
    opened(book, CompareFace)
    return opened(book, kind)
