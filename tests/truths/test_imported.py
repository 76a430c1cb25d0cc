"""The export of an invented desk is one that any importer could be proud of."""

import pytest

from opsgauge.operations.check import check
from tests.truths.conftest import Found

pytestmark = pytest.mark.xdist_group("invented_desks")


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


def test_the_workspace_cuts_days_where_the_head_office_is(clean: Found, planted: Found) -> None:
    """Equal seeds, equal desks: with truths or without, the zone is the same."""
    zone = clean.context.workspace.settings.zone

    assert "/" in zone
    assert planted.truths["monday_peak"]["where"]["zone"] == planted.context.workspace.settings.zone
