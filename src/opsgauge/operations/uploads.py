"""Files given to the import page: kept aside in the inbox until they are imported or forgotten.

Floor 5. A file's name comes from a stranger: it is shown, and a tame copy of it names the file in a
folder of its own; it is never a path.
"""

import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from opsgauge.foundation.errors import FileUnreadable, UnknownName
from opsgauge.foundation.settings import bytes_of
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.going import USUAL, FullExport
from opsgauge.operations.inbox import INBOX
from opsgauge.operations.ingest import ACTION, ingest
from opsgauge.operations.mappings import keep_mapping, mapping_named

FOLDER = ".uploads"  # hidden, so that `sync` does not look there
TOKEN = re.compile(r"[0-9a-f]{32}")
FORGOTTEN = 24 * 60 * 60  # seconds after which an upload is thrown away
LONGEST_NAME = 80  # characters


@dataclass(frozen=True)
class Upload:
    """A file that was given: the token of its folder, and the file."""

    token: str
    file: Path

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.file.name


def tame(name: str) -> str:
    r"""Return a file's name without anything that could lead elsewhere.

    Examples
    --------
    >>> tame("../../etc/passwd"), tame("C:\\x\\Störungen (1).csv"), tame(".hidden"), tame("")
    ('passwd', 'Störungen (1).csv', 'hidden', 'upload')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(c if c.isalnum() or c in " ._-()" else "_" for c in last).strip(" .")
    if len(plain) > LONGEST_NAME:
        stem, dot, suffixes = plain.partition(".")
        plain = stem[: max(LONGEST_NAME - len(dot + suffixes), 1)] + dot + suffixes
    return plain[-LONGEST_NAME:] or "upload"


def limit(ctx: Context) -> int:
    """Return the bytes that an upload may have."""
    return bytes_of(ctx.workspace.settings.upload_limit)


def new_upload(ctx: Context, name: str) -> tuple[Upload, BinaryIO]:
    """Return a place for a file that is being given, opened for writing.

    Needs `import:run`. Uploads that were forgotten are thrown away first.
    """
    ctx.require(ACTION)
    folder = ctx.workspace.path / INBOX / FOLDER
    _forget_old(ctx, folder)
    token = secrets.token_hex(16)
    own = folder / token
    own.mkdir(parents=True)
    upload = Upload(token, own / tame(name))
    return upload, upload.file.open("wb")


def find_upload(ctx: Context, token: str) -> Upload:
    """Return the upload of a token.

    Needs `import:run`.

    Raises
    ------
    UnknownName : there is none, or it was imported or thrown away by now
    """
    ctx.require(ACTION)
    if TOKEN.fullmatch(token):
        own = ctx.workspace.path / INBOX / FOLDER / token
        files = sorted(own.iterdir()) if own.is_dir() else []
        if files:
            return Upload(token, files[0])
    raise UnknownName(
        "That file is here no longer: it was imported, or a day has passed.",
        hint="Upload it again.",
    )


def discard(upload: Upload) -> None:
    """Throw an upload away."""
    shutil.rmtree(upload.file.parent, ignore_errors=True)


def too_large(ctx: Context, name: str) -> FileUnreadable:
    """Return the error that refuses a file above the limit."""
    return FileUnreadable(
        f"{tame(name)} is larger than {ctx.workspace.settings.upload_limit}, the limit of the "
        "setting upload_limit.",
        hint="Raise the setting, or put the file into inbox/ and run 'opsgauge sync'.",
    )


def keep_and_import(
    ctx: Context,
    upload: Upload,
    name: str,
    text: str,
    replace: bool = False,
    export: FullExport = USUAL,
) -> Imported:
    """Write a mapping under a name, and import an upload by it; the upload is then thrown away.

    Needs `import:run`.

    Raises
    ------
    MappingWrong : the mapping has a fault or does not fit, or its name is taken
    FileUnreadable, ImportRunning : nothing was imported; mapping and upload are kept
    """
    kept = keep_mapping(ctx, name, text, replace)
    done = ingest(ctx, [upload.file], str(kept), export=export)
    discard(upload)
    return done


def import_upload(
    ctx: Context, upload: Upload, mapping: str, export: FullExport = USUAL
) -> Imported:
    """Import an upload by a mapping that is there already; needs `import:run`.

    Raises
    ------
    MappingWrong : the workspace has none of that name; a path is no name
    """
    done = ingest(ctx, [upload.file], str(mapping_named(ctx, mapping)), export=export)
    discard(upload)
    return done


def _forget_old(ctx: Context, folder: Path) -> None:
    now = ctx.clock().timestamp()
    for own in folder.iterdir() if folder.is_dir() else ():
        if now - own.stat().st_mtime > FORGOTTEN:
            shutil.rmtree(own, ignore_errors=True)
