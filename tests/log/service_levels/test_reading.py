"""Files of service levels: read whole or not at all, each mistake with its file, line and key."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import ServiceLevelWrong, UnknownServiceLevel
from opsgauge.log.calendars.definition import Calendars
from opsgauge.log.service_levels.reading import load_service_levels, parse_service_levels

GOOD = """
in_time:
  title: In time
  kind: resolution
  targets:
    - {priority: "1", within: 4 h}
    - {within: 8 h}
"""
WRONG = [
    ("title: In time", "titel: In time", r"line 3, in_time\.titel: there is no such key.*'title'"),
    ("  title: In time\n", "", r"line 2, in_time\.title: this key is needed"),
    ("kind: resolution", "kind: fixing", r"line 4, in_time\.kind: .*'response', 'resolution'"),
    ("kind: resolution", "kind: resolution\n  counts: human", r"'counts: human' says what stops"),
    ("kind: resolution", "kind: response\n  counts: robots", r"\.counts: .*'any' or 'human'"),
    (
        "kind: resolution",
        "kind: response\n  stop: {moment: first_automatic_response_at}",
        r"line 5, .*'first_automatic_response_at' stops no clock",
    ),
    (
        "  targets:",
        "  messages: {actvity: [Mail]}\n  targets:",
        r"line 5, .*Did you mean 'activity'",
    ),
    ("  targets:", "  messages: {phase: [new]}\n  targets:", r"'phase' does not tell a message"),
    ("within: 4 h", "within: 0 h", r"line 6, in_time\.targets\.0: '0 h' cannot be kept"),
    ("within: 4 h", "within: 2 days", r"line 6, .*: '2 days': a working day is as long as its"),
    ("within: 4 h", "within: soon", r"line 6, .*: 'soon' is no length of time"),
    ("within: 4 h", "in: 4 h", r"line 6, in_time\.targets\.0\.within: this key is needed"),
    ("{priority:", "{prority:", r"line 6, .*: 'prority' is no column here.*'priority'"),
    ("  targets:", "  where: {phase: [waiting]}\n  targets:", r"line 5, .*'waiting' is no phase"),
    ("  targets:", "  pause: {colour: [red]}\n  targets:", r"line 5, .*'colour' is no column here"),
    (
        "  targets:",
        "  practices: incidnt\n  targets:",
        r"line 5, .*'incidnt' is no practice.*incide",
    ),
    (
        "  targets:",
        "  stop: {moment: solved_at}\n  targets:",
        r"line 5, .*'solved_at' is no moment",
    ),
    ("  targets:", "  on_reopen: again\n  targets:", r"line 5, in_time\.on_reopen: .*'continue'"),
    ("  targets:", "  pause: {phase: resolved}\n  targets:", r"'resolved' cannot both pause and"),
    ("  targets:", "  calendar: offce\n  targets:", r"line 5, in_time\.calendar: there is no cal"),
    ("  targets:", "  supports: all\n  targets:", r"in_time\.supports: there is no service level"),
    ("  targets:", "  supports: in_time\n  targets:", r"it supports itself: in_time supports in"),
    (
        "  targets:",
        "  zones: {by: team, of: {A: Mars}}\n  targets:",
        r"line 5, .*'Mars' is no time z",
    ),
    ("  targets:", "  retroactive: {strt: yes}\n  targets:", r"line 5, .*no such key.*'start'"),
    ("in_time:", "In Time:", r"line 2: a service level cannot be called 'In Time'"),
    ('    - {priority: "1", within: 4 h}\n    - {within: 8 h}\n', "    []\n", "must not be empty"),
    (GOOD, "", "is empty"),
    (GOOD, "- a\n- b\n", "holds no service level"),
    (GOOD, "in_time: 4 h\n", "keys with their values are needed"),
    (GOOD, "in_time: {", "is no YAML"),
    (GOOD, "a: &x {title: 1}\nb: *x\n", "anchors and aliases are not read"),
    (GOOD, GOOD + GOOD, "'in_time' is said twice"),
]


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize(("said", "instead", "told"), WRONG, ids=[w[2][:30] for w in WRONG])
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, said: str, instead: str, told: str
) -> None:
    """File, line, key, and the nearest right word; nothing is loaded."""
    assert said in GOOD
    (tmp_path / "a.yaml").write_text("ok: " + GOOD.split("in_time:")[1].replace("\n", "\n"))
    (tmp_path / "b.yaml").write_text(GOOD.replace(said, instead), encoding="utf-8")

    with pytest.raises(ServiceLevelWrong, match=told) as wrong:
        load_service_levels(tmp_path, Calendars())
    assert "b.yaml" in str(wrong.value)


def test_files_of_a_folder_are_read_together(tmp_path: Path) -> None:
    """By name; other files are left alone, and one name is one service level."""
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yml").write_text(GOOD.replace("in_time", "later"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not this", encoding="utf-8")

    levels = load_service_levels(tmp_path, Calendars())
    assert list(levels.by_name) == ["in_time", "later"]
    with pytest.raises(UnknownServiceLevel, match="'latr'"):
        levels.get("latr")
    (tmp_path / "c.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ServiceLevelWrong, match=r"c\.yaml, line 2: 'in_time' is already in"):
        load_service_levels(tmp_path, Calendars())


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    """No file, no service level."""
    assert load_service_levels(tmp_path / "none", Calendars()).by_name == {}


def test_a_circle_of_support_is_told(tmp_path: Path) -> None:
    """However long."""
    circle = "".join(
        GOOD.replace("in_time", name).replace("  targets", f"  supports: {above}\n  targets")
        for name, above in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    (tmp_path / "a.yaml").write_text(circle, encoding="utf-8")

    with pytest.raises(ServiceLevelWrong, match="a supports b supports c supports a"):
        load_service_levels(tmp_path, Calendars())


def test_one_word_stands_for_a_list() -> None:
    """Of practices and of values."""
    level = parse_service_levels(GOOD.replace("kind:", "practices: incident\n  kind:"), "x")[
        "in_time"
    ]

    assert level.practices == ("incident",)
    assert level.targets[0].conditions() == {"priority": ("1",)}
    assert level.calendar_names() == ("always",)
