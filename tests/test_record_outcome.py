"""The outcome in the record: what would reopen it, who was asked, told and disagreed, what was expected and what came."""

from datetime import date

from records import MADE, ON, Page, changed, record_of

from shipworthy.decision import Condition, Forecast, Outcome, RangeValue, Trigger, Voice
from shipworthy.examples import example

TRIGGERS = (
    Trigger(kind="answer", answer="lead_time.persuasion", side="at_least", value=76.5, note="Intervention lead time is at risk from there"),
    Trigger(kind="starts", table="duties", row="EU-AIA-86"),
    Trigger(kind="older", table="gpus", value=180.0),
    Trigger(kind="on", day=date(2027, 3, 1)),
)  # fmt: skip


def page_of(**outcome: object) -> str:
    return Page(
        record_of(
            changed(
                example("churn"),
                outcome=Outcome.model_validate({"chosen": "two_month_gap", "decided_at": MADE, **outcome}),
            )
        )
    ).shown


def test_triggers_stand_before_what_was_typed_freely_on_the_first_page_and_in_full() -> None:
    page = page_of(triggers=TRIGGERS, reopen=tuple(f"Thing {number}" for number in range(5)))
    told = (
        "“Intervention lead time › Persuasion: first talk to decision” is at least 76.5 days (Intervention lead time is at risk from there)",
        "the duty EU-AIA-86 starts", "the table gpus is older than 180 days", "1 March 2027 has come",
    )  # fmt: skip
    for each in told:
        assert page.count(each) == 2, "once on the first page, once in full"
    assert "Thing 1" in page
    assert "and 3 more, in full" in page
    assert page.index(told[0]) < page.index("Thing 0")


def test_those_who_were_asked_told_and_disagreed_speak_in_their_own_words() -> None:
    page = page_of(
        consulted=(Voice(who="Ada", text="Yes, if sales agrees."),), informed=(Voice(who="Bo"),),
        dissent=(Voice(who="Cem", text="I would wait for the pilot."), Voice(who="Dua")),
    )  # fmt: skip
    assert "Disagreed Cem, Dua: in their own words" in " ".join(page.split())
    for words in ("Consulted", "Ada: Yes, if sales agrees.", "Informed", "Cem: I would wait for the pilot."):
        assert words in page


def test_a_condition_that_was_met_says_so() -> None:
    page = page_of(conditions=(Condition(text="Sales agrees", owner="Ada", by=date(2027, 1, 31), done=ON),))
    assert "Sales agrees (Ada, by 31 January 2027) done on 20 November 2026" in page


def test_what_was_expected_and_what_came() -> None:
    forecasts = (
        Forecast(answer="lead_time.success", expected=RangeValue(low=0.11, likely=0.2, high=0.3), unit="share", came=0.24, came_on=ON),
        Forecast(answer="lead_time.gap", option="two_month_gap", expected=RangeValue(low=55.0, likely=61.0, high=70.0), unit="days", came=80.0),
        Forecast(answer="explainability.stands", expected=0.3, chance=True, came=1.0),
        Forecast(answer="lead_time.recall", expected=RangeValue(low=0.3, likely=0.4, high=0.5)),
    )  # fmt: skip
    page = page_of(forecasts=forecasts)
    for words in (
        "What was expected, and what came",
        "Intervention lead time › Success of an intervention 20 % (11 % to 30 %) 24 % 20 November 2026",
        "for “Two-month gap” 61 days (55 to 70) 80 days –",
        "a chance of 30 % it came",
        "1 of 2 ranges held what came (50 %; 80 % were meant to).",
        "The Brier score of 1 chance is 0.49",
        "1 answer is kept as expected when it was decided",
    ):
        assert words in " ".join(page.split()), words


def test_nothing_came_yet_is_one_sentence() -> None:
    page = page_of(
        forecasts=(Forecast(answer="lead_time.gap", expected=61.0), Forecast(answer="lead_time.recall", expected=0.4))
    )
    assert "2 answers are kept as expected when it was decided, to be held against what comes." in page
    assert "What was expected, and what came" not in page


def test_an_open_decision_has_no_outcome() -> None:
    page = Page(record_of(example("churn"))).shown
    for words in ("The outcome in full", "Disagreed", "Reopen when", "kept as expected"):
        assert words not in page


def test_one_number_is_told_apart_with_how_far_off_it_was() -> None:
    forecasts = (
        Forecast(answer="lead_time.gap", expected=61.0, unit="days", came=80.0),
        Forecast(answer="lead_time.success", expected=0.2, unit="share", came=0.15),
        Forecast(
            answer="lead_time.recall", expected=RangeValue(low=0.3, likely=0.4, high=0.5), unit="share", came=0.45
        ),
    )
    page = " ".join(page_of(forecasts=forecasts).split())
    for words in (
        "61 days 80 days, 19 days more", "20 % 15 %, 5 percentage points less", "1 of 1 range held what came",
        "1 forecast was one number without a range: it was off by 19 days.",
        "1 forecast was one number without a range: it was off by 5 percentage points.",
    ):  # fmt: skip
        assert words in page, words
