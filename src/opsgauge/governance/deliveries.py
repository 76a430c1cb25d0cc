"""How people want messages: the zone of their times, within which hours, how many at once.

Floor 4. A newer line of somebody takes the place of the one before, which is kept.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.governance.access import Actor
from opsgauge.governance.alert_tables import DeliveryRow
from opsgauge.governance.database import Database
from opsgauge.governance.register import Register

SET = "alert:set"
NONE, HOUR, DAY = DIGESTS = ("none", "hour", "day")


@dataclass(frozen=True)
class Delivery:
    """How somebody, or a channel, wants messages.

    Attributes
    ----------
    person : the name of a user, or "channel NAME"
    zone : IANA zone of the times told to them, "" for that of the workspace
    calendar : the business calendar within which messages come, "" for at any time
    digest : none: each at once; hour, day: one message for all of an hour or of a day
    """

    person: str
    zone: str = ""
    calendar: str = ""
    digest: str = NONE
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return asdict(self)


def set_delivery(database: Database, clock: Clock, actor: Actor, wanted: Delivery) -> Delivery:
    """Keep how somebody wants messages; what was said of them before ends.

    Raises
    ------
    QueryWrong : nobody is named, or there is no such digest
    """
    if not wanted.person.strip():
        raise QueryWrong("Nobody is named.", hint="Name a user, or 'channel NAME'.")
    if wanted.digest not in DIGESTS:
        raise QueryWrong(
            f"There is no digest {wanted.digest!r}.", hint=did_you_mean(wanted.digest, DIGESTS)
        )
    row = DeliveryRow(
        person=wanted.person.strip(),
        zone=wanted.zone,
        calendar=wanted.calendar,
        digest=wanted.digest,
    )
    with database.writing() as session:
        standing = select(DeliveryRow).where(
            DeliveryRow.person == row.person, DeliveryRow.ended_at.is_(None)
        )
        return _REGISTER.put(session, clock, actor, row, session.scalars(standing).all())


def deliveries(database: Database) -> dict[str, Delivery]:
    """Return how people want messages, by their names."""
    query = select(DeliveryRow).order_by(DeliveryRow.id)
    return {each.person: each for each in _REGISTER.lines(database, query, ended=False)}


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        person=row.person,
        zone=row.zone,
        calendar=row.calendar,
        digest=row.digest,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


_REGISTER = Register(
    DeliveryRow,
    _delivery,
    lambda each: f"delivery {each.person}",
    SET,
    "Delivery {}",
    "There is no delivery {}.",
)
