"""Days of the Chinese calendar, from borax: pure functions of dates.

borax follows the tables of the Hong Kong Observatory and GB/T 33661-2017. Its lunar years are 1900 to 2100; the tests
compare each of its months from 1901 to 2099 with another library.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final, Literal

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils

__all__ = ["FESTIVALS", "FIRST", "LAST", "YEARS", "Leap", "Missing", "anniversary", "festival_day", "next_birthday"]

YEARS: Final = range(1901, 2100)
FIRST: Final = date(1901, 2, 19)
"""New Year of the first lunar year of which the days are told."""
LAST: Final = date(2100, 2, 8)
"""The last day of the last one."""
Leap = Literal["same_month", "leap_month"]
Missing = Literal["last_day", "next_day", "none"]
FESTIVALS: Final = {
    "spring_festival": (1, 1),
    "lantern_festival": (1, 15),
    "dragon_boat": (5, 5),
    "qixi": (7, 7),
    "zhongyuan": (7, 15),
    "mid_autumn": (8, 15),
    "double_ninth": (9, 9),
    "laba": (12, 8),
}
"""Festivals on a day of a lunar month, which is never the leap one."""
TERMS: Final = {"qingming": "清明", "winter_solstice": "冬至"}
"""Festivals on a solar term."""


def _solar(year: int, month: int, day: int, leap: int = 0) -> date:
    found: date = LunarDate(year, month, day, leap).to_solar_date()
    return found


@cache
def festival_day(name: str, year: int) -> date:
    """The day of a festival in the lunar year, for solar terms in the calendar year, of that number."""
    if name == "new_years_eve":
        return _solar(year, 12, LCalendars.ndays(year, 12))
    if name in TERMS:
        day: date = TermUtils.nth_term_day(year, TermUtils.name2index(TERMS[name]))
        return day
    return _solar(year, *FESTIVALS[name])


def anniversary(born: date, year: int, leap: Leap, missing: Missing) -> date | None:
    """The lunar birthday in a lunar year; None where there is none.

    `leap` is for people born in a leap month: celebrated in the month of the same number, or in the leap month where
    the year has it. `missing` is for the 30th in a month of 29 days.
    """
    birth = LunarDate.from_solar(born)
    in_leap = bool(birth.leap) and leap == "leap_month" and LCalendars.leap_month(year) == birth.month
    days = LCalendars.ndays(year, birth.month, int(in_leap))
    if birth.day <= days:
        return _solar(year, birth.month, birth.day, int(in_leap))
    if missing == "none":
        return None
    last = _solar(year, birth.month, days, int(in_leap))
    return last if missing == "last_day" else date.fromordinal(last.toordinal() + 1)


def next_birthday(born: date, today: date, leap: Leap, missing: Missing) -> date | None:
    """The first lunar birthday on or after a day; None outside the range of the calendar."""
    if not FIRST <= born <= LAST or not FIRST <= today <= LAST:
        return None
    year = LunarDate.from_solar(today).year
    days = (anniversary(born, one, leap, missing) for one in range(year, year + 40) if one in YEARS)
    return next((one for one in days if one is not None and one >= max(today, born)), None)
