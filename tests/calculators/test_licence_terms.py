"""Terms and uses: made by hand, read from a row, refused where a word is not known."""

from datetime import date

import pytest

from shipworthy.calculators.licence_terms import FIELDS, OWN, WORDS, Terms, Use
from shipworthy.errors import InputError
from shipworthy.reference.loader import load, parse

HEAD = (
    "licence,name,kind,spdx,scancode,aliases,commercial,users_most [users/month],revenue_most [USD/year],closed_in,fact,"
    "fields_barred,policy,derivatives,share_alike,reaches_models,reaches_distilled,attribution,notice,naming,training,"
    "outputs,clause,note,source,as_of,checked"
)
LINE = (
    "x-1,X Community,model,LicenseRef-x,,x;x one,limited,7e8,1e6,EU;UK,whether it sees pictures,medical;military,yes,yes,"
    "terms,yes,yes,yes,a copy,Built with X,yes,named,section 2,a note,the text,2026-11-20,seen"
)


def of(line: str) -> Terms:
    return Terms.of(parse(f"{HEAD}\n{line}\n", name="licences", key="licence", shelf_life=180)["x-1"])


def test_a_row_becomes_terms_column_by_column() -> None:
    assert of(LINE) == Terms(
        "x-1", "X Community", "model", "LicenseRef-x", "limited", 7e8, 1e6, frozenset({"EU", "UK"}),
        "whether it sees pictures", frozenset({"medical", "military"}), True, "yes", "terms", "yes", True, True, "a copy",
        "Built with X", "yes", "named", "section 2", "a note", "the text", date(2026, 11, 20), "seen",
    )  # fmt: skip


def test_empty_cells_are_no_limit() -> None:
    terms = of(LINE.replace("7e8,1e6,EU;UK", ",,").replace("medical;military", ""))
    assert (terms.users_most, terms.revenue_most, terms.closed_in, terms.fields_barred) == (None, None, set(), set())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",limited,", ",maybe,", "X Community › commercial: “maybe” was found; yes, limited or no would do"),
        (",terms,yes,yes,", ",viral,yes,yes,", "X Community › share alike: “viral” was found"),
        ("medical;military", "medical;cooking", "X Community › fields barred: “cooking” was found"),
        (",military,yes,yes,", ",military,perhaps,yes,", "policy holds 'perhaps'; yes or no would do"),
    ],
)
def test_words_that_are_not_known_are_refused(old: str, new: str, message: str) -> None:
    line = LINE.replace("medical;military", "military") if "policy" in message else LINE
    assert old in line
    with pytest.raises(InputError, match=message):
        of(line.replace(old, new))


@pytest.mark.parametrize("most", [-1.0, float("inf"), float("nan")])
def test_a_limit_is_a_number_from_nought(most: float) -> None:
    with pytest.raises(InputError, match="users_most"):
        Terms("x", "X", "model", users_most=most)


@pytest.mark.parametrize(
    "wrong",
    [{"delivery": "posted"}, {"competes": "maybe"}, {"fields": frozenset({"cooking"})}],
    ids=lambda each: next(iter(each)),
)
def test_a_use_knows_its_words(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"How it is used › .*would do"):
        Use(**{"commercial": True, "delivery": "served", **wrong})  # type: ignore[arg-type]


def test_own_work_permits_everything_and_has_no_limits() -> None:
    assert OWN.limits == ()
    assert (OWN.commercial, OWN.training, OWN.derivatives, OWN.share_alike) == ("yes", "yes", "yes", "none")


def test_limits_are_what_share_alike_would_not_let_one_add() -> None:
    terms = Terms("x", "X", "data", commercial="no", users_most=1.0, closed_in=frozenset({"EU"}), derivatives="private",
                  share_alike="terms")  # fmt: skip
    assert len(terms.limits) == 5
    assert Terms("sa", "SA", "data", share_alike="adapted", attribution=True).limits == ()


def test_the_use_says_who_decides_only_where_that_matters() -> None:
    assert "person deciding" not in Use(True, "served").words
    assert (
        "with a person deciding"
        in Use(True, "served", fields=frozenset({"automated_decisions"}), human_decides=True).words
    )


def test_every_field_has_words_and_every_column_its_own() -> None:
    assert all(FIELDS.values())
    assert all(len(set(words)) == len(words) for words in WORDS.values())


@pytest.mark.parametrize(
    ("clause", "what", "cited"),
    [
        ("section 4", "attribution", "T, section 4"),
        ("section 4: no commercial use", "attribution", "T (where in its text is not recorded here)"),
        ("section 4: no commercial use", "training", "T, section 4: no commercial use"),
        ("section 4: no commercial use; section 5: outputs train nothing", "competing", "T, section 5: outputs train nothing"),
        ("sections 2 to 4: use is granted; copies carry licence and notice", "notice", "T, sections 2 to 4: copies carry licence and notice"),
        ("", "notice", "T"),
    ],
)  # fmt: skip
def test_the_clause_that_is_cited_is_about_what_is_asked(clause: str, what: str, cited: str) -> None:
    assert Terms("t", "T", "data", clause=clause).cited_for(what) == cited


def test_every_row_cites_a_clause_of_its_own_for_what_it_stands_against() -> None:
    for row in load("licences"):
        terms = Terms.of(row)
        for what in ("commercial", "users", "outputs", "training", "territory:EU", "field:medical", "policy", "fact"):
            cited = terms.cited_for(what)
            assert cited.startswith(terms.name[:40])
            assert len(cited) > len(terms.name), (row.key, what)
