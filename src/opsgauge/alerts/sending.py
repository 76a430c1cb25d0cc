"""Sending a message through a channel: our own web hook, or one of Apprise's hundred ways.

Floor 4. What goes wrong is told without any part of the channel's URL.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from opsgauge.alerts import by_apprise, by_webhook
from opsgauge.alerts.addresses import Look, look_up
from opsgauge.alerts.channels import TO, Channel
from opsgauge.alerts.message import Written
from opsgauge.foundation.errors import Fault, OpsgaugeError

HIDDEN = "…"
FEWEST_HIDDEN = 4  # signs of a part of a URL; of fewer, hiding would garble every word


class ChannelDown(Fault):
    """A message could not be sent through a channel now; its URL is not told."""


@dataclass(frozen=True)
class Limits:
    """How long a channel may take, and which private hosts it may reach."""

    seconds: float = 20.0
    private_hosts: Collection[str] = ()
    look: Look = look_up


Send = Callable[[Channel, str, Written], None]


def send(channel: Channel, address: str, message: Written, limits: Limits) -> None:
    """Send a message, or say why not.

    Parameters
    ----------
    address : the e-mail of whom it is for, where the channel asks for one

    Raises
    ------
    ChannelDown : it did not go out, as far as is known
    """
    url = channel.url.replace(TO, quote(address, safe="@"))
    by = by_webhook if channel.scheme in by_webhook.SCHEMES else by_apprise
    try:
        by.send(url, message, limits.seconds, limits.private_hosts, limits.look)
    except OpsgaugeError as wrong:
        said = redacted(f"{wrong.message} {wrong.hint}".strip(), url)
        raise ChannelDown(f"Channel {channel.name!r}: {said}") from None


def redacted(text: str, url: str) -> str:
    """Return a text without the secrets of a URL: its user, password, path and query.

    Examples
    --------
    >>> redacted("Cannot post to https://ana:s3cret@example.org/hook/T0K3N?key=abcd",
    ...          "https://ana:s3cret@example.org/hook/T0K3N?key=abcd")
    'Cannot post to …'
    """
    parts = urlsplit(url)
    secrets = [url, parts.netloc, parts.path, parts.query, parts.fragment]
    secrets += [parts.username or "", parts.password or "", *parts.path.split("/")]
    secrets += [piece.partition("=")[2] for piece in parts.query.split("&")]
    if parts.scheme not in by_webhook.SCHEMES:
        secrets.append(parts.hostname or "")  # of many services the place of a host holds a token
    secrets += [unquote(each) for each in secrets]
    for secret in sorted({each for each in secrets if len(each) >= FEWEST_HIDDEN}, key=len)[::-1]:
        text = text.replace(secret, HIDDEN)
    return text
