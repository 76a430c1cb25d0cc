"""The audit as its readers see it."""

import pytest

from opsgauge.foundation.errors import NotAllowed, QueryWrong
from opsgauge.governance import audit
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import Break
from opsgauge.operations.auditing import MOST_LINES, Asked, audit_lines, exported_lines, verified
from opsgauge.operations.context import Context
from tests.conftest import Intake

pytestmark = pytest.mark.row("GOV-07")


@pytest.fixture
def busy(intake: Intake) -> Context:
    """Return a workspace with five lines in its audit."""
    for which in range(5):
        ctx, actor = intake.context, everywhere("ana" if which % 2 else "=bob", "analyst")
        audit.append(ctx.database, ctx.clock, actor, "import:run", f"week-{which}.csv")
    return intake.context


@pytest.mark.parametrize(
    ("asked", "numbers", "older"),
    [
        (Asked(), [5, 4, 3, 2, 1], None),
        (Asked(limit=5), [5, 4, 3, 2, 1], None),
        (Asked(limit=2), [5, 4], 4),
        (Asked(limit=2, before=4), [3, 2], 2),
        (Asked(limit=2, before=2), [1], None),
        (Asked(actor="ana"), [4, 2], None),
        (Asked(subject="week-3.csv", action="import:run"), [4], None),
        (Asked(action="audit:read"), [], None),
    ],
)
def test_lines_are_read_page_by_page(
    busy: Context, asked: Asked, numbers: list[int], older: int | None
) -> None:
    """The newest first, and where to read on."""
    page = audit_lines(busy, asked)
    assert [line.number for line in page.lines] == numbers
    assert page.older == older


@pytest.mark.parametrize("limit", [0, MOST_LINES + 1])
def test_too_many_lines_at_once_are_refused(busy: Context, limit: int) -> None:
    """With how many may be."""
    with pytest.raises(QueryWrong, match="cannot be shown at once"):
        audit_lines(busy, Asked(limit=limit))


def test_an_export_is_noted(busy: Context) -> None:
    """Who took what away, and how much."""
    assert len(exported_lines(busy, Asked(actor="ana")).lines) == 2
    [line] = audit_lines(busy, Asked(action="audit:read")).lines
    assert line.subject == "export of the audit"
    assert isinstance(line.after, dict)
    assert (line.after["actor"], line.after["lines"]) == ("ana", 2)


def test_a_verdict_is_held_against_a_hash_kept_elsewhere(busy: Context) -> None:
    """Lines may have been added since; the hash must be among them."""
    kept = verified(busy).chain.last_hash
    audit.append(busy.database, busy.clock, busy.actor, "import:run", "later")

    assert verified(busy, kept).holds
    assert verified(busy, f" {kept.upper()} ").holds
    assert verified(busy, audit.BEFORE_THE_FIRST).holds
    other = verified(busy, "a" * 64)
    assert (other.holds, other.chain.fault) == (False, Break.REWRITTEN)
    with pytest.raises(QueryWrong, match="is no hash"):
        verified(busy, kept[:-1])


def test_records_that_do_not_open_are_a_verdict_too(intake: Intake) -> None:
    """Rubbish in the place of the records holds nothing."""
    ctx = intake.context
    ctx.database.close()
    records = ctx.workspace.path / "records.db"
    for beside in records.parent.glob("records.db*"):
        beside.unlink()
    records.write_bytes(b"no database, only words" * 300)

    told = verified(Context(ctx.workspace)).as_json()
    assert (told["holds"], told["fault"], told["lines"]) == (False, "unreadable", 0)
    assert "cannot be opened" in told["words"]


@pytest.mark.parametrize("role", ["viewer", "analyst", "process owner"])
def test_who_may_not_read_the_audit_sees_none_of_it(busy: Context, role: str) -> None:
    """Neither lines nor the verdict, and nothing is noted."""
    ctx = Context(busy.workspace, everywhere("eve", role))
    for ask in (lambda: audit_lines(ctx, Asked()), lambda: verified(ctx)):
        with pytest.raises(NotAllowed, match="audit:read"):
            ask()
    with pytest.raises(NotAllowed, match="audit:read"):
        exported_lines(ctx, Asked())
