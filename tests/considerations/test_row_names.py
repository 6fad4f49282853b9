"""Names of rows in other cells: where one ends, and what follows when one is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.considerations.row_names import follow, named, only_once, parts, renamed, row_names
from shipworthy.decision import Row

KNOWN = {"train", "label 10,000 photos", "roll out, and watch", "a; b", "test"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Train", ["Train"]),
        ("train; TEST", ["train", "TEST"]),
        ("Label 10,000 photos, Train", ["Label 10,000 photos", "Train"]),
        ("Roll out, and watch,Label 10,000 photos\nTrain", ["Roll out, and watch", "Label 10,000 photos", "Train"]),
        ("a; b; Train", ["a; b", "Train"]),
        ("Label 20,000 photos", ["Label 20,000 photos"]),  # nobody knows it: told whole
        ("Label 20,000 photos, Train, Nowhere, near", ["Label 20,000 photos", "Train", "Nowhere, near"]),
        ("Nowhere; Nothing", ["Nowhere", "Nothing"]),
        (" ;, \n", []),
        ("", []),
    ],
)
def test_where_a_name_ends(text: str, names: list[str]) -> None:
    assert named(text, KNOWN) == names


@given(st.text(alphabet="ab,; \n", max_size=30))
def test_nothing_gets_lost_between_the_parts(text: str) -> None:
    assert "".join(parts(text, {"a", "a,b", "b;a"})) == text
    assert renamed(text, set(), {}) == text


def test_a_name_that_is_changed_is_changed_where_it_stands_and_what_is_known_stays() -> None:
    new = {"label 10,000 photos": "Tag, then check", "train": "Fit"}
    assert renamed("Label 10,000 photos,  Train; Test", {"test"}, new) == "Tag, then check,  Fit; Test"
    assert renamed("Train; Test", {"train", "test"}, new) == "Train; Test"
    rows = (Row(id="a", cells={"after": "Train", "task": "Train"}), Row(id="b", cells={"task": "Test"}))
    (a, b) = follow(rows, "after", set(), new)
    assert (a.cells, b) == ({"after": "Fit", "task": "Train"}, rows[1])
    assert follow(rows, "after", {"train"}, new) is rows


def test_a_name_that_two_rows_have_means_neither() -> None:
    rows = [Row(id=key, cells={"task": name}) for key, name in (("a", "Build"), ("b", "build "), ("c", "Test"))]
    assert only_once(row_names([*rows, Row(id="d", cells={})], "task")) == {"test": "c"}
