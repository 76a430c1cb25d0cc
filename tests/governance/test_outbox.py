"""The outbox: put in once, claimed by one at a time, never given up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.governance.database import Database
from opsgauge.governance.outbox import (
    Claimed,
    Letter,
    claim,
    letters,
    note_failed,
    note_sent,
    put,
    waiting,
)

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
LEASE = timedelta(minutes=5)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return what it shows."""
        return self.now

    def on(self, **by: float) -> None:
        """Go on by so much."""
        self.now += timedelta(**by)


@pytest.fixture
def hand() -> Hand:
    """Return a clock at its beginning."""
    return Hand()


def sent_in(database: Database, hand: Hand, *wanted: Letter) -> None:
    """Put letters in."""
    with database.writing() as session:
        for each in wanted:
            put(session, hand, each)


def letter(key: str, channel: str = "ops", bundle: str = "", after: float = 0) -> Letter:
    """Return a letter that may go out after so many seconds."""
    return Letter(key, channel, {"subject": key}, NOW + timedelta(seconds=after), bundle)


def keys(claimed: Claimed | None) -> list[str]:
    """Return the letters of a claim."""
    assert claimed is not None
    return [each.key for each in claimed.letters]


@pytest.mark.row("ALR-01")
def test_a_letter_is_put_in_once_and_sent_once(database: Database, hand: Hand) -> None:
    """A second of the same key is none; what is sent is not due again."""
    sent_in(database, hand, letter("a"), letter("a"))
    claimed = claim(database, hand, LEASE)
    assert keys(claimed) == ["a"]
    assert claim(database, hand, LEASE) is None
    note_sent(database, hand, claimed)  # type: ignore[arg-type]
    hand.on(days=9)
    assert claim(database, hand, LEASE) is None
    [one] = letters(database)
    assert (one.state("9"), one.tries, waiting(database)) == ("sent", 1, 0)


@pytest.mark.row("ALR-01")
def test_what_a_killed_sender_held_is_sent_again_under_the_same_key(
    database: Database, hand: Hand
) -> None:
    """When its claim lapses, not before; what the dead one would note then counts no more."""
    sent_in(database, hand, letter("a"))
    dead = claim(database, hand, LEASE)
    hand.on(minutes=4.9)
    assert claim(database, hand, LEASE) is None
    hand.on(minutes=0.2)
    again = claim(database, hand, LEASE)
    assert dead is not None
    assert again is not None
    assert (again.key, again.claim != dead.claim) == (dead.key, True)
    note_failed(database, hand, dead, "too late", timedelta(days=9))
    note_sent(database, hand, again)
    [one] = letters(database)
    assert (one.sent_at is not None, one.last_error) == (True, "")


@pytest.mark.row("ALR-01")
def test_what_fails_waits_with_its_error_and_is_never_given_up(
    database: Database, hand: Hand
) -> None:
    """After a hundred failures it is due once more."""
    sent_in(database, hand, letter("a"))
    for n in range(100):
        claimed = claim(database, hand, LEASE)
        assert claimed is not None
        assert claimed.tries == n
        note_failed(database, hand, claimed, f"down {n}", timedelta(seconds=30))
        assert claim(database, hand, LEASE) is None
        hand.on(seconds=31)
    [one] = letters(database, unsent=True)
    assert (one.tries, one.last_error, one.state("9")) == (100, "down 99", "waiting")
    assert keys(claim(database, hand, LEASE)) == ["a"]


def test_a_channel_that_is_down_holds_up_no_other(database: Database, hand: Hand) -> None:
    """Its letters are passed over."""
    sent_in(database, hand, letter("a", "down"), letter("b", "ops"))
    assert keys(claim(database, hand, LEASE, ["down"])) == ["b"]
    assert claim(database, hand, LEASE, ["down", "ops"]) is None


@pytest.mark.row("ALR-05")
def test_what_is_held_back_comes_when_it_may_and_bundles_come_as_one(
    database: Database, hand: Hand
) -> None:
    """Under one key, whoever sends them and however often."""
    sent_in(database, hand, *(letter(each, bundle="day", after=3600) for each in "abc"))
    assert claim(database, hand, LEASE) is None
    assert [each.state("2026-01-05T08:30") for each in letters(database)] == ["held back"] * 3
    hand.on(hours=1)
    first = claim(database, hand, LEASE)
    assert keys(first) == ["a", "b", "c"]
    assert claim(database, hand, LEASE) is None  # the other two are not free either
    hand.on(hours=1)
    second = claim(database, hand, LEASE)
    assert keys(second) == ["a", "b", "c"]
    assert first is not None
    assert second is not None
    assert first.key == second.key == "day"
    note_sent(database, hand, second)
    assert waiting(database) == 0


@pytest.mark.row("ALR-01")
def test_of_many_at_once_each_claims_others(database: Database, hand: Hand) -> None:
    """No letter is claimed twice, and none is left, on either kind of database."""
    sent_in(database, hand, *(letter(f"{n:02}") for n in range(12)))

    def work(_: int) -> list[str]:
        mine = []
        while (claimed := claim(database, hand, LEASE)) is not None:
            mine += keys(claimed)
        return mine

    with ThreadPoolExecutor(4) as pool:
        found = [key for mine in pool.map(work, range(4)) for key in mine]
    assert sorted(found) == [f"{n:02}" for n in range(12)]


def test_what_is_published_hides_whose_mail_it_is(database: Database, hand: Hand) -> None:
    """Neither the address nor the content shows."""
    with database.writing() as session:
        put(session, hand, Letter("a", "ops", {"subject": "S"}, NOW, address="ana@example.org"))
    plain = letters(database)[0].as_json("2026-01-05T08:30")
    assert "ana@example.org" not in str(plain)
    assert (plain["subject"], plain["state"]) == ("S", "waiting")
