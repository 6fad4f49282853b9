"""Decisions on disk: JSON text to document and back, with one clear sentence for whatever is wrong with a text."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from shipworthy.decision import MAX_BYTES, MOST_OPTIONS, SCHEMA_VERSION, Decision, Misfit
from shipworthy.errors import InputError
from shipworthy.words import one_line

Path = Sequence[str | int]
Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: dict[int, Migration] = {}
"""From which schema version -> the step to the next. Each is tested on a document of that version."""

_NAMES = {
    "frame": "Frame", "options": "Options", "answers": "Answers", "log": "Log", "outcome": "Outcome",
    "scenarios": "Scenarios", "correlations": "Correlations", "dimensions": "Dimensions", "title": "title", "by_option": "for the option",
    "value": "value", "evidence": "evidence", "schema_version": "Schema version", "seed": "Seed", "as_of": "As-of date", "tables": "Tables", "p50": "typical", "p95": "1 in 20",
}  # fmt: skip
_TAGS = {"number", "text", "range", "spread", "requirement", "weights", "choices", "rows", "[key]"}
_TOO_DEEP = "The file is not a decision: it is nested far too deep"


def plain_path(path: Path) -> str:
    """A path into the document in words: ``Options › 2 › name``."""
    parts = [step for step in path if step not in _TAGS]
    return " › ".join(
        str(step + 1) if isinstance(step, int) else _NAMES.get(step, one_line(step, 60)) for step in parts
    )


def read(text: str | bytes, *, words: Callable[[Path], str] = plain_path) -> Decision:
    """A decision from its JSON text.

    Parameters
    ----------
    text : str or bytes
        At most 8 MB, UTF-8.
    words : callable
        Turns a path into the document into the user's words.

    Raises
    ------
    InputError
        One sentence: where, what was found, what would do.

    Examples
    --------
    >>> read('{"frame": {"title": 3}, "options": []}')
    Traceback (most recent call last):
    shipworthy.errors.InputError: Frame › title: found the number 3, a text is needed
    """
    data = migrate(_parse(text))
    try:
        return Decision.model_validate_json(json.dumps(data, ensure_ascii=False).encode())
    except UnicodeEncodeError as problem:
        before = problem.object[max(0, problem.start - 20) : problem.start]
        raise InputError(f"The file holds half a character after “{one_line(before)}”: type that text again") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    except ValidationError as problem:
        raise InputError(_sentence(problem, lambda path: words(_with_names(path, data)))) from None


def write(decision: Decision) -> str:
    """The JSON text of a decision, stable and readable: what is not said is left out."""
    data = decision.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"schema_version": SCHEMA_VERSION, **data}, ensure_ascii=False, indent=1) + "\n"


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Bring the data of an older schema version forward, one step at a time."""
    version = data.get("schema_version", SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 0:
        raise InputError(f"Schema version: found {_shown(version)}, a whole number up to {SCHEMA_VERSION} is needed")
    if version > SCHEMA_VERSION:
        raise InputError(
            f"This decision was made by a newer Shipworthy (schema {version}; this one knows up to {SCHEMA_VERSION}): "
            "update Shipworthy to open it"
        )
    while version < SCHEMA_VERSION:
        if version not in MIGRATIONS:
            raise InputError(f"Schema version: no Shipworthy has written version {version} decisions")
        data = MIGRATIONS[version](data)
        version += 1
    return {**data, "schema_version": SCHEMA_VERSION}


def schema() -> dict[str, Any]:
    """JSON Schema of the document."""
    return Decision.model_json_schema()


def _parse(text: str | bytes) -> dict[str, Any]:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise InputError(f"The file has {size / 1e6:.0f} MB: a decision has at most 8 MB")
    try:
        if isinstance(text, bytes):
            text = text.decode()
        text = text.removeprefix("\ufeff")
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_twins)
    except UnicodeDecodeError:
        raise InputError("The file is not text in UTF-8: choose a decision (.json) or a record (.html)") from None
    except json.JSONDecodeError as problem:
        if not text.strip():
            raise InputError("The file is empty: choose a decision (.json) or a record (.html)") from None
        cut = problem.pos >= len(text.rstrip()) - 1 or problem.msg.startswith("Unterminated")
        what = "it ends in the middle, as if cut off" if cut else problem.msg
        raise InputError(f"The file is not a decision: line {problem.lineno} cannot be read as JSON ({what})") from None
    except RecursionError:
        raise InputError(_TOO_DEEP) from None
    except ValueError as problem:
        if isinstance(problem, InputError):
            raise
        raise InputError(
            f"The file is not a decision: a number in it cannot be read ({one_line(str(problem), 80)})"
        ) from None
    if not isinstance(data, dict):
        raise InputError("The file is not a decision: it should hold one JSON object with “frame” and “options”")
    return data


def _no_constant(name: str) -> None:
    raise InputError(
        f"The file holds “{name}” where a finite number is needed: write a number, or leave the answer out"
    )


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InputError(f"The file says “{one_line(key, 60)}” twice in one place: keep one of them")
            seen.add(key)
    return data


def _with_names(path: Path, data: dict[str, Any]) -> Path:
    """The path with an option's name in the place of its key."""
    options = data.get("options")
    named = {}
    for each in options if isinstance(options, list) else ():
        if isinstance(each, dict) and isinstance(each.get("key"), str) and isinstance(each.get("name"), str):
            named[each["key"]] = f"“{one_line(each['name'], 60)}”"
    return [named.get(str(step), step) if i and path[i - 1] == "by_option" else step for i, step in enumerate(path)]


def _sentence(problem: ValidationError, words: Callable[[Path], str]) -> str:
    """The first error of a validation, in the user's words."""
    first = problem.errors(include_url=False)[0]
    where, kind, found = words(first["loc"]), first["type"], first["input"]
    context = first.get("ctx", {})
    if kind == "json_invalid":  # it was read once before: what is left is how deep pydantic goes
        return _TOO_DEEP
    if kind == "value_error":
        error = context.get("error")
        return f"{words(error.path)}: {error}" if isinstance(error, Misfit) else str(error or first["msg"])
    needed = {
        "extra_forbidden": "is not part of a decision: remove it, or check its spelling",
        "missing": "is missing",
        "union_tag_invalid": f"found {_shown(found)}, a number or a range is needed",
        "union_tag_not_found": f"found {_shown(found)}, which no kind of answer looks like",
        "too_long": f"there are {context.get('actual_length') or 'too many'} entries, at most {context.get('max_length')} are allowed",
        "too_short": f"at least {context.get('min_length')} is needed",
        "string_too_long": f"the text is longer than {context.get('max_length'):,} characters"
        if "max_length" in context
        else "",
        "string_too_short": "the text is empty",
        "string_pattern_mismatch": f"found {_shown(found)}, a short key of a-z, 0-9 and _ is needed",
        "finite_number": "a finite number is needed",
    }.get(kind)
    if needed is None:
        needed = f"found {_shown(found)}, {_wanted(kind, context)} is needed"
    if kind == "too_long" and first["loc"] == ("options",):
        needed = f"there are {len(found):,} options, at most {MOST_OPTIONS} can be compared"
    if not where:
        return f"The decision {needed}"
    return f"{where} {needed}" if needed.startswith("is ") else f"{where}: {needed}"


def _wanted(kind: str, context: dict[str, Any]) -> str:
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        bound = {
            "greater_than": "above",
            "greater_than_equal": "at least",
            "less_than": "below",
            "less_than_equal": "at most",
        }
        return f"a number {bound[kind]} {next(iter(context.values()))}"
    if kind == "literal_error":
        return f"one of {context.get('expected', '')}".replace("'", "")
    for start, word in _WANTED.items():
        if kind.startswith(start):
            return word
    return "something else"


_WANTED = {
    "string": "a text", "float": "a number", "int": "a whole number", "bool": "true or false", "date_": "a date like 2026-11-20",
    "datetime": "a date and time", "timezone": "a date and time with its time zone", "dict": "a group of named values",
    "model": "a group of named values", "tuple": "a list", "list": "a list",
}  # fmt: skip


def _shown(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, int | float):
        return f"the number {one_line(str(found), 30)}"
    if isinstance(found, str):
        return f"the text “{one_line(found, 40)}”"
    return "a list" if isinstance(found, list | tuple) else "a group of values"
