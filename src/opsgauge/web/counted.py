"""Views of metrics, noted by the way they were asked for; an answer that failed is none.

Floor 6. Put behind a route as a dependency; a page that the server draws for itself is no view.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request

from opsgauge.operations.persons import Looks
from opsgauge.operations.uses import UseCounter
from opsgauge.web.door import Door

WARMING = "opsgauge.warming"  # in the scope of a request that the server makes of itself


def note(request: Request, metrics: Iterable[str], way: str) -> None:
    """Note that metrics were seen."""
    counter: UseCounter = request.app.state.uses
    if not request.scope.get(WARMING):
        counter.note(metrics, way)


@asynccontextmanager
async def counting(app: FastAPI) -> AsyncIterator[None]:
    """Write what is still noted when the server stops."""
    yield
    counter: UseCounter = app.state.uses
    counter.flush()
    looks: Looks = app.state.looks
    looks.flush()
    door: Door = app.state.door
    door.keeper.settle()


async def seen_on_page(metric: str, request: Request) -> AsyncIterator[None]:
    """Note a view of a metric's page."""
    yield
    note(request, (metric,), "page")


async def seen_by_program(metric: str, request: Request) -> AsyncIterator[None]:
    """Note a view of a metric through the API."""
    yield
    note(request, (metric,), "api")
