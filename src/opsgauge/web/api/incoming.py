"""The routes by which records come in: drafts of mappings, imports, sync.

Floor 6. Files come as `multipart/form-data` and stream to disk. Each route asks one operation,
which asks for the right to import.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import OpsgaugeError, QueryWrong
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.drafting import drafted, tried
from opsgauge.operations.going import FullExport
from opsgauge.operations.sync import inbox, sync
from opsgauge.operations.uploads import (
    Upload,
    discard,
    find_upload,
    import_upload,
    keep_and_import,
)
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import served
from opsgauge.web.given import Given, given

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
FIELDS = {
    "file": {"type": "string", "format": "binary", "description": "An export."},
    "upload": {"type": "string", "description": "Instead of a file: one that was given before."},
    "text": {"type": "string", "description": "The mapping, as YAML."},
}


def _form(**more: str) -> Json:
    """Return what the description of the API says of a form."""
    named = {name: {"type": "string", "description": words} for name, words in more.items()}
    schema = {"type": "object", "properties": FIELDS | named}
    return {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}


@router.get("/import", tags=["pages"])
def read_import(request: Request) -> Json:
    """Return which files lie in the inbox, and which mapping each belongs to."""
    return inbox(served(request)).as_json()


@router.post("/mapping-drafts", tags=["import"], openapi_extra=_form())
async def make_draft(request: Request) -> Json:
    """Draft the mapping of an export, or try one on it; say what its first records become.

    With `text` that mapping is tried; without, one is drafted. `upload` in the answer names the
    file, so that it need not be sent again.
    """
    ctx = served(request)
    form = await given(request, ctx)

    def draft() -> Json:
        upload = _upload(ctx, form)
        if form.get("text"):
            made = tried(ctx, upload.file, form.get("text"), upload.name)
        else:
            made = drafted(ctx, upload.file, upload.name)
        return {"upload": upload.token, **made.as_json()}

    return await _run(form, draft)


@router.post(
    "/imports",
    tags=["import"],
    openapi_extra=_form(
        mapping="Name of a mapping of the workspace, to import by it.",
        name="With `text`: the name under which the mapping is kept.",
        replace="yes: a mapping of that name is replaced.",
        full="yes: the file holds all tickets of its source; those it lacks are gone. "
        "window: of those opened since its first.",
        yes_delete="yes: however many it lacks.",
    ),
)
async def make_import(request: Request) -> Json:
    """Import a file by a mapping of the workspace, or by one that is kept from now on."""
    ctx = served(request)
    form = await given(request, ctx)

    def run() -> Json:
        upload = _upload(ctx, form)
        full = form.get("full")
        export = FullExport(full == "yes", full == "window", form.get("yes_delete") == "yes")
        done: Imported
        if form.get("text"):
            name, replace = form.needed("name"), form.get("replace") == "yes"
            done = keep_and_import(ctx, upload, name, form.get("text"), replace, export)
        else:
            done = import_upload(ctx, upload, form.needed("mapping"), export)
        return done.as_json()

    return await _run(form, run)


@router.post("/sync", tags=["import"])
def run_sync(request: Request) -> Json:
    """Import what is new in the workspace's inbox; say what became of each file."""
    return sync(served(request)).as_json()


def _upload(ctx: Context, form: Given) -> Upload:
    if form.upload is not None:
        return form.upload
    if form.get("upload"):
        return find_upload(ctx, form.get("upload"))
    raise QueryWrong(
        "The form holds no file.", hint="Send 'file', or 'upload' of an earlier draft."
    )


async def _run(form: Given, ask: Callable[[], Json]) -> Json:
    """Ask aside, so that other requests go on; a file that came with a fault is not kept."""
    try:
        return await run_in_threadpool(ask)
    except OpsgaugeError:
        if form.upload is not None:
            discard(form.upload)
        raise
