"""Every other way to reach people, through Apprise: mail, chat, pagers.

Floor 4. Apprise says by a yes or no whether a message went out; why not, it only logs, with parts
of the URL, so that its log is caught here and told no further than `sending.py` lets it.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import apprise

from opsgauge.alerts.addresses import Look, allowed_addresses
from opsgauge.alerts.message import Written
from opsgauge.foundation.errors import Fault, SettingsWrong

_TYPES = {
    "info": apprise.NotifyType.INFO,
    "warning": apprise.NotifyType.WARNING,
    "critical": apprise.NotifyType.FAILURE,
}
# What would run programs, or read files, of this machine.
OF_THIS_MACHINE = frozenset({"dbus", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"})
_LOGGER = logging.getLogger("apprise")


def send(
    url: str, message: Written, seconds: float, private_hosts: Collection[str], look: Look
) -> None:
    """Send a message through Apprise.

    Raises
    ------
    SettingsWrong : the URL is of no kind that Apprise knows, or one that may not be used
    AddressRefused : a host may not be reached
    Fault : it did not go out
    """
    parts = urlsplit(url)
    if parts.scheme.lower() in OF_THIS_MACHINE:
        raise SettingsWrong(f"A channel of kind {parts.scheme!r} speaks to this machine alone.")
    asset = apprise.AppriseAsset(
        app_id="Opsgauge",
        app_desc="Opsgauge",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        http_redirects=False,
        async_mode=False,
        plugin_paths=[],
    )
    with _caught() as lines:
        try:
            sender = apprise.Apprise.instantiate(url, asset=asset)
            for host in _hosts(sender):
                if not allowed_addresses(host, private_hosts, look):
                    raise Fault(f"The host {host!r} is not known.")
            went = _went(sender, message, seconds)
        except (TypeError, ValueError, OSError) as wrong:
            raise Fault(f"The message did not go out by {parts.scheme}: {wrong}.") from None
    if went is None:
        raise SettingsWrong(f"Apprise knows no such URL of kind {parts.scheme!r}.")
    if not went:
        why = f": {lines[-1]}" if lines else ""
        raise Fault(f"The message did not go out by {parts.scheme}{why}.")


def _hosts(sender: Any) -> Iterator[str]:
    """Yield the hosts that a sender speaks to, where its URL says so.

    Of many services the place of the host holds a token, which must not be looked up: that would
    tell it to whoever answers for names.
    """
    mail = getattr(sender, "smtp_host", "")
    if mail:  # what stands in the place of the host is then the domain of an address
        yield mail
    elif sender is not None and "host" in sender.template_tokens:
        yield sender.host


def _went(sender: Any, message: Written, seconds: float) -> bool | None:
    """Send a message; None where there is no such sender."""
    if sender is None:
        return None
    sender.socket_connect_timeout = sender.socket_read_timeout = seconds
    html = sender.notify_format == apprise.NotifyFormat.HTML
    return bool(
        sender.notify(
            body=message.html if html else message.text,
            title=message.subject,
            notify_type=_TYPES[message.severity],
            body_format=apprise.NotifyFormat.HTML if html else apprise.NotifyFormat.TEXT,
        )
    )


@contextmanager
def _caught() -> Iterator[list[str]]:
    """Keep what Apprise logs from every log there is; give its warnings."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, spreads = Kept(logging.WARNING), _LOGGER.propagate
    _LOGGER.addHandler(handler)
    _LOGGER.propagate = False
    try:
        yield lines
    finally:
        _LOGGER.removeHandler(handler)
        _LOGGER.propagate = spreads
