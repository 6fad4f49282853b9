"""Plans to start from: the tasks of each way to do it, those that people forget among them."""

from functools import cache

from shipworthy.decision import RangeValue, Row
from shipworthy.errors import InputError
from shipworthy.reference import loader as reference

TEMPLATES = {
    "own": "An own model", "fine_tuned": "A fine-tuned model", "hosted": "A prompted hosted service",
    "ready_made": "A ready-made service", "on_device": "A model on the device",
    "build_later": "Bought now: the own model that is built later",
}  # fmt: skip


@cache
def template(key: str) -> tuple[Row, ...]:
    """The rows of a plan to start from, with what such tasks took.

    The same task has the same id in every template, so that options share its draws.

    >>> [row.id for row in template("hosted")]
    ['access', 'legal', 'prompt', 'integrate', 'security', 'approve', 'roll_out']
    """
    if key not in TEMPLATES:
        raise InputError(f"There is no plan “{key}” to start from: choose one of {', '.join(TEMPLATES)}.")
    rows = [row for row in reference.load("plans") if row.text("template") == key]
    names = {row.text("task"): row.text("name") for row in rows}
    return tuple(_row(row, names) for row in rows)


def _row(found: reference.Row, names: dict[str, str]) -> Row:
    low, likely, high = (found.number(column) for column in ("low", "likely", "high"))
    cells: dict[str, str | RangeValue] = {
        "task": found.text("name"),
        "days": RangeValue(low=low, likely=likely, high=high),
    }
    before = [each.strip() for each in found.text("after").split(",") if each.strip()]
    cells["after"] = "; ".join(names[each] for each in before)
    cells["who"] = found.text("who")
    return Row(id=found.text("task"), cells={name: cell for name, cell in cells.items() if cell})
