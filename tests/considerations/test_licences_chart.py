"""The chart of what goes into what: no text on another, what matters first, and every option that fails in the record."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from decisions import assessed, decision, own
from gates import LICENSED, MODEL, asset, licensed
from records import Page

from shipworthy.assess import Assessment
from shipworthy.considerations import licences_places as at
from shipworthy.considerations.base import Figure
from shipworthy.decision import Row
from shipworthy.record import make

LETTER, SMALL, LINE, MARK = 7, 6, 15, 10


def chart(found: Assessment) -> Figure:
    (figure,) = found.registry["licences"].figures(found.view("licences", "a"), found.evaluations("licences"))
    return figure


def boxes(figure: Figure) -> list[tuple[float, float, float, float, str]]:
    """Left, right, low and high of every text of a chart on a narrow screen [px], worked out from the drawing itself."""
    found = []
    height = figure.plotly["layout"]["height"] - 8
    low, high = figure.plotly["layout"]["yaxis"]["range"]
    for trace in figure.plotly["data"]:
        sides = trace["textposition"]
        letter = LETTER if "markers" in trace["mode"] else SMALL
        for place, text in enumerate(trace["text"]):
            if not text:
                continue
            side = sides if isinstance(sides, str) else sides[place]
            x, y = trace["x"][place] * 290, (trace["y"][place] - low) / (high - low) * height
            wide, gap = letter * len(text), MARK if "markers" in trace["mode"] else 0
            if side == "bottom center":
                found.append((x - wide / 2, x + wide / 2, y - gap - LINE, y - gap, text))
            else:
                left = x + gap if side == "middle right" else x - wide
                found.append((left, left + wide, y - LINE / 2, y + LINE / 2, text))
    return found


MANY = tuple(
    asset(f"Data set {at}", "CC BY-NC 4.0" if at in (37, 150) else "MIT", "trains", "Our model") for at in range(199)
)
DEEP = (
    asset("Hosted assistant of a provider", "OpenAI Terms of Use 2023-03-14", "generates", "Answers", "service"),
    asset("Answers", how="collected", into="Shared conversations", kind="outputs"),
    asset("Shared conversations", "Apache-2.0", "tunes", "Our model"),
    asset("A base model with a rather long name", "Apache-2.0", "tunes", "Our model", "model"),
    *(asset(f"Letters to support of the year 20{at}", "own", "trains", "Our model") for at in range(10, 17)),
)


@pytest.mark.parametrize(
    "rows", [MANY, DEEP, MANY[:1], MANY[:2], MANY[:3], MANY[36:41]], ids=["many", "deep", "1", "2", "3", "5"]
)
def test_no_text_stands_on_another_or_beyond_the_edge(rows: tuple[Row, ...]) -> None:
    figure = chart(licensed(*rows, MODEL, competes="model"))
    texts = boxes(figure)
    assert len(texts) > len(rows[:5])
    for one, other in combinations(texts, 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
        assert apart, (one, other)
    assert all(left >= 0 and right <= 290 for left, right, *_ in texts), texts


def test_of_many_assets_those_that_block_are_drawn_and_the_rest_is_told() -> None:
    figure = chart(licensed(*MANY, MODEL))
    nodes = [text for each in figure.plotly["data"] if "markers" in each["mode"] for text in each["text"]]
    assert len(nodes) == at.MOST + 1  # and the product
    assert {text.split(" (")[0] for text in nodes if text.startswith("✕")} == {"✕ Data set 37", "✕ Data set 150"}
    rows = [y for each in figure.plotly["data"] if "markers" in each["mode"] for y in each["y"]]
    assert max(rows.count(y) for y in rows) <= at.ABREAST
    assert "188 more assets are in the table only." in figure.caption
    assert len(figure.rows) == 200
    assert figure.plotly["layout"]["height"] > 64 * len(set(rows)) - 64


def test_ways_that_block_are_drawn_whole_as_far_as_there_is_room() -> None:
    sources = [asset(f"Site {at}", "CC BY-NC 4.0", "collected", f"Crawl {at}", "source") for at in range(8)]
    crawls = [asset(f"Crawl {at}", "MIT", "trains", "Our model") for at in range(8)]
    figure = chart(licensed(*sources, *crawls, MODEL))
    drawn = {text for each in figure.plotly["data"] if "markers" in each["mode"] for text in each["hovertext"]}
    for number in range(5):
        assert {f"Site {number} (source)", f"Crawl {number} (data set)"} <= drawn
    (blocked,) = [each for each in figure.plotly["data"] if each.get("line", {}).get("dash") == "dash"]
    assert (
        sum(place is None for place in blocked["x"]) == 5 * 2 + 1 + 1
    )  # one crawl more has room, on a way that blocks


def test_the_record_charts_every_option_that_fails() -> None:
    barred = (asset("Posts", "CC BY-NC 4.0", "trains", "Our model"), MODEL)
    rows = own(a=(asset("Words", "MIT"),), b=barred, c=(*barred, asset("Icons", "unknown")))
    found = assessed(decision("a b c", {**LICENSED, "licences.assets": rows}))
    page = make(found, made_at=datetime(2026, 11, 21, tzinfo=UTC), with_charts=False)
    assert page.count("<h3>What goes into what") == 3
    for name in ("A", "B", "C"):
        assert f"<h3>What goes into what: <bdi>{name}</bdi></h3>" in page
    words = " ".join(Page(page).texts)
    assert "the way by which" not in words
    assert "✕ blocked" in words


def test_the_record_says_choices_in_lists_in_words() -> None:
    rows = (
        asset("Assistant", "OpenAI Terms of Use 2023-03-14", "generates", "Answers", "service"),
        asset("Answers", how="collected", into="Chats", kind="outputs"),
        asset("Chats", "MIT"),
    )
    page = make(licensed(*rows), made_at=datetime(2026, 11, 21, tzinfo=UTC), with_charts=False)
    texts = {text.strip() for text in Page(page).texts}
    assert {"Writes", "Is collected into", "Outputs of a model", "Service"} <= texts
    assert not {"generates", "collected", "outputs", "service"} & texts
