"""Working days and dates: from work that takes so many working days to the day on which it is done, and back.

Moments are counted in days from a first day, its morning being 0: 1.0 is that evening, which is the next morning.
Work is counted in working days in the same way.
"""

import datetime
import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from shipworthy.errors import InputError

Floats = npt.NDArray[np.float64]
Dates = tuple[datetime.date, datetime.date]

YEARS = 15
"""How far the table reaches; beyond it, working days are as frequent as within."""


@dataclass(frozen=True)
class Calendar:
    """On which days people work, and on which nothing may go live.

    Parameters
    ----------
    first : date
        The day that is counted from.
    days_a_week : int, optional
        Working days a week [1..7]. Five leaves the weekend of the country free, four one day more.
    country : str, optional
        Two-letter code of the country whose public holidays are free, as the ``holidays`` package knows it; a part of
        it behind a hyphen, such as ``DE-BY``. Empty: there are none, and weekends are Saturday and Sunday.
    closed : tuple of (date, date), optional
        Periods, both days included, in which nobody works.
    frozen : tuple of (date, date), optional
        Periods, both days included, in which people work and nothing goes live.

    Raises
    ------
    InputError
        Where a country is not known, a period ends before it begins, or nobody ever works.

    Examples
    --------
    Work begins in Germany on Thursday 17 December 2026 and takes seven working days, the last one Monday 28 December,
    so it is there from Tuesday on.

    >>> from datetime import date
    >>> calendar = Calendar(date(2026, 12, 17), country="DE")
    >>> calendar.date_of(calendar.moments(7.0)).isoformat()
    '2026-12-29'
    """

    first: datetime.date
    days_a_week: int = 5
    country: str = ""
    closed: tuple[Dates, ...] = ()
    frozen: tuple[Dates, ...] = ()

    @cached_property
    def worked(self) -> npt.NDArray[np.int64]:
        """Days that are worked, counted from the first day."""
        return _worked(self.first, self.days_a_week, self.country.strip().upper(), self.closed)

    def moments(self, work: npt.ArrayLike) -> Floats:
        """The moment at which so much work is done.

        Parameters
        ----------
        work : float or array
            Working days from the first day [working day].

        Returns
        -------
        float or array
            [day]; an evening where the work fills its last day.

        Examples
        --------
        A Thursday: two days of work are done on Friday evening, half a day more on Monday at noon.

        >>> from datetime import date
        >>> Calendar(date(2026, 11, 19)).moments([0.0, 2.0, 2.5]).tolist()
        [0.0, 2.0, 4.5]
        """
        done = np.asarray(work, dtype=np.float64)
        days, span = self.worked, 365.25 * YEARS
        nth = np.ceil(done) - 1.0
        place = np.minimum(np.maximum(nth, 0.0), days.size - 1.0)
        beyond = np.maximum(done - days.size, 0.0) * (span / days.size)
        inside = days.take(place.astype(np.intp)) + np.minimum(done - place, 1.0) + beyond
        moment: Floats = np.where(done > 0, inside, 0.0)[()]
        return moment

    def work(self, moment: npt.ArrayLike) -> Floats:
        """Working days from the first day to a moment: the most work that can be done by then.

        Parameters
        ----------
        moment : float or array
            [day]

        Returns
        -------
        float or array
            [working day]

        Examples
        --------
        >>> from datetime import date
        >>> Calendar(date(2026, 11, 19)).work([1.0, 2.0, 3.0, 4.0, 4.5]).tolist()
        [1.0, 2.0, 2.0, 2.0, 2.5]
        """
        when = np.asarray(moment, dtype=np.float64)
        day = np.floor(when)
        before = np.searchsorted(self.worked, day)
        today = np.searchsorted(self.worked, day, side="right") - before
        done: Floats = np.where(when > 0, before + today * (when - day), 0.0)[()]
        return done

    def live(self, moment: npt.ArrayLike) -> Floats:
        """When something that is ready at a moment may go live: at once, or when the freeze that it falls into ends.

        Examples
        --------
        >>> from datetime import date
        >>> calendar = Calendar(date(2026, 11, 19), frozen=((date(2026, 11, 23), date(2026, 11, 27)),))
        >>> calendar.live([4.0, 4.5, 8.0, 9.5]).tolist()
        [4.0, 9.0, 9.0, 9.5]
        """
        when = np.asarray(moment, dtype=np.float64)
        for begin, end in sorted(self.frozen):
            low, high = self.offset(begin), self.offset(end) + 1.0
            when = np.where((when > low) & (when < high), high, when)
        return when[()]

    def last_ready(self, moment: float) -> float:
        """The latest moment of being ready with which one is live at a given moment: before the freeze that it falls into."""
        for begin, end in sorted(self.frozen, reverse=True):
            if self.offset(begin) < moment < self.offset(end) + 1.0:
                moment = float(self.offset(begin))
        return moment

    def offset(self, day: datetime.date) -> int:
        """Days from the first day to the morning of another [day]."""
        return (day - self.first).days

    def date_of(self, moment: npt.ArrayLike) -> datetime.date:
        """The first day that begins at or after a moment: the day from whose morning on it is there."""
        days = math.ceil(float(np.asarray(moment)) - 1e-9)
        last = (datetime.date.max - self.first).days
        return self.first + datetime.timedelta(days=min(max(days, 0), last))

    def start_of(self, work: float) -> datetime.date:
        """The working day on which the work after so much other work begins; below 0 so many working days before the first.

        >>> from datetime import date
        >>> thursday = Calendar(date(2026, 11, 19))
        >>> thursday.start_of(2.0).isoformat(), thursday.start_of(-4.0).isoformat()
        ('2026-11-23', '2026-11-13')
        """
        if work < 0:
            return self._before(math.ceil(-work - 1e-9))
        place = min(max(math.floor(work + 1e-9), 0), self.worked.size - 1)
        return self.first + datetime.timedelta(days=int(self.worked[place]))

    def _before(self, count: int) -> datetime.date:
        """The working day that is so many before the first one, as far as dates go."""
        back = min(math.ceil(count * 14 / self.days_a_week) + 366, (self.first - datetime.date.min).days, 4_000)
        earlier = replace(self, first=self.first - datetime.timedelta(days=back))
        days = earlier.worked[earlier.worked < back]
        place = days.size - count
        return earlier.first + datetime.timedelta(days=int(days[place]) if place >= 0 else 0)


@lru_cache(maxsize=64)
def _worked(first: datetime.date, days_a_week: int, country: str, closed: tuple[Dates, ...]) -> npt.NDArray[np.int64]:
    free, weekend = _holidays(country, first.year)
    if days_a_week not in range(1, 8):
        raise InputError(f"Days a week: {days_a_week:g} was found; a whole number from 1 to 7 would do.")
    length = min(math.ceil(365.25 * YEARS), (datetime.date.max - first).days)
    days = np.arange(length)
    works = np.isin((first.weekday() + days) % 7, _week(days_a_week, weekend))
    holiday = np.array([(day - first).days for day in free], dtype=np.int64)
    works[holiday[(holiday >= 0) & (holiday < length)]] = False
    for begin, end in closed:
        if end < begin:
            raise InputError(
                f"A period in which nobody works begins on {begin} and ends before, on {end}: exchange the two."
            )
        works[max((begin - first).days, 0) : max((end - first).days + 1, 0)] = False
    found = days[works]
    if not found.size:
        raise InputError(
            "Nobody works on any day: the periods in which nobody works fill all of the time. Shorten them."
        )
    found.flags.writeable = False
    return found


def _week(days_a_week: int, weekend: frozenset[int]) -> list[int]:
    """Weekdays that are worked, Monday being 0: the day of rest is kept longest, then the rest of the weekend."""
    rest = 4 if 4 in weekend else 6
    free = [rest, *sorted((day for day in weekend if day != rest), reverse=True)]
    free += [day for day in (5, 4, 3, 2, 1, 0, 6) if day not in free]
    return [day for day in range(7) if day not in free[: 7 - days_a_week]]


@lru_cache(maxsize=16)
def _holidays(country: str, year: int) -> tuple[tuple[datetime.date, ...], frozenset[int]]:
    """Public holidays of the years ahead, and the weekend."""
    if not country:
        return (), frozenset((5, 6))
    import warnings

    import holidays

    code, _, part = country.partition("-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some countries publish their holidays ten years ahead at most
            found = holidays.country_holidays(code, subdiv=part or None, years=range(year, min(year + YEARS + 1, 9999)))
    except NotImplementedError:
        raise InputError(
            f"Country: “{country[:20]}” was found; a two-letter code such as DE, US or IN would do, or none for no holidays."
        ) from None
    return tuple(found), frozenset(found.weekend)
