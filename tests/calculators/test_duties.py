"""Duties to explain: cases worked by hand from the texts, dates before and after, and what must never happen."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.calculators._duties_words import (
    AUTOMATION,
    BESIDES,
    DOMAINS,
    EFFECTS,
    LEVELS,
    PEOPLE,
    PLACES,
    chain,
    level_order,
)
from shipworthy.calculators.duties import (
    Case,
    Required,
    Verdict,
    applicable,
    contradictions,
    duties,
    judge,
    question,
    required,
    unread,
)
from shipworthy.errors import InputError

DAY = date(2026, 11, 20)


def case(on: date = DAY, **known: Any) -> Case:
    sets = {"affected", "operator", "domains", "people"}
    return Case(on=on, **{key: frozenset(value.split()) if key in sets else value for key, value in known.items()})


def loan(where: str, automation: str = "solely", on: date = DAY, **known: Any) -> Case:
    facts = {
        "operator": where,
        "domains": "credit",
        "effect": "adverse",
        "people": "consumers",
        "bureau": "no",
        **known,
    }
    return case(on, affected=where, automation=automation, **facts)


def asked(known: Case, **options: Any) -> Required:
    return required(applicable(known), **options)


def states(known: Case) -> dict[str, str]:
    return {row.key: judge(row, known).applies for row in duties()}


def test_a_lender_in_the_us_owes_reasons_and_more_where_bureau_data_are_used() -> None:
    plain, bureau = asked(loan("US")), asked(loan("US", bureau="yes"))
    assert dict(plain.by_duty) == {"US-ECOA-AA": "reasons"}
    assert dict(bureau.by_duty) == {"US-ECOA-AA": "reasons", "US-FCRA-615a": "reasons"}
    assert (plain.level, plain.most_reasons, plain.besides) == ("reasons", 4, ())
    assert "score_factors" in bureau.gives
    assert "score_factors" not in plain.gives
    unknown = judge("US-FCRA-615a", loan("US", bureau="unknown"))
    assert (unknown.applies, unknown.fact) == ("might", "whether a consumer report or data of a credit bureau are used")


def test_a_lender_in_the_eu_that_decides_by_machine_owes_the_logic() -> None:
    found = asked(loan("EU"))
    assert dict(found.by_duty) == {"EU-GDPR-1315": "logic", "EU-GDPR-22": "reasons", "EU-CCD2": "logic"}
    assert (found.level, found.most_reasons) == ("logic", None)
    assert {"logic", "human_review", "contest"} <= set(found.gives)


def test_a_person_who_decides_removes_the_first_kind_only() -> None:
    human = states(loan("EU US", automation="human"))
    alone = states(loan("EU US"))
    assert (alone["EU-GDPR-22"], human["EU-GDPR-22"], human["EU-GDPR-1315"]) == ("yes", "no", "no")
    assert (human["EU-CCD2"], human["US-ECOA-AA"]) == ("yes", "yes")
    between = judge("EU-GDPR-22", loan("EU", automation="between"))
    assert between.applies == "might"
    assert between.fact.startswith("whether the person who decides has the authority")


@pytest.mark.parametrize(
    ("on", "applies", "in_force", "now"),
    [
        (date(2026, 8, 1), "might", "from 2026-08-02", False),
        (date(2026, 8, 2), "might", "yes", False),
        (date(2027, 12, 1), "might", "yes", False),
        (date(2027, 12, 2), "yes", "yes", True),
    ],
)
def test_the_right_to_explanation_of_the_ai_act_is_disputed_until_its_date(
    on: date, applies: str, in_force: str, now: bool
) -> None:
    found = judge("EU-AIA-86", loan("EU", on=on))
    assert found.in_force == in_force
    assert found.now == now
    assert (found.then, found.starts) == ("yes", None if now else date(2027, 12, 2))
    if in_force == "yes":
        assert found.applies == applies
        assert ("disputed" in found.fact) == (applies == "might")


def test_colorado_before_and_after() -> None:
    before, after = (loan("US-CO", automation="human", on=day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    verdict = judge("CO-SB26-189", before)
    assert (verdict.applies, verdict.in_force, verdict.starts, verdict.now) == (
        "yes", "from 2027-01-01", date(2027, 1, 1), False,
    )  # fmt: skip
    assert "CO-SB26-189" not in asked(before).by_duty
    assert asked(after).by_duty["CO-SB26-189"] == "reasons"
    assert judge("CO-SB26-189", after).starts is None


def test_what_is_coming_is_listed_and_counts_only_when_asked() -> None:
    known = loan("AU")
    year, month = date(2027, 11, 20), date(2026, 12, 1)
    assert [(each.duty.key, each.starts) for each in asked(known, until=year).coming] == [
        ("AU-APP17", date(2026, 12, 10))
    ]
    assert asked(known, until=year).level == "none"
    assert asked(known, until=year, count_coming=True).level == "notice"
    assert asked(known, until=month).coming == ()
    assert asked(known, until=month, count_coming=True).level == "none"
    assert asked(known, until=year).possible == "notice"


def test_consumer_credit_starts_on_its_day() -> None:
    eve = loan("EU", automation="human", on=date(2026, 11, 19))
    assert judge("EU-CCD2", eve).in_force == "from 2026-11-20"
    assert asked(eve).level == "none"
    assert asked(loan("EU", automation="human")).level == "logic"


def test_a_country_without_a_duty_and_a_country_that_nobody_looked_at() -> None:
    tokyo = loan("JP", bureau="yes")
    assert asked(tokyo) == Required("none", (), {}, (), None, False, (), (), "none", ())
    assert "asks for no explanation" in judge("JP-AI", tokyo).because
    assert unread(tokyo) == ()
    assert unread(loan("other")) == ("another country",)
    assert applicable(loan("other")) == []
    assert unread(loan("US-OTHER")) == ()


def test_hiring_in_new_york_city_asks_for_a_bias_audit() -> None:
    hiring = case(
        affected="US-NYC", domains="hiring", effect="ranking", automation="human", people="staff", bureau="no"
    )
    found = asked(hiring)
    assert (found.level, found.besides, set(found.by_duty)) == ("notice", ("bias_audit",), {"NYC-LL144"})
    albany = case(affected="US-NY", domains="hiring", effect="ranking", people="staff", bureau="no")
    assert judge("NYC-LL144", albany).fact == "whether people in New York City are affected"
    boulder = case(affected="US-CO", domains="hiring", effect="ranking", people="staff")
    assert judge("NYC-LL144", boulder).applies == "no"


def test_a_country_stands_for_its_parts_unless_a_part_is_named() -> None:
    assert judge("CO-SB26-189", loan("US")).fact == "whether people in Colorado are affected"
    assert judge("CO-SB26-189", loan("US US-TX")).applies == "no"
    assert judge("US-ECOA-AA", loan("US-TX")).applies == "yes"
    assert judge("US-STATE-PRIV", loan("US-OTHER")).fact.startswith("which state it is")
    assert judge("EU-AIA-86", case(affected="EU", domains="insurance", effect="adverse")).fact.startswith(
        "whether it is life insurance or health insurance"
    )
    assert judge("US-FCRA-615a", case(affected="US", domains="motor_insurance", effect="adverse", bureau="yes",
                                      people="consumers")).applies == "yes"  # fmt: skip


def test_a_law_may_follow_its_operator_abroad() -> None:
    abroad = case(
        affected="JP", operator="EU", domains="credit", effect="adverse", automation="solely", people="consumers"
    )
    assert judge("EU-GDPR-22", abroad).applies == "might"
    assert "follows an operator" in judge("EU-GDPR-22", abroad).fact
    assert judge("EU-CCD2", abroad).applies == "no"


@pytest.mark.parametrize(("key", "in_force"), [("US-CFPB-CIRC", "withdrawn"), ("US-MRM-2026", "advisory"), ("SG-MAIGF", "advisory")])  # fmt: skip
def test_withdrawn_and_advisory_rows_are_listed_as_such_and_never_count(key: str, in_force: str) -> None:
    known = loan("US SG", bureau="yes")
    verdict = judge(key, known)
    assert (verdict.applies, verdict.in_force, verdict.now, verdict.level) == ("no", in_force, False, "none")
    assert verdict in applicable(known)
    found = asked(known, count_coming=True)
    assert key not in found.by_duty
    assert all(each.duty.key != key for each in (*found.might, *found.coming))


def test_a_recommender_owes_its_main_parameters_and_a_removal_its_reasons() -> None:
    shown = case(affected="EU", domains="platform", effect="recommendation", people="consumers")
    removed = case(affected="EU", domains="platform", effect="adverse", people="consumers")
    assert judge("EU-DSA", shown).level == "notice"
    assert judge("EU-DSA", shown).gives == ("description",)
    assert judge("EU-DSA", removed).level == "reasons"
    assert "contest" in asked(removed).gives
    assert asked(shown).level == "notice"
    china = judge("CN-PIPL24", case(affected="CN", domains="credit", effect="recommendation", people="consumers"))
    assert (china.applies, china.level, china.could) == ("yes", "notice", "reasons")


def test_a_fact_that_decides_is_named_and_a_public_body_settles_it() -> None:
    ward = case(affected="US-TX", domains="health", effect="support", people="patients")
    assert "health care reaches this private provider" in judge("TX-TRAIGA", ward).fact
    agency = case(affected="US-TX", domains="public", effect="support", people="citizens")
    assert judge("TX-TRAIGA", agency).applies == "yes"
    office = case(affected="FR", domains="public", effect="adverse", automation="human", people="citizens")
    assert asked(office).by_duty["FR-CRPA"] == "logic"
    assert judge("FR-CRPA", loan("FR")).because == "It binds only with a public body that decides."


def test_protected_people() -> None:
    firm = loan("US EU", people="businesses")
    found = states(firm)
    assert (found["US-ECOA-AA"], found["EU-GDPR-22"], found["EU-CCD2"]) == ("yes", "no", "no")
    assert judge("EU-CCD2", firm).because == "It protects private persons, and none are affected."
    applicant = case(affected="US-MN", domains="hiring", effect="adverse")
    assert judge("MN-CDPA", applicant).applies == "might"
    assert judge("MN-CDPA", case(affected="US-MN", domains="hiring", effect="adverse", people="staff")).applies == "no"


def test_policy_raises_the_level_and_never_lowers_it() -> None:
    assert (asked(loan("JP"), policy="reasons").level, asked(loan("JP"), policy="reasons").from_policy) == (
        "reasons",
        True,
    )
    strict = asked(loan("EU"), policy="notice")
    assert (strict.level, strict.from_policy) == ("logic", False)
    with pytest.raises(
        InputError, match="own policy: 'all' is not known; one of none, notice, reasons, logic would do"
    ):
        asked(loan("EU"), policy="all")


def test_nothing_known_is_might_with_the_facts() -> None:
    blank = case()
    for row in duties():
        verdict = judge(row, blank)
        dead = row.empty or row.status in ("withdrawn", "advisory", "proposed")
        assert verdict.applies == ("no" if dead else "might"), row.key
        assert bool(verdict.fact) != dead
    assert asked(blank).level == "none"
    assert asked(blank).possible == "logic"


def test_bad_input_in_words() -> None:
    with pytest.raises(InputError, match="Where the people affected live: 'Mars' is not known; one of US"):
        case(affected="Mars")
    with pytest.raises(InputError, match="How automated: 'robot' is not known; one of solely"):
        case(automation="robot")
    with pytest.raises(InputError, match=r"Table duties has no row 'US-ECOA'\. Did you mean US-ECOA-AA"):
        judge("US-ECOA", case())
    assert contradictions(loan("EU")) == []
    assert len(contradictions(case(domains="hiring", people="businesses"))) == 1
    assert len(contradictions(case(effect="support", automation="solely"))) == 1


def test_counsel_is_asked_the_fact_that_decides() -> None:
    assert "depends on whether there is a works council" in question(
        judge("ES-ET64", case(affected="ES", domains="hiring", effect="adverse", people="staff"))
    )
    assert question(judge("US-ECOA-AA", loan("US"))).startswith(
        "Does this bind us, as we think, and does what we plan to give meet it"
    )
    assert "Are we right" in question(judge("EU-GDPR-22", loan("EU", automation="human")))


def anywhere(codes: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(codes)), max_size=3)


CASES = st.builds(
    Case,
    on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    affected=anywhere(PLACES),
    operator=anywhere(PLACES),
    domains=anywhere(DOMAINS),
    effect=st.sampled_from(sorted(EFFECTS)),
    automation=st.sampled_from(sorted(AUTOMATION)),
    people=anywhere(PEOPLE),
    bureau=st.sampled_from(["yes", "no", "unknown"]),
    special=st.sampled_from(["yes", "no", "unknown"]),
    public=st.sampled_from(["yes", "no", "unknown"]),
)


@given(CASES)
def test_no_duty_applies_outside_its_place_and_every_verdict_says_why(known: Case) -> None:
    for row in duties():
        verdict = judge(row, known)
        assert verdict.because
        assert bool(verdict.fact) >= (verdict.applies == "might")
        assert level_order(verdict.level) <= level_order(verdict.could) <= level_order(row.level)
        if verdict.applies == "yes":
            assert any(chain(code, PLACES) & row.places for code in known.affected), row.key
        if verdict.applies == "no":
            assert (verdict.level, verdict.starts, verdict.then) == ("none", None, "no")
    assert {each.duty.key for each in applicable(known)} >= {
        row.key for row in duties() if judge(row, known).applies != "no"
    }


@given(CASES)
def test_adding_a_person_never_adds_a_duty(known: Case) -> None:
    facts = {name: getattr(known, name) for name in known.__dataclass_fields__ if name != "automation"}
    order = ("no", "might", "yes")
    for row in duties():
        human, between, alone = (
            order.index(judge(row, Case(automation=who, **facts)).applies) for who in ("human", "between", "solely")
        )
        assert human <= between <= alone, row.key


@given(CASES)
def test_what_is_required_lies_within_what_is_possible(known: Case) -> None:
    verdicts = applicable(known)
    found, later = required(verdicts), required(verdicts, count_coming=True)
    assert level_order(found.level) <= level_order(later.level) <= level_order(found.possible)
    assert set(found.besides) <= set(later.besides) <= set(found.possible_besides) <= set(BESIDES)
    assert found.level == max(found.by_duty.values(), key=level_order, default="none")
    assert list(found.coming) == sorted(found.coming, key=lambda each: each.starts or DAY)


def test_every_combination_of_effect_and_automation_answers() -> None:
    for effect, who, where in product(EFFECTS, AUTOMATION, ("US", "EU", "UK", "KR")):
        found = asked(loan(where, automation=who, effect=effect))
        assert found.level in LEVELS
        if effect == "none":
            assert found.level == "none"
        assert all(isinstance(each, Verdict) and each.fact for each in found.might)


def test_what_is_in_force_comes_before_what_is_to_come() -> None:
    for known in (loan("EU"), loan("US"), case(affected="EU", domains="health", effect="significant")):
        for state in ("yes", "might", "no"):
            days = [each.starts or date.min for each in applicable(known) if each.applies == state]
            assert days == sorted(days)
    assert [each.duty.key for each in applicable(loan("EU")) if each.applies == "yes"][-1] == "EU-AIA-26"


def test_a_medical_device_might_be_high_risk_and_only_in_health_care() -> None:
    ward = case(affected="EU", domains="health", effect="significant", people="patients", automation="human")
    for key in ("EU-AIA-HR-DEV", "EU-AIA-26-DEV"):
        found = judge(key, ward)
        assert (found.applies, found.in_force, found.starts) == ("might", "from 2028-08-02", date(2028, 8, 2))
        assert found.fact == "whether it is, or is part of, a medical device that needs a third party's check"
        assert judge(key, loan("EU")).applies == "no"
    assert [each.duty.key for each in asked(ward, until=date(2029, 1, 1)).coming] == ["EU-AIA-HR-DEV", "EU-AIA-26-DEV"]


def test_what_nobody_is_asked_is_taken_to_hold_and_said() -> None:
    found = judge("EU-CCD2", loan("EU"))
    assert found.applies == "yes"
    assert found.because.endswith(", unless the loans are above 100,000 EUR or secured on a home (nobody is asked).")
    assert question(found).endswith("? We take it to, unless the loans are above 100,000 EUR or secured on a home.")


def test_a_machine_alone_needs_a_ground_that_allows_it() -> None:
    alone, human = (asked(loan("EU", automation=who)) for who in ("solely", "human"))
    assert ("lawful_ground" in alone.besides, "lawful_ground" in human.besides) == (True, False)
    assert "lawful_ground" in asked(loan("ZA")).besides
    assert "lawful_ground" not in asked(loan("UK")).besides  # allowed, with safeguards
