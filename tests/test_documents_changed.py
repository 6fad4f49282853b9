"""Whatever is changed in a document: only InputError ever comes out."""

import json
import random
import string
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.considerations import open_text
from shipworthy.documents import write
from shipworthy.errors import InputError
from shipworthy.examples import text as example_text

VALID: dict[str, Any] = json.loads(example_text("churn"))


JUNK: list[Any] = [
    None, True, False, 0, -1, 1e308, 10**400, "", "x", "12", "\x00", "𝔘", [], [1], ["a"], {}, {"low": 1}, {"p50": 1, "p95": 0}, {"weights": {"": 1}},
    {"limit": 0}, [{"id": "a", "cells": {}}], [[]], [None], "do_nothing", "no_gap", {"low": 0, "likely": 0, "high": 0}, {"low": 1, "likely": 1, "high": 1e99},
]  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths into a JSON value."""
    found = [path] if path else []
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, part in steps:
        found += places(part, (*path, step))
    return found


PLACES = places(VALID)


def mutate(data: dict[str, Any], chance: random.Random) -> None:
    """One random change anywhere in the document."""
    path = chance.choice(PLACES)
    node: Any = data
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change took this place away
    if not isinstance(node, dict | list) or (isinstance(node, list) and not 0 <= path[-1] < len(node)):
        return
    what = chance.randrange(4)
    if what == 0:
        node[path[-1]] = json.loads(json.dumps(chance.choice(JUNK)))
    elif what == 1 and isinstance(node, dict):
        node.pop(path[-1], None)
    elif what == 2 and isinstance(node, dict) and path[-1] in node:
        node["".join(chance.choices(string.ascii_letters + "_é\n", k=chance.randrange(4)))] = node.pop(path[-1])
    elif isinstance(node, list):
        node.append(node[path[-1]])


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_whatever_is_changed_in_a_document_only_input_errors_come_out(seed: int, times: int) -> None:
    chance, data = random.Random(seed), json.loads(json.dumps(VALID))
    for _ in range(times):
        mutate(data, chance)
    try:
        document = open_text(json.dumps(data))
    except InputError as problem:
        message = str(problem)
    else:
        message = ""
        assert open_text(write(document)) == document
    assert message.isprintable()
    assert len(message) < 500


@settings(max_examples=100)
@given(st.integers(0, 2**32), st.binary(max_size=6))
def test_whatever_is_changed_in_a_text_only_input_errors_come_out(seed: int, junk: bytes) -> None:
    chance, text = random.Random(seed), example_text("shopping-assistant").encode()
    start = chance.randrange(len(text))
    end = min(len(text), start + chance.randrange(40))
    for changed in (text[:start] + junk + text[end:], text[:start], junk + text, text[:end] + text[start:]):
        try:
            open_text(changed)
        except InputError as problem:
            message = str(problem)
        else:
            message = ""
        assert message.isprintable()
        assert len(message) < 500
