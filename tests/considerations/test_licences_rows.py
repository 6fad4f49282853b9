"""From the rows that a team typed to the graph: names, flows, licences as people write them, and contracts by hand."""

from typing import Any

import pytest
from gates import MODEL, asset, contract, evaluation, finding, licensed, listed, said

from shipworthy.assess import Assessment
from shipworthy.considerations.licences_made import Made
from shipworthy.decision import Answer, Row

DATA = asset("Posts", "MIT", "trains", "Our model")


def made(found: Assessment) -> Made:
    graph = evaluation(found, "licences").notes["made"]
    assert isinstance(graph, Made)
    return graph


def understood(found: Assessment) -> tuple[str, ...]:
    return listed(found, "licences", "How the licences were understood")


def headline(found: Assessment) -> str:
    told = finding(found, "licences")
    assert (told.status, told.missing) == ("unknown", ("licences.assets",))
    return told.headline


def test_rows_are_assets_and_flows() -> None:
    graph = made(licensed(DATA, MODEL))
    assert [(each.id, each.name, each.kind) for each in graph.assets] == [
        ("posts", "Posts", "data"),
        ("our model", "Our model", "model"),
    ]
    assert [(each.source, each.how, each.target) for each in graph.flows] == [
        ("posts", "trains", "our model"),
        ("our model", "ships", "product"),
    ]
    assert graph.understood == {"posts": "Read as MIT.", "our model": "made here"}
    assert graph.unclear == ()


@pytest.mark.parametrize("into", ["", "product", "Product", " the  Product "])
def test_an_empty_target_is_the_product(into: str) -> None:
    graph = made(licensed(asset("Posts", "MIT", "ships", into)))
    assert [each.target for each in graph.flows] == ["product"]


def test_rows_of_one_name_are_one_asset_with_several_flows() -> None:
    graph = made(licensed(DATA, asset(" posts ", how="evaluates", into="our  MODEL"), MODEL))
    assert [each.id for each in graph.assets] == ["posts", "our model"]
    assert [(each.source, each.how) for each in graph.flows] == [
        ("posts", "trains"),
        ("posts", "evaluates"),
        ("our model", "ships"),
    ]
    assert understood(licensed(DATA, DATA.model_copy(update={"id": "again"}), MODEL)) == (
        "Posts: Read as MIT.",
        "Our model: made here",
    )


BAD: dict[str, tuple[tuple[Row, ...], str]] = {
    "licences that contradict": (
        (DATA, asset("posts", "Apache 2.0", "evaluates", "Our model"), MODEL),
        "“Posts” is under “MIT” and “Apache 2.0” in different rows: make them say the same.",
    ),
    "kinds that contradict": (
        (asset("P", "MIT", kind="data"), asset("p", "MIT", "evaluates", kind="code")),
        "“P” is “Data set” and “Code” in different rows: make them say the same.",
    ),
    "a target that is not there": (
        (asset("Posts", "MIT", "trains", "Our modl"), MODEL),
        "“Posts” goes into “Our modl”, which is not in the list: type the name of another row, or leave it empty for the product.",
    ),
    "training the product": (
        (asset("Posts", "MIT", "trains"),),
        "“Posts” trains the product itself: type into which row, or choose “Is part of”.",
    ),
    "a circle": (
        (asset("A", "MIT", "trains", "B", "model"), asset("B", "", "trains", "A", "model")),
        "A flows back into itself: “A”, “B” then “A”. Take one of these flows out.",
    ),
    "data that learn": (
        (asset("A", "MIT", "trains", "B"), asset("B", "MIT")),
        "A trains B, which is data: only a model can learn.",
    ),
    "no name": (
        (Row(id="empty", cells={"kind": "data"}), Row(id="posts", cells={"licence": "MIT"})),
        "What it is made of, row 2 has no name: type what the asset is called.",
    ),
    "named like the product": (
        (asset("Product", "MIT"),),
        "What it is made of, row 1: “Product” stands for the product itself; call the asset something else.",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_rows_that_cannot_be_are_one_sentence(case: str) -> None:
    rows, sentence = BAD[case]
    found = licensed(*rows)
    assert headline(found) == sentence
    assert finding(found, "licences").words.detail == ("Until then it counts as not cleared, and does not go live.",)
    assert float(found.options["a"].summary.mean) == pytest.approx(-10_000)  # what cannot be read is no permission
    table = found.registry["licences"].table(found.evaluations("licences"), lambda key: found.view("licences", key))
    assert table[1] == []


def test_a_way_out_of_what_is_not_in_the_list_and_one_that_is_priced_twice() -> None:
    barred = asset("Posts", "CC BY-NC 4.0", "trains", "Our model")
    wrong = Row(id="v", cells={"asset": "Postings", "way": "drop", "cost": 5.0})
    assert headline(licensed(barred, MODEL, ways=(wrong,))) == (
        "Ways out: “Postings” is not in the list of what it is made of; type the name of one of its rows."
    )
    one = Row(id="w", cells={"asset": "posts", "way": "drop", "cost": 5.0})
    other = Row(id="x", cells={"asset": "Posts", "way": "drop", "cost": 7.0})
    assert headline(licensed(barred, MODEL, ways=(one, other))) == (
        "Ways out: “Do without it” is priced twice for “Posts”: keep one of the two rows."
    )
    # where nothing blocks, nobody asks for a way out: those of an earlier list may stay
    assert finding(licensed(DATA, MODEL, ways=(wrong, one, other)), "licences").status == "meets"


def test_nothing_listed_is_asked_for() -> None:
    for rows in ((), (Row(id="empty", cells={}),), (Row(id="kind", cells={"kind": "data"}),)):
        assert headline(licensed(*rows)) == (
            "Not known yet: “What it is made of”. Without it we cannot say whether it may be used."
        )
    unknown = licensed(licences__assets=Answer(state="unknown"))
    assert finding(unknown, "licences").missing == ("licences.assets",)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("gpl", "“Posts”: “gpl” leaves open which version: they can differ, so name it. Perhaps GPL 2.0 only or GPL 3.0?"),
        ("MIT AND (", "“Posts”: “MIT AND (” has a bracket that is not opened or not closed."),
        ("", "“Posts”: No licence was given: look for a licence file, the page of the data or the model, or the contract."),
    ],
)  # fmt: skip
def test_a_licence_that_is_not_understood_is_no_permission(typed: str, sentence: str) -> None:
    found = licensed(asset("Posts", typed))
    assert headline(found) == "The terms of “Posts” are not known, and that is not permission."
    assert sentence in finding(found, "licences").words.detail
    assert understood(found) == ("Posts: not known",)
    assert found.provisional
    assert "Ask counsel: “Under which terms may we use “Posts”, and who can grant them?”" in said(found, "licences")


@pytest.mark.parametrize("typed", ["own", "Own", "our own", "own work", "our own data", "ours"])
def test_our_own_work_permits_everything(typed: str) -> None:
    found = licensed(asset("Posts", typed, "trains", "Our model"), MODEL, delivery="distributed")
    assert finding(found, "licences").status == "meets"
    assert understood(found)[0] == "Posts: our own"
    assert finding(found, "licences").headline == "Everything in it may be used, and nothing has to be done for it."
    assert "On what the team says of its own work and contracts." in said(found, "licences")


def test_only_a_model_or_outputs_are_made_here() -> None:
    # data that were collected from something else need terms of their own, and so does a model that is only tested
    collected = licensed(asset("Site", "MIT", "collected", "Posts", "source"), asset("Posts"))
    assert "“Posts” are not known" in headline(collected)
    assert understood(collected)[1] == "Posts: not known"
    tested = licensed(asset("Posts", "MIT", "evaluates", "Model"), asset("Model", kind="model"))
    assert understood(tested)[1] == "Model: not known"
    assert "“Model” are not known" in headline(tested)


def test_alternatives_and_terms_that_hold_together() -> None:
    either, both = (licensed(asset("Posts", f"cc by nc 4.0 {word} MIT")) for word in ("OR", "AND"))
    assert finding(either, "licences").status == "meets"
    assert finding(both, "licences").status == "fails"


WHOLE = {"commercial": "yes", "training": "yes", "outputs": "yes", "sharing": "yes", "attribution": "no"}


def deal(kind: str = "data", how: str = "trains", delivery: str = "served", **cells: str) -> Assessment:
    """A model trained on what came under a contract, whose empty cells were not answered."""
    rows = (asset("Posts", "acme DEAL", how, "Our model", kind), MODEL)
    kept = {column: cell for column, cell in {**WHOLE, **cells}.items() if cell}
    return licensed(*rows, contracts=(contract("Acme deal", **kept),), delivery=delivery)


def test_a_contract_that_permits_all_is_clear() -> None:
    for delivery in ("internal", "served", "distributed"):
        assert finding(deal(delivery=delivery), "licences").status == "meets"
    assert understood(deal())[0] == "Posts: Read as the contract “Acme deal”."


@pytest.mark.parametrize(
    ("answers", "said_of"),
    [
        ({"commercial": "no"}, "commercial use"),
        ({"training": "no"}, "training a model on it"),
        ({"sharing": "no", "delivery": "distributed"}, "handing out a model made from it"),
        ({"outputs": "no", "kind": "model", "how": "distils"}, "training another model on its outputs"),
    ],
)
def test_what_a_contract_forbids_blocks(answers: dict[str, Any], said_of: str) -> None:
    found = deal(**answers)
    assert finding(found, "licences").status == "fails"
    assert finding(found, "licences").headline == f"Stopped: “Posts” stands against {said_of}."


@pytest.mark.parametrize(
    ("answers", "fact"),
    [
        ({"commercial": ""}, "what the contract of Posts says about commercial use"),
        ({"training": ""}, "whether Posts may be used to train a model"),
        (
            {"sharing": "", "delivery": "distributed"},
            "what the contract of Posts says about handing out what is made from it",
        ),
        (
            {"outputs": "", "kind": "model", "how": "distils"},
            "what the contract of Posts says about training with its outputs",
        ),
        (
            {"commercial": "", "outputs": "", "kind": "model", "how": "distils"},
            "what the contract of Posts says about commercial use or training with its answers",
        ),
    ],
)
def test_what_a_contract_leaves_open_is_a_fact_that_decides(answers: dict[str, Any], fact: str) -> None:
    found = deal(**answers)
    assert finding(found, "licences").headline == f"Clear if this turns out well: {fact} (“Posts”)."
    assert finding(found, "licences").status == "at_risk"
    assert finding(found, "licences").probability == 0.5


@pytest.mark.parametrize(
    "answers", [{"sharing": ""}, {"outputs": ""}, {"sharing": "no"}, {"outputs": "", "sharing": ""}]
)
def test_what_is_left_open_and_is_not_done_decides_nothing(answers: dict[str, str]) -> None:
    assert finding(deal(**answers), "licences").status == "meets"  # served, and nothing learns from its answers


@pytest.mark.parametrize("name", ["Non-competing agreement", "Outputs", "Whether it competes"])
def test_the_name_of_a_contract_decides_nothing(name: str) -> None:
    found = licensed(asset("Posts", name), contracts=(contract(name),))
    assert finding(found, "licences").status == "at_risk"
    assert "what the contract of Posts says about commercial use" in finding(found, "licences").headline


def test_whoever_has_to_be_named_by_contract_is_named() -> None:
    found = deal(attribution="yes", delivery="distributed")
    assert listed(found, "licences", "The text that names the authors") == (
        "This product was made with:",
        "- Posts, under Acme deal",
    )
    assert finding(found, "licences").headline == "Everything in it may be used, with 1 thing to do."


def test_an_asset_that_is_not_used_any_more_is_left_out_in_a_sentence() -> None:
    used, idle = asset("Photos", "mit"), asset("Old photos", "cc by nc 4.0", how="unused")
    found = licensed(used, idle)
    assert finding(found, "licences").status == "meets"
    assert "Old photos is listed, but nothing that reaches the product is made with it: it was left out." in said(
        found, "licences"
    )
    alone = licensed(idle)
    assert "Nothing reaches the product: say what ships in it." in said(alone, "licences")
