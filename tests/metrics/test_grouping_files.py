"""Files of hierarchies and bands: what they mean, and what is said where they are wrong."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from opsgauge.foundation.errors import GroupingWrong
from opsgauge.metrics.grouping_files import load_groupings
from opsgauge.metrics.groupings import Banded
from opsgauge.metrics.placing import NOT_PLACED, Moved, Placed

ORGANISATION = """\
dimension: team
levels:
  department:
    Support: [Desk, Field]
    Infrastructure: [Network, Servers]
  division:
    IT: [Support, Infrastructure]
changes:
  - from: 2026-07-01
    level: department
    move: {Network: Support}
"""
BANDS = """\
handling_band:
  kind: time
  from: opened_at
  to: resolved_at
  unit: hours
  bands:
    - {name: quick, below: 4}
    - {name: slow, from: 4}
office_hours:
  kind: hour
  moment: opened_at
  bands: [{name: night, below: 8}, {name: day, below: 18}, {name: evening}]
"""


def put(folder: Path, kind: str, text: str, name: str = "one.yaml") -> Path:
    """Write a file of a workspace."""
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / name).write_text(text)
    return folder


def level(folder: Path, name: str) -> Placed:
    """Return a level of a workspace."""
    found = load_groupings(folder).by_name()[name]
    assert isinstance(found, Placed)
    return found


@pytest.mark.row("CAT-11")
def test_a_hierarchy_rolls_up_level_by_level(tmp_path: Path) -> None:
    """Each level over the dimension itself; what moves inside a division stays in it."""
    put(tmp_path, "hierarchies", ORGANISATION)
    department, division = (level(tmp_path, f"team.{n}") for n in ("department", "division"))

    assert department.groups == (
        ("Support", ("Desk", "Field")),
        ("Infrastructure", ("Network", "Servers")),
    )
    assert department.moved == (Moved(date(2026, 7, 1), (("Support", ("Network",)),)),)
    assert set(division.groups[0][1]) == {"Desk", "Field", "Network", "Servers"}
    assert division.moved == ()


@pytest.mark.row("CAT-11")
def test_moves_follow_each_other(tmp_path: Path) -> None:
    """To and back, by way of a group that no division has, and of a whole department."""
    text = ORGANISATION.replace("levels:\n  department:", "levels:\n  department:\n    Sold: []")
    text = (
        text.replace("    IT: [", "    Field: []\n    IT: [")
        + """\
  - {from: 2026-09-01, level: department, move: {Network: Infrastructure, Servers: Sold}}
  - {from: 2026-08-01, level: division, move: {Support: Field}}
"""
    )
    put(tmp_path, "hierarchies", text)
    july, august, september = (date(2026, month, 1) for month in (7, 8, 9))

    assert level(tmp_path, "team.department").moved == (
        Moved(july, (("Support", ("Network",)),)),
        Moved(september, (("Sold", ("Servers",)), ("Infrastructure", ("Network",)))),
    )
    assert level(tmp_path, "team.division").moved == (
        Moved(august, (("Field", ("Desk", "Field", "Network")),)),
        Moved(september, (("IT", ("Network",)), (NOT_PLACED, ("Servers",)))),
    )
    then = level(tmp_path, "team_then.division")
    assert then == replace(level(tmp_path, "team.division"), name=then.name, as_then=True)


@pytest.mark.row("CAT-11")
def test_bands_follow_each_other(tmp_path: Path) -> None:
    """Where one ends the next begins, also where the file does not repeat it."""
    own = load_groupings(put(tmp_path, "bands", BANDS)).by_name()
    hours = own["office_hours"]

    assert isinstance(hours, Banded)
    assert [(b.name, b.from_, b.below) for b in hours.bands] == [
        ("night", None, 8),
        ("day", 8, 18),
        ("evening", 18, None),
    ]


@pytest.mark.row("CAT-18")
def test_a_night_is_on_both_sides_of_midnight(tmp_path: Path) -> None:
    """The name that the day begins with may come again, no other one may."""
    put(tmp_path, "bands", BANDS.replace("name: evening", "name: night"))
    hours = load_groupings(tmp_path).by_name()["office_hours"]
    assert isinstance(hours, Banded)
    assert [band.name for band in hours.bands] == ["night", "day", "night"]
    assert hours.order == ("night", "day", "outside the bands")
    put(tmp_path, "bands", BANDS.replace("name: evening", "name: day"))
    with pytest.raises(GroupingWrong, match="cannot be called 'day' here"):
        load_groupings(tmp_path)


def test_a_workspace_without_files_has_none(tmp_path: Path) -> None:
    """Nor one without the folders."""
    assert load_groupings(tmp_path).by_name() == {}


@pytest.mark.row("CAT-11")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("dimension: team", "dimension: tem", "line 1, dimension: there is no .* 'team'"),
        ("dimension: team", "dimension: assignee", "names a person"),
        ("levels:", "level:", "line 2, level: there is no such key. Did you mean 'levels'"),
        ("[Support, Inf", "[Suport, Inf", "line 7, .*no 'Suport' .* Did you mean 'Support'"),
        ("[Network, Servers]", "[Network, Desk]", "line 5, .*'Desk' stands in 'Support' as well"),
        ("[Desk, Field]", "[Desk, Desk]", "line 4, .*'Desk' stands twice"),
        (
            "levels:",
            "of: {department: division}\nlevels:",
            "circle: department → division → department",
        ),
        ("levels:", "of: {department: divison}\nlevels:", "line 2, .*Did you mean 'division'"),
        ("levels:", "of: {departmnt: team}\nlevels:", "Did you mean 'department'"),
        ("  division:", "  team:", "a level cannot be called 'team'"),
        ("IT: [", "not placed: [", "a group cannot be called"),
        ("2026-07-01", "July", "is no date"),
        ("level: department", "level: departement", "Did you mean 'department'"),
        ("{Network: Support}", "{Network: Suport}", "Did you mean 'Support'"),
        ("[Desk, Field]", "Desk", "a list is needed"),
        ("    IT: [Support, Infrastructure]", "    - IT", "keys with their values"),
    ],
)
def test_what_is_wrong_in_a_hierarchy_is_said(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """With the file, the line, the key and the nearest right word."""
    assert old in ORGANISATION
    put(tmp_path, "hierarchies", ORGANISATION.replace(old, new))

    with pytest.raises(GroupingWrong, match=f"hierarchies/one.yaml.*{told}"):
        load_groupings(tmp_path)


@pytest.mark.row("CAT-11")
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("from: 4}", "from: 5}", "line 8, .*leaves a gap after 'quick': it must begin at 4"),
        ("from: 4}", "from: 3}", "line 8, .*overlaps 'quick'"),
        ("below: 4}", "below: four}", "is no number"),
        ("{name: quick, below: 4}", "{name: quick}", "comes after 'quick', which has no end"),
        ("below: 18}", "below: 7}", "ends before it begins"),
        ("kind: time", "kind: tme", "Did you mean 'time'"),
        ("from: opened_at", "from: openedat", "line 3, .*Did you mean 'opened_at'"),
        ("unit: hours", "unit: hour", "Did you mean 'hours'"),
        ("moment: opened_at", "moment: team", "no moment 'team'"),
        ("handling_band:", "priority:", "a name that no dimension has"),
        ("name: slow", "name: quick", "cannot be called 'quick' here"),
        ("kind: hour", "kind: weekday", "weekdays are bands by themselves"),
        ("  unit: hours", "  units: hours", "no such key. Did you mean 'unit'"),
    ],
)
def test_what_is_wrong_in_bands_is_said(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Gaps and overlaps too."""
    assert old in BANDS
    put(tmp_path, "bands", BANDS.replace(old, new, 1))

    with pytest.raises(GroupingWrong, match=f"bands/one.yaml.*{told}"):
        load_groupings(tmp_path)


@pytest.mark.parametrize(("kind", "text"), [("hierarchies", ORGANISATION), ("bands", BANDS)])
def test_one_name_is_defined_once(tmp_path: Path, kind: str, text: str) -> None:
    """In whichever file."""
    put(tmp_path, kind, text)
    put(tmp_path, kind, text, "two.yaml")

    with pytest.raises(GroupingWrong, match=r"two\.yaml, line .* already, in another file"):
        load_groupings(tmp_path)


@pytest.mark.parametrize("text", ["", "- a", "a: &x 1\nb: *x", "dimension: [", "\udcff"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    """Empty, a list, with aliases, not YAML, not text."""
    for kind in ("hierarchies", "bands"):
        (tmp_path / kind).mkdir()
        file = tmp_path / kind / "one.yaml"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(GroupingWrong, match=r"one\.yaml"):
            load_groupings(tmp_path)
        file.unlink()
