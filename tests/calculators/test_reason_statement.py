"""Sample statements: shaped by the duty, the heaviest first, never a catch-all; checklists with citations."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators._duties_words import GIVES, LEVELS
from shipworthy.calculators.duties import Case, Required, applicable, judge, required
from shipworthy.calculators.reason_statement import _LINES, USUAL_MOST, Telling, checklist, statement, telling
from shipworthy.errors import InputError

DAY = date(2026, 11, 20)
SUM = telling("additive", ["additive"])
POINTS = [("Time in the present job", 12.0), ("Savings", -5.0), ("Debt in relation to income", 30.0), ("Age of the account", 0.0)]  # fmt: skip


def asked(where: str, bureau: str = "no", automation: str = "solely", **known: Any) -> Required:
    facts = {"domains": frozenset({"credit"}), "effect": "adverse", "people": frozenset({"consumers"}), **known}
    return required(
        applicable(Case(on=DAY, affected=frozenset({where}), bureau=bureau, automation=automation, **facts))
    )


def bare(level: str, most: int | None = None, *gives: str) -> Required:
    return Required(level, (), {}, gives, most, False, (), (), level, ())


def reasons(text: str) -> list[str]:
    return [line.split(". ", 1)[1] for line in text.splitlines() if line[:1].isdigit()]


def test_reasons_in_the_us_are_those_that_hurt_the_heaviest_first() -> None:
    text = statement(asked("US"), POINTS)
    assert reasons(text) == ["Debt in relation to income", "Time in the present job"]
    assert "points" not in text
    assert "Savings" not in text
    assert "changed" not in text


def test_bureau_data_add_the_agency_and_the_score() -> None:
    text = statement(asked("US", bureau="yes"), POINTS)
    assert "The agency did not take this decision" in text
    assert "[up to four key factors]" in text
    assert "free copy of the report" in text
    assert "agency" not in statement(asked("US"), POINTS)


def test_the_logic_in_the_eu_adds_the_data_what_changes_and_the_rights() -> None:
    text = statement(asked("EU"), POINTS, how=SUM)
    assert "Against you counted 42 points" in text
    assert (
        "Data that were used: time in the present job, savings, debt in relation to income and age of the account."
        in text
    )
    assert "- Debt in relation to income: at a value that costs nothing, the sum would be 30 points better." in text
    for right in ("a person to look at this again", "You may contest it", "your side", "What this means for you"):
        assert right in text
    human = statement(asked("EU", automation="human"), POINTS)
    assert "You may contest it" not in human
    assert "a person to look at this again" in human


def test_own_words_for_data_and_changes_replace_those_made() -> None:
    changes = ["With debts below 40 % of income the loan would have been granted."]
    text = statement(
        asked("EU"),
        POINTS,
        data_used=["Income", "IBAN"],
        how=Telling("sum", changes=tuple(changes)),
        subject="your loan",
    )
    assert "Data that were used: income and IBAN." in text
    assert f"- {changes[0]}" in text
    assert "at a value" not in text
    assert text.startswith("We decided on your loan: [declined / granted on worse terms / ended].")


def test_a_notice_says_what_it_looks_at_and_no_reason() -> None:
    hiring = asked("US-NYC", domains=frozenset({"hiring"}), effect="ranking", people=frozenset({"staff"}))
    text = statement(hiring, [("Years in a like job", 3.0)])
    assert text == (
        "An automated system is used to decide, or to help decide, on your application. It looks at: years in a like job."
    )
    chat = asked("EU", domains=frozenset({"chat"}), effect="none")
    assert statement(chat) == "You are talking to an AI, not to a person."
    assert "[kinds of data]" in statement(bare("notice"))
    assert statement(asked("JP"), POINTS) == "No explanation is owed to the person."


@pytest.mark.parametrize(("most", "named", "shown"), [(None, 4, 4), (2, 4, 2), (6, 4, 4), (6, None, 6), (None, None, USUAL_MOST)])  # fmt: skip
def test_no_more_reasons_than_a_duty_expects(most: int | None, named: int | None, shown: int) -> None:
    many = [(f"Feature {letter}", float(place)) for place, letter in enumerate("abcdefgh", start=1)]
    found = reasons(statement(bare("reasons", named), many, most))
    assert found == [feature for feature, _ in reversed(many)][:shown]


@pytest.mark.parametrize(
    "words",
    [
        "Did not meet internal standards", "Insufficient score", "Credit score too low", "Score below the limit", "Internal policy",
        "You didn't meet our criteria", "Failed to qualify", "The model decided", "Algorithm output", "Other", "Various reasons",
        "A combination of factors", "Lending guidelines", "Did not reach the minimum score", "Not enough points", "Overall risk",
        "Credit policy", "The model's score", "Low overall score", "policy", "The algorithm",
    ],
)  # fmt: skip
def test_catch_alls_are_refused(words: str) -> None:
    with pytest.raises(InputError, match="fits anybody; name what it was about this person"):
        statement(asked("US"), [(words, 5.0)])


@pytest.mark.parametrize(
    "words",
    [
        "Time in the present job", "Debt in relation to income", "Did not meet the due dates of an earlier loan", "Low income",
        "Number of recent inquiries", "Poor energy rating of the house", "Number of other loans", "Length of the credit history",
        "Age of the oldest account", "Late payments on other accounts", "Income could not be verified", "Missed rent", "Few points of sale",
        "Low number of system administrators in the team",
    ],
)  # fmt: skip
def test_reasons_about_a_person_are_not_refused(words: str) -> None:
    assert reasons(statement(asked("US"), [(words, 5.0)])) == [words]


def test_bad_input_in_words() -> None:
    with pytest.raises(InputError, match="nothing cost this person points"):
        statement(asked("US"), [("Savings", -5.0)])
    with pytest.raises(InputError, match="nothing cost this person points"):
        statement(asked("EU"))
    with pytest.raises(InputError, match="it has no words"):
        statement(asked("US"), [("  ", 5.0)])
    with pytest.raises(InputError, match="“Savings” has no number of points"):
        statement(asked("US"), [("Savings", float("nan"))])
    with pytest.raises(InputError, match="Most reasons: 0 was found"):
        statement(asked("US"), POINTS, 0)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Debt", "Income", "Job", "Rent", "Car"]), st.floats(-50, 50)), min_size=1, max_size=9
    ),
    st.sampled_from(["reasons", "logic"]),
    st.one_of(st.none(), st.integers(1, 6)),
)
def test_never_a_reason_that_helped_and_never_too_many(
    points: list[tuple[str, float]], level: str, most: int | None
) -> None:
    hurt = sorted((cost for _, cost in points if cost > 0), reverse=True)
    if not hurt:
        with pytest.raises(InputError):
            statement(bare(level, 4), points, most)
        return
    found = reasons(statement(bare(level, 4), points, most))
    assert len(found) == min(len(hurt), 4, most or 4)
    assert found == [name for name, cost in sorted(points, key=lambda each: -each[1]) if cost > 0][: len(found)]


def test_every_line_is_one_that_a_duty_can_ask_for() -> None:
    assert set(_LINES) <= set(GIVES)
    for level in LEVELS:
        text = statement(bare(level, None, *GIVES), POINTS)
        assert all(line in text for line in _LINES.values())
        assert "  " not in text


def test_the_checklist_has_citations_and_dates_and_leaves_out_what_does_not_count() -> None:
    known = Case(on=DAY, affected=frozenset({"US-CO"}), domains=frozenset({"credit"}), effect="adverse", bureau="yes",
                 automation="solely", people=frozenset({"consumers"}))  # fmt: skip
    verdicts = applicable(known)
    lines = checklist(iter(verdicts))
    assert len(lines) == sum(each.applies != "no" for each in verdicts)
    assert "12 CFR 1002.9(a)(2)" in lines[0]
    assert "As of 2026-11-20; the primary text or data was read, not all of it verified." in lines[0]
    assert any(line.startswith("From 2027-01-01: ") and "SB 26-189" in line for line in lines)
    assert any(line.startswith("Depends on whether people who are approved") for line in lines)
    assert not any("2022-03" in line or "SR 26-2" in line for line in lines)
    assert checklist([judge("US-CFPB-CIRC", known)]) == []


def test_the_decision_is_told_and_not_put_off() -> None:
    text = statement(asked("US"), POINTS)
    assert text.startswith("We decided on your application: [declined / granted on worse terms / ended].\n")
    assert "could not" not in text


def test_where_only_something_might_be_owed_its_shape_is_shown() -> None:
    unknown = asked("EU", automation="unknown", domains=frozenset({"general"}))
    assert (unknown.level, unknown.possible) == ("none", "logic")
    text = statement(unknown, POINTS)
    assert text.startswith(
        "Nothing has surely to be explained to the person. Where what might apply does, it is the logic applied, so that the "
        "person can follow and contest it, such as this:\nWe decided on your application: "
    )
    assert "1. Debt in relation to income" in text
    assert "You may contest it" in text
    assert "No explanation is owed" not in text


def test_the_checklist_says_what_a_duty_takes_for_granted() -> None:
    lines = checklist(applicable(Case(on=DAY, affected=frozenset({"EU"}), domains=frozenset({"credit"}), effect="adverse",
                                      automation="solely", people=frozenset({"consumers"}))))  # fmt: skip
    (credit,) = [line for line in lines if "2023/2225" in line]
    assert credit.startswith(
        "Taken to apply, unless the loans are above 100,000 EUR or secured on a home: check that first. "
    )
    (alone,) = [line for line in lines if "GDPR Art 22;" in line]
    assert alone.startswith(
        "First a ground that allows a machine to decide alone: a contract that needs it, a law, or "
    )
