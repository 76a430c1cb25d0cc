"""Names of raw tables and columns: any name a source may have can be kept, none taken for ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.log.raw import FORBIDDEN, RAW_OWN, raw_table, stored_name


def test_a_source_has_a_table_of_its_own() -> None:
    """Named after it."""
    assert raw_table("desk") == "raw_desk"


@pytest.mark.parametrize("name", [name for name, _ in RAW_OWN])
def test_a_sources_column_is_never_taken_for_ours(name: str) -> None:
    """Even where it has the same name."""
    assert stored_name(name) != name


@given(st.text(min_size=1), st.text(min_size=1))
def test_columns_keep_apart_and_fit_into_delta(one: str, other: str) -> None:
    """Two names never become one, and no forbidden sign is left."""
    assert (stored_name(one) == stored_name(other)) == (one == other)
    assert not set(stored_name(one)) & set(FORBIDDEN) - {"%"}
    assert not stored_name(one).startswith("_")
