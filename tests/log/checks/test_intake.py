"""What came in: only what the mapping of today does not know counts."""

from dataclasses import replace

import pytest

from opsgauge.log.checks.intake import (
    in_force,
    rejected_records,
    repeated_records,
    unmapped_words,
)
from opsgauge.log.checks.records import Refused
from tests.log.checks.desks import desk, mapping, receipt

ODD = {"original_status": {"Odd": 3, "Queer": 1}}


def test_words_without_a_mapping_are_counted_with_the_most_frequent_first() -> None:
    """Over all files that this mapping has read."""
    files = [receipt("2026-01-01", unmapped=ODD), receipt("2026-01-02", unmapped=ODD)]
    found = unmapped_words(desk([{}], receipts=files))

    assert (found.count, found.of, found.state) == (8, 200, "warn")
    assert found.examples == ("original_status 'Odd': 6", "original_status 'Queer': 2")
    assert {"open", "resolved_at", "reopen_count"} < {*found.columns}
    assert "major" not in found.columns


def test_words_that_a_newer_mapping_knows_are_no_longer_listed() -> None:
    """It built everything again, and its receipt says what is still unknown."""
    files = [
        receipt("2026-01-01", unmapped=ODD),
        receipt("2026-01-02", unmapped=ODD, mapping=mapping("Odd")),
        receipt("2026-01-03", mapping=mapping("Odd", "Queer")),
        receipt("2026-01-04", unmapped={"major": {"ja": 1}}, mapping=mapping("Odd", "Queer")),
    ]

    assert unmapped_words(desk([{}], receipts=files)).examples == ("major 'ja': 1",)
    assert unmapped_words(desk([{}], receipts=files)).columns == ("major",)
    assert unmapped_words(desk([{}], receipts=files[:3])).state == "pass"


def test_a_mapping_that_only_reads_otherwise_built_nothing_again() -> None:
    """A comment more is no other mapping, so words met before it still count."""
    files = [
        receipt("2026-01-01", unmapped=ODD),
        receipt("2026-01-02", mapping=mapping(comment="for the new desk")),
    ]

    assert unmapped_words(desk([{}], receipts=files)).count == 4


def test_going_back_to_an_older_mapping_counts_from_then_on() -> None:
    """The same text again is a rebuild again."""
    files = [
        receipt("2026-01-01", unmapped=ODD),
        receipt("2026-01-02", mapping=mapping("Odd")),
        receipt("2026-01-03", unmapped={"major": {"ja": 2}}),
    ]

    assert [each.received_at.day for each in in_force(files)] == [3]


def test_each_source_has_its_own_mapping() -> None:
    """Mending one leaves the other's words where they are."""
    files = [
        receipt("2026-01-01", unmapped=ODD, source="one"),
        receipt("2026-01-01", unmapped=ODD, source="other"),
        receipt("2026-01-02", source="one", mapping=mapping("Odd", "Queer")),
    ]

    assert unmapped_words(desk([{}], receipts=files)).count == 4


def test_a_mapping_of_a_format_of_before_is_another_one() -> None:
    """Its text can no longer be read, and that is no fault of the check."""
    files = [receipt("2026-01-01", unmapped=ODD, mapping="version: 0"), receipt("2026-01-02")]

    assert unmapped_words(desk([{}], receipts=files)).state == "pass"


@pytest.mark.parametrize(("count", "state"), [(0, "pass"), (1, "warn"), (5, "fail")])
def test_refused_records_are_counted(count: int, state: str) -> None:
    """Against all that were read, the first with their reason."""
    refused = Refused(count, ("a.csv, row 7: no such day",))
    found = rejected_records(replace(desk([{}], receipts=[receipt()]), refused=refused))

    assert (found.count, found.of, found.state) == (count, 100, state)
    assert not count or found.examples == refused.examples


def test_repeated_records_are_only_noted() -> None:
    """They were left out, so no number is touched."""
    found = repeated_records(desk([{}], receipts=[receipt(duplicate=60), receipt(duplicate=10)]))

    assert (found.count, found.of, found.state, found.columns) == (70, 200, "note", ())
    assert repeated_records(desk([{}], receipts=[receipt()])).state == "pass"
