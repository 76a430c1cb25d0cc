"""Sign-ins that were tried: how many are let pass by name and by address, and what became of them.

Floor 4. A try is noted before the password is looked at, in a transaction of its own, so that many
at once are counted too; one that succeeds is forgotten. Only hashes of names and addresses are
kept, for as long as they count.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import TooManyTries
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import append_within
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.people_tables import FailedSignInRow
from opsgauge.governance.sessions import hash_of

WINDOW = timedelta(minutes=15)
MOST_BY_NAME, MOST_BY_ADDRESS = 10, 60
NOBODY = Actor("nobody", ())
REFUSED = "sign-in:refuse"


@dataclass(frozen=True)
class Try:
    """One sign-in that is being tried: under which name, and from where."""

    name: str
    address: str

    @property
    def keys(self) -> dict[str, int]:
        """What is counted, and how many of each are let pass."""
        return {
            hash_of(f"name {self.name}"): MOST_BY_NAME,
            hash_of(f"address {self.address}"): MOST_BY_ADDRESS,
        }


def begin_try(database: Database, clock: Clock, one: Try) -> None:
    """Note a try, or refuse it.

    Raises
    ------
    TooManyTries : there were too many under this name, or from this address
    """
    now = clock()
    since = text_of(now - WINDOW)
    with database.writing() as session:
        session.execute(delete(FailedSignInRow).where(FailedSignInRow.at <= since))
        for key, most in one.keys.items():
            count, first = session.execute(
                select(func.count(), func.min(FailedSignInRow.at)).where(FailedSignInRow.key == key)
            ).one()
            if count >= most:
                raise _too_many(moment_of(first) + WINDOW - now)
            if count == most - 1:  # the last that is let pass, so that the audit says it once
                append_within(session, clock, NOBODY, REFUSED, one.name, why="no further try")
        session.add_all(FailedSignInRow(key=key, at=text_of(now)) for key in one.keys)


def forget(session: Session, one: Try) -> None:
    """Forget the tries under a name that has signed in, and its last one from the address."""
    by_name, by_address = one.keys
    session.execute(delete(FailedSignInRow).where(FailedSignInRow.key == by_name))
    newest = select(func.max(FailedSignInRow.id)).where(FailedSignInRow.key == by_address)
    session.execute(delete(FailedSignInRow).where(FailedSignInRow.id == newest.scalar_subquery()))


def note_refused(database: Database, clock: Clock, one: Try, why: str) -> None:
    """Leave a line in the audit of a sign-in that was refused."""
    with database.writing() as session:
        subject = f"{one.name} from {one.address}"
        append_within(session, clock, NOBODY, REFUSED, subject, why=why)


def _too_many(left: timedelta) -> TooManyTries:
    seconds = max(int(left.total_seconds()) + 1, 1)
    return TooManyTries(
        "Too many sign-ins were refused.", f"Try again in {-(-seconds // 60)} minutes.", seconds
    )
