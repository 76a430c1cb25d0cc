"""What names of columns speak of."""

import pytest

from opsgauge.log.mapping_fields import FIELDS, MOMENTS
from opsgauge.sources.draft.meanings import BY_FIELD, GOOD, MEANINGS, STRONG
from opsgauge.sources.draft.names import folded


def best(name: str, moment: bool) -> str:
    """Return the field that a name speaks of most clearly, among moments or all others."""
    alike = [meaning for meaning in MEANINGS if (meaning.field in MOMENTS) == moment]
    return max(alike, key=lambda meaning: meaning.named(folded(name))).field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Created at", "opened_at"),
        ("Erstelldatum", "opened_at"),
        ("Datum gereed", "resolved_at"),
        ("Date de clôture", "closed_at"),
        ("Letzte Änderung", "updated_at"),
        ("Outage start time", "outage_started_at"),
        ("Impact began", "outage_started_at"),
        ("Detected at", "detected_at"),
        ("Initially assigned at", "assigned_at"),
        ("Initial Response Time", "first_response_at"),
        ("Assignment group", "team"),
        ("Behandelaarsgroep", "team"),
        ("Assigned to", "assignee"),
        ("Técnico asignado", "assignee"),
        ("Caller", "requester"),
        ("sys_updated_by", "actor"),
        ("Contact type", "channel"),
        ("Sub-Category", "subcategory"),
        ("cmdb_ci", "configuration_item"),
        ("Close code", "resolution_code"),
        ("Wichtigkeit", "priority"),
        ("Dringlichkeit", "urgency"),
        ("reassignment_count", "handoff_count"),
        ("made_sla", "sla_met"),
    ],
)
def test_a_name_speaks_of_its_field(name: str, field: str) -> None:
    """In several tongues."""
    meaning = BY_FIELD[field]

    assert meaning.named(folded(name)) >= GOOD
    assert best(name, field in MOMENTS) == field


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Due date", "opened_at"),
        ("Resolution due", "resolved_at"),
        ("Planned end", "closed_at"),
        ("Group stations", "team"),
        ("Requester type", "requester"),
        ("Assignee updated at", "assignee"),
        ("Reopened version", "major"),
    ],
)
def test_some_words_rule_a_field_out(name: str, field: str) -> None:
    """Targets, counts, and moments of other things."""
    assert BY_FIELD[field].named(folded(name)) == 0


def test_a_bare_name_beats_one_with_words_beside_it() -> None:
    """As "Status" before "Status custom" before "First response status" are."""
    status = BY_FIELD["original_status"]
    told = [status.named(folded(n)) for n in ("Status", "Status custom", "First response status")]

    assert told == sorted(told, reverse=True)
    assert told[0] == STRONG > told[1] > told[2]


def test_each_field_has_one_meaning() -> None:
    """And no meaning is of a field that is none."""
    assert sorted(BY_FIELD) == sorted(FIELDS)
    assert len(MEANINGS) == len(BY_FIELD)
