"""The audit for whoever holds us to account: its lines, and whether they are as they were written.

Floor 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from opsgauge.foundation.errors import QueryWrong, RecordsDamaged
from opsgauge.governance import audit
from opsgauge.governance.audit import AuditLine, Break, ChainVerdict
from opsgauge.governance.sign_ins import REFUSED
from opsgauge.operations.answers import iso
from opsgauge.operations.context import Context
from opsgauge.operations.exporting import EXPORT
from opsgauge.operations.signing_in import SIGN_IN, SIGN_OUT

ACTION = "audit:read"
# What is noted beside what somebody needs a right for.
NOTED: Mapping[str, str] = {
    EXPORT: "take numbers or lists away",
    SIGN_IN: "sign in",
    SIGN_OUT: "sign out",
    REFUSED: "be refused at the door",
    "token:use": "act by a token for the first time that day",
}
MOST_LINES = 5_000
USUAL_LINES = 100
HEXADECIMAL = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Asked:
    """Which lines are asked for; "" leaves one open.

    Attributes
    ----------
    subject, action, actor : exactly these
    before : only lines with a lower number, to read on; None for the newest
    limit : at most so many
    """

    subject: str = ""
    action: str = ""
    actor: str = ""
    before: int | None = None
    limit: int = USUAL_LINES


@dataclass(frozen=True)
class AuditPage:
    """Lines of the audit, the newest first, and the number to read on from."""

    lines: Sequence[AuditLine]
    older: int | None  # None where these are the last

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"lines": [_plain(line) for line in self.lines], "older": self.older}


@dataclass(frozen=True)
class Verdict:
    """Whether the audit holds."""

    chain: ChainVerdict

    @property
    def holds(self) -> bool:
        """Say whether every line is as it was written."""
        return self.chain.holds

    def as_json(self) -> dict[str, Any]:
        """Return the published form; `last_hash` is what to keep elsewhere."""
        chain = self.chain
        return {
            "holds": chain.holds,
            "lines": chain.lines,
            "last_hash": chain.last_hash,
            "words": chain.words,
            "broken_line": chain.broken_line,
            "fault": chain.fault.value if chain.fault else None,
        }


def audit_lines(ctx: Context, asked: Asked) -> AuditPage:
    """Return lines of the audit.

    Needs `audit:read`.

    Raises
    ------
    QueryWrong : too many are asked for at once
    RecordsDamaged : a line does not read as it was written
    """
    ctx.require(ACTION)
    return _read(ctx, asked)


def exported_lines(ctx: Context, asked: Asked) -> AuditPage:
    """Return lines of the audit to be taken away, which is itself noted in it.

    Needs `audit:read`.

    Raises
    ------
    QueryWrong, RecordsDamaged : as `audit_lines`
    """
    ctx.require(ACTION)
    page = _read(ctx, asked)
    told: Mapping[str, audit.Json] = {**asdict(asked), "lines": len(page.lines)}
    audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, "export of the audit", after=told)
    return page


def verified(ctx: Context, kept_hash: str = "") -> Verdict:
    """Say whether every line of the audit is as it was written; if not, where it breaks.

    Needs `audit:read`.

    Parameters
    ----------
    kept_hash : the last hash of an earlier verdict, kept elsewhere; the chain must still hold it

    Raises
    ------
    QueryWrong : the kept hash is none
    """
    ctx.require(ACTION)
    kept_hash = kept_hash.strip().lower()
    if kept_hash and (
        len(kept_hash) != len(audit.BEFORE_THE_FIRST) or set(kept_hash) - HEXADECIMAL
    ):
        raise QueryWrong(
            f"{kept_hash!r} is no hash of an audit line.",
            hint="Give the 64 signs that an earlier 'opsgauge verify' printed.",
        )
    try:
        return Verdict(audit.verify(ctx.database, kept_hash))
    except RecordsDamaged as damage:
        words = f"The records cannot be opened, so no line can be read: {damage.message}"
        return Verdict(ChainVerdict(0, audit.BEFORE_THE_FIRST, words, 1, Break.UNREADABLE))


def _read(ctx: Context, asked: Asked) -> AuditPage:
    if not 1 <= asked.limit <= MOST_LINES:
        raise QueryWrong(
            f"{asked.limit} lines cannot be shown at once.",
            hint=f"Ask for 1 to {MOST_LINES:,}, and read on from the last.",
        )
    found = audit.lines(
        ctx.database,
        limit=asked.limit + 1,
        before_number=asked.before,
        action=asked.action or None,
        subject=asked.subject or None,
        actor=asked.actor or None,
    )
    shown = found[: asked.limit]
    return AuditPage(shown, shown[-1].number if len(found) > len(shown) else None)


def _plain(line: AuditLine) -> dict[str, Any]:
    return {**vars(line), "at": iso(line.at)}
