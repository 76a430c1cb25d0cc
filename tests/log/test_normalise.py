"""Moments, numbers, words: read as the mapping says, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.normalise import (
    attributes_sql,
    faults,
    fields_sql,
    phase,
    plain,
    practice_sql,
    read_rows,
    reason_sql,
    whole,
)
from opsgauge.warehouse.engine import connect, name_of, quoted
from tests.log.conftest import Reads

AMSTERDAM = "Europe/Amsterdam"
PLAIN = "source: desk\nshape: updates\nticket_id: number\nfields: {updated_at: at}\n"


@pytest.mark.row("ING-15")
@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05T08:00:00Z", "2026-01-05T08:00:00"),
        ("2026-01-05T08:00Z", "2026-01-05T08:00:00"),
        ("2026-01-05 08:00:00+00:00", "2026-01-05T08:00:00"),
        ("2026-01-05T08:00:00+01:00", "2026-01-05T07:00:00"),
        ("2026-01-05T08:00:00+0100", "2026-01-05T07:00:00"),
        ("2026-01-05T08:00:00+01", "2026-01-05T07:00:00"),
        ("2026-01-05T08:00:00-05:30", "2026-01-05T13:30:00"),
        ("2026-01-05T00:30:00+02:00", "2026-01-04T22:30:00"),
        ("2026-01-05T08:00:00.123+01:00", "2026-01-05T07:00:00.123000"),
        ("2026-01-05T08:00:00.123456Z", "2026-01-05T08:00:00.123456"),
        ("2026-01-05 08:00:00 UTC", "2026-01-05T08:00:00"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00"),
        ("2199-12-31T23:59:59Z", "2199-12-31T23:59:59"),
    ],
)
@pytest.mark.parametrize("zone", ["", "UTC", AMSTERDAM])
def test_a_moment_with_an_offset_is_that_instant(
    read: Reads, written: str, utc: str, zone: str
) -> None:
    """Whatever zone the mapping names for moments without one."""
    assert read(written, zone) == utc


@pytest.mark.row("ING-15")
@pytest.mark.parametrize("zone", ["", "UTC", "Europe/Amsterdam"])
@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05 08:00 PM", None),
        ("2026-01-05 08:00:00 am", None),
        ("2026-01-05 08:00 Uhr", None),
        ("2026-01-05 08:00:00 Asia/Tokyo", "2026-01-04T23:00:00"),
        ("2026-01-05 08:00:00 UTC", "2026-01-05T08:00:00"),
    ],
)
def test_letters_behind_a_moment_are_never_dropped(
    read: Reads, written: str, utc: str | None, zone: str
) -> None:
    """They are a zone, or the moment is not read: half a day would be lost in silence."""
    assert read(written, zone) == utc


@pytest.mark.row("ING-15")
@pytest.mark.parametrize("written", ["2026-01-05T08:00:00", "2026-01-05 08:00", "2026-01-05"])
def test_a_moment_without_a_zone_is_not_guessed(read: Reads, written: str) -> None:
    """Where the mapping names no zone it cannot be read; its row is rejected with the reason."""
    mapping = parse_mapping(PLAIN, "mapping.yaml")

    assert reason(mapping, at=written) == "the moment carries no zone, and the mapping names none"
    assert reason(mapping, at="2026-01-05T08:00:00Z") is None


def reason(mapping: Mapping, **row: str) -> str | None:
    """Return why a row with a number and these columns is unusable."""
    columns = {"number": "INC1", **row}
    database = connect()
    try:
        own = dict.fromkeys(("_hash", "_import", "_file", "_row", "_layout"), "1")
        made = ", ".join(
            f"{quoted(value)} AS {name_of(name)}" for name, value in (columns | own).items()
        )
        [(which,)] = database.execute(
            f"SELECT {reason_sql(mapping)} FROM {read_rows(mapping, f'(SELECT {made})')}"
        ).fetchall()
    finally:
        database.close()
    return None if which is None else faults(mapping)[which].reason


@pytest.mark.row("ING-15")
@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05 08:00", "2026-01-05T07:00:00"),
        ("2026-07-05 08:00", "2026-07-05T06:00:00"),
        ("2026-03-29 01:59", "2026-03-29T00:59:00"),
        ("2026-03-29 03:00", "2026-03-29T01:00:00"),
        ("2026-10-25 01:59", "2026-10-24T23:59:00"),
        ("2026-10-25 03:00", "2026-10-25T02:00:00"),
    ],
)
def test_a_moment_without_an_offset_is_of_the_zone_named(
    read: Reads, written: str, utc: str
) -> None:
    """In winter, in summer, and just around both nights when clocks change."""
    assert read(written, AMSTERDAM) == utc
    assert read(written, AMSTERDAM, "%Y-%m-%d %H:%M") == utc


@pytest.mark.row("ING-15")
def test_the_hour_that_comes_twice_is_the_later_one(read: Reads) -> None:
    """02:30 on 25 October 2026 is 00:30 or 01:30 in UTC; winter time is taken, as documented."""
    assert read("2026-10-25 02:30", AMSTERDAM) == "2026-10-25T01:30:00"
    assert read("2026-10-25 02:30+02:00", AMSTERDAM) == "2026-10-25T00:30:00"


@pytest.mark.row("ING-15")
def test_the_hour_that_never_was_is_the_one_after_it(read: Reads) -> None:
    """02:30 on 29 March 2026 was on no clock; half an hour after the change is taken."""
    assert read("2026-03-29 02:30", AMSTERDAM) == "2026-03-29T01:30:00"
    assert read("2026-03-29 03:30", AMSTERDAM) == "2026-03-29T01:30:00"


@pytest.mark.row("ING-15")
@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2025, 1, 1)),  # noqa: DTZ001 - wall clocks
    st.sampled_from([AMSTERDAM, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]),
)
def test_zones_agree_with_python(read: Reads, wall: datetime, zone: str) -> None:
    """Two tellings of the same rules, on any day of thirty years."""
    wall = wall.replace(microsecond=0)
    local = wall.replace(tzinfo=ZoneInfo(zone))
    back = local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    later = local if back != wall else local.replace(fold=1)

    assert read(str(wall), zone) == f"{later.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize(
    ("written", "formats", "utc"),
    [
        ("05/01/2026 08:00", ["%d/%m/%Y %H:%M"], "2026-01-05T08:00:00"),
        ("1/5/2026 8:00 PM", ["%m/%d/%Y %I:%M %p"], "2026-01-05T20:00:00"),
        ("Jan 5, 2026 08:00", ["%b %d, %Y %H:%M"], "2026-01-05T08:00:00"),
        ("05.01.2026", ["%d.%m.%Y"], "2026-01-05T00:00:00"),
        ("03/04/2026", ["%d/%m/%Y", "%m/%d/%Y"], "2026-04-03T00:00:00"),
        ("12/31/2026", ["%d/%m/%Y", "%m/%d/%Y"], "2026-12-31T00:00:00"),
        ("2026-01-05T08:00:00+01:00", ["%d/%m/%Y", "iso"], "2026-01-05T07:00:00"),
        ("31/02/2026", ["%d/%m/%Y"], None),
        ("05/01/2026 08:00 and more", ["%d/%m/%Y %H:%M"], None),
        ("05/01/2026", ["%d/%m/%Y %H:%M"], None),
        ("31.1.26 18:05:09", ["%d.%m.%y %H:%M:%S"], "2026-01-31T18:05:09"),
        ("Jan 31, 2026", ["%b %d, %Y"], "2026-01-31T00:00:00"),
        ("05/01/2026 12:30 AM", ["%d/%m/%Y %I:%M %p"], "2026-01-05T00:30:00"),
        ("05/01/2026 12:30 pm", ["%d/%m/%Y %I:%M %p"], "2026-01-05T12:30:00"),
        ("5/1/26 8:05:09 pm", ["%-d/%-m/%y %-I:%M:%S %p"], "2026-01-05T20:05:09"),
        ("05/01/2026 13:30 PM", ["%d/%m/%Y %I:%M %p"], None),
        ("05/01/2026 20:05", ["%d/%m/%Y %I:%M %p", "%d/%m/%Y %H:%M"], "2026-01-05T20:05:00"),
    ],
)
def test_formats_are_tried_in_order(
    read: Reads, written: str, formats: list[str], utc: str | None
) -> None:
    """The first that reads the whole of what is written wins."""
    assert read(written, "UTC", *formats) == utc


@pytest.mark.row("ING-15")
@pytest.mark.parametrize("zone", ["", "UTC", AMSTERDAM])
@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("05/01/2026 08:00 +0100", "%d/%m/%Y %H:%M %z"),
        ("05/01/2026 08:00 +01:00", "%d/%m/%Y %H:%M %z"),
        ("05/01/2026 08:00 CET", "%d/%m/%Y %H:%M %Z"),
    ],
)
def test_a_format_may_read_the_zone_itself(read: Reads, written: str, form: str, zone: str) -> None:
    """An offset or a zone's name; the mapping's own zone is not added to it."""
    assert read(written, zone, form) == "2026-01-05T07:00:00"


@pytest.mark.parametrize(
    ("written", "form", "utc"),
    [
        ("1767600000", "epoch_s", "2026-01-05T08:00:00"),
        ("1767600000.75", "epoch_s", "2026-01-05T08:00:00.750000"),
        ("1767600000123", "epoch_ms", "2026-01-05T08:00:00.123000"),
        ("0", "epoch_s", "1970-01-01T00:00:00"),
        ("-1", "epoch_s", None),
        ("7258118401", "epoch_s", None),
        ("9223372036854775807", "epoch_s", None),
        ("9223372036854775807", "epoch_ms", None),
        ("99999999999999999999999999999999999999999", "epoch_s", None),
        ("0x10", "epoch_s", None),
        ("nan", "epoch_s", None),
        ("2026-01-05", "epoch_s", None),
        ("1767600000,75", "epoch_s", "2026-01-05T08:00:00.750000"),
        ("1,767,600,000", "epoch_s", None),
        ("1_767_600_000", "epoch_s", None),
        ("epoch", "epoch_s", None),
        ("soon", "epoch_ms", None),
    ],
)
def test_counts_since_1970_are_exact(read: Reads, written: str, form: str, utc: str | None) -> None:
    """No fraction of a second is rounded away, and no number overflows into another moment."""
    assert read(written, "", form) == utc


@pytest.mark.parametrize(
    "written",
    [
        *("soon", "now", "today", "tomorrow", "infinity", "-infinity", "NULL", "0"),
        *("epoch", "EPOCH", "Epoch"),
        *("2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "2026-01-05T25:00:00Z"),
        *("1969-12-31T23:59:59Z", "2200-01-02T00:00:00Z", "0001-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59Z", "12026-01-05T08:00:00Z", "2026-01-05 (BC) 08:00:00Z"),
        *("05/01/2026 08:00Z", "20260105"),
    ],
)
def test_what_is_no_moment_is_not_read(read: Reads, written: str) -> None:
    """Words, impossible dates, and years that only a slip of the keyboard gives."""
    for zone in ("", "UTC", AMSTERDAM, "America/New_York"):
        assert read(written, zone) is None


@pytest.mark.row("ING-15")
@pytest.mark.parametrize("zone", ["", "UTC", AMSTERDAM])
@pytest.mark.parametrize(
    ("offset", "utc"),
    [
        ("+14:00", "2026-01-14T18:00:00"),
        ("+1400", "2026-01-14T18:00:00"),
        ("-12:00", "2026-01-15T20:00:00"),
        ("-14:00", "2026-01-15T22:00:00"),
        ("+05:45", "2026-01-15T02:15:00"),
        *((offset, None) for offset in ("+99:00", "+9900", "+99", "-15:00", "+20", "+14:01")),
        *((offset, None) for offset in ("-1430", "+01:60", "-0199")),
    ],
)
def test_an_offset_that_no_clock_has_is_refused(
    read: Reads, offset: str, utc: str | None, zone: str
) -> None:
    """The engine would reckon with ninety-nine hours, and the moment be days away."""
    assert read(f"2026-01-15 08:00:00.5{offset}", zone) == (utc and f"{utc}.500000")
    assert read(f"2026-01-15T08:00{offset}", zone) == utc
    assert read(f"15-01-2026 08:00 {offset}", zone, "%d-%m-%Y %H:%M %z") == utc
    assert read(f"Jan 15 08:00:00 {offset} 2026", zone, "%b %d %H:%M:%S %z %Y") == utc


@pytest.mark.parametrize("written", ["2026-01-15", "2026-12-20 08:00", "2026-01-15 08:00:15"])
def test_a_day_late_in_the_month_is_no_offset(read: Reads, written: str) -> None:
    """Its last two digits follow a dash, as those of an offset do."""
    assert read(written, "UTC") is not None


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)),  # noqa: DTZ001 - made aware below
    st.integers(-14 * 60, 14 * 60),
)
def test_every_instant_comes_back_to_the_microsecond(
    read: Reads, wall: datetime, minutes: int
) -> None:
    """Written with any offset."""
    sign, hours, rest = "-" if minutes < 0 else "+", *divmod(abs(minutes), 60)
    utc = wall - timedelta(minutes=minutes)
    found = read(f"{wall.isoformat()}{sign}{hours:02}:{rest:02}")

    assert found == utc.isoformat()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3", 3),
        ("0", 0),
        ("2.0", 2),
        (" 7 ", 7),
        ("2.5", None),
        ("0.000000001", None),
        ("2,0", 2),
        ("12,00", 12),
        ("-3,0", -3),
        ("7,0000", 7),
        ("2,5", None),
        ("1,000", None),
        ("1,000,0", None),
        (",0", None),
        ("1_0", None),
        ("x", None),
        ("", None),
        ("0x10", None),
        ("nan", None),
        ("99999999999999999999", None),
    ],
)
def test_a_number_is_whole_or_not_read(
    ask: Callable[..., object], written: str, number: int | None
) -> None:
    """2.5 reopenings are not rounded to 3; a comma is decimal where it cannot be anything else."""
    assert ask(whole("n"), n=written) == number


def test_missing_words_and_blanks_are_missing(ask: Callable[..., object]) -> None:
    """After blanks around a value are taken away; other words stay as they are."""
    mapping = parse_mapping(PLAIN + 'missing: ["?", "n/a"]\n', "mapping.yaml")

    found = [ask(plain("team", mapping), team=word) for word in ("?", " ? ", "n/a", "", "  ")]
    assert found == [None] * 5
    assert ask(plain("team", mapping), team=" N/A ") == "N/A"


def test_joined_parts_stand_together(ask: Callable[..., object]) -> None:
    """Missing only where all parts are."""
    mapping = parse_mapping(
        PLAIN.replace("at}", 'at, original_status: {join: [a, b], with: " / "}}'), "mapping.yaml"
    )
    said = fields_sql(mapping)["original_status"]

    assert ask(said, a="Open", b="New") == "Open / New"
    assert ask(said, a="Open", b=None) == "Open / "
    assert ask(said, a=None, b=None) is None


def test_words_are_turned_into_others_and_unknown_ones_stay(ask: Callable[..., object]) -> None:
    """Nothing is lost by an incomplete list."""
    mapping = parse_mapping(
        PLAIN.replace("at}", 'at, priority: {column: p, words: {"1": High, "it\'s": Odd}}}'),
        "mapping.yaml",
    )
    said = fields_sql(mapping)["priority"]

    assert [ask(said, p=word) for word in ("1", "it's", "2")] == ["High", "Odd", "2"]


def test_flags_know_yes_and_no_and_nothing_between(ask: Callable[..., object]) -> None:
    """In any case; another word is missing, and reported."""
    mapping = parse_mapping(
        PLAIN.replace("at}", "at, major: m, sla_met: {column: s, yes: [met], no: [missed]}}"),
        "mapping.yaml",
    )
    said = fields_sql(mapping)

    words = {"TRUE": True, "y": True, "1": True, "No": False, "0": False, "maybe": None}
    assert {word: ask(said["major"], m=word) for word in words} == words
    words = {"Met": True, "missed": False, "true": None}
    assert {word: ask(said["sla_met"], s=word) for word in words} == words


@pytest.mark.row("ING-04")
def test_a_word_may_mean_another_phase_from_a_day_on(ask: Callable[..., object]) -> None:
    """Hold was anything before March, and waits for the vendor since."""
    mapping = parse_mapping(
        PLAIN + "phases:\n  - words: {Hold: pending_other, New: new}\n"
        "  - {from: 2026-03-01, words: {Hold: pending_vendor}}\n",
        "mapping.yaml",
    )
    meant = phase("state", '"at"::TIMESTAMP', mapping)

    assert ask(meant, state="Hold", at="2026-02-28 23:59:59") == "pending_other"
    assert ask(meant, state="Hold", at="2026-03-01") == "pending_vendor"
    assert ask(meant, state="New", at="2026-02-01") == "new"
    assert ask(meant, state="New", at="2026-03-01") is None
    assert ask(meant, state="hold", at="2026-02-01") is None


def test_practices_come_from_words_or_not_at_all(ask: Callable[..., object]) -> None:
    """A word without a practice makes the record unusable; none is guessed."""
    mapping = parse_mapping(
        PLAIN + "practice: {column: kind, words: {INC: incident, RITM: request}}\n", "mapping.yaml"
    )

    found = [ask(practice_sql(mapping), kind=word) for word in ("INC", "RITM", "inc", "")]
    assert found == ["incident", "request", None, None]
    assert reason(mapping, kind="XX", at="2026-01-05T08:00Z") == (
        "the practice has no word in the mapping"
    )


def test_a_blank_stands_for_a_word(ask: Callable[..., object]) -> None:
    """As if the source had written it: it is turned by the words, too."""
    mapping = parse_mapping(
        PLAIN.replace("at}", "at, channel: {column: via, blank: W, words: {W: Web}}}")
        + "practice: {column: kind, blank: INC, words: {INC: incident, RITM: request}}\n",
        "mapping.yaml",
    )

    kinds = [ask(practice_sql(mapping), kind=word) for word in ("RITM", None, "XX")]
    assert kinds == ["request", "incident", None]
    channel = fields_sql(mapping)["channel"]
    assert [ask(channel, via=word) for word in ("Mail", None)] == ["Mail", "Web"]


def test_attributes_leave_out_what_is_missing(ask: Callable[..., object]) -> None:
    """Each under the name the mapping gives it."""
    mapping = parse_mapping(PLAIN + 'attributes: {a: x, "b c": y}\n', "m.yaml")

    assert ask(attributes_sql(mapping), x="1", y=None) == {"a": "1"}
    assert ask(attributes_sql(mapping), x="1", y="it's") == {"a": "1", "b c": "it's"}
    assert ask(attributes_sql(mapping), x=None, y=None) == {}


def test_values_never_become_sql(ask: Callable[..., object]) -> None:
    """Neither words of the mapping nor names of columns."""
    evil = "x'); DROP TABLE one; --"
    mapping = parse_mapping(
        f'{PLAIN}missing: ["{evil}"]\nphases: {{"{evil}": new}}\nattributes: {{"{evil}": at}}',
        "mapping.yaml",
    )

    assert ask(plain("at", mapping), at=evil) is None
    assert ask(phase('"at"', "TIMESTAMP '2026-01-01'", mapping), at=evil) == "new"
    assert ask(attributes_sql(mapping), at="1") == {evil: "1"}
