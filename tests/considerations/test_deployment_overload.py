"""Servers that cannot become more: what is lost, what is paid, how long a use waits, what is said and shown."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from decisions import ON, PLAIN, decision, rng

from shipworthy.assess import Assessment, assess
from shipworthy.calculators.scale import wait_percentile
from shipworthy.considerations.base import Evaluation, Figure
from shipworthy.decision import Row
from shipworthy.words import amount, plain

SECONDS = 365 / 12 * 86_400
CLOUD: dict[str, Any] = {
    **PLAIN,
    "deployment.target": "cloud",
    "deployment.stages": (Row(id="s", cells={"name": "Model", "typical": 70.0, "slow": 100.0}),),
    "deployment.limit": 150.0,
    "deployment.components": (Row(id="c", cells={"name": "Service", "up": 1.0}),),
    "deployment.outage": 30.0,
    "deployment.peak": 3.0,
    "deployment.work": 50.0,
    "deployment.server_price": 100.0,
    "deployment.most_servers": 4.0,
}
CAPACITY = 4 / 0.05 * SECONDS / 3.0
"""Uses a month at which four servers are busy all through the busiest hour."""


def found(answers: dict[str, Any]) -> Assessment:
    return assess(decision("a", answers), on=ON)


def seen(answers: dict[str, Any]) -> Evaluation:
    return found(answers).options["a"].runs[0].evaluations["deployment"]


def told(answers: dict[str, Any]) -> str:
    finding = found(answers).options["a"].findings["deployment"]
    return " | ".join((finding.headline, *finding.words.detail))


def figure(answers: dict[str, Any], key: str) -> Figure:
    case = found(answers)
    made = case.registry["deployment"].figures(case.view("deployment", "a"), case.evaluations("deployment"))
    return next(each for each in made if each.key == key)


def uses(times: float, **more: Any) -> dict[str, Any]:
    return {**CLOUD, "value_stream.uses": times * CAPACITY, **{f"deployment.{k}": v for k, v in more.items()}}


def test_uses_above_capacity_are_lost_from_the_money() -> None:
    assert seen(uses(0.9)).terms["availability"] == pytest.approx(1.0)
    assert seen(uses(2.0)).terms["availability"] == pytest.approx(1 - 0.125 / 2)  # of an eighth, half
    value = {times: found(uses(times)).ledger("a")["value"] for times in (100.0, 1e6)}
    most = 4 / 0.05 * SECONDS * 0.1 * 50 * 657 / (365 / 12)
    assert value[1e6] == pytest.approx(most, rel=1e-3)  # what four servers can do, around the clock
    assert value[1e6] == pytest.approx(value[100.0], rel=1e-3)


def test_a_shape_of_the_day_is_counted_hour_by_hour() -> None:
    hours = tuple(Row(id=f"h{i}", cells={"hour": float(i), "uses": each}) for i, each in enumerate((4.0, 2.0, 1.0)))
    day = {"shape": "hours", "hours": hours}
    busy = seen(uses(0.3, **day)).figures["busy"]
    assert busy == pytest.approx(0.3 * 24 * 4 / 7 / 3.0)
    able = 4 / float(busy)
    expected = sum(min(each, able) for each in (4, 2, 1)) / 7
    assert seen(uses(0.3, **day)).terms["availability"] == pytest.approx(expected)
    assert "counted hour by hour" in told(uses(0.3, **day))


@pytest.mark.parametrize(("away", "left"), [("lost", 0.9375), ("queued", 1.0), ("fallback", 0.9375 + 0.0625 * 0.4)])
def test_what_happens_to_them_is_what_happens_to_uses_in_an_outage(away: str, left: float) -> None:
    assert seen(uses(2.0, away=away, fallback=0.4)).terms["availability"] == pytest.approx(left)


def test_more_come_than_a_whole_day_can_do_so_a_queue_does_not_help() -> None:
    assert seen(uses(6.0, away="queued")).terms["availability"] == pytest.approx(0.5)


def test_cost_stops_at_the_most_servers_there_can_be() -> None:
    assert seen(uses(50.0)).figures["servers"] == 4
    assert seen(uses(50.0)).terms["servers"] == 400.0
    row = figure(uses(0.5), "users").rows[0]
    assert row[1:] == ("400 USD", "400 USD, overloaded", "400 USD, overloaded")
    assert max(figure(uses(0.5), "users").plotly["data"][0]["y"]) == 400.0


def test_no_response_time_is_shown_while_overloaded() -> None:
    said = told(uses(2.0))
    assert "Overloaded: in the busiest hour 2 times as much comes in as 4 servers can get done." in said
    assert "6 % of the uses are lost" in said
    assert "Half of the answers" not in said
    chart = figure(uses(2.0), "stages")
    assert chart.rows[0][1:4] == ("overloaded",) * 3
    assert chart.plotly["data"][-1]["x"] == [None]
    assert "Half of the answers" in told(uses(0.9))
    assert "Overloaded" not in told(uses(0.9))


def test_the_wait_for_a_server_is_worked_out_and_grows_towards_overload() -> None:
    figures = seen(uses(0.95)).figures
    rate = 0.95 * 4 / 0.05
    assert figures["wait_slow"] == pytest.approx(1000 * float(wait_percentile(rate, 0.05, 4, 0.95)))
    assert figures["wait"] == pytest.approx(1000 * float(wait_percentile(rate, 0.05, 4, 0.5)))
    assert "Waiting for a free server, in the busiest hour" in told(uses(0.95))
    shares = [float(seen(uses(times)).figures["in_time"]) for times in (0.5, 0.9, 0.97, 0.999, 1.001, 1.5, 5.0, 50.0)]
    assert all(before >= after - 1e-9 for before, after in pairwise(shares))
    assert shares[0] == pytest.approx(float(seen({**uses(0.5), "deployment.most_servers": None}).figures["in_time"]), abs=0.02)  # fmt: skip
    assert shares[3] == pytest.approx(shares[4], abs=0.01)  # no jump where it becomes too much
    assert shares[-1] < 0.1
    wild = seen(uses(0.95, differs=2.0)).figures["wait_slow"]
    assert wild > 2 * figures["wait_slow"]


def test_where_more_servers_can_be_had_nothing_of_this_happens() -> None:
    free = {**uses(50.0), "deployment.most_servers": None}
    assert "wait" not in seen(free).figures
    assert seen(free).terms["availability"] == pytest.approx(1.0)
    assert seen(free).figures["servers"] > 100


def test_the_flip_is_the_number_of_uses() -> None:
    flips = {each.answer: each for each in found(uses(2.0)).flips("a")["deployment"]}
    assert flips["value_stream.uses"].value < CAPACITY
    assert not flips["value_stream.uses"].at_least


def test_servers_are_one_figure_wherever_they_stand() -> None:
    unsure = {**uses(0.5), "deployment.most_servers": None, "value_stream.uses": rng(1e6, 2e7, 3e8)}
    case = found(unsure)
    result = seen(unsure)
    count, cost = float(np.mean(result.figures["servers"])), float(np.mean(result.figures["server_cost"]))
    text = told(unsure)
    head, rows = case.registry["deployment"].table(
        case.evaluations("deployment"), lambda _: case.view("deployment", "a")
    )
    shown = rows[0][1 + head.index("Servers")]
    assert shown == plain(count)
    assert f"{shown} servers, " in text
    today = figure(unsure, "users").rows[0][1]
    assert today == f"{amount(cost)} USD"
    assert f"{shown} servers, {today} a month" in text


def test_one_server_is_not_servers() -> None:
    assert "1 server, 100 USD a month" in told(uses(0.01))


def test_users_are_named_where_it_is_known_how_often_one_uses_it() -> None:
    named = figure(uses(0.5, user_uses=CAPACITY / 1e5), "users")
    assert named.columns[-3:] == ("1k users", "100k users", "1M users")
    assert named.rows[0][-1] == "400 USD, overloaded"
    assert {"today", "1k users", "1M users"} <= {each["text"] for each in named.plotly["layout"]["annotations"]}
    assert len(figure(uses(0.5), "users").columns) == 4
