"""What an address asks: its parameters, read the same way for a page and for its JSON twin.

Floor 6.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Query, Request

from opsgauge.operations.asking import Asked
from opsgauge.operations.context import Context

Many = Annotated[list[str], Query()]


@dataclass(frozen=True)
class Address:
    """An address of this server: its path and parameters, from which others are made."""

    path: str
    params: tuple[tuple[str, str], ...]


def context(request: Request, data_version: int | None = None) -> Context:
    """Return the context of this request: the workspace served, at the data version asked for."""
    served: Context = request.app.state.context
    return served if data_version is None else replace(served, version=data_version)


def asked(
    by: Annotated[list[str] | None, Query(description="Split by this dimension.")] = None,
    where: Annotated[
        list[str] | None, Query(description="Only such tickets: team=A, or team=A|B.")
    ] = None,
    period: Annotated[str, Query(description="day, week, month, quarter, year or all.")] = "",
    from_: Annotated[
        str | None, Query(alias="from", description="First date, included: 2026-01-31.")
    ] = None,
    to: Annotated[str | None, Query(description="Last date, included.")] = None,
    as_of: Annotated[
        str | None, Query(description="As things stood then: 2026-01-31T06:00Z.")
    ] = None,
    statistic: Annotated[str | None, Query(description="Such as median, mean or p90.")] = None,
) -> Asked:
    """Return the question an address holds; an empty period is left to whoever asks."""
    return Asked(
        statistic=statistic or None,
        by=tuple(by or ()),
        where=tuple(where or ()),
        period=period,
        from_=from_ or None,
        to=to or None,
        as_of=as_of or None,
    )


Ctx = Annotated[Context, Depends(context)]
AskedOf = Annotated[Asked, Depends(asked)]
