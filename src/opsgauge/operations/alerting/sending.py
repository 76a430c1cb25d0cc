"""Sending what waits in the outbox: claimed, sent, noted; what fails is tried again later.

Floor 5. A channel that does not answer is left for this round: it keeps nobody else waiting.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from opsgauge.alerts import sending as ways
from opsgauge.alerts.channels import Channel, load_channels
from opsgauge.alerts.message import Said, Written, moment_words, written
from opsgauge.alerts.sending import ChannelDown, Limits
from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.governance import outbox
from opsgauge.governance.outbox import Claimed
from opsgauge.governance.rules import within
from opsgauge.operations.alerting.recipients import Registers
from opsgauge.operations.context import Context

WATCH = "alert:watch"
MOST_DOUBLED = 30  # a wait that was doubled so often is at its longest anyway
Send = Callable[[Channel, str, Written, Limits], None]


@dataclass
class SentOut:
    """What one round of sending did: messages that went out, channels that failed and why."""

    sent: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    waiting: int = 0

    def as_json(self) -> dict[str, object]:
        """Return the published form."""
        return dict(vars(self))


def send_due(ctx: Context, send: Send = ways.send) -> SentOut:
    """Send everything that is due; needs `alert:watch`.

    A letter is noted as sent only after its channel took it, so that a kill between the two sends
    it a second time, under the same key.
    """
    ctx.require(WATCH)
    lease = timedelta(seconds=ctx.workspace.settings.alerts_lease)
    done = SentOut()
    while True:
        claimed = outbox.claim(ctx.database, ctx.clock, lease, [*done.failed])
        if claimed is None:
            break
        try:
            _send(ctx, claimed, send)
        except OpsgaugeError as wrong:
            told = f"{wrong.message} {wrong.hint}".strip()
            done.failed[claimed.channel] = told
            settings = ctx.workspace.settings
            wait = wait_before(
                claimed.tries, claimed.key, settings.alerts_retry, settings.alerts_retry_at_most
            )
            outbox.note_failed(ctx.database, ctx.clock, claimed, told, timedelta(seconds=wait))
        else:
            outbox.note_sent(ctx.database, ctx.clock, claimed)
            done.sent += 1
    done.waiting = outbox.waiting(ctx.database)
    return done


def _send(ctx: Context, claimed: Claimed, send: Send) -> None:
    channel = load_channels(ctx.workspace.path).get(claimed.channel)
    _may_be_told(ctx, channel, claimed)
    message = written(claimed.key, [each.content for each in claimed.letters])
    send(channel, claimed.address, message, limits(ctx))


def _may_be_told(ctx: Context, channel: Channel, claimed: Claimed) -> None:
    """Refuse to tell whom a right was taken from since the letter was written."""
    registers = Registers.of(ctx)
    for each in claimed.letters:
        if not within(each.segment, channel.reach):
            raise ChannelDown(f"Channel {channel.name!r} may not be told of these records.")
        why_not = registers.why_not(each.person, each.segment) if each.person else ""
        if why_not:
            raise ChannelDown(why_not)


def limits(ctx: Context) -> Limits:
    """Return how long a channel may take and which private hosts it may reach."""
    settings = ctx.workspace.settings
    return Limits(settings.alerts_timeout, tuple(settings.alerts_private_hosts))


def wait_before(tries: int, key: str, first: float, most: float) -> float:
    """Return the seconds until a message is tried again: twice as long each time, and some chance.

    The chance follows from the message, so that those that failed together do not come together.

    Parameters
    ----------
    tries : how often it was tried before this time

    Examples
    --------
    >>> 15 <= wait_before(0, "a", 30, 3600) < 45, wait_before(99, "a", 30, 3600) <= 5400
    (True, True)
    """
    whole = min(first * 2 ** min(tries, MOST_DOUBLED), most)
    drawn = hashlib.sha256(f"{key} {tries}".encode()).digest()[:4]
    return whole * (0.5 + int.from_bytes(drawn) / 2**32)


def send_test(ctx: Context, name: str, address: str = "", send: Send = ways.send) -> str:
    """Send a message through a channel to see that it comes; needs `alert:watch`.

    Raises
    ------
    UnknownName : there is no such channel
    ChannelDown : it did not go out
    """
    ctx.require(WATCH)
    channel = load_channels(ctx.workspace.path).get(name)
    now = ctx.clock()
    zone = ctx.workspace.settings.zone
    told = Said(
        subject="Opsgauge: a test",
        severity="info",
        what=f"This is a test of channel {name!r}. Nothing is wrong.",
        sure="",
        link=ctx.workspace.settings.base_url,
        at=moment_words(now, zone),
    )
    if channel.is_personal and not address:
        raise ChannelDown(f"Channel {name!r} needs the e-mail of somebody.")
    key = outbox.key_of("test", name, now.isoformat())
    send(channel, address, written(key, [told.content()]), limits(ctx))
    return f"A test went out through channel {name!r}."
