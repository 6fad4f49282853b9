"""What terms permit, carried along the graph: every rule by a case worked by hand, the ShareGPT story, properties."""

from dataclasses import replace

import pytest
from licence_graphs import (
    AGPL,
    APACHE,
    ASSISTANT,
    BUSL,
    BY,
    CLOSED,
    COMMERCIAL,
    DATABASE,
    FREE,
    GPL2,
    GPL3,
    LLAMA,
    MIT,
    NC,
    ND,
    NONE,
    RAIL,
    RIVAL,
    SA,
    flows,
    found,
    one,
)

from shipworthy.calculators.licence_flow import Asset, Flow, attribution_text, cleared, counsel_question
from shipworthy.calculators.licence_terms import OWN, Terms, Use

MODEL = Asset("m", "Model", "model")
OURS = Asset("m", "Model", "model", ((OWN,),))
INTERNAL, SERVED = replace(COMMERCIAL, delivery="internal"), replace(COMMERCIAL, delivery="served")
TRAINS, SHIPS, TUNES = (
    flows("a trains m", "m ships product"),
    flows("a ships product"),
    flows("a tunes m", "m ships product"),
)
DISTILS, TESTS = flows("a distils m", "m ships product"), flows("a evaluates m", "m ships product")
UNCLEAR = Terms("unclear", "Unclear terms", "data", training="unclear", derivatives="unclear")
EARNS = Terms("earns", "Community terms", "model", commercial="limited", revenue_most=1e6)
VAGUE = Terms("vague", "Vague terms", "data", commercial="limited")
MEDICAL = replace(COMMERCIAL, fields=frozenset({"medical"}))
ALONE = replace(COMMERCIAL, fields=frozenset({"automated_decisions"}))
NO_LLM = Terms("nollm", "No other", "model", outputs="no_other_llm")
NC_OUT = Terms("ncout", "Research only", "model", commercial="no", outputs="non_commercial")

CASES = [
    # commercial use: the data itself, what learned from it, the tool that was run, what was only tested with it
    (NC, "data", SHIPS, COMMERCIAL, [("blocked", "commercial")]),
    (NC, "data", TRAINS, INTERNAL, [("blocked", "commercial")]),
    (NC, "data", TRAINS, replace(COMMERCIAL, commercial=False), []),
    (NC, "data", TESTS, COMMERCIAL, [("conditional", "commercial")]),
    (NC, "code", TRAINS, COMMERCIAL, [("blocked", "commercial")]),
    (replace(NC, commercial="yes"), "data", TRAINS, COMMERCIAL, [("blocked", "training")]),
    (NC_OUT, "model", DISTILS, COMMERCIAL, [("blocked", "outputs")]),
    (NC, "model", DISTILS, COMMERCIAL, [("conditional", "commercial")]),
    (VAGUE, "data", TRAINS, COMMERCIAL, [("conditional", "commercial")]),
    # limits are never decided here; revenue matters to who sells, regions where they are closed
    (LLAMA, "model", TUNES, COMMERCIAL, [("conditional", "users")]),
    (EARNS, "model", TUNES, COMMERCIAL, [("conditional", "revenue")]),
    (EARNS, "model", TUNES, replace(COMMERCIAL, commercial=False), []),
    (CLOSED, "model", TUNES, replace(COMMERCIAL, regions=frozenset({"EU", "UK"})), [("blocked", "territory:EU"), ("blocked", "territory:UK")]),
    (CLOSED, "model", TUNES, COMMERCIAL, []),
    (CLOSED, "model", TUNES, replace(COMMERCIAL, regions=frozenset()), [("conditional", "territory")]),
    (LLAMA, "model", TUNES, replace(COMMERCIAL, regions=frozenset({"EU"})), [("conditional", "users"), ("conditional", "territory:EU")]),
    # limits of use flow to models made from it, and to distilled ones only where the terms say so
    (RAIL, "model", TUNES, MEDICAL, [("blocked", "field:medical")]),
    (RAIL, "model", DISTILS, MEDICAL, [("blocked", "field:medical")]),
    (replace(RAIL, reaches_distilled=False), "model", DISTILS, MEDICAL, []),
    (replace(RAIL, reaches_models="no"), "data", TRAINS, MEDICAL, []),
    (replace(RAIL, reaches_models="unsettled"), "data", TRAINS, MEDICAL, [("conditional", "field:medical"), ("conditional", "share_alike")]),
    (RAIL, "model", TUNES, ALONE, [("blocked", "field:automated_decisions")]),
    (RAIL, "model", TUNES, replace(ALONE, human_decides=True), []),
    (RAIL, "model", TESTS, MEDICAL, []),
    (BUSL, "code", SHIPS, INTERNAL, [("blocked", "field:production")]),
    (replace(BUSL, fact="whether a grant covers it"), "code", SHIPS, INTERNAL, [("conditional", "field:production")]),
    # training
    (NONE, "data", TRAINS, COMMERCIAL, [("blocked", "granted")]),
    (NONE, "data", SHIPS, INTERNAL, [("blocked", "granted")]),
    (NONE, "data", TESTS, COMMERCIAL, [("conditional", "granted")]),
    (replace(FREE, training="permission"), "source", TRAINS, COMMERCIAL, [("blocked", "training")]),
    (replace(FREE, training="no"), "data", TRAINS, COMMERCIAL, [("blocked", "training")]),
    (replace(FREE, training="no"), "data", TESTS, COMMERCIAL, [("conditional", "testing")]),
    (replace(FREE, training="no"), "data", SHIPS, COMMERCIAL, []),
    (UNCLEAR, "data", TRAINS, COMMERCIAL, [("conditional", "training")]),
    # outputs
    (NO_LLM, "model", DISTILS, COMMERCIAL, [("blocked", "outputs")]),
    (NO_LLM, "model", DISTILS, replace(COMMERCIAL, language_model=None), [("conditional", "outputs")]),
    (NO_LLM, "model", DISTILS, replace(COMMERCIAL, language_model=False), []),
    (NO_LLM, "model", TUNES, COMMERCIAL, []),
    (replace(NO_LLM, outputs="no"), "service", TESTS, COMMERCIAL, [("conditional", "outputs")]),
    (ASSISTANT, "service", DISTILS, replace(COMMERCIAL, competes="model"), [("blocked", "competing")]),
    (ASSISTANT, "service", DISTILS, replace(COMMERCIAL, competes="product"), [("blocked", "competing")]),
    (ASSISTANT, "service", DISTILS, replace(COMMERCIAL, competes="unknown"), [("conditional", "competing")]),
    (ASSISTANT, "service", DISTILS, COMMERCIAL, []),
    (ASSISTANT, "service", SHIPS, replace(COMMERCIAL, competes="model"), []),
    (RIVAL, "service", DISTILS, replace(COMMERCIAL, competes="product"), [("blocked", "competing")]),
    (RIVAL, "service", DISTILS, replace(COMMERCIAL, competes="model"), [("conditional", "competing")]),
    (RIVAL, "service", SHIPS, replace(COMMERCIAL, competes="product"), [("blocked", "competing")]),
    # changed versions
    (replace(FREE, derivatives="no"), "model", TUNES, INTERNAL, [("blocked", "changes")]),
    (ND, "model", TUNES, COMMERCIAL, [("blocked", "changes")]),
    (ND, "model", TUNES, SERVED, []),
    (ND, "data", TRAINS, COMMERCIAL, [("conditional", "changes")]),
    (ND, "data", TRAINS, SERVED, []),
    (ND, "data", SHIPS, COMMERCIAL, []),
    (UNCLEAR, "model", TUNES, COMMERCIAL, [("conditional", "changes")]),
    # share-alike that may reach a model, where the model is handed out
    (SA, "data", TRAINS, COMMERCIAL, [("conditional", "share_alike")]),
    (SA, "data", TRAINS, SERVED, []),
    (replace(SA, reaches_models="no"), "data", TRAINS, COMMERCIAL, []),
    (replace(SA, reaches_models="yes"), "data", TRAINS, COMMERCIAL, []),
]  # fmt: skip


@pytest.mark.parametrize(("terms", "kind", "way", "use", "expected"), CASES)
def test_each_rule_by_hand(terms: Terms, kind: str, way: list[Flow], use: Use, expected: list[tuple[str, str]]) -> None:
    assets = [one(terms, kind), *([] if way is SHIPS else [OURS])]
    clearance = cleared(assets, way, use)
    assert found(clearance) == expected
    for issue in clearance.issues:
        assert issue.path[0] == "a"
        assert issue.path[-1] == "product"
        # whatever is conditional names the fact or the limit that decides, and the question to counsel holds it
        assert (issue.kind == "conditional") == bool(issue.fact or issue.limit)
        assert "Thing" in issue.words
        assert "{" not in issue.words + counsel_question(issue, use)
        if issue.fact:
            assert issue.fact in counsel_question(issue, use)


DUTIES = [
    (BY, "data", SHIPS, COMMERCIAL, ["attribution", "notice"]),
    (BY, "data", SHIPS, INTERNAL, []),
    (BY, "data", TRAINS, COMMERCIAL, []),
    (MIT, "code", SHIPS, COMMERCIAL, ["attribution"]),
    (MIT, "code", SHIPS, SERVED, []),
    (GPL3, "code", SHIPS, INTERNAL, []),
    (GPL3, "code", SHIPS, SERVED, []),
    (GPL3, "code", SHIPS, COMMERCIAL, ["share_alike"]),
    (GPL3, "code", TRAINS, COMMERCIAL, []),
    (AGPL, "code", SHIPS, INTERNAL, []),
    (AGPL, "code", SHIPS, SERVED, ["share_alike"]),
    (AGPL, "code", SHIPS, COMMERCIAL, ["share_alike"]),
    (DATABASE, "data", SHIPS, COMMERCIAL, ["share_alike"]),
    (DATABASE, "data", SHIPS, SERVED, []),
    (LLAMA, "model", TUNES, COMMERCIAL, ["naming"]),
    (LLAMA, "model", DISTILS, COMMERCIAL, ["naming"]),
    (LLAMA, "model", TUNES, INTERNAL, []),
    (RAIL, "model", TUNES, COMMERCIAL, ["flow_down", "policy"]),
    (RAIL, "model", DISTILS, COMMERCIAL, ["flow_down", "policy"]),
    (RAIL, "model", TUNES, INTERNAL, ["policy"]),
    (replace(SA, reaches_models="yes"), "data", TRAINS, COMMERCIAL, ["attribution", "share_alike"]),
    (NONE, "data", SHIPS, COMMERCIAL, []),
]


@pytest.mark.parametrize(("terms", "kind", "way", "use", "expected"), DUTIES)
def test_what_is_to_be_done_depends_on_how_it_is_delivered(
    terms: Terms, kind: str, way: list[Flow], use: Use, expected: list[str]
) -> None:
    assets = [one(terms, kind), *([] if way is SHIPS else [OURS])]
    clearance = cleared(assets, way, use)
    assert [each.what for each in clearance.obligations] == expected
    assert all(
        each.asset == "a" and terms.name in each.why and each.sentence.endswith(".") for each in clearance.obligations
    )


STORY = [
    Asset("api", "Hosted assistant", "service", ((ASSISTANT,),)),
    Asset("chats", "Shared conversations", "outputs"),
    Asset("dump", "Conversation dump", "data", ((FREE,),)),
    Asset("base", "Open base model", "model", ((APACHE,),)),
    MODEL,
]
STORY_FLOWS = flows("api generates chats", "chats collected dump", "dump tunes m", "base tunes m", "m ships product")


def test_terms_of_a_service_reach_the_model_that_was_tuned_on_a_dump_of_its_answers() -> None:
    use = replace(SERVED, competes="model")
    clearance = cleared(STORY, STORY_FLOWS, use)
    assert clearance.verdict == "blocked"
    (issue,) = clearance.issues
    assert issue.path == ("api", "generates", "chats", "collected", "dump", "tunes", "m", "ships", "product")
    assert issue.way == (
        "Hosted assistant generates Shared conversations, which is collected into Conversation dump, which tunes Model, "
        "which ships in the product"
    )
    assert issue.clause == "Assistant terms, section 2, restrictions"
    assert "a model that competes with its provider, which is not the same as commercial use" in issue.words
    question = counsel_question(issue, use)
    for part in ("Hosted assistant", issue.clause, issue.way, use.words, "competes with its provider"):
        assert part in question


def test_the_same_product_is_clear_where_nothing_competes_and_the_note_says_what_the_terms_bite() -> None:
    for commercial in (True, False):
        clearance = cleared(STORY, STORY_FLOWS, replace(SERVED, commercial=commercial))
        assert clearance.verdict == "clear"
        (note,) = clearance.notes
        assert "Hosted assistant" in note
        assert "bites only where a model is built that competes with its provider" in note
        assert "not the same as commercial use" in note
    unknown = cleared(STORY, STORY_FLOWS, replace(SERVED, competes="unknown"))
    assert [issue.fact for issue in unknown.issues] == [
        "whether the model that is built competes with the provider of Hosted assistant"
    ]
    assert "not the same as commercial use" in unknown.issues[0].words


def test_terms_of_a_source_bind_a_data_set_whatever_its_own_tag_says() -> None:
    forum = Asset("forum", "Forum", "source", ((replace(NC, training="permission"),),))
    tagged = Asset("set", "Posts", "data", ((FREE,),))
    clearance = cleared(
        [forum, tagged, MODEL], flows("forum collected set", "set trains m", "m ships product"), COMMERCIAL
    )
    assert found(clearance) == [("blocked", "commercial"), ("blocked", "training")]
    assert {issue.asset for issue in clearance.issues} == {"forum"}


def test_a_judge_that_was_trained_is_training_and_a_judge_that_was_asked_is_a_test() -> None:
    no = replace(FREE, training="no")
    judge = Asset("j", "Judge", "model")
    trained = flows("a trains j", "j evaluates m", "m ships product")
    assert found(cleared([one(no), judge, OURS], trained, COMMERCIAL)) == [("blocked", "training")]
    assert found(cleared([one(ASSISTANT, "service"), OURS], TESTS, replace(COMMERCIAL, competes="model"))) == [
        ("conditional", "competing")
    ]


def test_the_hardest_of_several_ways_counts() -> None:
    both = flows("a evaluates m", "a trains m", "m ships product")
    (issue,) = cleared([one(NC), MODEL], both, COMMERCIAL).issues
    assert (issue.kind, issue.path) == ("blocked", ("a", "trains", "m", "ships", "product"))


def test_or_gives_the_choice_and_and_adds_up() -> None:
    either = Asset("a", "Thing", "data", ((NC,), (BY,), (SA,)))
    clearance = cleared([either], SHIPS, COMMERCIAL)
    assert (clearance.verdict, clearance.chosen["a"]) == ("obligations", (BY,))
    both = Asset("a", "Thing", "data", ((NC, SA),))
    clearance = cleared([both], SHIPS, COMMERCIAL)
    assert found(clearance) == [("blocked", "commercial")]
    assert [each.what for each in clearance.obligations] == ["attribution", "attribution", "share_alike"]


def test_an_alternative_is_taken_that_goes_together_with_the_rest() -> None:
    library = Asset(
        "a", "Library", "code", ((GPL2,), (replace(MIT, policy=True, attribution=False, notice="all of it"),))
    )
    other = Asset("b", "Engine", "code", ((APACHE,),))
    clearance = cleared([library, other], flows("a ships product", "b ships product"), COMMERCIAL)
    assert clearance.chosen["a"][0].licence == "mit"
    assert not clearance.issues
    # alone, the one that asks for less is taken
    assert cleared([library], SHIPS, COMMERCIAL).chosen["a"] == (GPL2,)


def test_terms_that_are_not_known_are_not_permission() -> None:
    clearance = cleared([Asset("a", "Thing", "data")], SHIPS, COMMERCIAL)
    assert clearance.verdict == "unknown"
    assert "unknown is not permission" in clearance.issues[0].words
    assert "Which terms apply" in counsel_question(clearance.issues[0], COMMERCIAL)
    # a model made here needs none of its own, one from elsewhere does
    assert cleared([one(FREE), MODEL], TRAINS, COMMERCIAL).verdict == "clear"
    assert cleared([MODEL], flows("m ships product"), COMMERCIAL).verdict == "unknown"


def test_limits_come_out_as_numbers_for_the_caller() -> None:
    (issue,) = cleared([one(LLAMA, "model"), MODEL], TUNES, COMMERCIAL).issues
    assert issue.limit == ("users", 700e6)
    assert "more than 700M users a month" in issue.words
    (issue,) = cleared([one(EARNS, "model"), MODEL], TUNES, COMMERCIAL).issues
    assert issue.limit == ("revenue", 1e6)


def test_what_reaches_nothing_is_left_out_with_a_note() -> None:
    clearance = cleared(
        [one(NC), Asset("b", "Spare", "data", ((NC,),)), MODEL], TRAINS, replace(COMMERCIAL, commercial=False)
    )
    assert (clearance.verdict, clearance.unused) == ("clear", ("b",))
    assert clearance.notes == (
        "Spare is listed, but nothing that reaches the product is made with it: it was left out.",
    )
    clearance = cleared([one(NC)], [], COMMERCIAL)
    assert (clearance.verdict, clearance.notes) == ("clear", ("Nothing reaches the product: say what ships in it.",))
    assert cleared([], [], COMMERCIAL).notes == ()


def test_the_text_to_ship_names_each_once_on_lines_of_its_own() -> None:
    assets = [one(BY), Asset("b", "Base\nmodel", "model", ((LLAMA,),)), MODEL, Asset("c", "Free", "data", ((FREE,),))]
    listed = flows("a ships product", "b tunes m", "m ships product", "c ships product")
    assert attribution_text(cleared(assets, listed, COMMERCIAL)) == (
        "This product was made with:\n- Thing, under BY 4\n  To go along with it: a link to the licence\n"
        "- Base model, under Llama 0\n  Rule about names: Built with Llama"
    )
    assert attribution_text(cleared(assets, listed, INTERNAL)) == ""
