"""Addresses of this server: read from a request, and made anew with something changed.

Floor 6.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import Request

Given = str | int | Sequence[str] | None
KEPT = ("data_version", "known_at")  # whoever reads an older version goes on reading it
_PLAIN = "=|:,/"  # letters that a query may hold as they are, which keeps addresses readable


@dataclass(frozen=True)
class Address:
    """A path and its parameters.

    Examples
    --------
    >>> address = Address("/metrics/backlog", (("period", "week"), ("where", "team=A")))
    >>> print(address.having(period="month", by=["team", "priority"]))
    /metrics/backlog?where=team=A&period=month&by=team&by=priority
    >>> print(address.having(where=None).to("/map", steps="team"))
    /map?steps=team
    """

    path: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: Request) -> "Address":
        """Return the address that was asked for."""
        return cls(quote(request.url.path), tuple(request.query_params.multi_items()))

    def __str__(self) -> str:
        query = urlencode(self.params, safe=_PLAIN)
        return f"{self.path}?{query}" if query else self.path

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(value for key, value in self.params if key == name)

    def having(self, **changes: Given) -> "Address":
        """Return this address with parameters set; None takes one away, `from_` means `from`."""
        named = {name.removesuffix("_"): given for name, given in changes.items()}
        kept = self.pairs(*named)
        return Address(self.path, (*kept, *_written(named.items())))

    def to(self, path: str, /, **params: Given) -> "Address":
        """Return another page's address; only which data is read is carried over."""
        named = {name.removesuffix("_"): given for name, given in params.items()}
        kept = tuple(
            (name, value) for name, value in self.params if name in KEPT and name not in named
        )
        return Address(path, (*_written(named.items()), *kept))

    def pairs(self, *without: str) -> tuple[tuple[str, str], ...]:
        """Return the parameters but some, for the hidden fields of a form."""
        return tuple((name, value) for name, value in self.params if name not in without)

    def twin(self) -> "Address":
        """Return the address of the JSON twin."""
        return Address(f"/api/v1{'/home' if self.path == '/' else self.path}", self.params)


def _written(params: Iterable[tuple[str, Given]]) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for name, given in params:
        values = [] if given is None else [given] if isinstance(given, str | int) else given
        pairs += [(name, str(value)) for value in values if value != ""]
    return tuple(pairs)
