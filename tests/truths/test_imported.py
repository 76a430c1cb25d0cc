"""The export of an invented desk is one that any importer could be proud of."""

from opsgauge.operations.check import check
from tests.truths.conftest import Found


def test_nothing_is_rejected_and_every_word_is_known(clean: Found, planted: Found) -> None:
    """With truths and without."""
    for found in (clean, planted):
        assert found.imported.rejected == 0
        assert found.imported.duplicate == 0
        assert found.imported.unmapped == {}
        assert found.imported.accepted == found.imported.read > 10_000


def test_a_clean_desk_passes_every_check(clean: Found) -> None:
    """At most a note is left."""
    checked = check(clean.context).checks

    assert len(checked) > 10
    assert {each.id: each.state for each in checked if each.state not in ("pass", "note")} == {}


def test_the_missing_week_shows_where_fields_and_history_part(planted: Found) -> None:
    """The tool's own counts know of handoffs that the rows do not show."""
    states = {each.id: each.state for each in check(planted.context).checks}

    assert states["handoff_against_history"] == "warn"
    assert states["order_of_moments"] == states["update_order"] == "pass"


def test_truths_leave_the_organisation_as_it_is(clean: Found, planted: Found) -> None:
    """Equal seeds, equal desks: zone and teams are the same with truths and without."""
    zone = clean.context.workspace.settings.zone
    teams = "SELECT DISTINCT team FROM history WHERE seq > 0 ORDER BY 1"

    assert "/" in zone
    assert planted.context.workspace.settings.zone == zone
    assert planted.rows(teams) == clean.rows(teams)
