"""Which machines a channel may reach: none of this network's own, unless the settings name it.

Floor 4. A name is looked up once, what it leads to is judged, and that very address is spoken to,
so that a name which leads elsewhere a moment later does not open a way in.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence

from opsgauge.foundation.errors import SettingsWrong

Look = Callable[[str], Sequence[str]]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(SettingsWrong):
    """A channel leads to a machine that it may not reach."""


def look_up(host: str) -> Sequence[str]:
    """Return the addresses of a host; none where it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def allowed_addresses(
    host: str, private_hosts: Collection[str], look: Look = look_up
) -> Sequence[str]:
    """Return the addresses at which a host may be spoken to; none where it is not known.

    Parameters
    ----------
    private_hosts : hosts that the administrator lets channels reach, whatever they lead to

    Raises
    ------
    AddressRefused : it leads to loopback, a private, link-local or other address of no public host

    Examples
    --------
    >>> allowed_addresses("ops.example.org", [], lambda _: ["93.184.216.34"])
    ['93.184.216.34']
    """
    named = host.strip("[]").rstrip(".").lower()
    found = look(named)
    if named in {each.lower() for each in private_hosts}:
        return found
    if any(not _is_public(each) for each in found):
        raise AddressRefused(
            f"A channel may not reach {named!r}: it leads into a private network.",
            hint=f'If that is meant, name it in opsgauge.toml: alerts_private_hosts = ["{named}"].',
        )
    return found


def _is_public(address: str) -> bool:
    """Say whether an address is of a machine that anybody may reach.

    Examples
    --------
    >>> [_is_public(each) for each in ("10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [False, False, False]
    """
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    old = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not ip.is_multicast and not old
