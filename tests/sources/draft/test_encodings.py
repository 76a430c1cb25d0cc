"""The encoding of a text that is not UTF-8, guessed for a person to check."""

from pathlib import Path

import pytest

from opsgauge.sources.draft.encodings import encoding_of
from tests.sources.draft import exports
from tests.sources.draft.conftest import Desk

GERMAN = "Größe;Störung;Grüße aus Köln\n"
POLISH = "Zgłoszenie;Łódź;żółta gęś;ścieżka źródła\n"
RUSSIAN = "Заявка;Закрыта;Ошибка принтера\n"


@pytest.mark.parametrize(
    ("text", "written", "told"),
    [
        (GERMAN, "utf-8", ""),
        (GERMAN, "utf-8-sig", ""),
        (GERMAN, "utf-16", ""),
        ("plain;text\n", "ascii", ""),
        ("", "ascii", ""),
        (GERMAN, "cp1252", "cp1252"),
        (GERMAN, "latin-1", "cp1252"),
        (POLISH, "cp1250", "cp1250"),
        (RUSSIAN, "cp1251", "cp1251"),
        ("a;b;Störung\n" * 9, "utf-16-le", "utf-16-le"),
        ("a;b;Störung\n" * 9, "utf-16-be", "utf-16-be"),
    ],
)
def test_an_encoding_is_told_by_its_letters(
    text: str, written: str, told: str, tmp_path: Path
) -> None:
    """With a word that shows whether they came out right; UTF-8 needs no word."""
    file = tmp_path / "export.csv"
    file.write_bytes(text.encode(written))
    found = encoding_of(file)

    assert found.name == told
    assert ("CHECK THIS" in found.why) == bool(told)


def test_letters_late_in_a_file_are_met(tmp_path: Path) -> None:
    """Beyond the first million bytes."""
    file = tmp_path / "export.csv"
    file.write_bytes(b"a;b\n" * 400_000 + "Störung;ö\n".encode("cp1252") * 5)

    assert encoding_of(file).name == "cp1252"
    assert "'Störung'" in encoding_of(file).why


def test_a_few_damaged_letters_are_left_to_the_reader(tmp_path: Path) -> None:
    """The file is UTF-8 all the same."""
    file = tmp_path / "export.csv"
    file.write_bytes(GERMAN.encode() * 9 + b"\xfc\n")

    assert encoding_of(file).name == ""


def test_a_draft_names_the_encoding_and_reads_by_it(desk: Desk) -> None:
    """Names of columns and words for states as people wrote them."""
    made = desk.draft(exports.german_list().encode("cp1252"), "list.csv")

    assert made.mapping.encoding == "cp1252"
    assert made.mapping.fields["updated_at"].column == "Letzte Änderung"
    assert any(ask.startswith("encoding") for ask in made.asks)
    assert "encoding: cp1252" in made.text


def test_nested_objects_are_read_by_their_parts(desk: Desk) -> None:
    """What holds them as a whole is left alone."""
    records = ",".join(
        f'{{"key": "SD-{n}", "fields": {{"created": "2026-01-05T08:00:00.000+0100", '
        f'"status": {{"name": "{("Open", "Done")[n % 2]}", "id": "{n % 2}"}}, '
        '"issuetype": {"name": "[System] Incident"}, '
        f'"assignee": {{"displayName": "{exports.PEOPLE[n % 3]}"}}}}}}'
        for n in range(9)
    )
    mapping = desk.draft(f'{{"issues": [{records}]}}', "issues.json").mapping

    assert mapping.ticket_id == "key"
    assert mapping.practice.column == "fields.issuetype.name"
    assert {name: take.column for name, take in mapping.fields.items()} == {
        "opened_at": "fields.created",
        "original_status": "fields.status.name",
        "assignee": "fields.assignee.displayName",
    }
