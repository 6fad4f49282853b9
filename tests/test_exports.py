"""Exports: MADR Markdown that says what was decided and obeys nobody, answers as CSV, the assessment's schema."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml
from decisions import ACTING, ON, PLAIN, assessed, decision, own, rng, spread
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from records import BIDI, HOSTILE, changed, nasty

from shipworthy import edits, exports, report
from shipworthy.assess import Assessment, assess
from shipworthy.decision import (
    Answer,
    Condition,
    Decision,
    Evidence,
    Outcome,
    PersonalEstimate,
    RequirementValue,
    Row,
    Signature,
    Trigger,
    Voice,
    WeightsValue,
)
from shipworthy.examples import example, keys
from shipworthy.exports.answers import COLUMNS, cell
from shipworthy.exports.markdown import typed
from shipworthy.moves import Record
from shipworthy.record.printed import printed

MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SECTIONS = [
    "Context and Problem Statement", "Decision Drivers", "Considered Options", "Decision Outcome",
    "Pros and Cons of the Options", "More Information",
]  # fmt: skip


@cache
def found(key: str) -> Assessment:
    return assess(example(key), on=ON, size=2**10)


def page(source: Decision | str, flips: Any = None) -> str:
    seen = found(source) if isinstance(source, str) else assess(source, on=ON, size=2**10)
    return exports.markdown(seen, made_at=MADE, flips=flips or {})


def head(text: str) -> dict[str, Any]:
    """The front matter as YAML reads it."""
    _, front, _ = text.split("---\n", 2)
    return dict(yaml.safe_load(front))


def body(text: str) -> str:
    return text.split("---\n", 2)[2]


def headings(text: str) -> list[tuple[str, str]]:
    """Level and text of every heading, as a Markdown reader sees them."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(body(text))
    return [(token.tag, plain(tokens[place + 1])) for place, token in enumerate(tokens) if token.type == "heading_open"]


def plain(inline: Any) -> str:
    return "".join(child.content for child in inline.children or ())


def section(text: str, name: str) -> str:
    return re.split(r"\n#{2,3} ", text.split(f"# {name}\n", 1)[1])[0].strip()


def decided(**more: Any) -> Decision:
    outcome = Outcome(
        chosen="three_month_gap",
        reasons="It comes early enough.\n\nAnd it pays.",
        conditions=(Condition(text="Sales agrees", owner="Ann", by=date(2027, 3, 1)),),
        signatures=(Signature(who="Ann", role="Head", at=MADE),),
        consulted=(Voice(who="Bob", text="Persuasion takes longer."),),
        informed=(Voice(who="Cid"),),
        dissent=(Voice(who="Dee", text="The desk is too small."),),
        reopen=("Somebody else does it better",),
        triggers=(Trigger(kind="answer", answer="lead_time.persuasion", side="above", value=90.0),),
        decided_at=datetime(2026, 11, 18, tzinfo=UTC),
    )
    return changed(example("churn"), outcome=outcome.model_copy(update=more))


# ---- Markdown


@pytest.mark.parametrize("key", keys())
def test_every_example_has_the_form_of_madr_4(key: str) -> None:
    text = page(key)
    seen = headings(text)
    assert [name for level, name in seen if level == "h1"] == [example(key).frame.title]
    assert [name for level, name in seen if level == "h2"] == SECTIONS
    names = [option.name for option in example(key).options]
    assert [name for level, name in seen if level == "h3" and name in names] == names
    assert section(text, "Considered Options").splitlines() == [f"* {typed(name)}" for name in names]
    assert head(text)["status"] == "proposed"
    assert head(text)["date"] == date(2026, 11, 21)
    assert re.search(r"^\* Good, because ", text, re.MULTILINE)
    assert "as of 20 November 2026" in section(text, "More Information")


def test_what_was_decided_is_said_with_all_who_had_a_part() -> None:
    text = page(decided())
    assert head(text) == {
        "status": "accepted", "date": date(2026, 11, 18), "decision-makers": ["Ann", "Head of retention"],
        "consulted": ["Bob"], "informed": ["Cid"],
    }  # fmt: skip
    assert headings(text)[0] == ("h1", "Churn calls: Three-month gap")
    assert section(text, "Decision Outcome").startswith(
        "Chosen option: “Three-month gap”, because It comes early enough.\n\nAnd it pays.\n\n"
    )
    confirmation = section(text, "Confirmation")
    assert "* Sales agrees (Ann, by 1 March 2027)" in confirmation
    assert "* Somebody else does it better" in confirmation
    assert re.search(r"\* “.*Persuasion.*” is above 90 days", confirmation)
    more = section(text, "More Information")
    assert "* Bob: Persuasion takes longer." in more
    assert "Dissent:\n\n* Dee: The desk is too small." in more
    assert "Signed by Ann, Head (21 November 2026)." in more


def test_findings_are_pros_and_cons_with_what_would_change_them() -> None:
    seen = found("churn")
    text = page("churn", flips={"three_month_gap": seen.flips("three_month_gap")})
    own_part, other = section(text, "Three-month gap"), section(text, "Model with no gap")
    assert "* Good, because Intervention lead time: 8" in own_part
    assert re.search(
        r"^  \* at risk when “Gap before the window it predicts” is at most \d+ days", own_part, re.MULTILINE
    )
    assert "* Bad, because Intervention lead time: No flagged case can still be changed" in other
    assert section(text, "Do nothing").startswith("Things stay as they are")
    consequences = section(text, "Consequences").splitlines()
    assert any(line.startswith("* Good, because of “what it brings”: 1.") for line in consequences)
    assert any(line.startswith("* Bad, because of “cost of acting on it”: −4") for line in consequences)


def test_nothing_is_said_to_be_good_before_anything_is_known() -> None:
    text = page(decision("a b", {}))
    assert "### Consequences" not in text
    assert "Nothing can be compared yet" in section(text, "Decision Outcome")
    assert "### Confirmation" not in text
    assert "Neutral, because Value stream: Not known yet" in text


def test_what_is_typed_is_text_and_no_markup() -> None:
    text = page(nasty())
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(body(text))
    inline = [child for token in tokens for child in token.children or ()]
    assert not [
        token for token in (*tokens, *inline) if token.type in ("html_block", "html_inline", "link_open", "image")
    ]
    assert not [token for token in tokens if token.type in ("fence", "code_block", "table_open", "hr", "lheading_open")]
    assert headings(text)[0][1].startswith(" ".join(HOSTILE.split())[:60])
    assert not set(text) & {"\x00", "\u202e", "\u2066", "\u2028"}
    assert head(text)["status"] == "accepted"
    assert any(HOSTILE[:50] in name for name in head(text)["decision-makers"])


@given(st.text(max_size=60))
def test_any_text_is_one_paragraph_that_reads_as_typed(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(typed(text))
    shown = "".join(plain(token) for token in tokens if token.type == "inline")
    expected = " ".join(
        re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", "\ufffd", text).split()
    )
    assert shown == expected
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


@given(st.text(min_size=1, max_size=40))
def test_any_name_survives_the_front_matter(name: str) -> None:
    text = page(changed(decided(), outcome=decided().outcome.model_copy(update={"informed": (Voice(who=name),)})))
    assert head(text)["informed"] == [name]


# ---- CSV


def table(seen: Assessment) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exports.answers(seen), newline="")))


def lines(seen: Assessment, key: str) -> list[dict[str, str]]:
    return [line for line in table(seen) if line["answer"] == key]


def test_a_range_a_number_and_what_differs_by_option() -> None:
    seen = assessed(
        decision(
            "a b",
            {
                **PLAIN,
                "value_stream.effect": rng(0.05, 0.1, 0.2),
                "value_stream.running": own(a=300.0, b=rng(1, 2, 3)),
                "value_stream.worth": RequirementValue(limit=-500.0, confidence=0.9),
            },
        )
    )
    (uses,) = lines(seen, "value_stream.uses")
    assert uses == dict(
        zip(
            COLUMNS,
            ("value_stream.uses", "Value stream", "Uses a month", "", "given", "1000", "", "", "", "uses a month",
             "estimated", "", "", ""),
            strict=True,
        )
    )  # fmt: skip
    (effect,) = lines(seen, "value_stream.effect")
    assert [effect[name] for name in ("value", "low", "likely", "high")] == ["", "0.05", "0.1", "0.2"]
    running = lines(seen, "value_stream.running")
    assert [(line["option"], line["value"], line["likely"], line["unit"]) for line in running] == [
        ("A", "300", "", "USD a month"),
        ("B", "", "2", "USD a month"),
    ]
    late = assessed(decision("a", {**ACTING, "lead_time.persuasion": spread(rng(1, 2.5, 3), 9.0)}))
    persuasion = lines(late, "lead_time.persuasion")
    assert [line["question"].rpartition(" › ")[2] for line in persuasion] == ["typical", "1 in 20 above"]
    assert [(line["low"], line["value"]) for line in persuasion] == [("1", ""), ("", "9")]
    worth = lines(seen, "value_stream.worth")
    assert [(line["question"], line["value"], line["unit"]) for line in worth] == [
        ("Worth a year, once live › limit", "-500", "USD a year"),
        ("Worth a year, once live › confidence", "0.9", "share"),
    ]


def test_states_and_evidence() -> None:
    said = Evidence(kind="quoted", who="Ann", source="Mail of May", note="both sites")
    person = PersonalEstimate(who="Bob", value=rng(1, 2, 3), evidence=Evidence(kind="measured"))
    document = decision("a", {**PLAIN, "value_stream.uses": Answer(value=5.0, evidence=said, estimates=(person,))})
    document = edits.say_unknown(document, "value_stream.value")
    first, second = lines(assessed(document), "value_stream.uses")
    assert [first[name] for name in ("state", "evidence", "who", "source", "note")] == [
        "given", "quoted", "Ann", "Mail of May", "both sites",
    ]  # fmt: skip
    assert [second[name] for name in ("state", "likely", "evidence", "who")] == [
        "one person's estimate", "2", "measured", "Bob",
    ]  # fmt: skip
    (value,) = lines(assessed(document), "value_stream.value")
    assert (value["state"], value["value"], value["evidence"]) == ("unknown", "", "")
    (worth, _) = lines(assessed(document), "value_stream.worth")
    assert (worth["state"], worth["evidence"]) == ("default", "default")
    assert worth["source"]
    assert "as of 20" in worth["note"]


def test_lists_choices_and_weights_are_taken_apart() -> None:
    rows = (
        Row(id="one", cells={"task": "Design", "days": rng(1, 2, 4)}),
        Row(id="two", cells={"task": "=Build", "days": 5.0}),
    )
    plan = lines(assessed(decision("a", {**PLAIN, "deadline.planned": "yes", "deadline.plan": rows})), "deadline.plan")
    assert [(line["question"], line["value"], line["likely"], line["unit"]) for line in plan] == [
        ("Tasks › “Design” › Task", "Design", "", ""),
        ("Tasks › “Design” › Takes", "", "2", "working days"),
        ("Tasks › “=Build” › Task", "'=Build", "", ""),
        ("Tasks › “=Build” › Takes", "5", "", "working days"),
    ]
    weighed = decision("a", {**PLAIN, "licences.theirs": WeightsValue(weights={"yes": 1.0, "no": 3.0})})
    assert [(line["value"], line["unit"]) for line in lines(assessed(weighed), "licences.theirs")] == [
        ("0.25", "share"), ("0.75", "share"),
    ]  # fmt: skip


@pytest.mark.parametrize("key", keys())
def test_every_example_has_each_given_answer_in_its_table(key: str) -> None:
    seen = found(key)
    said = table(seen)
    assert {line["consideration"] for line in said} <= {each.name for each in seen.registry.values()}
    asked = {
        question.key
        for each in seen.registry.values()
        for question in each.questions.values()
        for option in seen.decision.options
        if seen.world.asked(question, option.key) and option.key != "do_nothing" and not option.phases
        and seen.world.value(question.key, option.key)[1] not in (None, ())
    }  # fmt: skip
    assert asked <= {line["answer"] for line in said}
    for line in said:
        for name in ("low", "likely", "high"):
            assert line[name] == "" or float(line[name]) is not None
        assert bool(line["low"]) == bool(line["likely"]) == bool(line["high"])


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n=", " =", "\ufeff=", "\uff1d"])
def test_no_cell_is_a_formula(sign: str) -> None:
    attack = f"{sign}cmd|' /C calc'!A0"
    assert cell(attack) == f"'{attack}".replace("\n=", "\n'=")
    note = Evidence(who=attack, source=attack, note=f"fine;{attack}")
    document = decision("a", {**PLAIN, "value_stream.uses": Answer(value=-0.0, evidence=note)})
    document = edits.rename_option(document, "a", "=1+1")
    (line,) = lines(assessed(document), "value_stream.uses")
    assert (line["who"][0], line["source"][0]) == ("'", "'")
    assert line["note"].startswith("fine;")
    assert line["value"] == "0"


@given(st.text(max_size=30))
def test_cells_come_back_and_begin_with_no_sign(text: str) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow([cell(text), "end"])
    (row,) = csv.reader(io.StringIO(target.getvalue(), newline=""))
    assert row == [cell(text), "end"]
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@"))
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "\ufffd", text)
    assert cell(text).replace("'", "") == kept.replace("'", ""), "nothing else is lost"


@given(st.floats(-1e15, 1e15))
def test_numbers_stay_numbers(number: float) -> None:
    assert float(cell(number)) == number


def test_a_hostile_decision_keeps_its_columns() -> None:
    seen = assess(nasty(), on=ON, size=2**6)
    rows = list(csv.reader(io.StringIO(exports.answers(seen), newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert any(HOSTILE in row for row in rows)
    assert any(part.replace("\ufffd", "\x00") == BIDI for row in rows for part in row)


# ---- the schema


def validate(said: Any) -> None:
    jsonschema.Draft202012Validator(exports.assessment_schema()).validate(json.loads(report.as_json(said)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(exports.assessment_schema())


@pytest.mark.parametrize("key", keys())
def test_every_example_fits_the_schema(key: str) -> None:
    seen = found(key)
    flips = {option: seen.flips(option) for option in list(seen.options)[:1]}
    record = Record(printed(assess(example(key), on=date(2026, 6, 1), size=2**8)), seen)
    said = report.data(seen, flips)
    validate(said)
    validate({**said, "since_record": record.data()})
    with pytest.raises(jsonschema.ValidationError):
        validate({**said, "colour": "red"})
    del said["options"][0]["payoff"]["p10"]
    with pytest.raises(jsonschema.ValidationError):
        validate(said)


def test_a_decision_of_which_nothing_is_known_fits_the_schema() -> None:
    seen = assessed(decision("a", {}))
    validate(report.data(seen, {}))
    assert seen.provisional


def test_the_note_says_what_would_change_the_recommendation_and_what_was_worth_finding_out() -> None:
    found = assess(example("churn"), on=ON)
    note = exports.markdown(found, made_at=MADE, flips={})
    assert "“Do nothing” leads instead of “Three-month gap” when" in note
    assert "Find out “Listen to recorded calls” first" in note
    assert "* Two weeks of new calls, noted: tells “" in note
    assert "a pilot with 300; costs 2,000 USD; 10 days" in note
    assert "costs 800 USD and 6 USD a case" in note
