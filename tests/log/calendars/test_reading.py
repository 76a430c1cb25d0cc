"""Files of calendars, and what is said where one does not fit."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import CalendarWrong
from opsgauge.log.calendars.reading import (
    LARGEST_FILE,
    calendar_files,
    load_calendars,
    parse_calendar,
    read_calendar,
)

TEXT = """\
title: Desk
zone: Europe/Berlin
week:
  monday-thursday: ["08:00-12:30", "13:15-17:00"]
  friday: ["22:00-06:00"]
holidays:
  country: DE
  subdivision: BY
  dates:
    - {every: "12-24", name: Christmas Eve}
exceptions:
  - {date: 2026-12-23, hours: closed}
  - date: 2026-12-31
    hours: ["08:00-12:00"]
"""


@pytest.mark.row("SLA-01")
@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("zone: Europe/Berlin", "zone: Europe/Berlim", 2, "zone: 'Europe/Berlim' is no IANA time"),
        ("zone:", "zoen:", 2, "zoen: there is no such key. Did you mean 'zone'?"),
        ("friday", "fryday", 5, "Did you mean 'friday'?"),
        ("22:00-06:00", "25:00-06:00", 5, "week: '25:00-06:00' is no slot"),
        ("13:15-17:00", "12:15-17:00", 4, "overlap"),
        ("country: DE", "country: D", 7, "holidays: 'D' is no country"),
        ("subdivision: BY", "subdivision: BYE", 8, "Did you mean 'BY'?"),
        ("subdivision:", "subdivison:", 8, "holidays.subdivison: there is no such key."),
        ("name:", "nme:", 10, "holidays.dates.0.nme: there is no such key. Did you mean 'name'?"),
        ("12-24", "13-24", 10, "'13-24' is no day of a year"),
        ("2026-12-23", "2026-12-32", 12, "exceptions.0: '2026-12-32' is no date"),
        ("2026-12-23", "2026-12-31", 12, "'2026-12-31' is said twice"),
        ("    hours: [", "    hour: [", 14, "exceptions.1.hour: there is no such key."),
        ("08:00-12:00", "8-12", 14, "exceptions.1.hours: '8-12' is no slot"),
        ("title: Desk\n", "", 0, "title: this key is needed"),
        ("title: Desk", "title: [Desk]", 1, "title: one word or line of text is needed here"),
        ("title: Desk", "title: [Desk", 2, "is no YAML"),
        ("title: Desk", "title: A\ntitle: B", 2, "'title' is said twice"),
        ("  country: DE", "  - country: DE", 8, "is no YAML"),
    ],
)
def test_a_fault_is_told_with_its_line_its_key_and_the_nearest_word(
    old: str, new: str, line: int, told: str
) -> None:
    """Whatever is wrong, the file is named first."""
    with pytest.raises(CalendarWrong) as wrong:
        parse_calendar(TEXT.replace(old, new, 1), "desk", "desk.yaml")

    assert str(wrong.value).startswith(f"desk.yaml, line {line}" if line else "desk.yaml, ")
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("- a\n- b\n", "holds no calendar"),
        ("title: A\nzone: UTC\nweek: monday", "week: keys with their values"),
        ("title: A\nzone: UTC\nweek: {}\nexceptions: {a: b}", "line 4, exceptions: a list"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, told: str) -> None:
    """Empty, a list, a word."""
    with pytest.raises(CalendarWrong, match=told):
        parse_calendar(text, "desk", "desk.yaml")


def test_calendars_are_named_after_their_files(tmp_path: Path) -> None:
    """Beside `always`; other files are left alone."""
    (tmp_path / "desk.yaml").write_text(TEXT)
    (tmp_path / "night.yml").write_text("title: N\nzone: UTC\nweek: {monday: closed}\n")
    (tmp_path / "notes.txt").write_text("x")

    assert list(load_calendars(tmp_path).by_name) == ["always", "desk", "night"]
    assert list(load_calendars(tmp_path / "nowhere").by_name) == ["always"]


def test_one_wrong_file_loads_none(tmp_path: Path) -> None:
    """Nothing half."""
    (tmp_path / "a.yaml").write_text(TEXT)
    (tmp_path / "b.yaml").write_text("title: B\n")
    with pytest.raises(CalendarWrong, match=r"b\.yaml"):
        load_calendars(tmp_path)


@pytest.mark.parametrize("name", ["always.yaml", "7 days.yaml", "desk.yml"])
def test_names_that_cannot_be_are_refused(tmp_path: Path, name: str) -> None:
    """That of the built-in one, one that is no name, and one twice."""
    (tmp_path / "desk.yaml").write_text(TEXT)
    (tmp_path / name).write_text(TEXT)
    with pytest.raises(CalendarWrong, match=name):
        calendar_files(tmp_path)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """No text, far too long a text, and no file."""
    (tmp_path / "a.yaml").write_bytes(b"title: \xff")
    (tmp_path / "b.yaml").write_text("#" * (LARGEST_FILE + 1))
    for name, told in (("a", "cannot be read"), ("b", "too long"), ("c", "cannot be read")):
        with pytest.raises(CalendarWrong, match=told):
            read_calendar(tmp_path / f"{name}.yaml")
