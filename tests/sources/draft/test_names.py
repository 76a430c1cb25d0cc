"""Names made comparable."""

import pytest

from opsgauge.sources.draft.names import folded


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sys_updated_on", "sys updated on"),
        ("AssignedTo", "assigned to"),
        ("SLAMet", "sla met"),
        ("Agent->Full name", "agent full name"),
        ("Größe", "groesse"),
        ("Clôturé à", "cloture a"),
        ("Ticket №", "ticket number"),
        ("  ", ""),
        ("状態", "状態"),
        ("org:group", "org group"),
        ("Level2Team", "level2 team"),
    ],
)
def test_a_name_is_folded(name: str, told: str) -> None:
    """One case, no accents, blanks between words, also where a hump parts them."""
    assert folded(name) == told
