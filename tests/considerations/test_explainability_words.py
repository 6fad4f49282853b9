"""What explainability says: on what it stands, lists for the team and for counsel, a sample statement, charts and table."""

import json
from datetime import date
from typing import Any

import pytest
from decisions import assessed, decision, own
from gates import LENDING, finding, lending, listed, said

from shipworthy.assess import Assessment
from shipworthy.considerations.base import Figure
from shipworthy.decision import Row

READY, SAMPLE = "What to have ready", "A sample of what the person is told"
COUNSEL, OTHERS = "What to ask counsel", "Duties that do not apply, and why"
KNOWN = "What else is known of these duties"
ADDITIVE: dict[str, Any] = {"family": "additive", "methods": ("additive",)}


def figures(found: Assessment, option: str = "a") -> dict[str, Figure]:
    usable = found.evaluations("explainability")
    made = found.registry["explainability"].figures(found.view("explainability", option), usable)
    return {figure.key: figure for figure in made}


def reason(what: str, points: float) -> Row:
    return Row(id=f"r{abs(points):.0f}", cells={"what": what, "points": points})


def test_which_duties_apply_and_how_many_might() -> None:
    told = finding(lending(affected=("US",)), "explainability").words.detail[0]
    assert told.startswith(
        "1 duty applies (Equal Credit Opportunity Act and Regulation B: adverse action notice); 5 might, "
    )
    assert "the first depending on " in told
    assert finding(lending(affected=("UK",)), "explainability").words.detail[0].startswith("2 duties apply (UK GDPR")
    assert finding(lending(affected=("JP",)), "explainability").words.detail[0] == "No duty applies."
    eu = finding(lending(), "explainability").words.detail[0]
    assert "5 duties apply" in eu  # the one that is disputed until it surely binds is counted once, as to come
    assert "; 2 might" in eu


@pytest.mark.parametrize(
    ("place", "checked"),
    [
        (
            "EU",
            "“GDPR: information on the logic of automated decisions”: the primary text or data was read. Of 6 others: a law-firm, "
            "tracker, news or vendor page was read, not all of it verified (3); the primary text or data was read, not all of it "
            "verified (2); the primary text or data was read (1)",
        ),
        (
            "CN",
            "“China PIPL: automated decisions, push and pricing”: the primary text or data was read, not all of it verified",
        ),
        (
            "JP",
            "“Japan AI Promotion Act 2025 and APPI”: a law-firm, tracker, news or vendor page was read, not all of it verified",
        ),
    ],
)
def test_every_finding_says_as_of_when_how_far_checked_and_what_to_ask(place: str, checked: str) -> None:
    told = finding(lending(affected=(place,)), "explainability").words.detail[1]
    assert told.startswith(f"As of 2026-11-20; how far checked: {checked}. Not legal advice. Ask counsel: “")


def test_a_place_that_nobody_read_about_is_said() -> None:
    told = said(lending(affected=("other",)), "explainability")
    assert told.startswith(
        "Nothing was read about another country: whether a duty to explain applies there is not known. No duty applies. "
    )
    assert (
        "Nothing was read about another country: there this workbook knows no duty, which does not mean that there is none."
        in told
    )
    assert "As of 2026-11-20; by the table of duties. Not legal advice." in told


@pytest.mark.parametrize(("day", "late"), [(date(2027, 5, 19), False), (date(2027, 5, 20), True)])
def test_rows_past_their_shelf_life_say_so(day: date, late: bool) -> None:
    # read on 20 November 2026, kept for 180 days: to 19 May 2027
    told = said(lending(affected=("CN",), on=day), "explainability")
    assert ("One of these rows is older than it should be: look whether the law has moved." in told) is late


def test_the_question_for_counsel_is_about_what_is_not_met() -> None:
    human = said(lending(automation="human"), "explainability")
    assert (
        "does what we plan to give meet it: Consumer Credit Directive: automated creditworthiness assessment" in human
    )
    met = said(lending(automation="human", **ADDITIVE), "explainability")
    assert "meet it: Consumer Credit Directive: automated creditworthiness assessment" in met  # the first in force


def test_how_well_the_family_explains_and_on_whose_word() -> None:
    told = said(lending(**ADDITIVE), "explainability")
    assert "What is owed can be given well: the logic applied, so that the person can follow and contest it." in told
    assert "Additive model (EBM, GAM), explained by exact contributions of an additive model: " in told
    assert "(Held against the logic applied, so that the person can follow and contest it; a planning default: " in told
    silent = said(lending(methods=()), "explainability")
    assert "Neural network on tabular data, explained by no method: " in silent


def test_what_is_asked_besides_what_comes_and_what_contradicts() -> None:
    told = said(lending(), "explainability")
    assert (
        "Asked besides, and not counted in the chance here: documentation for a supervisor or customer and a ground "
        in told
    )
    assert "To come: AI Act: duties of those who use a system that is high-risk by its field, on 2027-12-02, " in told
    assert "of systems that are high-risk by their field, on 2027-12-02 (if it applies)." in told
    odd = said(lending(effect="support"), "explainability")
    assert "The output helps a person who decides, yet the system is said to decide alone" in odd


def test_what_to_have_ready_names_citation_and_check() -> None:
    found = lending(affected=("US",))
    ready = listed(found, "explainability", READY)
    assert len(ready) == 6
    assert "12 CFR 1002.9" in ready[0]
    assert ready[0].endswith("As of 2026-11-20; the primary text or data was read, not all of it verified.")
    asked = listed(found, "explainability", COUNSEL)
    assert len(asked) == len(ready)
    assert asked[0].startswith("Does this bind us, as we think, and does what we plan to give meet it: Equal Credit")
    assert any("We think that it depends on whether people in Colorado are affected" in each for each in asked)


def test_duties_that_do_not_apply_say_why() -> None:
    others = listed(lending(automation="human"), "explainability", OTHERS)
    assert (
        "GDPR: decisions by automated means alone: It binds only where no person decides, and here a person decides with real authority."
        in others
    )
    assert any(each.startswith("Platform Work Directive: It concerns work") for each in others)
    japan = lending(affected=("JP",))
    assert listed(japan, "explainability", OTHERS) == (
        "Japan AI Promotion Act 2025 and APPI: It was looked at and asks for no explanation.",
    )
    assert listed(japan, "explainability", READY) == listed(japan, "explainability", SAMPLE) == ()


REASONS = (
    reason("Debts against income", 31),
    reason("Time in the present job", 14),
    reason("Payments late", 9),
    reason("Savings", -5),
    reason("Loans asked for this year", 22),
    reason("Rent against income", 3),
)


def test_the_sample_has_no_more_reasons_than_the_duty_expects() -> None:
    lines = listed(lending(affected=("US",), reasons=REASONS, **ADDITIVE), "explainability", SAMPLE)
    assert lines[:6] == (
        "We decided on your application: [declined / granted on worse terms / ended].",
        "The main reasons, the heaviest first:",
        "1. Debts against income",
        "2. Loans asked for this year",
        "3. Time in the present job",
        "4. Payments late",
    )
    assert not any(line.startswith("5.") for line in lines)  # comment 9(b)(2): four
    assert "made up" not in " ".join(lines)
    texts = {each.title: each.text for each in finding(lending(), "explainability").words.lists}
    assert texts == {READY: False, SAMPLE: True, COUNSEL: False, KNOWN: False, OTHERS: False}


def test_without_a_real_case_the_reasons_are_made_up_and_said_to_be() -> None:
    lines = listed(lending(affected=("US",), **ADDITIVE), "explainability", SAMPLE)
    assert "1. Debts against income" in lines
    assert lines[-1] == "(The reasons are made up: type those of a real case to see yours.)"
    hiring = lending(affected=("CN",), domains=("hiring",), people="staff", **ADDITIVE)
    assert "1. Years of experience in the trade" in listed(hiring, "explainability", SAMPLE)


def test_a_reason_that_fits_anybody_is_refused_in_the_sample_only() -> None:
    found = lending(affected=("US",), reasons=(reason("Insufficient score", 9),))
    (line,) = listed(found, "explainability", SAMPLE)
    assert line.startswith("Reason: “Insufficient score” fits anybody; name what it was about this person")
    assert finding(found, "explainability").status == "at_risk"
    (nothing,) = listed(lending(affected=("US",), reasons=(reason("Savings", -5),)), "explainability", SAMPLE)
    assert nothing.startswith("Reasons: nothing cost this person points")


def test_the_own_policy_has_its_sample_too() -> None:
    found = lending(affected=("JP",), policy="reasons", **ADDITIVE)
    assert listed(found, "explainability", READY) == ()
    assert "1. Debts against income" in listed(found, "explainability", SAMPLE)


def test_what_might_apply_is_told_apart_from_what_does() -> None:
    found = lending(affected=("US-CA",), domains=("health_insurance",), **ADDITIVE)
    assert finding(found, "explainability").headline == (
        "What surely applies is met; “Medicare Advantage: coverage decisions” might apply, and is not."
    )


MODELS = {
    **LENDING,
    "explainability.family": own(a="neural_tabular", b="additive", c="llm"),
    "explainability.methods": own(a=("sampled_attributions",), b=("additive",), c=("own_words",)),
    "explainability.counted": "best",
    "explainability.best": 0.8,
    "explainability.baseline": 0.7,
    "explainability.gap": own(a=0.0, b=0.02, c=0.05),
}


def models() -> Assessment:
    return assessed(decision("a b c", MODELS), size=2**10)


def test_the_table_has_a_row_an_option() -> None:
    found = models()
    columns, rows = found.registry["explainability"].table(
        found.evaluations("explainability"), lambda key: found.view("explainability", key)
    )
    assert columns == ("Model", "Explains what is owed", "Every duty met", "Effect kept", "Lost a year")
    assert rows == [
        ("a", "Neural network on tabular data", "weakly", "50 %", "100 %", "0 USD"),
        ("b", "Additive model (EBM, GAM)", "well", "100 %", "80 %", "12k USD"),
        ("c", "Hosted language model", "not at all", "0 %", "50 %", "30k USD"),
    ]
    plain = lending()
    rows = plain.registry["explainability"].table(
        plain.evaluations("explainability"), lambda key: plain.view("explainability", key)
    )[1]
    assert rows[0][-2:] == ("–", "–")


def test_the_chart_of_levels_shows_every_option_and_what_is_owed() -> None:
    figure = figures(models(), "b")["levels"]
    assert figure.rows == (
        ("A", "well enough", "weakly", "weakly", "weakly"),
        ("B", "well", "well", "well", "well"),
        ("C", "weakly", "not at all", "not at all", "not at all"),
    )
    drawn = {each["name"]: list(zip(each["x"], each["y"], strict=True)) for each in figure.plotly["data"]}
    assert drawn["explains well"] == [(0, 1), (1, 1), (2, 1)]
    assert drawn["explains not at all"] == [(1, 2), (2, 2)]
    assert figure.plotly["layout"]["shapes"][0]["x0"] == 2  # the logic
    assert len({each["marker"]["symbol"] for each in figure.plotly["data"]}) == 4  # told by shape, not by colour
    assert "A: weakly; B: well; C: not at all." in figure.alt


def test_the_chart_of_duties_says_of_each_whether_it_is_met() -> None:
    figure = figures(models(), "a")["duties"]
    assert [row[1:] for row in figure.rows[:2]] == [
        ("applies", "the logic applied, so that the person can follow and contest it", "weakly met"),
        ("applies", "the logic applied, so that the person can follow and contest it", "weakly met"),
    ]
    told = [note["text"] for note in figure.plotly["layout"]["annotations"]]
    assert told[1::2] == [row[-1] for row in figure.rows]  # above each bar its name, cut to a line, and how it is met
    assert all(
        name.rstrip("…") == row[0][: len(name.rstrip("…"))] for name, row in zip(told[::2], figure.rows, strict=True)
    )
    assert all(len(name) + len(word) <= 38 for name, word in zip(told[::2], told[1::2], strict=True))
    assert not figure.plotly["layout"]["yaxis"]["showticklabels"]
    assert figure.plotly["layout"]["legend"]["yanchor"] == "top"  # under the plot
    assert [row[1] for row in figure.rows] == sorted(row[1] for row in figure.rows)  # those that apply first
    assert all(row[-1] == "met" for row in figures(models(), "b")["duties"].rows)
    assert "none of them" in figures(models(), "b")["duties"].alt


def test_where_nothing_is_owed_there_is_no_chart_of_duties() -> None:
    made = figures(lending(affected=("JP",)))
    assert list(made) == ["levels"]
    assert "shapes" not in made["levels"].plotly["layout"]
    assert figures(lending(domains=None)) == {}


def test_nothing_typed_is_read_as_code() -> None:
    found = lending(affected=("US",), reasons=(reason("<script>alert(1)</script>", 9),))
    assert "1. [<script>alert(1)</script>]" in listed(found, "explainability", SAMPLE)  # a line of text, to be escaped
    assert all("<script" not in json.dumps(figure.plotly) for figure in figures(found).values())
