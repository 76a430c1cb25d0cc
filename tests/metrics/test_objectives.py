"""Files of service level objectives: what they may say, and how faults are told."""

from datetime import date
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import ObjectiveWrong
from opsgauge.metrics.objectives import USUAL_BURNS, Burn, load_objectives

WHOLE = """\
kept:
  title: Promises kept
  metric: service_level_kept_share
  where: [priority=1|2, "team="]
  objective: 95%
  window: 28 days
  decision: Stop.
  maintenance:
    - {from: 2026-03-14, to: 2026-03-15, why: The move}
  burn:
    - {spent: 5%, within: 6 hours}
  fewest_bad: 2
"""


def loads(folder: Path, text: str) -> str:
    """Return what is said of a file that does not fit; "" of one that does."""
    where = folder / "slos"
    where.mkdir(exist_ok=True)
    (where / "a.yaml").write_text(text, "utf-8")
    try:
        load_objectives(folder)
    except ObjectiveWrong as fault:
        return fault.message
    return ""


def test_everything_that_a_file_may_say(tmp_path: Path) -> None:
    """Read as it is written."""
    assert not loads(tmp_path, WHOLE)
    [one] = load_objectives(tmp_path)

    assert (one.name, one.share, one.days, one.grain) == ("kept", 0.95, 28, "")
    assert one.where == (Condition("priority", ("1", "2")), Condition("team", (None,)))
    [window] = one.maintenance
    assert (window.from_, window.to, window.why) == (
        date(2026, 3, 14),
        date(2026, 3, 15),
        "The move",
    )
    assert one.burns == (Burn(0.05, 6),)
    assert one.fewest_bad == 2


def test_what_is_not_said_is_usual(tmp_path: Path) -> None:
    """The workbook's three burns, those that fit in the window."""
    loads(tmp_path, "a: {title: A, metric: m, objective: 0.9, window: calendar month}\n")
    [month] = load_objectives(tmp_path)
    loads(tmp_path, "a: {title: A, metric: m, objective: .9, window: 2 days}\n")
    [days] = load_objectives(tmp_path)

    assert (month.grain, month.days, month.burns) == ("month", 0, USUAL_BURNS)
    assert days.burns == USUAL_BURNS[:2]


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("  objective: 95%", "  objektive: 95%", "line 5, kept.objektive: there is no such key."),
        ("objective: 95%", "objective: 100%", "'100%' is no share between 0 and 1"),
        ("objective: 95%", "objective: 0%", "is no share between 0 and 1"),
        ("objective: 95%", "objective: 95", "write it as 95% or 0.95"),
        ("28 days", "28 hours", "'28 hours' is no window"),
        ("28 days", "calendar moth", "Did you mean 'month'?"),
        ("28 days", "900 days", "is no window"),
        ("to: 2026-03-15", "to: 2026-03-13", "2026-03-13 lies before 2026-03-14"),
        ("from: 2026-03-14", "from: 2026-03-14 25:00", "'2026-03-14 25:00' is no moment"),
        ("to: 2026-03-15", "to: 2026-03-14 00:00", "nothing lies between"),
        ("to: 2026-03-15", "to: 2026-02-30", "'2026-02-30' is no date"),
        ("why: The move", "way: The move", "there is no such key. Did you mean 'why'?"),
        ("6 hours", "40 days", "'40 days' is no time within the window of 28 days"),
        ("priority=1|2", "priority", "'priority' is no condition"),
        ("fewest_bad: 2", "fewest_bad: many", "'many' is no number of records"),
        ("  title: Promises kept\n", "", "kept.title: this key is needed"),
        ("kept:", "Kept it:", "a name has small letters"),
    ],
)
def test_a_fault_is_told_with_file_line_and_key(
    tmp_path: Path, was: str, now: str, told: str
) -> None:
    """And with the nearest right word."""
    assert was in WHOLE
    said = loads(tmp_path, WHOLE.replace(was, now))

    assert said.startswith("slos/a.yaml")
    assert told in said


@pytest.mark.parametrize("text", ["", "[]", "a: 1", "a: &x {b: *x}", "a: {}\na: {}\n", "a: 'x"])
def test_what_is_no_objective_is_refused(tmp_path: Path, text: str) -> None:
    """Named by its file."""
    assert "slos/a.yaml" in loads(tmp_path, text)


def test_one_name_stands_in_one_file(tmp_path: Path) -> None:
    """And nothing is half loaded."""
    loads(tmp_path, WHOLE)
    (tmp_path / "slos" / "b.yaml").write_text(WHOLE, "utf-8")

    with pytest.raises(ObjectiveWrong, match=r"slos/b\.yaml, line 1, kept: there is a 'kept'"):
        load_objectives(tmp_path)
