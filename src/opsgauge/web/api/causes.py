"""The routes of the API about causes: what goes with an outcome.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from opsgauge.analysis.causes.kinds import OWNERSHIP
from opsgauge.analysis.causes.pareto import COUNT
from opsgauge.operations.cases_behind import cases_behind
from opsgauge.operations.cause_kinds import cause_kinds, kind_tickets
from opsgauge.operations.causes import causes
from opsgauge.operations.recurring import DAYS, recurring
from opsgauge.operations.recurring_tickets import recurring_tickets
from opsgauge.operations.vital_few import USUAL, vital_few
from opsgauge.operations.word_themes import DESCRIPTIONS, word_themes, word_tickets
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, SelectionOf
from opsgauge.web.caused import (
    FewBy,
    FewOf,
    KindName,
    OutcomeOf,
    PageOf,
    RecentDays,
    RowOf,
    TroubleOf,
    WordOf,
    WordsIn,
)

router = APIRouter(prefix="/api/v1/causes", tags=["causes"], responses=ANSWERS)
Json = dict[str, Any]


@router.get("")
def read_causes(ctx: Ctx, asked: OutcomeOf) -> Json:
    """Return what goes with an outcome, that which would spare most tickets first."""
    return causes(ctx, asked).as_json()


@router.get("/pareto")
def read_pareto(ctx: Ctx, chosen: SelectionOf, by: FewBy = USUAL, measure: FewOf = COUNT) -> Json:
    """Return the groups that hold four fifths, and how surely it is these."""
    return vital_few(ctx, chosen, by, measure).as_json()


@router.get("/recurring")
def read_recurring(ctx: Ctx, chosen: SelectionOf, days: RecentDays = DAYS) -> Json:
    """Return which trouble comes again, how often against what is expected, and where it waits."""
    return recurring(ctx, chosen, days).as_json()


@router.get("/recurring/tickets")
def read_recurring_tickets(
    ctx: Ctx, chosen: SelectionOf, asked: TroubleOf, offset: Annotated[int, Query(ge=0)] = 0
) -> Json:
    """Return the tickets of a trouble that comes again, as many as its n."""
    return recurring_tickets(ctx, chosen, asked, offset).as_json()


@router.get("/kinds")
def read_kinds(ctx: Ctx, chosen: SelectionOf) -> Json:
    """Return what the data say of five kinds of cause, each with its evidence."""
    return cause_kinds(ctx, chosen).as_json()


@router.get("/kinds/tickets")
def read_kind_tickets(
    ctx: Ctx, chosen: SelectionOf, page: PageOf, kind: KindName = OWNERSHIP
) -> Json:
    """Return the tickets that bear the mark of a kind of cause."""
    return kind_tickets(ctx, chosen, kind, page).as_json()


@router.get("/words")
def read_words(
    ctx: Ctx,
    chosen: SelectionOf,
    by: FewBy = USUAL,
    days: RecentDays = DAYS,
    within: WordsIn = DESCRIPTIONS,
) -> Json:
    """Return words of descriptions or notes by segment and lately, where text is kept."""
    return word_themes(ctx, chosen, by, days, within).as_json()


@router.get("/words/tickets")
def read_word_tickets(
    ctx: Ctx, chosen: SelectionOf, asked: WordOf, offset: Annotated[int, Query(ge=0)] = 0
) -> Json:
    """Return the tickets behind a word, as many as its n."""
    return word_tickets(ctx, chosen, asked, offset).as_json()


@router.get("/tickets")
def read_cases(ctx: Ctx, asked: OutcomeOf, row: RowOf) -> Json:
    """Return the tickets behind a row, as they were known then: as many as its n."""
    return cases_behind(ctx, asked, row.parts, row.which, row.offset).as_json()
