"""What is said of finding out: beside what is done first, without a cost, every uncertain answer, and what it delays."""

from datetime import datetime
from typing import Any

import pytest
from decisions import ACTING, ON, PLAIN, decision, own, rng

from shipworthy import _inquiry_words as words
from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import Answer, Inquiry
from shipworthy.examples import example
from shipworthy.inquiries import NOT_COMPARED, finding_out
from shipworthy.inquiry_figures import over_cases
from shipworthy.record import page
from shipworthy.words import total

EFFECT, COST = "value_stream.effect", "value_stream.one_off"
TWO = {**PLAIN, EFFECT: own(a=0.1, b=rng(0.04, 0.1, 0.16)), COST: own(a=20_000, b=rng(5_000, 20_000, 40_000))}
SHARE = {**ACTING, "lead_time.success": rng(0.3, 0.5, 0.7), COST: 180_000}


def assessed(answers: dict[str, Any], *inquiries: Inquiry) -> Assessment:
    return assess(decision("a b", answers, inquiries=inquiries), on=ON)


def said(answers: dict[str, Any], *inquiries: Inquiry) -> words.Told:
    assessment = assessed(answers, *inquiries)
    return words.told(finding_out(assessment), assessment)


def call(answer: str = EFFECT, **rest: Any) -> Inquiry:
    return Inquiry(**{"name": "Call", "answers": (answer,), **rest})


def test_what_is_done_first_is_named_where_it_counts() -> None:
    told = said(TWO, call(free=True, first=True), call(COST, name="Quote", once=50.0))
    assert "Each of the others is worth what it adds to “Call”, done first." in told.notes
    quote = said(TWO, call(once=1e6, first=True), call(COST, name="Quote", once=50.0))
    assert quote.finding.startswith("Find out “Quote” first: it is worth ")
    assert " USD beside “Call”, costs 50; " in quote.finding
    both = said(TWO, call(free=True, first=True), call(COST, name="Quote", once=50.0, first=True))
    assert "“Call” and “Quote” are done first: each of them is worth what it adds to the other." in [
        each.replace("“Quote” and “Call”", "“Call” and “Quote”") for each in both.notes
    ]
    assert not any("done first" in each for each in said(TWO, call(free=True)).notes)


def test_what_does_not_pay_beside_the_others_says_so() -> None:
    told = said(TWO, call(free=True, first=True), call(name="Again", once=70.0, first=True))
    assert any(
        each == "“Again” is done first although it does not pay, with “Call” done: choosing without it is expected to bring 70 "
        "USD more." for each in told.more
    )  # fmt: skip
    open_ = said(TWO, call(first=True))
    assert "“Call” is done first, and nobody has said yet what it costs." in open_.more


def test_a_cost_that_nobody_said_is_told_as_that() -> None:
    assessment = assessed(TWO, call(name="Ask about Effect of a use"))
    found = finding_out(assessment)
    told = words.told(found, assessment)
    worth = total(found.asked[0].worth)
    assert told.finding == f"“Ask about Effect of a use” is worth {worth} USD; nobody has said yet what it costs."
    assert told.rows[0] == ("Ask about Effect of a use (known afterwards)", worth, "not said yet", "–", "0", "–")
    assert told.leading == 2  # and the one-off cost, of which nobody has said how
    dearer = said(TWO, call(), call(COST, name="Quote", once=10.0))
    assert dearer.finding.startswith("Find out “Quote” first")
    assert [row[0].partition(" (")[0] for row in dearer.rows] == ["Quote", "Call"]
    nothing = said(TWO, call(free=True))
    assert "costs nothing" in nothing.finding
    assert nothing.rows[0][2] == "0"


def test_one_word_for_what_it_is_worth() -> None:
    told = said(TWO)
    assert told.head[1] == "Worth [USD]"
    assert told.finding.startswith("Knowing “Effect of a use” is worth ")
    assert not any("up to" in each for each in (told.finding, *told.notes, *told.head))


def test_a_sample_that_is_not_worth_it_shows_what_the_smallest_costs_and_its_curve() -> None:
    assessment = assessed(SHARE, call("lead_time.success", kind="pilot", once=800.0, each=90_000.0, days=2.0))
    found = finding_out(assessment)
    (row,) = words.told(found, assessment).rows
    assert row[1:4] == ("less than it costs", "at least 91k", "2 days")
    assert row[-1] == "does not pay"
    figure = over_cases(found.asked[0], "USD")
    assert figure is not None
    assert [len(trace["x"]) for trace in figure.plotly["data"]] == [5, 5, 5]
    assert figure.plotly["data"][0]["y"][-1] > 0
    nothing = said(
        {**SHARE, "lead_time.success": rng(0.49, 0.5, 0.51), COST: 30_000},
        call("lead_time.success", kind="pilot", once=800.0, each=6.0),
    )
    assert nothing.rows[-1][1:3] == ("no measurable value", "at least 806")


def test_the_chart_says_beside_what_and_that_nobody_said_a_cost() -> None:
    answers = {**SHARE, "lead_time.contact_rate": rng(0.6, 0.8, 0.9)}
    first = call("lead_time.contact_rate", name="Look it up", free=True, first=True)
    found = finding_out(assessed(answers, first, call("lead_time.success", kind="pilot")))
    figure = over_cases(next(each for each in found.asked if each.inquiry.kind == "pilot"), "USD")
    assert figure is not None
    assert "It is what this adds to “Look it up”, done first." in figure.caption
    assert "Nobody has said yet what it costs, so the smallest number is taken" in figure.caption


def test_every_uncertain_answer_is_listed_with_its_worth_or_the_noise() -> None:
    assessment = assess(example("churn"), on=ON)
    found = finding_out(assessment)
    told = words.told(found, assessment)
    assert len(told.every) == len(found.every) > 12
    assert told.every[0] == (
        "Success of an intervention, an unconfirmed default", "Intervention lead time", total(found.every[0].worth.value)
    )  # fmt: skip
    last = found.every[-1]
    assert told.every[-1][-1] == f"no measurable value: below {total(last.worth.floor)}"
    assert any("All are listed below." in each for each in told.notes)
    missing = said({**TWO, "value_stream.running": Answer(state="unknown")})
    assert missing.every[0] == ("Running cost", "Value stream", "not known at all yet")
    assert len(missing.every) == 3


def test_ways_stay_listed_while_nothing_can_be_compared() -> None:
    answers = {**TWO, "value_stream.value": Answer(state="unknown")}
    ways = call(once=5.0), call("value_stream.value", name="Ask sales")
    told = said(answers, *ways)
    assert [row[0] for row in told.rows] == [
        "Ask sales: Value of one effect; not known at all yet", "Call: Effect of a use; nothing can be compared yet"
    ]  # fmt: skip
    assert f"“Call”: {NOT_COMPARED}" in told.notes
    assert told.leading == 1
    text = page.make(assessed(answers, *ways), made_at=datetime(2026, 11, 20), with_charts=False)
    assert "Call: Effect of a use; nothing can be compared yet" in text


# ---- what it delays


@pytest.mark.parametrize(
    ("ways", "says"),
    [
        ((), ""),
        ((call(days=30.0),), ""),
        ((call(first=True),), ""),
        ((call(days=1.0, first=True),), "All launches are 1 day later, because “Call” is done first; without that “A” would bring 77k USD instead of 77k."),
        ((call(days=30.0, first=True), call(name="Other", days=73.0, first=True)),
         "All launches are 73 days later, because “Call” and “Other” are done first, side by side; without that “A” would bring 77k USD instead of 66k."),
    ],
)  # fmt: skip
def test_the_delay_is_told_with_what_it_costs(ways: tuple[Inquiry, ...], says: str) -> None:
    answers = {**PLAIN, COST: own(a=20_000, b=30_000)}
    told = words.delayed(assessed(answers, *ways))
    # 4500 a month for 657 days less 20,000 are 77,200; a day less of it is not seen, 73 days are 10,800
    assert told == says.replace("; without that “A” would bring 77k USD instead of 77k", "")


def test_nothing_is_done_only_because_of_the_delay_is_told() -> None:
    # 4500 a month over 657 days are 97,200: 90,000 are earned back, but not 100 days later
    answers = {**PLAIN, COST: own(a=90_000, b=95_000)}
    assessment = assessed(answers, call(days=100.0, first=True))
    assert assessment.recommended == "do_nothing"
    assert words.delayed(assessment) == (
        "All launches are 100 days later, because “Call” is done first. Only because of that “Do nothing” is ahead: without it "
        "“A” would be, with 7.2k USD."
    )
    text = page.make(assessment, made_at=datetime(2026, 11, 20), with_charts=False)
    assert "Only because of that “Do nothing” is ahead" in text


def test_the_delay_of_what_cannot_be_compared_is_told_alone() -> None:
    answers = {**TWO, "value_stream.value": Answer(state="unknown")}
    assert (
        words.delayed(assessed(answers, call(days=2.0, first=True)))
        == "All launches are 2 days later, because “Call” is done first."
    )


def test_the_front_of_the_record_tells_the_delay_and_the_fold_every_answer() -> None:
    document = example("churn")
    ways = tuple(each.model_copy(update={"first": True}) for each in document.inquiries[:1])
    assessment = assess(edits.with_inquiries(document, ways), on=ON)
    text = page.make(assessment, made_at=datetime(2026, 11, 20), with_charts=False)
    front = text[: text.index('id="between"')]
    assert "All launches are 2 days later" in front.replace("\u00a0", " ")
    assert f"<summary>Every uncertain answer ({len(finding_out(assessment).every)})</summary>" in text
    plain = page.make(assess(document, on=ON), made_at=datetime(2026, 11, 20), with_charts=False)
    assert "All launches are" not in plain
