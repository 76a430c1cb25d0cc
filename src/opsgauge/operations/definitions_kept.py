"""The definitions with which a data version was made: noted at each import, read again later.

Floor 5. So that a number published then can be told from one of another definition. What changes
between two imports is noted at the second.
"""

import hashlib
from collections.abc import Mapping

import pyarrow as pa

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.log.tables import DEFINITIONS
from opsgauge.metrics.load import Catalogue
from opsgauge.metrics.remembered import catalogue_of, catalogue_texts
from opsgauge.operations.context import Context
from opsgauge.warehouse.tables import read_rows
from opsgauge.warehouse.versions import DataVersion


def definitions_to_note(ctx: Context, before: DataVersion | None, number: int) -> pa.Table:
    """Return the rows of `definitions` to be added: files that are new, changed, or there no more.

    Parameters
    ----------
    before, number : the committed data version, and the number of the one that is being made
    """
    kept = _kept(ctx, before)
    now = catalogue_texts(ctx.workspace.path / "catalogue")
    fresh = {name: text for name, text in now.items() if kept.get(name) != text}
    gone = dict.fromkeys(name for name, text in kept.items() if text and name not in now)
    rows = [
        {
            "file": name,
            "data_version": number,
            "checksum": hashlib.sha256((text or "").encode()).hexdigest(),
            "text": text or "",
        }
        for name, text in sorted({**fresh, **gone}.items())
    ]
    return pa.Table.from_pylist(rows, schema=DEFINITIONS.arrow_schema())


def catalogue_at(ctx: Context, version: DataVersion) -> tuple[Catalogue, str]:
    """Return the catalogue with which a data version was made, and a caveat, "" for none.

    Where it is not known, that is the catalogue of now, and the caveat says so.
    """
    kept = {name: text for name, text in _kept(ctx, version).items() if text}
    if not kept:
        return ctx.catalogue, (
            f"Data version {version.version} did not keep its definitions; that of today is taken."
        )
    if kept == catalogue_texts(ctx.workspace.path / "catalogue"):
        return ctx.catalogue, ""
    try:
        return catalogue_of(kept), ""
    except DefinitionWrong as wrong:
        return ctx.catalogue, (
            f"The definitions of data version {version.version} cannot be read any more "
            f"({wrong.message}); that of today is taken."
        )


def texts_since(ctx: Context, version: DataVersion) -> dict[str, str]:
    """Return the files of the catalogue that are not as a data version keeps them; "" of one gone.

    Mostly none: what was changed since the import that made it.
    """
    kept, now = _kept(ctx, version), catalogue_texts(ctx.workspace.path / "catalogue")
    fresh = {name: text for name, text in now.items() if kept.get(name) != text}
    return fresh | dict.fromkeys(
        (name for name, text in kept.items() if text and name not in now), ""
    )


def catalogue_of_then(
    ctx: Context, version: DataVersion, since: Mapping[str, str]
) -> Catalogue | None:
    """Return the catalogue that a data version keeps, with what `texts_since` said of it then.

    None where it cannot be read any more.
    """
    texts = {name: text for name, text in {**_kept(ctx, version), **since}.items() if text}
    try:
        return catalogue_of(texts)
    except DefinitionWrong:
        return None


def _kept(ctx: Context, version: DataVersion | None) -> Mapping[str, str]:
    """Return the newest text of each file that a data version knows; "" of one that is gone."""
    if version is None or DEFINITIONS.name not in version.tables:
        return {}
    files = ctx.warehouse.files(DEFINITIONS.name, version.tables[DEFINITIONS.name])
    rows = [row for file in files for row in read_rows(file)]
    rows.sort(key=lambda row: int(row["data_version"]))
    return {str(row["file"]): str(row["text"]) for row in rows}
