"""What the record says: the first page, every finding, answer, number and source, in a sound structure."""

import hashlib
import itertools
import json
import re

import pytest
from decisions import PLAIN, decision, rng
from records import HOSTILE, MADE, ON, Page, assessed, changed, made, nasty, record_of

from shipworthy import documents, edits
from shipworthy.assess import assess
from shipworthy.decision import Answer, Condition, Evidence, Option, Outcome, RangeValue, Signature
from shipworthy.examples import example
from shipworthy.insight import nearest_first
from shipworthy.record import embed, make
from shipworthy.record.front import tied
from shipworthy.turning import turns


def test_the_first_page_of_an_open_decision() -> None:
    assessment = assessed("churn")
    page = Page(made("churn")).shown
    main = assessment.options[assessment.recommended]
    for words in (
        "Decision record · Churn calls · 21 November 2026 · revision 41 · to be decided by Head of retention",
        "Not decided yet",
        f"Recommended: {main.option.name}.",
        "of meeting every requirement",
        "over 3 years",
        "No answer is missing.",
        "answers are defaults that nobody has confirmed",
        "2,048 draws, seed 7",
        "tables as of 20 November 2026",
        f"shipworthy {embed.version('shipworthy')}, genai-prices {embed.version('genai-prices')}",
    ):
        assert words in page, words
    stamped = documents.write(embed.stamped(assessment))
    assert f"sha256 {hashlib.sha256(stamped.encode()).hexdigest()}" in page


def test_the_first_pages_table_has_a_column_for_what_concerns_an_option_and_names_the_rest() -> None:
    page = made("churn")
    table = re.search(r'<table class="between">.*?</table>', page, re.DOTALL)
    assert table
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', table[0])
    results = assessed("churn").options.values()
    names = {key: each.name for key, each in assessed("churn").registry.items()}
    said = {
        names[key] for each in results for key, finding in each.findings.items() if finding.status != "not_applicable"
    }
    assert [each for each in heads if each in names.values()] == [name for name in names.values() if name in said]
    silent = ", ".join(name for name in names.values() if name not in said)
    assert silent
    assert f"Concerns no option here: {silent}." in Page(page).shown


def test_statuses_have_a_sign_and_a_word() -> None:
    found = {each.status for result in assessed("churn").options.values() for each in result.findings.values()}
    page = Page(made("churn")).shown
    words = {"meets": "✓ meets", "at_risk": "! at risk", "fails": "✕ fails", "not_applicable": "– n/a"}
    assert {"meets", "fails", "not_applicable"} <= found
    for status in found:
        assert words[status] in page


def test_what_could_change_it_is_said_with_the_nearest_flip_point() -> None:
    assessment = assessed("churn")
    main = assessment.recommended
    flips = {main: assessment.flips(main)}
    page = Page(make(assessment, made_at=MADE, with_charts=False, flips=flips)).shown
    turning = re.search(r"The one thing that could change this: “(.+?)” leads instead of “(.+?)” when “(.+?)” is", page)
    assert turning
    unsure = [each for each in turns(assessment) if each.nearest and not each.plan]
    found = min(unsure, key=lambda each: each.turns[0].distance)
    names = {each.key: each.name for each in assessment.decision.options}
    assert turning.groups() == (
        names[found.turns[0].leader],
        names[main],
        f"{found.label}{f' ({names[found.owner]})' if found.owner else ''}",
    )
    said = re.search(r"Short of that, if “(.+?)” is (.+?), then (.+?)\.", page)
    assert said
    first = nearest_first([point for points in flips[main].values() for point in points])[0]
    assert said[1] == first.label
    assert re.search(r"(above|below) [\d.,]+ .+ \(now [\d.,]+", said[2])
    assert re.fullmatch(r"Intervention lead time is at risk, and fails where it is below \d+ days", said[3])
    assert re.search(r"Flips to [✕!✓] (fails|at risk|meets) when “", page)


def test_flip_points_are_searched_where_they_are_not_given() -> None:
    assessment = assessed("shopping-assistant")
    page = Page(make(assessment, made_at=MADE, with_charts=False)).shown
    assert page.count("What would flip it, nearest first") >= 3


def test_a_decided_record_says_who_what_and_under_which_conditions() -> None:
    outcome = Outcome(
        chosen="two_month_gap",
        reasons="The desk asked for it.\n\nIt can be changed later.",
        conditions=tuple(Condition(text=f"Condition {number}", owner="sales", by=ON) for number in range(9)),
        signatures=(Signature(who="A. Meier", role="Head of retention", at=MADE),),
        reopen=("on 1 June, whatever happened",),
        decided_at=MADE,
    )
    page = Page(record_of(changed(example("churn"), outcome=outcome))).shown
    for words in (
        "decided by Head of retention on 21 November 2026",
        "Decided: Two-month gap. Go with conditions.",
        "The highest expected payoff has “",
        "The desk asked for it. It can be changed later.",
        "Condition 5 (sales, by 20 November 2026) and 3 more, in full",
        "Condition 8 (sales, by 20 November 2026)",
        "on 1 June, whatever happened",
        "A. Meier, Head of retention",
    ):
        assert words in page, words
    assert "Not decided yet" not in page


def test_an_unknown_answer_makes_it_provisional() -> None:
    page = Page(record_of(edits.say_unknown(example("churn"), "lead_time.success"))).shown
    for words in (
        "Provisional: 1 answer missing",
        "These figures are without “Success of an intervention”, not known yet.",
        "first of all what is not known yet",
        "Success of an intervention (Intervention lead time)",
        "? unknown",
        "† without “Success of an intervention”, not known yet",
        "Recommended, provisionally: ",
        "recommended, provisionally",
        "Whether it meets every requirement is not known. As far as is known, it is expected to bring ",
    ):
        assert words in page, words
    assert "It meets every requirement" not in page
    assert len(re.findall(r" not known −?[\d.]+[kM]? †", page)) == 4
    assert "Two-month gap †" in page  # where the money comes from


def test_doing_nothing_can_be_recommended() -> None:
    dear = edits.say(example("churn"), "value_stream.value", 1.0)
    page = Page(record_of(dear)).shown
    assert "Recommended: Do nothing." in page
    assert "No option is expected to bring more than it costs." in page
    unsure = Page(record_of(edits.say_unknown(dear, "lead_time.success"))).shown
    assert "Recommended, provisionally: Do nothing." in unsure
    assert "As far as is known, no option is expected to bring more than it costs." in unsure
    assert "What could change this: first of all what is not known yet." in unsure


def test_an_option_in_phases_names_the_phase_that_decides() -> None:
    decision = example("churn")
    phased = Option(key="later", name="Rules, then model", phases=("contract_rules", "three_month_gap"))
    page = Page(record_of(changed(decision, options=(*decision.options, phased)))).shown
    assert "Phases: Rules on contract end, then Three-month gap." in page
    assert "Of its phases, “Rules on contract end” decides." in page


def test_the_ledger_adds_up() -> None:
    page = Page(made("shopping-assistant"))
    cells = re.search(r"Expected (?:thousand |million )?USD over .*?</table>", page.source, re.S)
    assert cells
    rows = [re.findall(r'<td class="n">(.*?)</td>', row) for row in re.findall(r"<tr.*?</tr>", cells[0], re.S)[1:]]
    numbers = [[float(cell.replace(",", "").replace("−", "-")) for cell in row] for row in rows]
    assert len(numbers) > 4
    for column in zip(*numbers, strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], abs=0.51 * len(column) * 0.1)
    mean = assessed("shopping-assistant").options["small_hosted"].summary.mean
    assert numbers[-1][1] == pytest.approx(mean / 1e3, abs=0.051)


def test_every_question_that_is_asked_is_there_and_no_other() -> None:
    churn, shopping = Page(made("churn")), Page(made("shopping-assistant"))
    ids = [{each.attributes.get("id") for each in page.elements} for page in (churn, shopping)]
    assert "q-lead_time.gap" in ids[0]
    assert "q-lead_time.gap" not in ids[1]
    assert "q-cost.turns" in ids[1]
    assert "q-cost.turns" not in ids[0]
    assert "q-value_stream.effect" in ids[1]
    assert "q-value_stream.effect" not in ids[0]
    for page, own in zip((churn, shopping), ids, strict=True):
        for link in page.all("a"):
            assert str(link.attributes["href"])[1:] in own


def test_answers_are_exact_and_stand_on_their_evidence() -> None:
    decision = edits.say(example("churn"), "value_stream.value", RangeValue(low=1800.25, likely=2500.125, high=3400.0))
    decision = edits.with_evidence(
        decision,
        "value_stream.value",
        Evidence(kind="measured", who="finance", source="ledger 2025", note="net", at=MADE),
    )
    decision = edits.confirm(decision, "value_stream.period", 3.0, "planning default")
    page = Page(record_of(decision)).shown
    assert "2,500.125 USD (1,800.25 to 3,400) measured by finance ledger 2025 net 21 November 2026" in page
    assert "3 years default, confirmed planning default" in page
    assert "typically 60 days; 1 in 20 above 90 days" in page
    assert "with 80 % confidence default, not confirmed" in page
    assert re.search(r"Notice period .{1,40} default, not confirmed .+? · .+? · as of \d+ \w+ 20\d\d", page)
    assert "Two-month gap and Rules on contract end 61 days" in page


def test_several_people_are_named_with_what_they_said() -> None:
    page = Page(record_of(nasty())).shown
    assert f"{HOSTILE[:200]}: 400 events a month (300 to 500)" in " ".join(page.split())


def test_log_correlations_formula_and_source_are_printed() -> None:
    page = Page(record_of(nasty())).shown
    assert "2026-11-21 09:30" in page
    assert "Intervention lead time › Precision and Intervention lead time › Recall: rank correlation −0.5" in page
    for each in assessed("churn").registry.values():
        assert " ".join(each.formula.split()) in page
        assert " ".join(each.source.split()) in page


def test_the_printed_numbers_are_kept_with_nine_digits() -> None:
    numbers = json.loads(Page(made("churn")).data(embed.NUMBERS_ID))
    assessment = assessed("churn")
    assert numbers["recommended"] == assessment.recommended
    assert (numbers["on"], numbers["draws"]) == ("2026-11-20", 2048)
    assert [each["key"] for each in numbers["options"]] == list(assessment.options)
    for each in numbers["options"]:
        found = assessment.options[each["key"]].summary
        assert each["payoff"]["mean"] == float(f"{found.mean:.9g}")
        assert each["payoff"]["p90"] == float(f"{found.p90:.9g}")


def test_structure_for_those_who_listen() -> None:
    page = Page(made("churn"))
    assert page.all("html")[0].attributes["lang"] == "en"
    assert {"header", "main", "nav", "footer"} <= {each.tag for each in page.elements}
    levels = [int(each.tag[1]) for each in page.elements if re.fullmatch(r"h[1-6]", each.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(page.all("table")) == len(page.all("caption")) > 5
    assert all(each.attributes.get("scope") in ("col", "row") for each in page.all("th"))
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for each in page.elements:
        assert each.attributes.get("aria-labelledby", ids[0]) in ids
    plots = [each for each in page.all("div") if each.attributes.get("class") == "plot"]
    assert plots
    assert all("hidden" in each.attributes and each.attributes.get("aria-label") for each in plots)
    assert all("open" in each.attributes for each in page.all("details"))


def test_a_number_stays_with_what_it_counts() -> None:
    assert tied("in over 99 % (8 in 10: 3 years)") == "in over\u00a099\u00a0% (8\u00a0in\u00a010: 3\u00a0years)"


def test_an_empty_decision_compares_nothing_on_its_first_page() -> None:
    empty = assess(decision("a", {}), on=ON)
    page = Page(make(empty, made_at=MADE, with_charts=False)).shown
    assert "Nothing can be compared yet" in page
    assert "has the same expected payoff" not in page


def test_what_is_not_known_at_all_is_to_be_found_out_before_anything_else() -> None:
    unsure = {**PLAIN, "value_stream.running": Answer(state="unknown"), "value_stream.effect": rng(-0.2, 0.2, 0.6)}
    page = Page(make(assess(decision("a", unsure), on=ON), made_at=MADE, with_charts=False)).shown
    assert "Before choosing: Find out first what is not known at all: “Running cost”." in page


def test_what_was_chosen_and_is_not_signed_is_not_decided_by_anybody() -> None:
    document = changed(example("churn"), outcome=Outcome(chosen="three_month_gap", decided_at=MADE))
    page = Page(record_of(document)).shown
    assert "chosen on 21 November 2026, not signed yet; Head of retention decides" in page
    assert "decided by Head of retention" not in page


def test_a_choice_that_fails_says_what_stands_against_it_and_what_would_change_that() -> None:
    document = changed(example("sharegpt-assistant"), outcome=Outcome(chosen="ship", decided_at=MADE))
    page = Page(record_of(document)).shown
    found = assess(document, on=ON).options["ship"].findings["licences"]
    assert found.status == "fails"
    assert f"What stands against it: {found.headline}" in page
    assert "The one thing that could change this" not in page
