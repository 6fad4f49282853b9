"""What a product is made of while it is typed: names follow the rows that they name, and no new name hides a block."""

from typing import Any

import pytest

from shipworthy.ui.session import Session

ASSETS, WAYS = "licences.assets", "licences.ways"


@pytest.fixture
def tuned(session: Session) -> Session:
    session.start_example("sharegpt-assistant")
    session.option = "ship"
    return session


def rows(session: Session, key: str, option: str = "ship") -> list[dict[str, Any]]:
    found = session.assessment.world.value(key, option)[1]
    return [{"id": row.id, "cells": dict(row.cells)} for row in found]


def column(session: Session, key: str, name: str, option: str = "ship") -> list[Any]:
    return [row["cells"].get(name) for row in rows(session, key, option)]


def test_a_new_name_follows_in_what_goes_into_it_and_in_the_ways_out(tuned: Session) -> None:
    before, headline = tuned.decision, tuned.assessment.options["ship"].findings["licences"].headline
    typed = rows(tuned, ASSETS)
    typed[4]["cells"]["name"] = "Our tuned model"
    tuned.answer(ASSETS, "ship", {"rows": typed})
    assert column(tuned, ASSETS, "into")[2:4] == ["Our tuned model", "Our tuned model"]
    assert tuned.assessment.options["ship"].findings["licences"].headline == headline
    assert tuned.assessment.recommended == "hosted"
    assert column(tuned, ASSETS, "into", "retrain")[0] == "Our assistant model"
    typed = rows(tuned, ASSETS)
    typed[2]["cells"]["name"] = "Conversations, shared"
    tuned.answer(ASSETS, "ship", {"rows": typed})
    assert column(tuned, ASSETS, "into")[1] == "Conversations, shared"
    assert column(tuned, WAYS, "asset")[0] == "Conversations, shared"
    tuned.undo()
    tuned.undo()
    assert tuned.decision == before
