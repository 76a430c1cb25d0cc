"""People, known by mail, by first names, by telephone numbers."""

from opsgauge.sources.draft.people import are_mails, are_names, are_phones


def test_mail_gives_people_away() -> None:
    """Where half of the values are addresses."""
    assert are_mails({"a.b@example.org": 1, "Anna <a@example.org>": 1, "": 1})
    assert not are_mails({"user@host": 1, "Support": 1})


def test_first_names_tell_people_from_teams() -> None:
    """Both are two words that begin large."""
    assert are_names({"Anna Smith": 1, "Lopez, Maria": 1, "Xu Hong": 1})
    assert not are_names({"Service Desk": 1, "Network Operations": 1})
    assert not are_names({"Anna": 1})
    assert not are_names({})


def test_telephone_numbers_hold_blanks_or_a_plus() -> None:
    """Bare digits are numbers of records, too."""
    assert are_phones({"+31 6 1234 5678": 1, "030 / 1234567": 1})
    assert not are_phones({"1234567890": 2})
