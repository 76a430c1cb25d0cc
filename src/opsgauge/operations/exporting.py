"""Exports: whoever takes numbers or lists away leaves a line in the audit, before they leave.

Floor 5. A file of rows is an export, and so is a list longer than people read. The line is written
at once, not aside: where it cannot be written, nothing is handed out.
"""

from collections.abc import Mapping, Sequence

from opsgauge.governance import audit
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions

EXPORT = "data:export"
LONGEST = 500  # letters of one thing that was asked for
Pairs = Sequence[tuple[str, str]]


def note_export(ctx: Context, what: str, asked: Mapping[str, audit.Json], rows: int) -> None:
    """Write down who takes what away.

    Parameters
    ----------
    what : what the file is called, or which list it is
    asked : filters, days and whatever else chose the rows
    rows : how many there are
    """
    told = {**asked, "rows": rows, "data_version": _version(ctx)}
    audit.append(ctx.database, ctx.clock, ctx.actor, EXPORT, f"export of {what}", after=told)


def asked_for(params: Pairs, leave_out: Sequence[str] = ()) -> dict[str, audit.Json]:
    """Return the parameters of an address, each once, with all its values.

    Examples
    --------
    >>> asked_for([("where", "team=A"), ("where", "priority=1"), ("format", "csv")], ["format"])
    {'where': ['team=A', 'priority=1']}
    """
    told: dict[str, list[audit.Json]] = {}
    for name, value in params:
        if value and name not in leave_out:
            told.setdefault(_cut(name), []).append(_cut(value))
    return {name: values[0] if len(values) == 1 else values for name, values in told.items()}


def command_asked(words: Sequence[str]) -> dict[str, audit.Json]:
    """Return a command as it was typed, without where its workspace lies.

    Examples
    --------
    >>> command_asked(["map", "--workspace", "/srv/desk", "--format", "csv"])
    {'command': 'map --format csv'}
    """
    kept, skip = [], False
    for word in words:
        if not skip and not word.startswith("--workspace"):
            kept.append(word)
        skip = word == "--workspace"
    return {"command": _cut(" ".join(kept))}


def _version(ctx: Context) -> int | None:
    if ctx.held is not None or ctx.version is not None:
        return ctx.opened().version.version
    newest = versions.latest(ctx.warehouse)
    return newest.version if newest else None


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
