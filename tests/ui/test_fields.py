"""Between values and the texts in their boxes: there and back for every kind of question, and what is refused."""

import string
from collections.abc import Callable

import pytest
from boxes import COLUMNS, KINDS, UNITS, ask, back, close, shown_of
from decisions import PLAIN, own
from hypothesis import given
from hypothesis import strategies as st

from shipworthy import examples
from shipworthy.considerations import registry
from shipworthy.considerations.questions import Question
from shipworthy.decision import (
    Answer,
    Evidence,
    RangeValue,
    RequirementValue,
    Row,
    SpreadValue,
    Value,
    WeightsValue,
    now,
)
from shipworthy.ui import fields

positive = st.one_of(st.floats(1e-9, 1e15), st.integers(0, 10**9).map(float))
shares = st.floats(0.0, 1.0)


# ---- there and back


@given(positive, st.sampled_from(UNITS))
def test_one_number(number: float, unit: str) -> None:
    for kind in ("estimate", "money", "number"):
        if unit == "share":
            number = number / (1 + number)
        assert back(ask(kind, unit), number) == close(number)


@given(shares)
def test_one_share_or_chance(number: float) -> None:
    for kind in ("share", "chance"):
        assert back(ask(kind, "share", lower=0.0, upper=1.0), number) == close(number)


@given(
    st.floats(1e-6, 1e12),
    st.floats(1.001, 50),
    st.floats(1.001, 50),
    st.sampled_from([u for u in UNITS if u != "share"]),
)
def test_a_range(low: float, step: float, more: float, unit: str) -> None:
    numbers = [low, low * step, low * step * more]
    read = back(ask("estimate", unit, lower=0.0), RangeValue(low=numbers[0], likely=numbers[1], high=numbers[2]))
    assert isinstance(read, RangeValue)
    assert [read.low, read.likely, read.high] == close(numbers)


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3, unique=True).map(sorted))
def test_a_range_of_shares(parts: list[int]) -> None:
    low, likely, high = (part / 10_000 for part in parts)
    read = back(ask("share", "share", lower=0.0, upper=1.0), RangeValue(low=low, likely=likely, high=high))
    assert isinstance(read, RangeValue)
    assert [read.low, read.likely, read.high] == close([low, likely, high])


spread_parts = st.tuples(
    st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 100), st.sampled_from([1.0, 0.01, 1e6])
)


@given(spread_parts, st.booleans(), st.booleans(), st.sampled_from(("days", "turns", "share")))
def test_a_spread_whose_parts_may_be_ranges(
    parts: tuple[int, int, int, float], first: bool, second: bool, unit: str
) -> None:
    start, step, more, scale = parts
    scale = 1e-9 if unit == "share" else scale
    low, likely, high = (scale * (start + step * place) for place in range(3))
    above = scale * (start + 2 * step + more)

    def part(ranged: bool, at: tuple[float, float, float]) -> float | RangeValue:
        return RangeValue(low=at[0], likely=at[1], high=at[2]) if ranged else at[1]

    value = SpreadValue(p50=part(first, (low, likely, high)), p95=part(second, (above, above * 1.5, above * 2)))
    read = back(ask("spread", unit, lower=0.0), value)
    assert isinstance(read, SpreadValue)
    for name in ("p50", "p95"):
        put, got = getattr(value, name), getattr(read, name)
        assert type(got) is type(put)
        assert (got.model_dump() if isinstance(got, RangeValue) else got) == close(
            put.model_dump() if isinstance(put, RangeValue) else put
        )


@given(positive, st.integers(50, 99), st.sampled_from(("money a use", "days")))
def test_a_requirement(limit: float, sure: int, unit: str) -> None:
    read = back(ask("requirement", unit), RequirementValue(limit=limit, confidence=sure / 100))
    assert isinstance(read, RequirementValue)
    assert (read.limit, read.confidence) == (close(limit), close(sure / 100))


@given(st.text(string.printable + "éß漢🛳", max_size=200))
def test_a_text(text: str) -> None:
    assert back(ask("text"), text) == (text.strip() or None)


def test_choices_and_dates() -> None:
    both = {"a": "Ah", "b": "Be"}
    assert back(ask("choice", choices=both), "b") == "b"
    assert back(ask("choices", choices=both), ("b", "a")) == ("b", "a")
    assert back(ask("date"), "2026-11-20") == "2026-11-20"
    assert fields.fields(ask("choice", choices=both), WeightsValue(weights={"a": 1.0, "b": 3.0})) == {"value": "b"}


cell_ranges = st.lists(st.integers(0, 1000), min_size=3, max_size=3, unique=True).map(sorted)


def _cell(parts: list[int], scale: float, ranged: bool) -> float | RangeValue:
    low, likely, high = (scale * part for part in parts)
    return RangeValue(low=low, likely=likely, high=high) if ranged else likely


@given(
    st.lists(
        st.tuples(cell_ranges, cell_ranges, st.booleans(), st.booleans(), st.sampled_from("xy")), min_size=1, max_size=5
    )
)
def test_rows_with_ranges_in_them(made: list[tuple[list[int], list[int], bool, bool, str]]) -> None:
    rows = tuple(
        Row(
            id=f"r{i}",
            cells={"name": f"Step {i}", "days": _cell(days, 0.5, one), "part": _cell(part, 1e-3, two), "way": way},
        )
        for i, (days, part, one, two, way) in enumerate(made)
    )
    read = back(ask("rows", columns=COLUMNS), rows)
    assert isinstance(read, tuple)
    for was, again in zip(rows, read, strict=True):
        assert isinstance(again, Row)
        assert again.id == was.id
        assert [again.cells[name] for name in ("name", "way")] == [was.cells[name] for name in ("name", "way")]
        for name in ("days", "part"):
            put, got = was.cells[name], again.cells[name]
            assert type(got) is type(put)
            assert (got.model_dump() if isinstance(got, RangeValue) else got) == close(
                put.model_dump() if isinstance(put, RangeValue) else put
            )


def test_every_default_and_every_answer_of_the_examples_stands_in_its_boxes() -> None:
    questions = {question.key: question for each in registry().values() for question in each.questions.values()}
    values: list[tuple[Question, Value]] = []
    for question in questions.values():
        default = question.declared_default()
        if default is not None:
            values.append((question, default.value))
    for key in examples.keys():  # noqa: SIM118
        for consideration, answers in examples.example(key).answers.items():
            for name, answer in answers.items():
                question = questions[f"{consideration}.{name}"]
                values += [(question, each) for each in (answer.value, *answer.by_option.values()) if each is not None]
    assert len(values) > 60
    assert {question.kind for question, _ in values} >= {
        "estimate",
        "share",
        "money",
        "spread",
        "number",
        "choice",
        "requirement",
    }
    for question, value in values:
        shown = fields.fields(question, value)
        assert all(shown.values()) or value == (), question.key  # none of several is an answer
        again = fields.parse(question, shown)
        assert again is not None
        assert fields.fields(question, again) == shown
        if isinstance(value, float | int):
            assert again == close(value)
        elif not isinstance(value, str | WeightsValue):
            assert type(again) is type(value)


def test_every_kind_gives_nothing_for_empty_boxes() -> None:
    for kind in KINDS:
        question = ask(kind, choices={"a": "A"}, columns=COLUMNS)
        assert fields.parse(question, {}) is None
        blank = dict.fromkeys(("low", "likely", "high", "p50", "p95", "limit", "confidence", "value"), " ")
        assert fields.parse(question, blank) is None
        assert fields.fields(question, None) == {}


# ---- what the form is told


def test_states_and_tags() -> None:
    given_ = shown_of({**PLAIN}, "value_stream.uses")
    assert (given_["state"], given_["tag"], given_["shared"]) == ("given", "estimated", {"likely": "1000"})
    empty = shown_of({}, "value_stream.uses")
    assert (empty["state"], empty["tag"], empty["shared"], empty["can_reset"]) == ("empty", "no answer yet", {}, False)
    unknown = shown_of({"value_stream.uses": Answer(state="unknown", value=7.0)}, "value_stream.uses")
    assert (unknown["state"], unknown["tag"], unknown["can_reset"]) == ("unknown", "not known yet", True)
    default = shown_of({}, "value_stream.discount_rate")
    assert default["state"] == "default"
    assert default["tag"].startswith("default, not confirmed · ")
    assert default["evidence"]["source"]


def test_options_that_differ_show_their_own_beside_the_shared_one() -> None:
    answers = {"value_stream.effect": own(a=0.25, b=None)}
    a, b = (shown_of(answers, "value_stream.effect", option) for option in "ab")
    assert a["differs"]
    assert a["own"] == {"a": {"likely": "0.25"}, "b": {}}
    assert (a["state"], b["state"]) == ("given", "unknown")


def test_a_question_hangs_on_a_choice() -> None:
    assert shown_of({**PLAIN, "lead_time.depends": "no"}, "lead_time.gap")["hidden"]
    assert not shown_of({**PLAIN, "lead_time.depends": "yes"}, "lead_time.gap")["hidden"]


def test_an_error_is_beside_the_answer_and_a_shown_one_is_read_only() -> None:
    shown = shown_of({**PLAIN}, "value_stream.uses", error="no", shown_from="Value stream")
    assert (shown["error"], shown["read_only"], shown["shown_from"], shown["can_reset"]) == (
        "no",
        True,
        "Value stream",
        False,
    )


def test_the_declaration_holds_every_question_once_and_those_of_others_last() -> None:
    for consideration in registry().values():
        made = fields.sections(consideration, registry(), "EUR")
        own_keys = [q["key"] for section in made if section["key"] != "shown" for q in section["questions"]]
        assert own_keys == [question.key for question in consideration.questions.values()]
        assert len({section["key"] for section in made}) == len(made)
        if consideration.shows:
            assert made[-1]["legend"] == "Asked elsewhere, used here"
            assert [q["key"] for q in made[-1]["questions"]] == list(consideration.shows)
        units = [q["unit"] for section in made for q in section["questions"]]
        assert not any("money" in unit or unit == "share" for unit in units)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Answer(value=RangeValue(low=1.0, likely=2.0, high=3.0)), "2 days (1 to 3)"),
        (lambda: Answer(state="unknown", value=2.0), ""),
        (lambda: None, ""),
        (lambda: Answer(differs=True, value=2.0, by_option={"a": 5.0}), "5 days"),
    ],
)
def test_an_answer_as_the_log_tells_it(make: Callable[[], Answer | None], told: str) -> None:
    assert fields.said(ask("estimate", "days"), make(), "a", "EUR") == told


def test_two_answers_say_the_same_whenever_they_were_given() -> None:
    one, two = Answer(value=2.0), Answer(value=2.0, evidence=Evidence(at=now()))
    assert fields.same(one, two)
    assert fields.same(None, None)
    assert not fields.same(one, None)
    assert not fields.same(one, Answer(value=2.5))
