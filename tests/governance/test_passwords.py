"""Passwords: what may be one, and that nothing but the right one fits."""

import threading

import pytest

from opsgauge.foundation.errors import PeopleWrong
from opsgauge.governance.passwords import LONGEST, Passwords, check_password

GOOD = "correct horse battery"
QUICK = Passwords(1, 8, 1)


def test_only_the_right_password_fits() -> None:
    """In any form of Unicode, and to the last character; a NUL ends nothing."""
    kept = QUICK.make("Größe\0genug für alle")

    assert QUICK.fits("Gro\u0308ße\0genug für alle", kept)
    assert not QUICK.fits("Größe", kept)
    assert not QUICK.fits("Größe\0genug für allE", kept)


def test_the_hash_is_argon2id_with_a_salt() -> None:
    """As RFC 9106 advises for a server: 64 MiB, three rounds."""
    one = Passwords()
    assert one.make(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert QUICK.make(GOOD) != QUICK.make(GOOD)


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_without_a_hash_nothing_fits(kept: str | None) -> None:
    """Neither the password of nobody, nor an empty one."""
    for tried in ("nobody's", "", GOOD):
        assert not QUICK.fits(tried, kept)


def test_an_unknown_user_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash is computed whether there is one to compare with or not."""
    made = Passwords(1, 8, 1)
    kept = made.make(GOOD)
    made.fits("x", None)  # the hash that is compared with is made once
    work: list[str] = []
    whole = made._hash.verify

    def verify(password: str, hashed: str) -> bool:
        work.append(password)
        return whole(password, hashed)

    monkeypatch.setattr(made._hash, "verify", verify)
    made.fits("wrong", kept)
    made.fits("wrong", None)
    made.fits("wrong" * 200_000, kept)

    assert work == ["wrong", "wrong", ""]


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", "at least"),
        ("eleven chars"[:11], "at least"),
        ("a" * 40, "different"),
        ("x" * (LONGEST + 1), "at most"),
        ("correct horse " * 80_000, "at most"),
        ("ﷺ" * 200, "at most"),  # one character that becomes eighteen
        ("maximiliane1", "name"),
        ("Maximiliane-2026!", "name"),
        ("maximilianemaximiliane", "name"),
    ],
)
def test_a_poor_password_is_refused(password: str, said: str) -> None:
    """With what it lacks."""
    with pytest.raises(PeopleWrong, match=said):
        check_password(password, "maximiliane")


def test_half_a_pair_is_a_character_like_others() -> None:
    """It cannot be written as UTF-8, and must not be a fault of the server."""
    odd = "correct \ud800 battery"
    check_password(odd, "ana")
    assert QUICK.fits(odd, QUICK.make(odd))


def test_few_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MiB: a crowd at the door must not take all memory."""
    made, most, now, lock = Passwords(1, 8, 1), 0, 0, threading.Lock()
    whole = made._hash.verify
    kept = made.make(GOOD)

    def verify(password: str, hashed: str) -> bool:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        right = whole(password, hashed)
        with lock:
            now -= 1
        return right

    made.fits("x", None)
    monkeypatch.setattr(made._hash, "verify", verify)
    crowd = [threading.Thread(target=made.fits, args=("x", kept)) for _ in range(20)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert most <= 2
