"""Decisions on disk: what is written reads back, and whatever is wrong with a text is told in one clear sentence."""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy import documents
from shipworthy.considerations import open_text
from shipworthy.decision import (
    MAX_BYTES,
    Answer,
    Condition,
    Correlation,
    Decision,
    Evidence,
    Frame,
    LogEntry,
    Option,
    Outcome,
    PersonalEstimate,
    RangeValue,
    RequirementValue,
    Row,
    Signature,
    SpreadValue,
    WeightsValue,
)
from shipworthy.documents import migrate, read, write
from shipworthy.errors import InputError
from shipworthy.examples import text as example_text

VALID: dict[str, Any] = json.loads(example_text("churn"))
SMALL: dict[str, Any] = {
    "frame": {"title": "T"},
    "options": [{"key": "a", "name": "Hosted model"}, {"key": "do_nothing", "name": "Do nothing"}],
}


def told(text: str | bytes | dict[str, Any]) -> str:
    """The sentence with which a text is refused."""
    with pytest.raises(InputError) as caught:
        open_text(json.dumps(text) if isinstance(text, dict) else text)
    message = str(caught.value)
    assert message.isprintable()  # one line, no control characters
    assert 10 < len(message) < 400
    assert not re.search(r"pydantic|Traceback|type=|\[key\]|answers\.|input_value|Discriminator", message), message
    message.encode()  # can be shown and logged
    return message


def answered(consideration: str, name: str, answer: Any) -> dict[str, Any]:
    return {**SMALL, "answers": {consideration: {name: answer}}}


# Round trip

keys = st.from_regex(r"\A[a-z][a-z0-9_]{0,10}\Z")
lines = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**6), 10**6).map(float)
ranges = st.builds(RangeValue, low=numbers, likely=numbers, high=numbers)
spreads = st.builds(SpreadValue, p50=numbers | ranges, p95=numbers | ranges)
weights = st.builds(WeightsValue, weights=st.dictionaries(lines, st.floats(0, 1e9), min_size=1, max_size=3))
requirements = st.builds(RequirementValue, limit=numbers, confidence=st.floats(0.5, 0.999))
choices = st.lists(lines, max_size=3).map(tuple)
cells = numbers | lines | ranges | spreads | choices
rows = st.lists(st.builds(Row, id=keys, cells=st.dictionaries(keys, cells, max_size=3)), min_size=1, max_size=3).map(
    tuple
)
values = numbers | lines | ranges | spreads | weights | requirements | choices | rows
zones = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=zones | st.just(UTC))
days = st.dates(date(1990, 1, 1), date(2200, 1, 1))
evidence = st.builds(
    Evidence,
    kind=st.sampled_from(["measured", "quoted", "estimated", "default"]),
    who=lines, source=lines, note=lines, at=st.none() | moments,
)  # fmt: skip
answers = st.builds(
    Answer,
    state=st.sampled_from(["given", "default", "unknown"]),
    value=st.none() | values,
    differs=st.booleans(),
    by_option=st.dictionaries(st.sampled_from(["a", "b", "do_nothing"]), st.none() | values, max_size=3),
    independent=st.booleans(),
    evidence=evidence,
    estimates=st.lists(st.builds(PersonalEstimate, who=lines, value=values, evidence=evidence), max_size=2).map(tuple),
)
entries = st.builds(LogEntry, at=moments, who=lines, path=lines, what=lines, before=lines, after=lines)
outcomes = st.builds(
    Outcome,
    chosen=st.sampled_from([None, "a", "do_nothing"]),
    reasons=lines,
    conditions=st.lists(st.builds(Condition, text=lines, owner=lines, by=st.none() | days), max_size=2).map(tuple),
    signatures=st.lists(st.builds(Signature, who=lines.filter(bool), role=lines, at=moments), max_size=2).map(tuple),
    reopen=st.lists(lines, max_size=2).map(tuple),
    decided_at=st.none() | moments,
)
decisions = st.builds(
    Decision,
    frame=st.builds(
        Frame, title=lines.filter(bool), question=lines, product=lines, decide_by=st.none() | days,
        kind=st.sampled_from(["feature", "application", "model"]),
    ),
    options=st.builds(
        lambda a, b, note: (
            Option(key="a", name=a), Option(key="b", name=b, note=note), Option(key="both", name="B", phases=("a", "b")), Option(key="do_nothing", name="N"),
        ),
        lines.filter(bool), lines.filter(bool), lines,
    ),
    answers=st.dictionaries(keys, st.dictionaries(keys, answers, max_size=3), max_size=3),
    correlations=st.lists(st.builds(Correlation, first=lines, second=lines, rank=st.floats(-0.99, 0.99)), max_size=2).map(tuple),
    dimensions=st.lists(st.integers(0, 4_999), max_size=4, unique=True).map(lambda found: {f"q{each}": each for each in found}),
    log=st.lists(entries, max_size=2).map(tuple),
    outcome=outcomes,
    seed=st.integers(0, 2**31 - 1),
    as_of=st.none() | days,
    tables=st.dictionaries(lines, lines, max_size=2),
)  # fmt: skip


@settings(max_examples=120)
@given(decisions)
def test_what_is_written_reads_back_exactly(document: Decision) -> None:
    text = write(document)
    again = read(text)
    assert again == document
    assert write(again) == text
    assert read(text.encode()) == document


def test_what_is_not_said_is_left_out() -> None:
    data = json.loads(write(read(json.dumps(SMALL))))
    assert data == {"schema_version": 1, **SMALL}


@pytest.mark.parametrize("key", ["churn", "shopping-assistant"])
def test_the_examples_read_back_exactly(key: str) -> None:
    document = open_text(example_text(key))
    assert open_text(write(document)) == document


def test_a_byte_order_mark_is_no_part_of_a_decision() -> None:
    text = json.dumps(SMALL)
    assert open_text("\ufeff" + text) == open_text(text) == open_text(("\ufeff" + text).encode())


def test_characters_beyond_the_basic_plane_survive() -> None:
    # JSON writes one emoji as two surrogates, which together are one character
    document = open_text('{"frame": {"title": "\\ud83d\\ude80"}, "options": [{"key": "do_nothing", "name": "N"}]}')
    assert document.frame.title == "🚀"
    assert read(write(document).encode()) == document


# One clear sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        ("   \n", "The file is empty"),
        ("not json", "line 1 cannot be read as JSON"),
        ("<html></html>", "line 1 cannot be read as JSON"),
        ('{"frame": {"title": "T"},\n "options": ', "as if cut off"),
        ('{"frame": {"title": "T', "as if cut off"),
        ("[]", "should hold one JSON object"),
        ("3", "should hold one JSON object"),
        ("null", "should hold one JSON object"),
        ('{"frame": 1, "frame": 2}', "says “frame” twice"),
        ('{"frame": {"title": "a", "title": "b"}}', "says “title” twice"),
        ('{"frame": NaN}', "holds “NaN” where a finite number is needed"),
        ('{"frame": [-Infinity]}', "holds “-Infinity”"),
        ('{"seed": ' + "1" * 5000 + "}", "a number in it cannot be read"),
        (b"\xff\xfe{\x00", "not text in UTF-8"),
        (b'{"frame": {"title": "\xe4"}}', "not text in UTF-8"),
        (b"PK\x03\x04" + bytes(range(256)), "not text in UTF-8"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_decision(text: str | bytes, words: str) -> None:
    assert words in told(text)


@pytest.mark.parametrize("depth", [150, 250, 600, 990, 5_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused(depth: int, opening: str, closing: str) -> None:
    inner = "1" if closing == "}" else ""
    message = told('{"frame": ' + opening * depth + inner + closing * depth + ', "options": []}')
    assert "nested far too deep" in message or message.startswith("Frame")
    assert depth < 200 or "nested far too deep" in message


@pytest.mark.parametrize("broken", ["\\ud800", "\\udfff", "a\\ud800b", "\\udc00\\ud800", "\\ud800\\ud800"])
def test_half_a_character_is_refused_in_words(broken: str) -> None:
    # such a text could neither be saved nor sent
    options = '"options": [{"key": "do_nothing", "name": "N"}]'
    for text in (
        '{"frame": {"title": "%s"}, ' + options + "}",
        '{"frame": {"title": "T", "%s": 1}, ' + options + "}",
        '{"frame": {"title": "T"}, "answers": {"%s": {}}, ' + options + "}",
    ):
        assert told(text % broken).startswith("The file holds half a character after “")
    assert "half a character" in told('{"frame": {"title": "' + "\ud800" + '"}, ' + options + "}")


def test_ten_megabytes_are_refused_before_they_are_read() -> None:
    for text in ('{"frame": {"title": "' + "x" * 10_000_000 + '"}}', b" " * 10_000_000, "ä" * 5_000_000):
        assert told(text) == "The file has 10 MB: a decision has at most 8 MB"
    almost = '{"frame": {"title": "' + "x" * (MAX_BYTES - 100) + '"}, "options": []}'
    assert told(almost) == "Frame › title: the text is longer than 200 characters"


def test_a_hundred_thousand_options_are_refused() -> None:
    many = [{"key": f"o{i}", "name": "O"} for i in range(100_000)]
    assert told({**SMALL, "options": many}) == "Options: there are 100,000 options, at most 6 can be compared"


RANGE = {"low": 1, "likely": 2, "high": 3}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({**SMALL, "colour": 1}, "colour is not part of a decision: remove it, or check its spelling"),
        ({**SMALL, "frame": {}}, "Frame › title is missing"),
        ({**SMALL, "frame": {"title": 3}}, "Frame › title: found the number 3, a text is needed"),
        ({**SMALL, "frame": {"title": ""}}, "Frame › title: the text is empty"),
        ({**SMALL, "frame": None}, "Frame: found nothing, a group of named values is needed"),
        ({**SMALL, "frame": {"title": "T", "kind": "thing"}}, "Frame › kind: found the text “thing”, one of feature, application or model is needed"),
        ({**SMALL, "frame": {"title": "T", "decide_by": "2026-13-01"}}, "Frame › decide_by: found the text “2026-13-01”, a date like 2026-11-20 is needed"),
        ({"frame": {"title": "T"}}, "Options is missing"),
        ({**SMALL, "options": []}, "Options: at least 1 is needed"),
        ({**SMALL, "options": {"a": 1}}, "Options: found a group of values, a list is needed"),
        ({**SMALL, "options": [{"key": "a"}]}, "Options › 1 › name is missing"),
        ({**SMALL, "options": [{"key": "A b", "name": "x"}]}, "Options › 1 › key: found the text “A b”, a short key of a-z, 0-9 and _ is needed"),
        ({**SMALL, "options": SMALL["options"] * 2}, "Options: two have the key “a”: give each its own"),
        ({**SMALL, "options": SMALL["options"][:1]}, "Options: “Do nothing” is missing among them: add one with the key “do_nothing”"),
        ({**SMALL, "seed": True}, "Seed: found true, a whole number is needed"),
        ({**SMALL, "seed": "7"}, "Seed: found the text “7”, a whole number is needed"),
        ({**SMALL, "seed": 1.5}, "Seed: found the number 1.5, a whole number is needed"),
        ({**SMALL, "seed": 10**40}, "a number below 2147483648 is needed"),
        ({**SMALL, "outcome": {"chosen": "b"}}, "Outcome: it names the option “b”, which is not there"),
        ({**SMALL, "dimensions": {"x": 1, "y": 1}}, "Dimensions: two answers share one dimension"),
        ({**SMALL, "correlations": [{"first": "lead_time.gap", "second": "lead_time.gap", "rank": 0.5}]}, "Correlations: “lead_time.gap” is paired with itself"),
        ({**SMALL, "correlations": [{"first": "lead_time.gap", "second": "nope", "rank": 0.5}]}, "Correlations: “nope” is not a question"),
        ({**SMALL, "correlations": [{"first": "a", "second": "b", "rank": 2}]}, "Correlations › 1 › rank: found the number 2, a number below 1.0 is needed"),
        (
            {**SMALL, "correlations": [{"first": x, "second": y, "rank": 0.5} for x, y in (("lead_time.gap", "lead_time.events"), ("lead_time.events", "lead_time.gap"))]},
            "Correlations: “lead_time.events” is paired twice",
        ),
        (answered("nope", "x", {}), "Answers › nope: there is no such consideration here"),
        (answered("NOPE", "x", {}), "Answers › NOPE: found the text “NOPE”, a short key"),
        (answered("cost", "nope", {"value": 1}), "Cost per use › nope: there is no such question; check its spelling"),
        (answered("cost", "x" * 200, {"value": 1}), "Cost per use › xxxxx"),
        (answered("cost", "turns", 3), "Cost per use › Turns of a conversation: found the number 3, a group of named values is needed"),
        (answered("cost", "turns", {"valeu": 3}), "Cost per use › Turns of a conversation › valeu is not part of a decision"),
        (answered("cost", "turns", {"state": "maybe"}), "Cost per use › Turns of a conversation › state: found the text “maybe”, one of given, default or unknown is needed"),
        (answered("cost", "turns", {"value": 3}), "Cost per use › Turns of a conversation: two numbers are needed"),
        (answered("cost", "turns", {"value": {"p50": 9, "p95": 3}}), "Cost per use › Turns of a conversation: p50 (9) is above p95 (3)"),
        (answered("cost", "turns", {"value": {"p50": 9}}), "Cost per use › Turns of a conversation › 1 in 20 is missing"),
        (answered("cost", "turns", {"value": {"p50": True, "p95": 3}}), "Cost per use › Turns of a conversation › typical: found true"),
        (answered("cost", "turns", {"value": {"p50": "5", "p95": 9}}), "Cost per use › Turns of a conversation › typical: found the text “5”, a number or a range is needed"),
        (answered("cost", "turns", {"value": {"p50": 5, "p95": {**RANGE, "likely": "x"}}}), "Cost per use › Turns of a conversation › 1 in 20 › likely: found the text “x”, a number is needed"),
        (answered("value_stream", "uses", {"value": "12"}), "Value stream › Uses a month: a number is needed (it is written as text)"),
        (answered("value_stream", "uses", {"value": True}), "Value stream › Uses a month: found true, which no kind of answer looks like"),
        (answered("value_stream", "uses", {"value": {}}), "Value stream › Uses a month: found a group of values"),
        (answered("value_stream", "uses", {"value": [1, 2]}), "Value stream › Uses a month › 1: found the number 1, a text is needed"),
        (answered("value_stream", "uses", {"value": {**RANGE, "high": "3"}}), "Value stream › Uses a month › high: found the text “3”, a number is needed"),
        (answered("value_stream", "uses", {"value": {**RANGE, "low": 5}}), "Value stream › Uses a month: low (5) is above likely (2)"),
        (answered("value_stream", "uses", {"value": {**RANGE, "low": -5}}), "Value stream › Uses a month: -5 is outside what is possible; type at least 0"),
        (answered("value_stream", "uses", {"value": {**RANGE, "unit": 3}}), "Value stream › Uses a month › unit is not part of a decision"),
        (answered("value_stream", "uses", {"value": {"weights": {}}}), "Value stream › Uses a month: at least 1 is needed"),
        (answered("value_stream", "uses", {"value": -1}), "Value stream › Uses a month: -1 is outside what is possible; type at least 0"),
        (answered("value_stream", "uses", {"value": 10**400}), "Value stream › Uses a month: a finite number is needed"),
        (answered("value_stream", "uses", {"differs": True, "by_option": {"a": 3}}), "Value stream › Uses a month: options cannot differ in this answer"),
        (answered("value_stream", "wrong", {"value": 30}), "Value stream › Wrong outputs that do harm: 3000 % is outside what is possible; type at most 100 %"),
        (answered("value_stream", "effect", {"by_option": {"b": 3}}), "Value stream › Effect of a use: the answer names the option “b”, which is not there"),
        (
            answered("value_stream", "effect", {"differs": True, "by_option": {"a": {**RANGE, "high": True}}}),
            "Value stream › Effect of a use › for the option › “Hosted model” › high: found true, a number is needed",
        ),
        (answered("value_stream", "wrong", {"differs": True, "by_option": {"a": 2}}), "Value stream › Wrong outputs that do harm › Hosted model: 200 %"),
        (answered("value_stream", "uses", {"estimates": [{"who": "Ann", "value": -2}]}), "Value stream › Uses a month › Ann: -2 is outside"),
        (answered("value_stream", "uses", {"evidence": {"at": "2026-01-01T00:00:00"}}), "a date and time with its time zone is needed"),
        (answered("value_stream", "uses", {"evidence": {"kind": "gut"}}), "evidence › kind: found the text “gut”, one of measured, quoted, estimated or default is needed"),
        (answered("cost", "priced", {"value": "free"}), "Cost per use › How is a use priced?: “free” is not one of the choices: hosted, self_hosted"),
        (answered("cost", "priced", {"value": {"weights": {"flat": 0}}}), "Cost per use › How is a use priced?: at least one choice needs a weight above 0"),
        (answered("cost", "margin", {"value": 3}), "Cost per use › Margin a use: a limit and a confidence are needed"),
        (answered("cost", "margin", {"value": {"limit": 0, "confidence": 0.2}}), "Cost per use › Margin a use › confidence: found the number 0.2, a number at least 0.5 is needed"),
        (answered("cost", "model", {"value": 3}), "Cost per use › Model: a text is needed"),
    ],
)  # fmt: skip
def test_each_fault_is_told_in_one_sentence_with_its_place(data: dict[str, Any], words: str) -> None:
    assert words in told(data)


def test_infinity_by_exponent_is_no_finite_number() -> None:
    text = json.dumps(answered("value_stream", "uses", {"value": "@"})).replace('"@"', "1e999")
    assert told(text) == "Value stream › Uses a month: a finite number is needed"


def test_a_script_in_a_title_is_a_title() -> None:
    title = "<script>alert('x')</script>"
    assert open_text(json.dumps({**SMALL, "frame": {"title": title}})).frame.title == title


def test_names_over_several_lines_stay_inside_their_sentence() -> None:
    name = "two\nlines\x00"
    options = [{"key": "a", "name": name}, {"key": "do_nothing", "name": "N"}]
    assert "two lines" in told(
        {**answered("value_stream", "wrong", {"differs": True, "by_option": {"a": 2}}), "options": options}
    )
    assert "two lines" in told(answered("value_stream", "uses", {"estimates": [{"who": name, "value": -2}]}))
    assert "two lines" in told({**SMALL, name: 1})
    assert "two lines" in told({**SMALL, "correlations": [{"first": name, "second": "lead_time.gap", "rank": 0.1}]})
    phases = [{"key": "a", "name": name, "phases": ["zz"]}, {"key": "do_nothing", "name": "N"}]
    assert "two lines" in told({**SMALL, "options": phases})


# Schema versions


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (2, "made by a newer Shipworthy (schema 2; this one knows up to 1): update Shipworthy to open it"),
        (10**30, "made by a newer Shipworthy"),
        (0, "no Shipworthy has written version 0 decisions"),
        (-1, "found the number -1, a whole number up to 1 is needed"),
        (True, "found true"),
        ("1", "found the text “1”"),
        (1.0, "found the number 1.0"),
        (None, "found nothing"),
        ([], "found a list"),
    ],
)
def test_other_schema_versions(version: Any, words: str) -> None:
    assert words in told({**SMALL, "schema_version": version})


def test_old_documents_come_forward_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def first(data: dict[str, Any]) -> dict[str, Any]:
        return {**{name: part for name, part in data.items() if name != "name"}, "frame": {"title": data["name"]}}

    monkeypatch.setitem(documents.MIGRATIONS, 0, first)
    old = {"schema_version": 0, "name": "From the old days", "options": SMALL["options"]}
    document = open_text(json.dumps(old))
    assert document.frame.title == "From the old days"
    assert json.loads(write(document))["schema_version"] == 1
    assert old["schema_version"] == 0  # the step works on its own copy
    assert migrate(dict(SMALL)) == {**SMALL, "schema_version": 1}


def test_every_version_in_between_has_its_step() -> None:
    if documents.MIGRATIONS:
        assert max(documents.MIGRATIONS) == documents.SCHEMA_VERSION - 1
        assert sorted(documents.MIGRATIONS) == list(range(min(documents.MIGRATIONS), documents.SCHEMA_VERSION))


def test_the_json_schema_names_every_part() -> None:
    schema = documents.schema()
    assert set(Decision.model_fields) <= set(schema["properties"])
    assert schema["additionalProperties"] is False
