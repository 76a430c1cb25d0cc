"""What a draft would give, found by importing the first records for real."""

from collections.abc import Callable

import pytest

from opsgauge.foundation.errors import MappingWrong
from tests.conftest import Intake
from tests.sources.draft import exports
from tests.sources.draft.conftest import Desk

EVERY = {
    "support_desk": exports.support_desk,
    "service_list": exports.service_list,
    "issue_list": exports.issue_list,
    "updates_log": exports.updates_log,
    "french_list": exports.french_list,
    "german_list": exports.german_list,
    "dutch_list": exports.dutch_list,
    "changes_log": exports.changes_log,
    "seconds_log": exports.seconds_log,
}


@pytest.mark.parametrize("export", EVERY.values(), ids=EVERY)
def test_every_manner_gives_the_same_tickets(desk: Desk, export: Callable[[], str]) -> None:
    """The draft as it stands refuses nothing, and ends what was ended."""
    seen = desk.preview(export(), desk.draft(export()).text)
    ended = sum(t.resolved is not None for t in exports.tickets())

    assert (seen.rejected, seen.known, seen.tickets) == (0, 0, exports.MANY)
    assert seen.phases["resolved"] == ended
    assert seen.earliest is not None
    assert seen.latest is not None


@pytest.mark.parametrize("export", EVERY.values(), ids=EVERY)
def test_the_preview_is_what_the_import_gives(
    desk: Desk, intake: Intake, export: Callable[[], str]
) -> None:
    """Tickets, updates, refused records and unknown words."""
    text = desk.draft(export()).text
    seen = desk.preview(export(), text)
    done = intake.takes(export(), mapping=text)
    [(tickets, updates)] = intake.rows("SELECT count(*), sum(update_count) FROM tickets")

    assert (seen.tickets, seen.updates) == (tickets, updates)
    assert (seen.tried, seen.rejected) == (done.read, done.rejected)
    assert seen.unmapped == done.unmapped


MAPPING = """
source: desk
shape: tickets
ticket_id: n
practice: {column: kind, words: {I: incident}}
times: {zone: UTC}
fields: {opened_at: at, original_status: state}
phases: {New: new}
"""


def test_refused_records_are_told_with_reason_and_example(desk: Desk) -> None:
    """The most frequent first."""
    rows = "n,kind,at,state\n1,I,2026-01-05,New\n2,X,2026-01-05,New\n3,X,2026-01-05,New\n"
    rows += "4,I,soon,New\n"
    seen = desk.preview(rows, MAPPING)

    told = [(each.column, each.reason, each.count, each.example) for each in seen.reasons]
    assert told == [
        ("kind", "the practice has no word in the mapping", 2, "X"),
        ("at", "the moment cannot be read", 1, "soon"),
    ]
    assert (seen.tried, seen.rejected, seen.tickets) == (4, 3, 1)


def test_where_nothing_can_be_used_that_is_told(desk: Desk) -> None:
    """No ticket, and why."""
    seen = desk.preview("n,kind,at,state\n1,X,2026-01-05,New\n", MAPPING)

    assert (seen.tickets, seen.updates, seen.phases) == (0, 0, {})
    assert [each.count for each in seen.reasons] == [1]


def test_lines_that_cannot_be_cut_are_refused_too(desk: Desk) -> None:
    """They have no column at fault."""
    seen = desk.preview("n,kind,at,state\n1,I,2026-01-05,New\n2,I\n", MAPPING)

    assert (seen.tickets, seen.rejected) == (1, 1)
    assert seen.reasons[0].column == ""


def test_records_that_come_twice_are_known(desk: Desk) -> None:
    """As at an import."""
    seen = desk.preview("n,kind,at,state\n" + "1,I,2026-01-05,New\n" * 2, MAPPING)

    assert (seen.known, seen.tickets) == (1, 1)


def test_a_column_that_is_not_there_is_told(desk: Desk) -> None:
    """As at an import."""
    with pytest.raises(MappingWrong, match="no column 'state'"):
        desk.preview("n,kind,at\n1,I,2026-01-05\n", MAPPING)


def test_records_beside_tickets_are_judged(desk: Desk) -> None:
    """A mapping for another table has no tickets to show."""
    text = """
source: desk
table: surveys
times: {zone: UTC}
fields: {survey_id: id, sent_at: at, score: score}
"""
    seen = desk.preview("id,at,score\n1,2026-01-05,4\n2,never,5\n", text)

    assert seen.beside
    assert (seen.tried, seen.rejected) == (2, 1)


LIST = """
source: desk
shape: tickets
ticket_id: n
times: {zone: UTC}
fields: {opened_at: at, resolved_at: done, team: team, description: text}
"""
LIST_ROWS = (
    "n,at,done,team,text,again\n"
    "1,2026-01-05 08:00,2026-01-05 10:00,A,slow,0\n"
    "2,2026-01-05 08:00,2026-01-05 14:00,,,1\n"
    "3,2026-01-05 08:00,,,,0\n"
)


def test_each_field_is_counted_and_what_everybody_knows_of_a_desk(desk: Desk) -> None:
    """How many tickets have it; how many are open and were reopened, and how long they took."""
    seen = desk.preview(LIST_ROWS, LIST)

    assert seen.filled == {"opened_at": 3, "resolved_at": 2, "team": 1, "description": 1}
    assert (seen.open, seen.reopened, seen.resolve_hours) == (1, None, 4.0)
    counted = LIST.replace("description: text", "reopen_count: again")
    assert desk.preview(LIST_ROWS, counted).reopened == 1


LOG = """
source: desk
shape: updates
ticket_id: {}
times: {{zone: UTC}}
fields: {{updated_at: at}}
"""
LOG_ROWS = "line,n,at\n1,A,2026-01-05\n2,A,2026-01-06\n3,B,2026-01-05\n"


@pytest.mark.parametrize(("ticket_id", "alone"), [("n", False), ("line", True)])
def test_a_number_of_records_taken_for_that_of_tickets_is_told(
    desk: Desk, ticket_id: str, alone: bool
) -> None:
    """No ticket of a log has a second update then."""
    assert desk.preview(LOG_ROWS, LOG.format(ticket_id)).alone is alone


def test_a_field_of_people_that_stays_in_clear_is_told(desk: Desk) -> None:
    """It was named as a word, and somebody of another column stands there."""
    mapping = (
        "source: desk\nshape: changes\nticket_id: n\ntimes: {zone: UTC}\n"
        "fields: {updated_at: at, actor: by}\n"
        "changes: {field: f, old: a, new: b, names: {Clerk: category, State: original_status}}\n"
    )
    rows = "n,at,by,f,a,b\n1,2026-01-05,Ann Lee,Clerk,,Bo Ek\n1,2026-01-06,Bo Ek,State,New,Done\n"

    assert desk.preview(rows, mapping).people == ("Clerk",)
    assert desk.preview(rows, mapping.replace("category", "assignee")).people == ()


def test_a_file_is_tried_whole_unless_it_is_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a long one the first records alone, and that is told."""
    rows = "n,kind,at,state\n" + "".join(f"{n},I,2026-01-05,New\n" for n in range(30))
    whole = desk.preview(rows, MAPPING)
    monkeypatch.setattr("opsgauge.sources.draft.preview.WHOLE", 29)
    monkeypatch.setattr("opsgauge.sources.draft.preview.TRIED", 10)
    long = desk.preview(rows, MAPPING)

    assert (whole.tried, whole.more) == (30, False)
    assert (long.tried, long.more) == (10, True)


def test_tickets_that_are_closed_at_once_are_counted(desk: Desk) -> None:
    """One was, one was cancelled before, one was resolved before."""
    log = MAPPING.replace("shape: tickets", "shape: updates").replace("opened_at", "updated_at")
    log = log.replace("{New: new}", "{New: new, Done: resolved, Shut: closed, Void: cancelled}")
    rows = "n,kind,at,state\n1,I,2026-01-05,Shut\n"
    for number, before in ((2, "Void"), (3, "Done")):
        rows += f"{number},I,2026-01-05,{before}\n{number},I,2026-01-06,Shut\n"

    assert desk.preview(rows, log).closed_unresolved == 1
    assert desk.preview(rows, log + "closing_resolves: yes\n").closed_unresolved == 0


def test_words_that_a_last_row_blanks_are_counted(desk: Desk) -> None:
    """T1 had a priority and has none; T2 never had one, and T3 has it still."""
    log = MAPPING.replace("shape: tickets", "shape: updates").replace(
        "{opened_at: at,", "{updated_at: at, priority: prio,"
    )
    rows = "n,kind,at,state,prio\n"
    for number, *words in (("T1", "2", ""), ("T2", "", ""), ("T3", "", "1")):
        rows += "".join(f"{number},I,2026-01-0{5 + n},New,{p}\n" for n, p in enumerate(words))

    assert desk.preview(rows, log).blanked == {"priority": 1}
    assert desk.preview(rows, log + "carry: priority\n").blanked == {}
