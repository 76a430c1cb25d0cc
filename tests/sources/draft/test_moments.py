"""Formats found from values: the day first, the month first, twelve hours, offsets, seconds."""

import pytest

from opsgauge.sources.draft.moments import moments
from opsgauge.warehouse.engine import connect


def found(*words: str) -> dict[str, tuple[str, ...]]:
    """Return the readings of some values; {} where they are no moments."""
    how = moments(dict.fromkeys(words, 1))
    return dict(how.readings) if how else {}


@pytest.mark.parametrize(
    ("words", "formats"),
    [
        (["2026-01-31T08:00:00Z", "2026-01-31 08:00"], ["iso"]),
        (["31/01/2026 08:00"], ["%d/%m/%Y %H:%M"]),
        (["1/31/26 8:00 AM", "1/2/26 1:00 PM"], ["%m/%d/%y %I:%M %p"]),
        (["31.01.26 08:05"], ["%d.%m.%y %H:%M"]),
        (["31.01.2026 08.05"], ["%d.%m.%Y %H.%M"]),
        (["31/01/2026 08h30"], ["%d/%m/%Y %Hh%M"]),
        (["31.01.2026, 08:05 Uhr"], ["%d.%m.%Y, %H:%M Uhr"]),
        (["Wed, 13 Apr, 2022 at 9:20 AM"], ["%a, %d %b, %Y at %I:%M %p"]),
        (["05-JAN-26 08.00.00.000000 AM"], ["%d-%b-%y %I.%M.%S.%f %p"]),
        (["5 January 2026 15:04", "3 May 2026 10:00"], ["%d %B %Y %H:%M", "%d %b %Y %H:%M"]),
        (["Jan 5, 2026, 8:00:00\u202fAM"], ["%b %d, %Y, %I:%M:%S\u202f%p"]),
        (["Mon Jan 05 2026 08:00:00 GMT+0100"], ["%a %b %d %Y %H:%M:%S GMT%z"]),
        (["2026/01/31 08:00 +0200"], ["%Y/%m/%d %H:%M %z"]),
        (["2026-01-31 08:00:00,123"], ["%Y-%m-%d %H:%M:%S,%f"]),
        (["20260131T080000Z"], ["%Y%m%dT%H%M%SZ"]),
        (["31.01.2026 08:00Z"], ["%d.%m.%Y %H:%MZ"]),
        (["20260131080000"], ["%Y%m%d%H%M%S"]),
        (["1767600000", "1767600001.5"], ["epoch_s"]),
        (["1767600000000"], ["epoch_ms"]),
        (["31/01/26", "31/01/2026"], ["%d/%m/%y", "%d/%m/%Y"]),
    ],
)
def test_the_formats_are_found_and_read_the_values(words: list[str], formats: list[str]) -> None:
    """What is written down is what the engine reads."""
    [first] = found(*words).values()

    assert sorted(first) == sorted(formats)
    database = connect()
    try:
        for word in words:
            tries = [f"try_strptime('{word}', '{f}')" for f in first if "%" in f]
            if tries:
                asked = f"SELECT coalesce({', '.join(tries)}) IS NOT NULL"
                assert database.execute(asked).fetchall() == [(True,)], word
    finally:
        database.close()


@pytest.mark.parametrize(
    "words",
    [
        ["Printer on fire"],
        ["INC0010023", "INC0010024"],
        ["192.168.1.1"],
        ["+31 6 12 34 56"],
        ["3 days"],
        ["10:20", "11:30"],
        ["2026-13-01"],
        ["12345678"],
        ["40/40/2026"],
        ["05/01/1926 08:00"],
        [""],
        [],
    ],
)
def test_what_is_no_moment_is_none(words: list[str]) -> None:
    """Numbers, addresses, durations, clocks without a day, years nobody means."""
    assert moments({word: 1 for word in words if word}) is None


def test_a_day_beyond_twelve_settles_it() -> None:
    """One such value is enough, wherever it stands in the column."""
    assert set(found("05/01/2026", "06/01/2026", "13/01/2026")) == {"day"}
    assert set(found("01/05/2026", "01/06/2026", "01/13/2026")) == {"month"}
    assert set(found("05/01/2026", "06/01/2026")) == {"day", "month"}


def test_values_that_contradict_each_other_are_no_moments() -> None:
    """The day first in one, the month first in another: nothing reads both."""
    assert found("13/01/2026", "01/13/2026") == {}


def test_what_varies_more_is_likelier_the_day() -> None:
    """Five days of one month."""
    how = moments({f"01/{day:02}/2026": 1 for day in range(1, 6)})

    assert how is not None
    assert (how.open, how.varied) == (True, "month")


def test_words_and_zeros_in_between_stand_for_nothing() -> None:
    """So do years that tools write for never."""
    how = moments({"31/01/2026 08:00": 9, "never": 2, "00/00/0000 00:00": 1, "31/12/9999 00:00": 1})

    assert how is not None
    assert set(how.nothing) == {"never", "00/00/0000 00:00", "31/12/9999 00:00"}


def test_zones_are_told_from_naive_moments() -> None:
    """An offset, UTC, or letters that need a zone to be meant."""

    def naive(*words: str) -> tuple[bool, str]:
        how = moments(dict.fromkeys(words, 1))
        assert how is not None
        return how.naive, how.zone

    assert naive("2026-01-31T08:00:00+02:00") == (False, "")
    assert naive("2026-01-31T08:00:00+02:00", "2026-01-31T08:00:00") == (True, "")
    assert naive("31 Jan 2026 08:00 UTC") == (False, "")
    assert naive("20260131T080000Z") == (True, "UTC")
    assert naive("31 Jan 2026 08:00 CET", "1 Jul 2026 08:00 CEST") == (True, "Europe/Berlin")
