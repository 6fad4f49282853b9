"""Networks and the backbone: complete, in order, and no number dressed up."""

from shipworthy.calculators.response import transfer_time
from shipworthy.reference import load


def test_every_network_can_be_used_as_it_stands() -> None:
    for row in load("networks"):
        typical, slow = row.number("round_trip_p50"), row.number("round_trip_p95")
        assert 0 < typical <= slow
        assert 0 < transfer_time(100, row.number("up"), typical) < transfer_time(100, row.number("up"), slow)
        assert row.number("up") <= row.number("down")
        assert row.text("what")
        assert row.checked == "judgement"


def test_a_farther_server_takes_longer_by_the_published_round_trip() -> None:
    networks, backbone = load("networks"), load("backbone")
    for region, path in (
        ("continent", "US East - US West"),
        ("atlantic", "US East - Netherlands"),
        ("asia", "Netherlands - Singapore"),
    ):
        far = networks[f"4g.{region}"].number("round_trip_p50") - networks["4g.near"].number("round_trip_p50")
        assert far == backbone[path].number("round_trip_p95") - 10
        assert backbone[path].checked == "seen"
