"""Days of the Chinese calendar: known ones, leap months, missing days, and the whole range against another library."""

from datetime import date, datetime, timedelta

import pytest
from borax.calendars.lunardate import LunarDate

from viprules_lunar.calendar import FIRST, LAST, YEARS, Leap, Missing, anniversary, festival_day, next_birthday


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("spring_festival", 2024, "2024-02-10"),
        ("spring_festival", 2026, "2026-02-17"),
        ("lantern_festival", 2026, "2026-03-03"),
        ("qingming", 2026, "2026-04-05"),
        ("dragon_boat", 2026, "2026-06-19"),
        ("qixi", 2026, "2026-08-19"),
        ("zhongyuan", 2026, "2026-08-27"),
        ("mid_autumn", 2025, "2025-10-06"),
        ("mid_autumn", 2026, "2026-09-25"),
        ("double_ninth", 2026, "2026-10-18"),
        ("laba", 2026, "2027-01-15"),
        ("winter_solstice", 2026, "2026-12-22"),
        ("new_years_eve", 2025, "2026-02-16"),
        ("new_years_eve", 2023, "2024-02-09"),
    ],
)
def test_a_festival_has_its_day(name: str, year: int, day: str) -> None:
    """Days that stand in every printed calendar."""
    assert day == str(festival_day(name, year))


def test_new_years_eve_is_the_day_before_new_year() -> None:
    """In every year of the range, whether its last month has 29 or 30 days."""
    wrong = [
        year
        for year in list(YEARS)[:-1]
        if festival_day("spring_festival", year + 1) - festival_day("new_years_eve", year) != timedelta(days=1)
    ]
    assert [] == wrong


LEAP_SIXTH = date(2025, 7, 30)  # the 6th of the leap sixth month
THIRTIETH = date(2025, 2, 27)  # the 30th of the first month


@pytest.mark.parametrize(
    ("born", "year", "leap", "missing", "day"),
    [
        (date(1990, 10, 3), 2026, "same_month", "last_day", "2026-09-25"),  # the 15th of the eighth month
        (LEAP_SIXTH, 2025, "same_month", "last_day", "2025-06-30"),
        (LEAP_SIXTH, 2025, "leap_month", "last_day", "2025-07-30"),
        (LEAP_SIXTH, 2026, "leap_month", "last_day", "2026-07-19"),
        (LEAP_SIXTH, 2036, "leap_month", "last_day", "2036-07-28"),
        (THIRTIETH, 2026, "same_month", "none", "2026-03-18"),
        (THIRTIETH, 2030, "same_month", "last_day", "2030-03-03"),
        (THIRTIETH, 2030, "same_month", "next_day", "2030-03-04"),
        (THIRTIETH, 2030, "same_month", "none", None),
    ],
)
def test_an_anniversary_follows_the_rules(born: date, year: int, leap: Leap, missing: Missing, day: str | None) -> None:
    """Leap months and months of 29 days are settled by the parameters."""
    found = anniversary(born, year, leap, missing)
    assert day == (None if found is None else str(found))


def test_the_next_birthday_is_today_or_later() -> None:
    """On the day itself it is today, the day after it is next year's."""
    born = date(1990, 10, 3)
    assert date(2026, 9, 25) == next_birthday(born, date(2026, 9, 25), "same_month", "last_day")
    assert date(2027, 9, 15) == next_birthday(born, date(2026, 9, 26), "same_month", "last_day")
    assert born == next_birthday(born, date(1990, 1, 31), "same_month", "last_day")


def test_a_year_without_a_birthday_is_passed_over() -> None:
    """With `none`, the next one is in a year whose month has thirty days."""
    assert date(2032, 3, 11) == next_birthday(THIRTIETH, date(2029, 3, 15), "same_month", "none")


@pytest.mark.parametrize(
    ("born", "today"),
    [
        (date(1900, 6, 1), date(2026, 1, 1)),
        (date(1990, 1, 1), date(1901, 2, 18)),
        (date(1990, 1, 1), date(2100, 2, 9)),
        (date(1990, 12, 31), date(2100, 2, 7)),
    ],
)
def test_outside_the_range_it_is_unknown(born: date, today: date) -> None:
    """Nobody's birthday is guessed."""
    assert next_birthday(born, today, "same_month", "last_day") is None


DISPUTED = [date(2057, 9, 29), date(2089, 9, 5), date(2097, 8, 8)]
"""New moons within minutes of midnight, of which the Hong Kong Observatory says that its own days may be one off."""


def test_every_month_of_the_range_agrees_with_another_library() -> None:
    """The first day of each lunar month is the same in cnlunar, but for three in which nobody can know yet."""
    cnlunar = pytest.importorskip("cnlunar", reason="the other library is not installed")
    day, wrong, months = FIRST, [], 0
    while day <= LAST:
        ours = LunarDate.from_solar(day)
        theirs = cnlunar.Lunar(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 -- a day without a zone
        told = (theirs.lunarYear, theirs.lunarMonth, theirs.lunarDay, bool(theirs.isLunarLeapMonth))
        if (ours.year, ours.month, ours.day, bool(ours.leap)) != told or ours.day != 1:
            wrong.append((day, told))
        months += 1
        day += timedelta(days=29)
        day += timedelta(days=int(LunarDate.from_solar(day).day != 1))
    assert (DISPUTED, 2461) == ([one for one, _ in wrong], months)


@pytest.mark.parametrize(("name", "term"), [("qingming", "清明"), ("winter_solstice", "冬至")])
def test_the_solar_terms_agree_with_another_library(name: str, term: str) -> None:
    """The two festivals on solar terms, in every year of the range."""
    cnlunar = pytest.importorskip("cnlunar", reason="the other library is not installed")
    wrong = []
    for year in YEARS:
        day = festival_day(name, year)
        theirs = cnlunar.Lunar(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 -- a day without a zone
        if theirs.todaySolarTerms != term:
            wrong.append((day, theirs.todaySolarTerms))
    assert [] == wrong
