"""The assistant tuned on shared conversations: the terms of a source stop it, named with clause and way; what clears it."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from decisions import ON, edited
from gates import evaluation, listed, said

from shipworthy import edits
from shipworthy.assess import Assessment, assess
from shipworthy.decision import DO_NOTHING, Decision
from shipworthy.examples import example

SIZE = 2**12
OPTIONS = ("ship", "retrain", "hosted")


def story() -> Decision:
    return example("sharegpt-assistant")


@cache
def case() -> Assessment:
    return assess(story(), on=ON, size=SIZE)


def changed(*changes: tuple[str, Any, str | None]) -> Assessment:
    return assess(edited(story(), *changes), on=ON, size=SIZE)


def status(found: Assessment, option: str = "ship") -> str:
    return found.options[option].findings["licences"].status


def headline(found: Assessment, option: str = "ship") -> str:
    return found.options[option].findings["licences"].headline


def test_the_terms_of_the_source_stop_the_model_that_performs_best() -> None:
    assert {key: status(case(), key) for key in OPTIONS} == {"ship": "fails", "retrain": "meets", "hosted": "meets"}
    assert headline(case()) == (
        "Stopped: “Hosted assistant” stands against building a model that competes with its provider, which is not the same as "
        "commercial use."
    )
    assert not case().provisional


def test_the_asset_its_clause_and_its_way_to_the_product_are_named() -> None:
    way, stands = case().options["ship"].findings["licences"].words.detail[:2]
    assert way.startswith(
        "How it gets there: Hosted assistant generates Answers of the assistant, which is collected into Shared conversations, "
        "which tunes Our assistant model, which ships in the product."
    )
    assert (
        "The clause: OpenAI Terms of Use 2023-03-14, section 2(c)(iii): outputs may not be used to develop models that compete"
        in way
    )
    assert stands.startswith("As of 2026-11-20, on the text of OpenAI Terms of Use 2023-03-14; how far checked: ")
    # the data set’s own tag says Apache 2.0, and that does not help
    understood = listed(case(), "licences", "How the licences were understood", "ship")
    assert "Shared conversations: Read as Apache 2.0." in understood


def test_licences_are_the_only_requirement_that_binds() -> None:
    for key in OPTIONS:
        missed = {name for name, each in case().options[key].findings.items() if each.status in ("fails", "at_risk")}
        assert missed == ({"licences"} if key == "ship" else set())


def test_what_may_not_be_used_never_goes_live_and_costs_what_was_built() -> None:
    ledger = {name: money for name, money in case().ledger("ship").items() if money}
    assert set(ledger) == {"one_off"}
    assert case().options["ship"].summary.mean == pytest.approx(ledger["one_off"])
    assert case().recommended == "hosted"
    assert case().options["retrain"].summary.mean > 0 > case().options["ship"].summary.mean
    assert not np.any(case().options[DO_NOTHING].payoff)


def test_it_is_not_the_commercial_use_that_bites() -> None:
    research = changed(("licences.commercial", "no", None))
    assert status(research) == "fails"
    assert headline(research) == headline(case())
    assert "non-commercial" not in said(case(), "licences", "ship")


def test_where_nothing_competes_the_terms_do_not_bite_and_the_finding_says_which_use_they_would() -> None:
    alone = changed(("licences.competes", "none", "ship"))
    assert evaluation(alone, "licences", "ship").notes["found"].issues == ()
    assert (
        "bites only where a model is built that competes with its provider. That is not the same as commercial use"
        in (said(alone, "licences", "ship"))
    )
    # what is left is what the people in the conversations gave them for
    assert status(alone) == "at_risk"
    assert headline(alone).startswith("The people in the data gave them for something close to it")
    clear = changed(("licences.competes", "none", "ship"), ("licences.doubt", 1.0, None))
    assert status(clear) == "meets"
    assert clear.recommended == "ship"  # it performs best, as the story says


def test_the_smallest_change_is_to_replace_the_conversations() -> None:
    assert "The smallest change that clears it: replace Shared conversations with one that may be used like this: " in (
        said(case(), "licences", "ship")
    )
    ways = listed(case(), "licences", "Ways to clear it, the cheapest first (costs in USD)", "ship")
    assert ways[0].startswith("Ask for permission to use Hosted assistant like this: ")
    assert ways[0].endswith("works out with 3 %.")  # cheaper, and hardly ever given
    assert ways[1].startswith("Replace Shared conversations")


def test_clearing_it_is_counted_where_it_is_chosen() -> None:
    cleared = changed(("licences.repair", "repair", "ship"), ("licences.doubt", 1.0, None))
    assert status(cleared) == "meets"
    assert cleared.ledger("ship")["repair"] == pytest.approx(-100_000, rel=0.05)
    clear = changed(("licences.competes", "none", "ship"), ("licences.doubt", 1.0, None))
    later = evaluation(cleared, "licences", "ship").terms["repair_days"]
    assert np.median(later) == pytest.approx(65, rel=0.01)
    # the months until it is replaced are lost, and what it costs
    assert cleared.ledger("ship")["value"] < clear.ledger("ship")["value"]
    assert cleared.options["ship"].summary.mean < clear.options["ship"].summary.mean


def test_with_the_data_replaced_it_is_clear() -> None:
    answer = story().answer("licences.assets")
    assert answer is not None
    replaced = changed(
        ("licences.assets", answer.by_option["retrain"], "ship"),
        ("licences.basis", "consent", "ship"),
        ("licences.purpose", "same", "ship"),
    )
    assert status(replaced) == "meets"
    assert headline(replaced) == "Everything in it may be used, and nothing has to be done for it."


def test_whether_it_competes_decides_and_is_asked_for() -> None:
    document = edits.say_unknown(story(), "licences.competes", "ship")
    found = assess(document, on=ON, size=SIZE)
    assert found.options["ship"].findings["licences"].missing == ("licences.competes",)
    assert status(found, "hosted") == "meets"


def test_what_to_ask_counsel_is_written_out() -> None:
    (question,) = listed(case(), "licences", "What to ask counsel", "ship")
    assert question.startswith("May we use Hosted assistant under OpenAI Terms of Use 2023-03-14, ")
    assert "with a model that competes with the provider's?" in question
    assert "What we read: as of 2026-11-20; how far checked: the primary text or data was read; source: " in question


def test_the_chart_marks_the_way() -> None:
    evaluations = case().evaluations("licences")
    (figure,) = case().registry["licences"].figures(case().view("licences", "ship"), evaluations)
    (blocked,) = [each for each in figure.plotly["data"] if each.get("line", {}).get("dash") == "dash"]
    assert sum(place is None for place in blocked["x"]) == 4  # four steps from the assistant into the product
    assert {row[0]: row[-1] for row in figure.rows}["Hosted assistant"] == "✕ blocked"
