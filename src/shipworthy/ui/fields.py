"""Between a question's answer and the texts in its boxes: the form shows strings, the document holds values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from shipworthy.considerations.base import View, World
from shipworthy.considerations.questions import Question
from shipworthy.decision import DO_NOTHING, Answer, RangeValue, RequirementValue, Row, SpreadValue, Value, WeightsValue
from shipworthy.errors import InputError
from shipworthy.reference.loader import CHECKED
from shipworthy.ui.declared import grouped as grouped
from shipworthy.ui.declared import sections as sections
from shipworthy.ui.declared import shown_unit as shown_unit
from shipworthy.ui.declared import unit_of
from shipworthy.words import box_text, one_line, parse_number, split_range

Fields = Mapping[str, Any]
MOST_TEXT = 20_000
_RANGE = ("low", "likely", "high")
_SPREAD_WORDS = {
    "a p50": "a typical number",
    "p50": "the typical number",
    "p95": "the one that 1 in 20 exceeds",
}
_SUFFIX = re.compile(r"(?:[^\W\d_]+|%)$")


def answer_fields(
    world: World, question: Question, option: str, *, error: str = "", shown_from: str = "", typed: Fields | None = None
) -> dict[str, Any]:
    """Everything that the form shows of one answer for the option in view; a list that was refused as it was ``typed``."""
    answer = world.decision.answer(question.key)
    default = question.declared_default()
    state, _ = world.value(question.key, option)
    shared = answer.value if answer is not None and answer.value is not None else default.value if default else None
    own: dict[str, Fields] = (
        {key: fields(question, each) for key, each in answer.by_option.items()} if answer and answer.differs else {}
    )
    if (
        state == "unknown"
        and (answer is None or answer.state != "unknown")
        and not (answer and option in answer.by_option)
    ):
        state = "empty"
    stood = () if shown_from else stand_in(world, question, option)
    borrowed = bool(stood) and state == "empty"
    evidence = answer.evidence if answer is not None else None
    elsewhere = question.per_option and bool(world.decision.option(option).phases)
    kind = evidence.kind if evidence else "default" if default else "estimated"
    source = evidence.source if evidence is not None else default.source if default else ""
    said: Fields = fields(question, shared)
    instead = typed if typed and question.kind == "rows" else fields(question, stood) if borrowed else None
    if instead is not None:
        own, said = ({**own, option: instead}, said) if answer and answer.differs else (own, instead)
    return {
        "state": state,
        "borrowed": borrowed,
        "differs": bool(answer and answer.differs),
        "shared": said,
        "own": own,
        "evidence": {
            "kind": "" if kind == "default" else kind,  # a default is not one of the kinds that a person picks
            "who": evidence.who if evidence else "",
            "source": source,
            "note": evidence.note if evidence else "",
        },
        "tag": "used as it stands, until you change it"
        if borrowed
        else _tag(state, answer, source, default.checked if default and answer is None else ""),
        "error": error,
        "read_only": bool(shown_from) or elsewhere,
        "shown_from": shown_from,
        "hidden": not world.asked(question, option),
        "can_reset": answer is not None and not shown_from and state != "empty",
        "copies": _copies(stood),
    }


def stand_in(world: World, question: Question, option: str) -> tuple[Row, ...]:
    """The rows that stand in for an option's list while it has none."""
    alone = option != DO_NOTHING and not world.decision.option(option).phases
    if not alone or question.kind != "rows" or world.value(question.key, option)[1]:
        return ()
    consideration = world.registry[question.consideration]
    return consideration.stand_in(question.name, View(world, consideration.key, option))


def _copies(rows: tuple[Row, ...]) -> str:
    """What the button says that copies them into the list."""
    return f"Make these {len(rows)} rows our own list" if rows else ""


def _tag(state: str, answer: Answer | None, source: str, checked: str) -> str:
    if state == "default":
        why = CHECKED.get(checked, "") or _clip(source)
        return "default, not confirmed" + (f" · {why}" if why else "")
    if state == "unknown":
        return "not known yet"
    if state == "empty" or answer is None:
        return "no answer yet"
    who = f" by {answer.evidence.who}" if answer.evidence.who else ""
    kind = {"default": "default, confirmed"}.get(answer.evidence.kind, answer.evidence.kind)
    return f"{kind}{who}" + (f" · {_clip(source)}" if source else "")


def _clip(text: str, length: int = 90) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fields(question: Question, value: Value | None) -> dict[str, Any]:
    """A value as texts, by the names of the question's boxes."""
    unit = question.unit
    if value is None:
        return {}
    if isinstance(value, RangeValue):
        return {name: box_text(getattr(value, name), unit=unit) for name in _RANGE}
    if isinstance(value, SpreadValue):
        return {name: _part_text(getattr(value, name), unit) for name in ("p50", "p95")}
    if isinstance(value, RequirementValue):
        return {"limit": box_text(value.limit, unit=unit), "confidence": box_text(value.confidence, unit="share")}
    if isinstance(value, WeightsValue):
        return {"value": max(value.weights, key=lambda each: value.weights[each])}
    if isinstance(value, tuple):
        return _list_fields(question, value)
    if isinstance(value, float | int):
        name = "likely" if question.kind in ("estimate", "money", "share") else "value"
        return {name: box_text(value, unit=unit)}
    return {"value": value}


def _part_text(part: float | RangeValue, unit: str) -> str:
    if isinstance(part, RangeValue):
        return ("; " if unit == "share" else "  ").join(box_text(getattr(part, name), unit=unit) for name in _RANGE)
    return box_text(part, unit=unit)


def _list_fields(question: Question, value: tuple[Any, ...]) -> dict[str, Any]:
    if not value or not isinstance(value[0], Row):
        return {"rows": []} if question.kind == "rows" else {"values": list(value)}
    columns = {column["key"]: column for column in question.columns}
    rows = []
    for row in value:
        cells = {}
        for name, cell in row.cells.items():
            unit = unit_of(columns.get(name, {}))
            cells[name] = (
                cell
                if isinstance(cell, str)
                else _part_text(cell, unit)
                if isinstance(cell, float | RangeValue)
                else ""
            )
        rows.append({"id": row.id, "cells": cells})
    return {"rows": rows}


def said(question: Question, answer: Answer | None, option: str | None, currency: str) -> str:
    """An answer as the log tells it; nothing where it is not known."""
    from shipworthy.record.answers import value_text

    value = None if answer is None or answer.state == "unknown" else answer.own(option or "")
    if value is None:
        return ""
    if isinstance(value, tuple) and question.kind == "rows":
        return f"{len(value)} rows"
    return value_text(question, value, currency)[:300]


def same(before: Answer | None, after: Answer | None) -> bool:
    """Whether two answers say the same, whenever they were given."""
    return _timeless(before) == _timeless(after)


def _timeless(answer: Answer | None) -> Answer | None:
    return answer and answer.model_copy(update={"evidence": answer.evidence.model_copy(update={"at": None})})


def parse(question: Question, typed: Fields) -> Value | None:
    """The value that was typed into a question's boxes; None where all are empty.

    Raises
    ------
    InputError
        In plain words, without the question's label.
    """
    value = _PARSERS.get(question.kind, _parse_plain)(
        question, {key: each for key, each in typed.items() if each is not None}
    )
    if value is not None:
        try:
            question.check(value)
        except InputError as problem:
            plain = str(problem).removeprefix(f"{question.label}: ")
            for name, words in _SPREAD_WORDS.items():
                plain = plain.replace(name, words)
            raise InputError(plain) from None
    return value


def _numbers(texts: Sequence[str], unit: str) -> list[float]:
    """Numbers that were typed together. Where a share is above 1, those typed without a sign are all per cent."""
    found = [parse_number(text, unit=unit) for text in texts]
    bare = [unit == "share" and "%" not in unicodedata.normalize("NFKC", text) for text in texts]
    most = max((number for plain, number in zip(bare, found, strict=True) if plain), default=0.0)
    if most == 1:
        raise InputError("1 may be one per cent or all: type 1 % or 100 %")
    if 1 < most < 2:
        shown = box_text(most)
        raise InputError(f"{shown} may be {shown} % or {box_text(most, unit='share')}: type it with its %")
    scale = 100 if most > 1 else 1
    return [number / scale if plain else number for plain, number in zip(bare, found, strict=True)]


def _number(text: str, unit: str) -> float:
    parts = split_range(text)
    if len(parts) > 1:
        raise InputError(f"{_several(parts)} found in “{one_line(text)}”: one is needed here")
    return _numbers([text], unit)[0]


def _several(parts: Sequence[str]) -> str:
    return f"{ {2: 'two', 3: 'three'}.get(len(parts), len(parts)) } numbers"


def _clean(text: object) -> str:
    """What was typed, as text that can be kept."""
    found = str(text).encode("utf-8", "replace").decode().replace("\0", "").strip()
    if len(found) > MOST_TEXT:
        raise InputError(f"the text has {len(found):,} characters: shorten it to {MOST_TEXT:,}")
    return found


def _texts(typed: Fields, names: Sequence[str]) -> list[str]:
    return [_clean(typed.get(name, "")) for name in names]


def _parse_range(question: Question, typed: Fields) -> Value | None:
    texts = dict(zip(_RANGE, _texts(typed, _RANGE), strict=True))
    three = [parts for text in texts.values() if len(parts := split_range(text)) == 3]
    if len(three) == 1:  # typed over what stood there before: the three say it all
        return _range(with_suffix(three[0]), question.unit)
    if texts["likely"] and not texts["low"] and not texts["high"]:
        return _one_or_three(texts["likely"], question.unit)
    if not any(texts.values()):
        return None
    for name, text in texts.items():
        if not text:
            raise InputError(f"{name} is missing: type all three, or only the likely one")
    return _range(list(texts.values()), question.unit)


def _range(texts: Sequence[str], unit: str) -> RangeValue:
    for text in texts:
        if len(parts := split_range(text)) > 1:
            raise InputError(_type_one_or_three(parts, text))
    numbers = dict(zip(_RANGE, _numbers(texts, unit), strict=True))
    for (lesser, small), (greater, large) in pairwise(numbers.items()):
        if small > large:
            shown = box_text(small, unit=unit), box_text(large, unit=unit)
            raise InputError(f"{lesser} ({shown[0]}) is above {greater} ({shown[1]}): type them from small to large")
    return RangeValue(**numbers)


def _one_or_three(text: str, unit: str) -> float | RangeValue:
    parts = split_range(text)
    if len(parts) == 3:
        return _range(with_suffix(parts), unit)
    if len(parts) > 1:
        raise InputError(_type_one_or_three(parts, text))
    return _number(text, unit)


def _type_one_or_three(parts: Sequence[str], text: str) -> str:
    return f"{_several(parts)} found in “{one_line(text)}”: type one number, or three: low likely high"


def with_suffix(parts: list[str]) -> list[str]:
    """``2 - 3 - 4 weeks``: what stands behind the last number alone is meant for all."""
    last = _SUFFIX.search(parts[-1])
    return (
        parts
        if last is None or any(map(_SUFFIX.search, parts[:-1]))
        else [*(f"{each} {last[0]}" for each in parts[:-1]), parts[-1]]
    )


def _parse_spread(question: Question, typed: Fields) -> Value | None:
    typical, rare = _texts(typed, ("p50", "p95"))
    if not (typical or rare):
        return None
    if not typical or not rare:
        raise InputError("both numbers are needed: the typical one, and the one that 1 in 20 exceeds")
    return SpreadValue(p50=_one_or_three(typical, question.unit), p95=_one_or_three(rare, question.unit))


def _parse_requirement(question: Question, typed: Fields) -> Value | None:
    limit, confidence = _texts(typed, ("limit", "confidence"))
    if not limit and confidence:
        raise InputError("the limit is missing: type one, or take this answer back")
    if not limit:
        return None
    sure = _number(confidence, "share") if confidence else 0.8
    if not 0.5 <= sure <= 0.999:
        raise InputError("how sure: type 50 % to 99.9 %")
    return RequirementValue(limit=_number(limit, question.unit), confidence=sure)


def _parse_plain(question: Question, typed: Fields) -> Value | None:
    text = _clean(typed.get("value", ""))
    if not text:
        return None
    return _number(text, question.unit) if question.kind in ("number", "chance") else text


def _parse_choices(question: Question, typed: Fields) -> Value | None:
    found = tuple(str(each) for each in typed.get("values", ()))
    return found if found or ("values" in typed and question.default == ()) else None


def _parse_rows(question: Question, typed: Fields) -> Value | None:
    columns = {column["key"]: column for column in question.columns}
    rows = []
    for number, row in enumerate(typed.get("rows", ()), start=1):
        cells: dict[str, Any] = {}
        for name, text in row.get("cells", {}).items():
            column = columns.get(name)
            if column is None:
                continue
            try:
                text = _clean(text)
                numeric = column.get("kind") not in (None, "text", "choice", "date")
                if text:
                    cells[name] = _one_or_three(text, unit_of(column)) if numeric else text
            except InputError as problem:
                raise InputError(f"row {number}, {column['label']}: {problem}") from None
        rows.append(Row(id=str(row["id"]), cells=cells))
    return tuple(rows) or None


_PARSERS = {
    "estimate": _parse_range, "share": _parse_range, "money": _parse_range, "spread": _parse_spread,
    "requirement": _parse_requirement, "choices": _parse_choices, "rows": _parse_rows,
}  # fmt: skip
