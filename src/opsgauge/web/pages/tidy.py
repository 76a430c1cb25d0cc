"""Forms send what nobody filled in, and a filter as two fields; addresses hold neither.

Floor 6. Before a page is made, such an address is sent back tidy, so that there is one address for
one state.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from opsgauge.web.pages.address import Address

COLUMN, IS = "column", "is"  # the two fields of a new filter
MISSING = "|"  # what a box says that is ticked for tickets where nothing is written
Params = tuple[tuple[str, str], ...]


def tidy(params: Params) -> Params:
    """Return parameters without empty and repeated ones, and with a new filter put in.

    A column without a value stays: the page then offers the values there are.

    Examples
    --------
    >>> tidy((("where", ""), ("by", "team"), ("column", "priority"), ("is", "1|2")))
    (('by', 'team'), ('where', 'priority=1|2'))
    >>> tidy((("column", "priority"), ("is", "1"), ("is", "|"), ("is", "")))
    (('where', 'priority=1|'),)
    >>> tidy((("column", "priority"), ("is", "")))
    (('column', 'priority'),)
    """
    given = dict(params)
    values = [value.strip() for name, value in params if name == IS and value.strip()]
    kept = [(name, value) for name, value in params if value and name not in {COLUMN, IS}]
    if given.get(COLUMN) and values:
        words = ["" if value == MISSING else value for value in dict.fromkeys(values)]
        kept.append(("where", f"{given[COLUMN]}={'|'.join(words)}"))
    elif given.get(COLUMN):
        kept.append((COLUMN, given[COLUMN]))
    return tuple(dict.fromkeys(kept))


class TidyRoute(APIRoute):
    """A page's route: an untidy address is answered with the tidy one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what handles a request."""
        handle = super().get_route_handler()

        async def handle_tidy(request: Request) -> Response:
            address = Address.of(request)
            params = tidy(address.params)
            if params != address.params:
                return RedirectResponse(str(Address(address.path, params)), 303)
            return await handle(request)

        return handle_tidy
