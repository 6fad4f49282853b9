"""Working days: against a walk through the calendar day by day, known holidays, both directions, limits and words."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.calculators.working_days import YEARS, Calendar
from shipworthy.errors import InputError

FIRST = date(2026, 11, 20)  # a Friday
GERMAN = Calendar(FIRST, country="DE", closed=((date(2026, 12, 28), date(2026, 12, 31)),))


def walked(calendar: Calendar, work: float) -> float:
    """The moment at which so much is done, by walking from day to day through Germany's calendar of that winter."""
    free = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), *(date(2026, 12, day) for day in range(28, 32))}
    day, left = 0, work
    while left > 0:
        here = calendar.first + timedelta(days=day)
        if here.weekday() < 5 and here not in free:
            if left <= 1:
                return day + left
            left -= 1
        day += 1
    return 0.0


@pytest.mark.parametrize("work", [0.0, 0.25, 1.0, 1.5, 2.0, 24.0, 25.0, 25.5, 26.0, 30.0])
def test_a_winter_walked_day_by_day(work: float) -> None:
    assert float(GERMAN.moments(work)) == walked(GERMAN, work)


def test_the_christmas_of_2026_by_hand() -> None:
    # 20 November to 24 December are 25 working days; 25 and 26 are holidays, 28 to 31 are closed, 1 January is one
    assert float(GERMAN.moments(25.0)) == (date(2026, 12, 24) - FIRST).days + 1
    assert GERMAN.date_of(GERMAN.moments(25.0)) == date(2026, 12, 25)
    assert GERMAN.start_of(25.0) == date(2027, 1, 4)
    assert float(GERMAN.work(GERMAN.offset(date(2027, 1, 4)))) == 25.0


@pytest.mark.parametrize(
    ("country", "holiday"),
    [("US", date(2026, 11, 26)), ("GB", date(2026, 12, 28)), ("FR", date(2027, 7, 14)), ("DE-BY", date(2027, 1, 6)), ("IN", date(2027, 1, 26))],
)  # fmt: skip
def test_holidays_of_a_country_are_free(country: str, holiday: date) -> None:
    assert holiday.weekday() < 5
    place = (holiday - FIRST).days
    assert place not in Calendar(FIRST, country=country).worked
    assert place in Calendar(FIRST).worked


def test_weekends_are_the_countrys_own() -> None:
    friday, sunday = 0, 2
    egypt = Calendar(FIRST, country="EG").worked  # free on Friday and Saturday
    assert friday not in egypt
    assert sunday in egypt


@pytest.mark.parametrize(
    ("days", "free"), [(7, ""), (6, "sun"), (5, "sat sun"), (4, "fri sat sun"), (1, "tue wed thu fri sat sun")]
)
def test_days_a_week(days: int, free: str) -> None:
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    worked = {names[(FIRST + timedelta(days=int(each))).weekday()] for each in Calendar(FIRST, days).worked[:50]}
    assert worked == set(names) - set(free.split())
    assert float(Calendar(FIRST, days).work(7.0)) == days


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 3000), min_size=1, max_size=20))
def test_there_and_back(work: list[float]) -> None:
    there = GERMAN.moments(np.array(work))
    np.testing.assert_allclose(GERMAN.work(there), work, atol=1e-9)
    order = np.argsort(work)
    assert np.all(np.diff(there[order]) >= 0)


def test_beyond_the_table_working_days_are_as_frequent_as_within() -> None:
    most = GERMAN.worked.size
    inside, outside = GERMAN.moments([float(most), 2.0 * most])
    assert inside == pytest.approx(365.25 * YEARS, abs=5)
    assert outside == pytest.approx(2 * 365.25 * YEARS, abs=5)
    assert GERMAN.date_of(1e12) == date.max


def test_nothing_goes_live_in_a_freeze() -> None:
    two = Calendar(FIRST, frozen=((date(2026, 12, 20), date(2027, 1, 5)), (date(2026, 11, 22), date(2026, 11, 24))))
    # ready on the evening before is in time, ready within waits for the morning after
    assert two.live([2.0, 2.1, 4.9, 5.0, 30.0, 30.5, 47.5]).tolist() == [2.0, 5.0, 5.0, 5.0, 30.0, 47.0, 47.5]
    assert two.last_ready(4.0) == 2.0
    assert two.last_ready(5.0) == 5.0
    assert two.last_ready(40.0) == 30.0
    # people go on working
    assert two.worked.tolist() == Calendar(FIRST).worked.tolist()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"country": "ATLANTIS"}, "Country: “ATLANTIS” was found; a two-letter code"),
        ({"country": "DE-XX"}, "Country: “DE-XX” was found"),
        ({"days_a_week": 0}, "Days a week: 0 was found; a whole number from 1 to 7"),
        ({"days_a_week": 8}, "Days a week: 8 was found"),
        ({"closed": ((date(2027, 2, 1), date(2027, 1, 1)),)}, "begins on 2027-02-01 and ends before, on 2027-01-01"),
        ({"closed": ((FIRST, date(2099, 1, 1)),)}, "Nobody works on any day"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_in_words(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Calendar(FIRST, **wrong).moments(1.0)  # type: ignore[arg-type]


def test_a_working_day_before_the_first() -> None:
    for calendar in (
        Calendar(FIRST),
        Calendar(FIRST, 4, "DE"),
        Calendar(FIRST, closed=((date(2026, 10, 1), date(2026, 10, 31)),)),
    ):
        for count in (1, 7, 40, 200):
            day = calendar.start_of(-float(count))
            again = Calendar(day, calendar.days_a_week, calendar.country, calendar.closed)
            assert again.start_of(count) == calendar.start_of(0.0)
    assert Calendar(date(1, 1, 5)).start_of(-500.0) == date(1, 1, 1)
