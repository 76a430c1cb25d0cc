"""Who a request comes from: a session, a token, this machine's own user, or nobody.

Floor 5. One indexed query, whose answer is held for two seconds: a role that is taken, or a user
who is shut out by another process, counts within that time; within this process at once. That a
session or token is in use is written down at most once a minute, by a thread of its own: no page
waits for another process that writes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.governance import sessions, tokens
from opsgauge.governance.access import LOCAL
from opsgauge.governance.people import anybody
from opsgauge.governance.people_changes import By
from opsgauge.governance.sessions import Known
from opsgauge.operations.context import Context
from opsgauge.operations.signing_in import lasting

HELD = timedelta(seconds=2)
MOST_HELD = 10_000


class Doorkeeper:
    """Knows the people of one workspace.

    Parameters
    ----------
    people : whether one has to sign in even while there is no user yet
    """

    def __init__(self, ctx: Context, people: bool = False) -> None:
        self.own = ctx.actor  # who asks while nobody has to sign in
        self.ctx = replace(ctx, actor=LOCAL)
        self._people = people
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[datetime, Known]] = OrderedDict()
        self._anybody: tuple[datetime, bool] | None = None
        self._noting: dict[str, threading.Thread] = {}

    @property
    def asks(self) -> bool:
        """Whether one has to sign in: once there is a user there always will be one."""
        return self._people or self.has_users()

    def has_users(self) -> bool:
        """Say whether there is an active user."""
        now = self.ctx.clock()
        with self._lock:
            told = self._anybody
        if told is None or not (told[1] or _fresh(told[0], now)):
            told = (now, anybody(self.ctx.database))
            with self._lock:
                self._anybody = told
        return told[1]

    def held(self, secret: str) -> Known | None:
        """Return who a secret stands for without a look into the records; None: not known here."""
        now = self.ctx.clock()
        with self._lock:
            found = self._held.get(secret)
        if found is None or not _fresh(found[0], now) or found[1].ends_at <= now:
            return None
        return found[1] if found[1].is_noted(now) else None

    def look(self, secret: str, is_token: bool) -> tuple[Known | None, bool]:
        """Return who a secret stands for, and whether anybody has to sign in at all."""
        if not self.asks:
            return None, False
        if not secret:
            return None, True
        return (self.by_token if is_token else self.by_session)(secret), True

    def by_session(self, secret: str) -> Known | None:
        """Return whose session a cookie's secret is of; None where it is none, or ended."""
        now = self.ctx.clock()
        found = sessions.known(self.ctx.database, secret, now, lasting(self.ctx))
        if found is None:
            return None
        if not found.is_noted(now):
            self._note(secret, lambda: sessions.note_seen(self.ctx.database, secret, now))
        return self._keep(secret, found, now)

    def by_token(self, secret: str) -> Known | None:
        """Return whom a token stands for; None where it is none, or ended."""
        now = self.ctx.clock()
        found = tokens.known_by_token(self.ctx.database, secret, now)
        if found is None:
            return None
        if not found.is_noted(now):
            by = By(self.ctx.database, self.ctx.clock, found.actor)
            self._note(secret, lambda: tokens.note_used(by, found))
        return self._keep(secret, found, now)

    def forget(self) -> None:
        """Look everybody up anew: something may have changed."""
        with self._lock:
            self._held.clear()
            if self._anybody and not self._anybody[1]:
                self._anybody = None

    def _keep(self, secret: str, found: Known, now: datetime) -> Known:
        with self._lock:
            self._held[secret] = now, replace(found, seen_at=now)
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
        return found

    def settle(self) -> None:
        """Wait until every use is written down."""
        with self._lock:
            writing = list(self._noting.values())
        for each in writing:
            each.join()

    def _note(self, secret: str, write: Callable[[], None]) -> None:
        """Write aside that a secret is in use, unless that is being done already."""

        def run() -> None:
            try:
                write()
            except (OpsgaugeError, SQLAlchemyError, OSError) as wrong:
                structlog.get_logger().warning("use_not_noted", reason=str(wrong))
            finally:
                with self._lock:
                    self._noting.pop(secret, None)

        with self._lock:
            if secret not in self._noting:
                self._noting[secret] = threading.Thread(target=run, daemon=True)
                self._noting[secret].start()


def _fresh(since: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - since < HELD
