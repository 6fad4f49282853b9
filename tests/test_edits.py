"""Edits: each makes the next document, leaves the old one alone, and changes nothing beside what it is for."""

from datetime import timedelta
from typing import Any

import pytest
from decisions import PLAIN, decision, own, rng
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shipworthy import edits
from shipworthy.considerations import check, open_text, with_dimensions
from shipworthy.decision import DO_NOTHING, Answer, Decision, Evidence, Option, Outcome, RangeValue, new_decision, now
from shipworthy.documents import write
from shipworthy.errors import InputError

EFFECT = "value_stream.effect"


def small(**more: Any) -> Decision:
    return decision("a b", {"value_stream.uses": 1000, EFFECT: own(a=0.1, b=rng(0.1, 0.2, 0.3)), **more})


def test_an_answer_is_given_and_taken_back() -> None:
    before = small()
    text = write(before)
    after = edits.say(before, "cost.flat_price", 12.0)
    answer = after.answer("cost.flat_price")
    assert answer is not None
    assert (answer.state, answer.value, answer.differs) == ("given", 12.0, False)
    assert answer.evidence.at is not None
    assert edits.reset(after, "cost.flat_price").answers == before.answers  # no empty group is left behind
    assert edits.reset(before, "cost.flat_price").answers == before.answers
    assert write(before) == text


def test_one_options_own_value_leaves_the_others_alone() -> None:
    after = edits.say(small(), EFFECT, 0.5, "a")
    answer = after.answer(EFFECT)
    assert answer is not None
    assert (answer.own("a"), answer.own("b")) == (0.5, rng(0.1, 0.2, 0.3))
    assert answer.value is None


def test_naming_an_option_where_none_differ_answers_for_all() -> None:
    after = edits.say(small(), "value_stream.uses", 5.0, "a")
    answer = after.answer("value_stream.uses")
    assert answer is not None
    assert answer.by_option == {}
    assert answer.value == 5.0


def test_giving_an_answer_over_a_default_makes_it_the_teams_own() -> None:
    stands = Answer(state="default", value=1.0, evidence=Evidence(kind="default", source="a table"))
    after = edits.say(decision("a", {"value_stream.uses": stands}), "value_stream.uses", 2.0)
    answer = after.answer("value_stream.uses")
    assert answer is not None
    assert (answer.state, answer.evidence.kind) == ("given", "estimated")
    measured = Answer(value=1.0, evidence=Evidence(kind="measured"))
    again = edits.say(decision("a", {"value_stream.uses": measured}), "value_stream.uses", 2.0).answer(
        "value_stream.uses"
    )
    assert again is not None
    assert again.evidence.kind == "measured"


def test_unknown_keeps_what_stood_there_and_confirming_brings_it_back() -> None:
    unknown = edits.say_unknown(small(), "value_stream.uses")
    answer = unknown.answer("value_stream.uses")
    assert answer is not None
    assert (answer.state, answer.value) == ("unknown", 1000.0)
    back = edits.confirm(unknown, "value_stream.uses", None).answer("value_stream.uses")
    assert back is not None
    assert (back.state, back.value) == ("given", 1000.0)


def test_unknown_for_one_option_only() -> None:
    answer = edits.say_unknown(small(), EFFECT, "a").answer(EFFECT)
    assert answer is not None
    assert (answer.state, answer.own("a"), answer.own("b")) == ("given", None, rng(0.1, 0.2, 0.3))


def test_confirming_a_declared_default_says_where_it_came_from() -> None:
    answer = edits.confirm(small(), "value_stream.period", 3.0, "planning default").answer("value_stream.period")
    assert answer is not None
    assert (answer.state, answer.value, answer.evidence.kind, answer.evidence.source) == (
        "given",
        3.0,
        "default",
        "planning default",
    )


def test_confirming_keeps_evidence_that_is_there() -> None:
    stands = Answer(state="default", value=1.0, evidence=Evidence(kind="quoted", who="Ann", source="offer 12"))
    answer = edits.confirm(decision("a", {"value_stream.uses": stands}), "value_stream.uses", 9.0, "table").answer(
        "value_stream.uses"
    )
    assert answer is not None
    assert (answer.value, answer.evidence.kind, answer.evidence.who, answer.evidence.source) == (
        1.0,
        "quoted",
        "Ann",
        "offer 12",
    )


def test_options_that_begin_to_differ_start_from_the_shared_answer() -> None:
    after = edits.differ(decision("a b", {EFFECT: 0.2}), EFFECT, True)
    answer = after.answer(EFFECT)
    assert answer is not None
    assert answer.by_option == {"a": 0.2, "b": 0.2}
    back = edits.differ(edits.say(after, EFFECT, 0.9, "a"), EFFECT, False).answer(EFFECT)
    assert back is not None
    assert (back.own("a"), back.own("b")) == (0.2, 0.2)
    again = edits.differ(edits.differ(edits.say(after, EFFECT, 0.9, "a"), EFFECT, False), EFFECT, True).answer(EFFECT)
    assert again is not None
    assert again.own("a") == 0.9  # what an option had of its own is still there


@pytest.mark.parametrize("state", ["given", "default", "unknown"])
def test_differing_confirms_nothing_and_brings_back_nothing_unknown(state: Any) -> None:
    before = decision("a b", {EFFECT: Answer(state=state, value=0.2)})
    answer = edits.differ(before, EFFECT, True).answer(EFFECT)
    assert answer is not None
    assert answer.state == state
    assert answer.by_option == ({} if state == "unknown" else {"a": 0.2, "b": 0.2})
    fresh = edits.differ(decision("a", {}), "value_stream.wrong", True, 0.0).answer("value_stream.wrong")
    assert fresh is not None
    assert (fresh.state, fresh.evidence.kind, fresh.by_option) == ("default", "default", {"a": 0.0})
    nothing = edits.differ(decision("a", {}), EFFECT, True).answer(EFFECT)
    assert nothing is not None
    assert (nothing.state, nothing.by_option) == ("unknown", {})


def test_evidence_does_not_change_the_answer() -> None:
    evidence = Evidence(kind="measured", who="Ann", source="pilot")
    after = edits.with_evidence(small(), "value_stream.uses", evidence)
    answer = after.answer("value_stream.uses")
    assert answer is not None
    assert (answer.value, answer.state, answer.evidence) == (1000.0, "given", evidence)


def test_the_frame_is_validated_as_a_whole() -> None:
    assert edits.with_frame(small(), title="Other", users="All").frame.title == "Other"
    for wrong in ({"title": ""}, {"colour": "red"}, {"kind": "thing"}, {"title": "\ud800"}):
        with pytest.raises(ValidationError):
            edits.with_frame(small(), **wrong)


def test_options_are_added_before_do_nothing() -> None:
    after = edits.add_option(small(), "  Small   hosted model ")
    assert [each.key for each in after.options] == ["a", "b", "small_hosted_model", DO_NOTHING]
    assert after.option("small_hosted_model").name == "Small hosted model"


def test_a_copy_has_all_answers_of_its_original() -> None:
    after = edits.add_option(small(), "A again", copy_of="a")
    answer = after.answer(EFFECT)
    assert answer is not None
    assert [each.key for each in after.options] == ["a", "a_again", "b", DO_NOTHING]
    assert answer.own("a_again") == answer.own("a") == 0.1
    changed = edits.say(after, EFFECT, 0.7, "a_again").answer(EFFECT)
    assert changed is not None
    assert (changed.own("a"), changed.own("a_again")) == (0.1, 0.7)


@pytest.mark.parametrize(
    ("name", "key"),
    [("A!", "a_2"), ("Größe & Co", "groe_co"), ("日本", "option"), ("-- 9 lives", "9_lives"), ("x" * 100, "x" * 40)],
)
def test_keys_are_made_from_names(name: str, key: str) -> None:
    made = edits.add_option(small(), name)
    assert made.options[-2].key == key
    open_text(write(made))


def test_a_key_is_not_given_again_to_another_option() -> None:
    # a new option must not continue the draws of one that was removed
    first = with_dimensions(small(**{EFFECT: Answer(value=rng(0.1, 0.2, 0.3), independent=True)}))
    assert f"{EFFECT}@a" in first.dimensions
    again = edits.add_option(edits.remove_option(first, "a"), "A")
    assert again.options[-2].key == "a_2"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_names_that_are_none(name: str) -> None:
    for attempt in (lambda: edits.add_option(small(), name), lambda: edits.rename_option(small(), "a", name)):
        with pytest.raises(InputError, match="Options: the name"):
            attempt()


def test_a_seventh_option_is_refused() -> None:
    document = small()
    for number in range(3):
        document = edits.add_option(document, f"More {number}")
    with pytest.raises(InputError, match="Options: 6 are there already"):
        edits.add_option(document, "One too many")
    with pytest.raises(InputError, match="Options: 6 are there already"):
        edits.add_option(document, "One too many", copy_of="a")


def test_renaming_keeps_the_key_and_its_answers() -> None:
    after = edits.rename_option(small(), "a", "Alpha")
    assert (after.options[0].key, after.options[0].name) == ("a", "Alpha")
    assert after.answers == small().answers


def test_removing_an_option_removes_every_trace() -> None:
    options = (Option(key="a", name="A"), Option(key="b", name="B"), Option(key="ab", name="AB", phases=("a", "b")))
    document = decision(options, {EFFECT: own(a=0.1, b=0.2)}, outcome=Outcome(chosen="a", reasons="because"))
    after = edits.remove_option(document, "a")
    answer = after.answer(EFFECT)
    assert answer is not None
    assert answer.by_option == {"b": 0.2}
    assert after.option("ab").phases == ("b",)
    assert (after.outcome.chosen, after.outcome.reasons) == (None, "because")
    assert open_text(write(after)) == after


def test_do_nothing_stays() -> None:
    with pytest.raises(InputError, match="“Do nothing” always stays"):
        edits.remove_option(small(), DO_NOTHING)


def test_changes_of_one_thing_go_on_one_line_of_the_log() -> None:
    document = edits.logged(small(), "Uses a month", "changed", "1,000", "1,100", "Ann")
    document = edits.logged(document, "Uses a month", "changed", "1,100", "1,200", "Ann")
    assert [(each.before, each.after) for each in document.log] == [("1,000", "1,200")]
    document = edits.logged(document, "Uses a month", "changed", "1,200", "1,300", "Ben")
    document = edits.logged(document, "Value of one effect", "changed", "50", "60", "Ben")
    assert len(document.log) == 3
    assert all(each.at.tzinfo is not None for each in document.log)


def test_a_change_an_hour_later_is_a_line_of_its_own() -> None:
    document = edits.logged(small(), "Uses a month", "changed", "1,000", "1,100")
    earlier = document.log[0].model_copy(update={"at": now() - timedelta(hours=1)})
    document = edits.logged(
        document.model_copy(update={"log": (earlier,)}), "Uses a month", "changed", "1,100", "1,200"
    )
    assert [(each.before, each.after) for each in document.log] == [("1,000", "1,100"), ("1,100", "1,200")]


def test_the_log_does_not_grow_beyond_what_a_document_holds() -> None:
    entry = edits.logged(small(), "x", "y").log[0]
    full = small().model_copy(update={"log": (entry,) * 20_000})
    after = edits.logged(full, "Uses a month", "changed")
    assert len(after.log) == 20_000
    assert after.log[-1].path == "Uses a month"


EDITS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from([EFFECT, "value_stream.value", "value_stream.one_off"]), st.sampled_from([0.5, rng(1, 2, 3)]), st.sampled_from(["a", None])),
    st.tuples(st.just("say_unknown"), st.sampled_from([EFFECT, "value_stream.value"]), st.sampled_from(["a", None])),
    st.tuples(st.just("differ"), st.sampled_from([EFFECT, "value_stream.one_off"]), st.booleans()),
    st.tuples(st.just("reset"), st.sampled_from([EFFECT, "value_stream.value"])),
    st.tuples(st.just("add_option"), st.sampled_from(["New", "A", "Größe"]), st.sampled_from([None, "b"])),
    st.tuples(st.just("rename_option"), st.sampled_from(["a", "b"]), st.sampled_from(["X", "Y"])),
    st.tuples(st.just("remove_option"), st.sampled_from(["a", "new"])),
)  # fmt: skip


@given(st.lists(EDITS, max_size=8))
def test_after_any_edits_the_document_is_whole_and_the_old_one_untouched(steps: list[tuple[Any, ...]]) -> None:
    document = first = decision("a b", PLAIN)
    text = write(first)
    for name, *arguments in steps:
        try:
            document = getattr(edits, name)(document, *arguments)
        except InputError:
            continue
        document = with_dimensions(document)
        check(document)
        assert open_text(write(document)) == document
        assert document.options[-1].key == DO_NOTHING
    assert write(first) == text


def test_values_are_kept_as_they_are() -> None:
    value = RangeValue(low=1.0, likely=2.0, high=3.0)
    answer = edits.say(small(), "value_stream.uses", value).answer("value_stream.uses")
    assert answer is not None
    assert answer.value is value


def test_two_options_never_have_one_name() -> None:
    document = edits.add_option(new_decision("Calls"), "Hosted")
    for again in ("Hosted", "  hosted "):
        with pytest.raises(InputError, match=r"there is one called “[Hh]osted” already"):
            edits.add_option(document, again)
    document = edits.add_option(document, "Own")
    with pytest.raises(InputError, match="there is one called “HOSTED” already"):
        edits.rename_option(document, "own", "HOSTED")
    assert edits.rename_option(document, "own", "OWN").option("own").name == "OWN"


def test_what_is_gone_is_not_copied() -> None:
    with pytest.raises(InputError, match="the one to copy is not there any more"):
        edits.add_option(new_decision("Calls"), "Copy", "gone")
