"""The encoding of a text that does not say it."""

from pathlib import Path

import pytest

from opsgauge.sources.draft.encodings import likely_encoding


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Störung; München; Größe; não; à espera; café"),
        ("cp1250", "Zgłoszenie żółć; Příliš žluťoučký kůň"),
        ("cp1251", "Заявка в работе; Отменено; Иван Петров"),
        ("cp850", "Störung; München; Größe; não; ação"),
        ("cp1252", "nothing but ASCII"),
    ],
)
def test_letters_speak_for_an_encoding(tmp_path: Path, encoding: str, words: str) -> None:
    """Where nothing speaks, it is the usual one."""
    file = tmp_path / "export.csv"
    file.write_bytes(("number;team\n" + f"1;{words}\n" * 20).encode(encoding))
    assert likely_encoding(file) == encoding
