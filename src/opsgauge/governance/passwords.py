"""Passwords: what one may be, how it is kept, and whether it is the right one.

Floor 4. Kept as argon2id (RFC 9106) with a salt of its own. A password is brought to one form of
Unicode first, so that another keyboard gives the same. Checking takes the same work whether the
user is known or not, and only a few are checked at once, since each takes much memory.
"""

import threading
import unicodedata

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from opsgauge.foundation.errors import PeopleWrong

SHORTEST, LONGEST = 12, 256  # characters
FEWEST_DIFFERENT = 5
AT_ONCE = 2


class Passwords:
    """Makes and checks hashes; tests make one that is cheap."""

    def __init__(self, time_cost: int = 3, memory_cost: int = 65_536, parallelism: int = 4) -> None:
        self._hash = PasswordHash((Argon2Hasher(time_cost, memory_cost, parallelism),))
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._nobody: str | None = None

    def make(self, password: str) -> str:
        """Return the hash of a password that `check_password` let pass."""
        with self._turn:
            return self._hash.hash(plain(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Say whether a password is the one whose hash is kept.

        Without a hash (an unknown user, or one without a password) it works as long, and says no.
        """
        too_long = len(password) > LONGEST
        tried = "" if too_long else plain(password)
        if self._nobody is None:
            self._nobody = self.make("nobody's")
        with self._turn:
            try:
                right = self._hash.verify(tried, kept or self._nobody)
            except UnknownHashError:
                return False
        return right and bool(kept) and not too_long


ARGON2 = Passwords()


def plain(password: str) -> str:
    """Return a password in one form of Unicode; half a character pair becomes a mark."""
    told = unicodedata.normalize("NFKC", password)
    return told.encode(errors="replace").decode()


def check_password(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, one thing repeated, or the user's name.

    Raises
    ------
    PeopleWrong : with what it lacks

    Examples
    --------
    >>> check_password("correct horse battery", "ana")
    """
    told = plain(password[: LONGEST + 1])
    if len(password) > LONGEST or len(told) > LONGEST:
        raise PeopleWrong(f"A password has {LONGEST} characters at most.")
    if len(told) < SHORTEST:
        raise PeopleWrong(
            f"A password has {SHORTEST} characters at least.", hint="Several words are easiest."
        )
    if len(set(told)) < FEWEST_DIFFERENT:
        raise PeopleWrong(f"A password has {FEWEST_DIFFERENT} different characters at least.")
    low, owner = told.casefold(), name.casefold()
    if low.replace(owner, "").strip(" 0123456789.-_!") == "" or low == owner:
        raise PeopleWrong("The name is no password, nor with digits behind it.")
