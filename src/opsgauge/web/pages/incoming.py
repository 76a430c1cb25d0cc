"""Import: upload an export, see what its drafted mapping gives, mend it, keep it and import.

Floor 6. Every step is a plain form; `import.js` only makes it smoother.
"""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import ImportRunning, Misuse
from opsgauge.operations.answers import Imported
from opsgauge.operations.drafting import Drafted, drafted, tried
from opsgauge.operations.inbox import belongs_to, known_mappings
from opsgauge.operations.mappings import mapping_files
from opsgauge.operations.sync import Synced, inbox, sync
from opsgauge.operations.uploads import (
    Upload,
    discard,
    find_upload,
    import_upload,
    keep_and_import,
    limit,
)
from opsgauge.web.asked import Served, context, served
from opsgauge.web.given import Given, given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, told, view
from opsgauge.web.pages.import_values import draft_values, imported_values, inbox_values

router = APIRouter()


@router.get("/import")
def import_page(seen: ViewOf) -> Response:
    """Draw where a file can be given, and what lies in the inbox."""
    return _start(seen)


@router.post("/import/uploads")
async def take_upload(request: Request, ctx: Served) -> Response:
    """Take a file in, and lead to its draft; a script that asks for JSON is told where it is."""
    as_json = "application/json" in request.headers.get("accept", "")
    try:
        form = await given(request, ctx)
    except Misuse as wrong:
        return await _refused(request, told(wrong), as_json)
    if form.upload is None:
        return await _refused(request, "No file was chosen.", as_json)
    href = f"/import/{form.upload.token}"
    return JSONResponse({"href": href}) if as_json else RedirectResponse(href, 303)


@router.get("/import/{token}")
def mapping_page(token: str, seen: ViewOf, ctx: Served) -> Response:
    """Draw the draft for a file that was given, and what it would give."""
    upload = find_upload(ctx, token)
    try:
        made = drafted(ctx, upload.file, upload.name)
    except Misuse as wrong:
        discard(upload)
        return _start(seen, fault=told(wrong))
    return _drawn_draft(seen, upload, made)


@router.post("/import/{token}/try")
async def try_mapping(token: str, request: Request, ctx: Served) -> Response:
    """Draw what the mapping gives as it was edited."""
    form = await given(request, ctx)

    def draw(seen: View) -> Response:
        upload = find_upload(ctx, token)
        made = tried(ctx, upload.file, form.needed("text"), upload.name)
        return _drawn_draft(seen, upload, made, form)

    return await _draw(request, draw)


@router.post("/import/{token}/keep")
async def keep_mapping(token: str, request: Request, ctx: Served) -> Response:
    """Keep the mapping under its name, and import the file by it."""
    form = await given(request, ctx)

    def draw(_: View) -> Response:
        upload = find_upload(ctx, token)
        try:
            done = keep_and_import(
                ctx,
                upload,
                form.get("name"),
                form.needed("text"),
                replace=form.get("replace") == "yes",
            )
        except Misuse as wrong:
            return _kept_open(request, upload, form, wrong)
        return _drawn_import(_view(request), upload.name, done, form.get("name"))

    return await _draw(request, draw)


@router.post("/import/{token}/by")
async def import_by(token: str, request: Request, ctx: Served) -> Response:
    """Import the file by a mapping that is there already."""
    form = await given(request, ctx)

    def draw(seen: View) -> Response:
        upload = find_upload(ctx, token)
        name = form.needed("mapping")
        try:
            done = import_upload(ctx, upload, name)
        except Misuse as wrong:
            made = drafted(ctx, upload.file, upload.name)
            return _drawn_draft(seen, upload, made, notice=told(wrong))
        return _drawn_import(_view(request), upload.name, done, name)

    return await _draw(request, draw)


@router.post("/import/sync")
async def sync_now(request: Request, ctx: Served) -> Response:
    """Import what is new in the inbox, and say what became of each file."""
    ctx.require("import:run")

    def draw(_: View) -> Response:
        try:
            done = sync(ctx)
        except ImportRunning as wrong:
            return _start(_view(request), fault=told(wrong))
        return _start(_view(request), done)

    return await _draw(request, draw)


def _view(request: Request) -> View:
    """Return the request as a page sees it now, after what it has changed."""
    return view(request, context(request))


async def _draw(request: Request, draw: Callable[[View], Response]) -> Response:
    return await run_in_threadpool(lambda: draw(_view(request)))


async def _refused(request: Request, fault: str, as_json: bool) -> Response:
    if as_json:
        return JSONResponse({"error": {"message": fault}}, 400)
    return await _draw(request, lambda seen: _start(seen, fault=fault))


def _start(seen: View, synced: Synced | None = None, fault: str = "") -> Response:
    found = inbox(seen.ctx)
    values = inbox_values(found, synced, fault, limit(seen.ctx))
    values["page"] = frame(seen, "import", "Import", provenance=None, json_href="/api/v1/import")
    return html("import.html", values, 400 if fault else 200)


def _kept_open(request: Request, upload: Upload, form: Given, wrong: Misuse) -> Response:
    """Draw the draft again with what kept it from being imported; nothing typed is lost."""
    ctx = served(request)
    made = tried(ctx, upload.file, form.get("text"), upload.name)
    notice = "" if made.fault else told(wrong)
    return _drawn_draft(_view(request), upload, made, form, notice)


def _drawn_draft(
    seen: View, upload: Upload, made: Drafted, form: Given | None = None, notice: str = ""
) -> Response:
    ctx = seen.ctx
    known = known_mappings(mapping_files(ctx))
    of_file = [each.name for each in belongs_to(upload.name, known)]
    values: Values = draft_values(made, form.get("name") if form else made.name)
    values |= {
        "page": frame(seen, "import", upload.name, provenance=None, json_href=""),
        "crumbs": [link("Import", seen.address.to("/import")), link(upload.name, "")],
        "token": upload.token,
        "notice": notice,
        "replace": bool(form and form.get("replace") == "yes"),
        "mappings": [each.name for each in known],
        "belongs_to": of_file[0] if len(of_file) == 1 else "",
    }
    return html("import_mapping.html", values, 400 if notice else 200)


def _drawn_import(seen: View, file: str, done: Imported, name: str) -> Response:
    values = imported_values(seen, file, done, name)
    values["page"] = frame(seen, "import", f"{file} imported", json_href="")
    return html("imported.html", values)
