"""Whom a firing is told: who answers for what breaks and may see all of it, else the rule's own.

Floor 5. The registers are read once for a look at a rule. Whoever sees only a part of the records
is told of that part alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsgauge.alerts.channels import Channel, Channels, load_channels
from opsgauge.foundation.agreed import Rules, Scope
from opsgauge.foundation.alerting import A_ROLE, AlertRule, Escalation
from opsgauge.foundation.errors import Misuse, SettingsWrong
from opsgauge.governance import owners as register
from opsgauge.governance.access import decide, scope_of
from opsgauge.governance.deliveries import DAY, HOUR, Delivery, deliveries
from opsgauge.governance.firings import Fired
from opsgauge.governance.people import User, actor_of, users
from opsgauge.governance.rules import within
from opsgauge.governance.silences import Silence, silences
from opsgauge.log.calendars.business_time import add_business_micros
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.context import Context

MORNING = 7  # o'clock, where whom it is for is: when a day's messages come
A_MICRO = timedelta(microseconds=1)
QUEUE, SERVICE, PRACTICE = "team", "service", "practice"
READ = "alert:read"


@dataclass(frozen=True)
class Reached:
    """Whom a firing is told, and how.

    Attributes
    ----------
    person : a user's name, "" for whoever reads the channel
    address : their e-mail, where the channel asks for one
    owner : whose it is, in words
    why_not : why nobody can be told, "" where somebody is
    """

    channel: str
    person: str
    address: str
    owner: str
    delivery: Delivery
    why_not: str = ""


@dataclass(frozen=True)
class Registers:
    """Who answers for what, who is a user, how they want messages, and the channels."""

    owners: Mapping[tuple[str, str], str]
    users: Mapping[str, User]
    deliveries: Mapping[str, Delivery]
    channels: Channels | None
    silences: Sequence[Silence] = ()

    @classmethod
    def of(cls, ctx: Context) -> "Registers":
        """Read them."""
        try:
            channels = load_channels(ctx.workspace.path)
        except SettingsWrong:  # what fires is noted all the same, and waits
            channels = None
        return cls(
            {
                (each.kind, each.subject): each.person
                for each in register.owners(ctx.database)
                if each.part == register.OWNER
            },
            {each.name: each for each in users(ctx.database)},
            deliveries(ctx.database),
            channels,
            silences(ctx.database),
        )

    def silenced(self, rule: int, segment: Rules, now: str) -> int:
        """Return the number of the silence in which a firing is told to nobody; 0 for none."""
        covering = (each.number for each in self.silences if each.covers(rule, segment, now))
        return next(covering, 0)

    def next_people(
        self, rule: AlertRule, step: Escalation, segment: Rules
    ) -> tuple[list[Reached], str]:
        """Return whom a step of an escalation is told to, and why somebody is not told."""
        name = step.channel or rule.channel
        channel = self.channels.by_name.get(name) if self.channels else None
        role = step.to.removeprefix(A_ROLE)
        asked = [step.to]
        if role != step.to:
            asked = sorted(
                name
                for name, user in self.users.items()
                if user.active and any(each.role == role for each in user.given)
            )
        if not asked:
            return [], f"Nobody is {role}."
        made, refused = [], []
        for person in map(_plain, asked):
            told = self.users[person].email if person in self.users else ""
            address = told if channel and channel.is_personal else ""
            why_not = (self.why_not(person, segment) if person else "") or self._refused(
                channel, address, segment
            )
            if why_not:
                refused.append(why_not)
                continue
            key = person or f"channel {name}"
            delivery = self.deliveries.get(key, Delivery(key))
            made.append(Reached(name, person, address, person or name, delivery))
        return made, " ".join(dict.fromkeys(refused))

    def reached(self, ctx: Context, rule: AlertRule, fired: Fired) -> Reached:
        """Return whom a firing is told."""
        wanted = [*_answering(ctx, self.owners, fired), *([rule.owner] if rule.owner else [])]
        able = [_plain(name) for name in wanted if not self.why_not(name, fired.segment)]
        channel = self.channels.by_name.get(rule.channel) if self.channels else None
        owner = wanted[0] if wanted else "nobody is named"
        person = able[0] if able else ""
        told = self.users[person].email if person and channel and channel.is_personal else ""
        asked = person or f"channel {rule.channel}"
        delivery = self.deliveries.get(asked, Delivery(asked))
        refused = self._refused(channel, told, fired.segment)
        return Reached(rule.channel, person, told, owner, delivery, refused)

    def _refused(self, channel: Channel | None, address: str, segment: Rules) -> str:
        if channel is None:  # its letter waits until there is one
            return ""
        if not within(segment, channel.reach):
            return f"Channel {channel.name!r} may not be told of these records."
        if channel.is_personal and not address:
            return "Nobody with an e-mail address answers for it who may see all of these records."
        return ""

    def why_not(self, name: str, segment: Rules) -> str:
        """Say why somebody may not be told of records, "" where they may."""
        user = self.users.get(_plain(name))
        if user is None:
            return f"{name} is no user."
        if not user.active:
            return f"{name} may not sign in any more."
        actor = actor_of(user)
        if not decide(actor, READ).allowed or not covers(scope_of(actor), segment):
            return f"{name} does not see all of these records."
        return ""


def _answering(ctx: Context, owners: Mapping[tuple[str, str], str], fired: Fired) -> Iterator[str]:
    """Yield who answers for what fires, the nearest first: queue, service, metric, process."""
    told = {each.column: each.values for each in fired.segment}
    metric = str(fired.told.get("metric", ""))
    process = _only(told.get(PRACTICE, ()))
    if not process and metric in ctx.catalogue.metrics:
        process = ctx.catalogue.metrics[metric].practice
    for kind, subject in (
        ("queue", _only(told.get(QUEUE, ()))),
        ("service", _only(told.get(SERVICE, ()))),
        ("metric", metric),
        ("process", process),
    ):
        found = owners.get((kind, subject)) if subject else None
        if found:
            yield found


def covers(scope: Scope, segment: Rules) -> bool:
    """Say whether all records of a segment lie in a scope, as far as its conditions tell.

    Examples
    --------
    >>> from opsgauge.foundation.agreed import Condition
    >>> both = Scope((Condition("team", ("A", "B")),))
    >>> covers(both, (Condition("team", ("A",)),)), covers(both, ())
    (True, False)
    """
    one_of = not scope.any_of or any(within(segment, rules) for rules in scope.any_of)
    return within(segment, scope.rules) and one_of


def _plain(name: str) -> str:
    """Return a name of the register as a user has it."""
    return name.strip().casefold()


def _only(values: Sequence[str | None]) -> str:
    return values[0] or "" if len(values) == 1 else ""


def zone_of(ctx: Context, delivery: Delivery) -> str:
    """Return the zone of the times that somebody is told."""
    return delivery.zone or ctx.workspace.settings.zone


def comes_at(ctx: Context, delivery: Delivery, now: datetime) -> datetime:
    """Return when a message that is caused now is sent: at once, with others, or after quiet hours.

    A calendar that cannot be read any more holds nothing back.
    """
    zone = zone_of(ctx, delivery)
    moment = _window_end(delivery.digest, now, ZoneInfo(zone))
    if not delivery.calendar:
        return moment
    try:
        calendar = workspace_calendars(ctx).get(delivery.calendar)
        shown = calendar.in_zone(delivery.zone) if delivery.zone else calendar
        return max(moment, add_business_micros(shown, moment, 1) - A_MICRO)
    except Misuse:
        return moment


def _window_end(digest: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the window that a moment lies in ends; always after it.

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    >>> [_window_end(each, now, ZoneInfo("UTC")).isoformat()[:16] for each in ("hour", "day")]
    ['2026-01-05T09:00', '2026-01-06T07:00']
    """
    if digest == HOUR:
        whole = now.replace(minute=0, second=0, microsecond=0)
        return whole + timedelta(hours=1)
    if digest == DAY:
        here = now.astimezone(zone)
        morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        # Days are added on the wall's clock, so that it stays seven when summer time begins.
        later = morning if morning > here else morning + timedelta(days=1)
        return later.astimezone(now.tzinfo)
    return now
