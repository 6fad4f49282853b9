"""The smooth curve that rises as its points do: SciPy's cubic with the same slopes, and never a turn of its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from shipworthy.calculators._rising import rising

STEPS = st.lists(st.tuples(st.floats(0.01, 5), st.floats(0, 100)), min_size=2, max_size=8)


@given(steps=STEPS)
def test_it_passes_through_its_points_and_rises_between_them(steps: list[tuple[float, float]]) -> None:
    x, y = np.cumsum([[0.0, 0.0], *steps], axis=0).T
    curve = rising(x, y)
    assert curve(x) == pytest.approx(y, abs=1e-9)
    assert np.all(np.diff(curve(np.linspace(x[0], x[-1], 500))) >= -1e-9)
    assert curve([x[0] - 1, x[-1] + 1]) == pytest.approx([y[0], y[-1]])


def test_between_inner_points_it_is_scipys() -> None:
    x, y = np.array([0, 0.25, 0.45, 0.65, 0.85, 1]), np.array([0, 0.02, 0.1, 0.5, 0.93, 1])
    inside = np.linspace(0.25, 0.85, 100)
    assert rising(x, y)(inside) == pytest.approx(PchipInterpolator(x, y)(inside), abs=1e-12)


def test_two_points_are_a_line() -> None:
    assert rising([1, 3], [2, 6])([1, 1.5, 3]).tolist() == [2, 3, 6]
