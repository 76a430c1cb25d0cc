"""The routes of the API about objects side by side, and of the log as a file.

Floor 6.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from opsgauge.operations.exchange.export import ENDINGS, MEDIA, LogAsked, export_log
from opsgauge.operations.objects import objects
from opsgauge.web.api.as_csv import AS_CSV, FormOf, answered
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
LogForm = Literal["xes", "csv", "ocel-json", "ocel-sqlite"]
LogView = Literal["classical", "interval"]


@router.get("/objects", tags=["pages"], **AS_CSV)
def read_objects(
    ctx: Ctx,
    chosen: SelectionOf,
    form: FormOf,
    known_error: Annotated[
        list[str] | None,
        Query(description="A problem's state, or an article's kind, that means a known error."),
    ] = None,
) -> Json | Response:
    """Return how records of different kinds are tied, and the times along the chain of problems.

    As CSV the times.
    """
    plain = objects(ctx, chosen, known_error or ()).as_json()
    return answered(ctx, form, plain, "times", "objects")


@router.get(
    "/export/log",
    tags=["numbers"],
    response_class=FileResponse,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA.values()}}},
)
def read_log(
    ctx: Ctx,
    chosen: SelectionOf,
    form: Annotated[LogForm, Query(description="The form of the file.")] = "xes",
    view: Annotated[LogView, Query(description="Of XES and CSV: updates, or intervals.")] = (
        "classical"
    ),
    source: Annotated[str | None, Query(description="Which source, where several are.")] = None,
) -> FileResponse:
    """Return tickets and their history as an event log: XES, CSV, or objects as OCEL 2.0.

    It is an export, which is noted in the audit.
    """
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-log-"))
    try:
        done = export_log(ctx, folder / f"log{ENDINGS[form]}", LogAsked(form, view, source, chosen))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        folder / f"log{ENDINGS[form]}",
        media_type=MEDIA[form],
        filename=f"{done.source}-log{ENDINGS[form]}",
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )
