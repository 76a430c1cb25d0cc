"""A person erased from the records: nothing leads to the name, and every number stays."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import (
    CannotErase,
    ImportRunning,
    NotAllowed,
    QueryWrong,
    UnknownPerson,
    WarehouseDamaged,
)
from opsgauge.governance import audit
from opsgauge.governance.access import ROLES, Assignment, everywhere
from opsgauge.log.privacy import digest_of
from opsgauge.metrics.question import Question
from opsgauge.operations.context import Context
from opsgauge.operations.erasing import Erasure, Wanted, erase_person
from opsgauge.operations.measure import measure
from opsgauge.operations.people import Added, add_user, one_user
from opsgauge.operations.publishing import publish
from opsgauge.operations.recomputing import recompute
from opsgauge.warehouse.versions import import_lock
from tests.conftest import MAPPING, Intake
from tests.nurseries import Ask, nursery
from tests.operations.test_ingest_privacy import everything_under, found_in

NAME = "Xanthippe O'Wolkenkratzer-Ñandú"
OTHER = "Ottokar Vrzhina"
WHY = "letter 7 of 3 May"
MORE = MAPPING.replace("  assignee: who\n", "  assignee: who\n  requester: asks\n")
MORE += "persons: [opener]\nattributes: {opened_by: opener}\n"
HEADER = "number,at,state,team,who,asks,opener\n"
FIRST = HEADER + "".join(
    f"INC{n},2026-01-0{n} 08:00,New,A,{OTHER},{NAME},Zoe\n"
    f"INC{n},2026-01-0{n} 0{n + 1}:30,Work,B,{NAME if n % 2 else 'Ann'},{NAME},\n"
    f"INC{n},2026-01-0{n + 1} 10:1{n},Done,B,{NAME if n % 2 else 'Ann'},{NAME}, {NAME} \n"
    for n in range(1, 7)
)
SECOND = HEADER + (
    f"INC7,2026-02-01 08:00,New,A,{NAME},Zoe,Ann\n"
    "INC7,2026-02-01 09:00,Done,A,Ann,Zoe,Ann\n"
    f"INC2,2026-02-02 09:00,Work,A,{NAME},Zoe,Ann\n"
    f"INC8,soon,New,A,{NAME},{NAME},{NAME}\n"
)
THIRD = HEADER + "INC9,2026-03-01 08:00,New,A,Bob,Bob,Bob\n"
APPROVALS = """
source: desk
table: approvals
times: {zone: UTC}
fields: {approval_id: id, ticket_id: number, asked_at: at, approver: by}
"""
CHANGES = f"id,number,at,by\n1,INC1,2026-01-02 08:00,{NAME}\n2,INC2,2026-01-02 08:00,Ann\n"
METRICS = ("time_to_resolve", "backlog", "tickets_opened", "reassignments")


def numbers(ctx: Context) -> list[Any]:
    """Return what several metrics give, to the last digit."""
    names = [name for name in METRICS if name in ctx.catalogue.metrics]
    assert len(names) >= 2, sorted(ctx.catalogue.metrics)
    return [
        measure(ctx, Question(name, period=period)).as_json()["rows"]
        for name in names
        for period in ("day", "month", "all")
    ]


def logged(intake: Intake, version: int | None = None) -> list[Any]:
    """Return all that tables of numbers hold, pseudonyms included."""
    tables = ("tickets", "history", "links", "approvals")
    return [sorted(intake.rows(f"SELECT * FROM {table}", version), key=repr) for table in tables]


def hashes_of(intake: Intake) -> set[bytes]:
    """Return the hashes of raw records that name the person, as they lie on the disk."""
    digest = digest_of(NAME, intake.workspace.secret())
    found = set()
    for file in (intake.workspace.path / "warehouse" / "raw_desk").glob("*.parquet"):
        for row in pq.read_table(file).to_pylist():
            if digest in row.values():
                found.add(row["_hash"])
    return found


def fill(intake: Intake) -> None:
    """Import two exports and records beside them."""
    intake.takes(FIRST, mapping=MORE, name="first.csv")
    intake.takes(SECOND, mapping=MORE, name="second.csv")
    intake.takes(CHANGES, mapping=APPROVALS, name="approvals.csv")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace in which the person stands in every way."""
    intake = Intake(tmp_path_factory.mktemp("filled"))
    fill(intake)
    intake.close()
    intake.reopen()
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def copies(filled: Intake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Any]]:
    """Return what makes copies of that workspace."""
    numbers, made = count(), []

    def copy() -> Intake:
        intake = Intake(tmp_path_factory.mktemp(f"copy-{next(numbers)}"))
        intake.close()
        shutil.rmtree(intake.workspace.path)
        shutil.copytree(filled.workspace.path, intake.workspace.path)
        intake.reopen()
        made.append(intake)
        return intake

    yield copy
    for each in made:
        each.close()


def erase(intake: Intake, **wanted: str) -> Erasure:
    """Erase the person, by name unless told otherwise."""
    return erase_person(intake.context, Wanted(WHY, **(wanted or {"name": NAME})))


def traces(intake: Intake) -> list[tuple[str, str]]:
    """Return where the person's digest or name is to be found below the workspace."""
    digest = digest_of(NAME, intake.workspace.secret())
    return found_in(intake.workspace.path, (digest, digest[2:], NAME, "Wolkenkratzer"))


@pytest.fixture(scope="module")
def erased(copies: Callable[[], Intake]) -> tuple[Intake, dict[str, Any], Erasure]:
    """Return a workspace from which the person was erased, and how it was before."""
    intake = copies()
    # A killed import left the person's digest in a file that no version names.
    raw = intake.workspace.path / "warehouse" / "raw_desk"
    shutil.copy2(next(raw.glob("*.parquet")), raw / "part-999999999-stray.parquet")
    ctx = intake.context
    before = {
        "numbers": {n: numbers(ctx.at_version(n)) for n in (1, 2, 3)},
        "logged": {n: logged(intake, n) for n in (1, 2, 3)},
        "published": publish(ctx, Question("backlog", period="month"), "cli")[0].number.ref,
        "hashes": hashes_of(intake),
        "alias": dict(intake.rows("SELECT digest, alias FROM persons"))[
            digest_of(NAME, intake.workspace.secret())
        ],
        "persons": intake.rows("SELECT alias, number FROM persons ORDER BY number"),
    }
    assert {place for _, place in traces(intake)}
    return intake, before, erase(intake)


@pytest.mark.row("SEC-02")
def test_no_byte_of_the_digest_or_the_name_is_left(
    erased: tuple[Intake, dict[str, Any], Erasure],
) -> None:
    """In no file, packed or not, table, log of a table or record; nor a hash of their records."""
    intake, before, done = erased

    assert traces(intake) == []
    assert len(before["hashes"]) == done.records - 1 > 10  # the approval is another table's
    for file, content in everything_under(intake.workspace.path):
        assert not any(h in content or repr(h).encode() in content for h in before["hashes"]), file
    assert intake.rows("SELECT count(*) FROM rejected", version=2) == [(1,)]


@pytest.mark.row("GOV-08")
def test_every_number_is_the_same_in_old_versions_and_in_the_new(
    erased: tuple[Intake, dict[str, Any], Erasure],
) -> None:
    """To the last digit, and each row with its pseudonym."""
    intake, before, done = erased
    fresh = Context(intake.workspace)

    assert done.data_version == 4
    for version in (1, 2, 3):
        assert numbers(fresh.at_version(version)) == before["numbers"][version]
        assert logged(intake, version) == before["logged"][version]
    assert numbers(fresh) == before["numbers"][3]
    assert logged(intake) == before["logged"][3]
    again = recompute(fresh, before["published"])
    assert (again.named.same, again.named.data_version, again.newest.same) == (True, 3, True)


def test_the_pseudonym_stays_and_nobody_else_changes(
    erased: tuple[Intake, dict[str, Any], Erasure],
) -> None:
    """Old versions of what led to names are kept no longer, and say so."""
    intake, before, done = erased

    assert done.alias == before["alias"]
    assert intake.rows("SELECT alias, number FROM persons ORDER BY number") == before["persons"]
    assert intake.rows("SELECT alias, data_version FROM erased_persons") == [(done.alias, 4)]
    others = dict(intake.rows("SELECT alias, digest FROM persons"))
    assert digest_of(OTHER, intake.workspace.secret()) in others.values()
    with pytest.raises(WarehouseDamaged, match="a person was erased"):
        intake.rows("SELECT * FROM persons", version=2)


def test_the_audit_and_the_version_name_the_pseudonym_and_the_reason(
    erased: tuple[Intake, dict[str, Any], Erasure],
) -> None:
    """And neither the name nor the digest."""
    intake, _, done = erased
    [line] = audit.lines(intake.context.database, action="person:erase")

    assert (line.subject, line.why) == ("data version 4", WHY)
    assert f"erasure of {done.alias}" in str(line.after)
    assert intake.version().what == f"erasure of {done.alias}: {WHY}"
    assert audit.verify(intake.context.database).holds


@pytest.mark.row("SEC-02")
def test_done_again_it_says_so_and_changes_nothing(
    erased: tuple[Intake, dict[str, Any], Erasure],
) -> None:
    """By pseudonym; the name is not known any more."""
    intake, _, done = erased
    again = erase(intake, alias=str(done.alias))

    assert (again.before, again.data_version, again.records) == (True, 4, 0)
    with pytest.raises(UnknownPerson, match="erased before"):
        erase(intake)
    assert intake.version().version == 4


@pytest.mark.row("SEC-02")
def test_the_same_exports_again_do_not_bring_them_back(copies: Callable[[], Intake]) -> None:
    """Their records are known by the rest of what they say, also with a column more.

    What is new of them comes in under a new pseudonym, and even then the old stays known.
    """
    intake = copies()
    done, before = erase(intake), logged(intake)
    for content, name in ((FIRST, "first.csv"), (SECOND, "second.csv")):
        told = intake.takes(content, mapping=MORE, name=name)
        assert (told.accepted, told.data_version) == (0, 4)
    told = intake.takes(CHANGES, mapping=APPROVALS, name="approvals.csv")
    assert (told.accepted, told.data_version) == (0, 4)
    new = f"INC9,2026-03-01 08:00,New,A,{NAME},Ann,\n"
    told = intake.takes(FIRST + new, mapping=MORE, name="first.csv")
    assert (told.accepted, told.duplicate) == (1, 18)
    assert intake.ticket("INC9", "assignee") != (done.alias,)
    wider = "".join(
        f"{line},{'more' if n == 0 else n}\n" for n, line in enumerate(FIRST.splitlines())
    )
    intake.takes(wider, mapping=MORE, name="wider.csv")

    theirs = "ticket_id <> 'INC9'"
    assert sorted(intake.rows(f"SELECT * FROM history WHERE {theirs}"), key=repr) == before[1]
    assert sorted(intake.rows(f"SELECT * FROM tickets WHERE {theirs}"), key=repr) == before[0]
    again = erase(intake)  # under the new pseudonym
    assert again.alias not in (None, done.alias)
    assert traces(intake) == []
    told = intake.takes(wider, mapping=MORE, name="wider.csv")
    assert told.accepted == 0


def test_a_record_of_somebody_known_is_never_taken_for_theirs(
    copies: Callable[[], Intake],
) -> None:
    """It says the same at the same moment, but names a colleague: it is a record of its own."""
    intake = copies()
    erase(intake)
    told = intake.takes(
        HEADER + f"INC7,2026-02-01 08:00,New,A,{OTHER},Zoe,Ann\n", mapping=MORE, name="new.csv"
    )

    assert told.accepted == 1


def test_who_stands_in_raw_records_alone_is_erased_too(copies: Callable[[], Intake]) -> None:
    """In a column that no field reads; such a person has no pseudonym."""
    intake = copies()
    intake.takes(HEADER + f"INC9,2026-03-01 08:00,New,A,,,{NAME} 2\n", mapping=MORE)
    digest = digest_of(f"{NAME} 2", intake.workspace.secret())
    assert found_in(intake.workspace.path, (digest,))
    done = erase(intake, name=f"{NAME} 2")

    assert (done.alias, done.records) == (None, 1)
    assert found_in(intake.workspace.path, (digest,)) == []


def test_a_mapping_read_anew_gives_the_same_numbers(copies: Callable[[], Intake]) -> None:
    """Everything is built again from the raw records as they are now."""
    intake = copies()
    erase(intake)
    before = numbers(intake.context), logged(intake)
    told = intake.takes(THIRD, mapping=MORE.replace("Void: cancelled", "Void: rejected"))

    assert any("every ticket of the source was rebuilt" in note for note in told.notes)
    kept = sorted(intake.rows("SELECT * FROM history WHERE ticket_id <> 'INC9'"), key=repr)
    assert kept == before[1][1]
    assert numbers(intake.context.at_version(4)) == before[0]


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator", "vendor"}))
def test_only_an_administrator_may(filled: Intake, role: str) -> None:
    """Whoever else asks is refused before anything is looked up."""
    ctx = Context(filled.workspace, actor=everywhere("ana", role))

    with pytest.raises(NotAllowed, match="administrator"):
        erase_person(ctx, Wanted(WHY, NAME))


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (Wanted(WHY), QueryWrong, "whom to erase"),
        (Wanted(WHY, "  "), QueryWrong, "whom to erase"),
        (Wanted(WHY, NAME, "Agent 1"), QueryWrong, "either"),
        (Wanted("", NAME), QueryWrong, "a reason"),
        (Wanted(f"asked by {NAME.upper()}", NAME), QueryWrong, "names the person"),
        (Wanted(WHY, "Nobody'; DROP TABLE persons --"), UnknownPerson, "letter by letter"),
        (Wanted(WHY, alias="Agent 1' OR \"1\"='1"), UnknownPerson, "pseudonym"),
        (Wanted(WHY, NAME.lower()), UnknownPerson, "letter by letter"),
        (Wanted(WHY, "Ann\0"), QueryWrong, "no text"),
        (Wanted(WHY, "Ann\udcff"), QueryWrong, "no text"),
        (Wanted(WHY, "?"), UnknownPerson, "letter by letter"),
    ],
)
def test_who_cannot_be_found_is_told_what_to_do(
    filled: Intake, wanted: Wanted, error: type[Exception], words: str
) -> None:
    """Hostile or empty, by name or by pseudonym; nothing is changed."""
    with pytest.raises(error) as told:
        erase_person(filled.context, wanted)

    assert words in str(told.value)
    assert intake_untouched(filled)


def intake_untouched(intake: Intake) -> bool:
    """Say whether the workspace is at its third version, with the person in it."""
    return intake.version().version == 3 and bool(hashes_of(intake))


def test_a_dry_run_says_who_it_would_be(filled: Intake) -> None:
    """Found by name or by pseudonym alike."""
    told = erase_person(filled.context, Wanted(WHY, NAME), dry_run=True)
    same = erase_person(filled.context, Wanted(WHY, alias=str(told.alias)), dry_run=True)

    assert (told.data_version, told.records) == (0, same.records)
    assert told.alias == same.alias is not None
    assert intake_untouched(filled)


def test_an_import_that_runs_is_waited_for(filled: Intake) -> None:
    """Both write the same tables."""
    with import_lock(filled.context.warehouse), pytest.raises(ImportRunning):
        erase(filled)


def test_names_in_clear_are_refused(make_intake: Callable[..., Intake]) -> None:
    """In the settings of now, and in versions made before the column was known to hold persons."""
    clear = make_intake("pseudonyms = false\n")
    clear.takes(FIRST, mapping=MORE)
    with pytest.raises(CannotErase, match="pseudonyms = false"):
        erase(clear)

    once = make_intake()
    once.takes(FIRST, mapping=MORE.replace("persons: [opener]\n", ""))
    once.takes(SECOND, mapping=MORE)
    with pytest.raises(CannotErase, match="in tickets"):
        erase(once)


def test_a_name_that_came_in_clear_is_found_in_raw_records(
    make_intake: Callable[..., Intake],
) -> None:
    """From before the mapping said that its column holds persons."""
    intake = make_intake()
    early = MORE.replace("persons: [opener]\nattributes: {opened_by: opener}\n", "")
    intake.takes(FIRST, mapping=early)
    intake.takes(SECOND, mapping=early + "persons: [opener]\n")
    assert found_in(intake.workspace.path, (NAME,))
    done = erase(intake)

    assert done.left == ()
    assert traces(intake) == []


def test_a_program_is_no_person(make_intake: Callable[..., Intake]) -> None:
    """Numbers tell answers of programs from those of people by its digest."""
    intake = make_intake()
    signed = MAPPING.replace("  assignee: who\n", "  actor: who\n") + f'automatic: ["{NAME}"]\n'
    intake.takes(FIRST, mapping=signed)

    with pytest.raises(CannotErase, match="automatic"):
        erase(intake)


def test_what_still_says_the_name_is_told(make_intake: Callable[..., Intake]) -> None:
    """Texts that are kept, files lying about, and the user who was said to be them."""
    intake = make_intake("keep_text = true\n")
    texts = MAPPING.replace("  assignee: who\n", "  assignee: who\n  description: opener\n")
    intake.takes(FIRST.replace(f" {NAME} ", f"call {NAME.upper()} back"), mapping=texts)
    (intake.workspace.path / "inbox" / "old.csv").write_text(FIRST)
    alias = erase_person(intake.context, Wanted(WHY, NAME), dry_run=True).alias
    add_user(intake.context, Added("root", password=None, roles=(Assignment("administrator"),)))
    add_user(intake.context, Added("xanthippe", alias=str(alias), password=None))
    done = erase(intake)

    places = {each.place for each in done.left}
    assert {"raw_desk.opener", "tickets.description", "inbox/old.csv"} <= places
    assert done.users == ("xanthippe",)
    assert one_user(intake.context, "xanthippe").alias == ""
    assert done.audit_lines == ()
    told = str([(each.before, each.after) for each in audit.lines(intake.context.database)])
    assert f"'alias': '{alias}'" not in told
    assert "in_records" in told


@pytest.fixture(scope="module")
def order() -> Iterator[Ask]:
    """Return what has an erasing done, and killed where it is told to."""
    with nursery(Path(__file__).with_name("nursery.py")) as ask:
        yield ask


def orders(intake: Intake, step: int) -> dict[str, Any]:
    """Return the order to erase the person, and to die before a step; 0 for none."""
    told = {"workspace": str(intake.workspace.path), "erase": NAME, "why": WHY, "after": None}
    return told | {"at": step}


@pytest.mark.row("SEC-02")
@pytest.mark.row("GOV-08")
def test_killed_at_every_step_it_ends_in_the_end(copies: Callable[[], Intake], order: Ask) -> None:
    """Before each write and each removal of a file; versions read as they did all the time."""
    intake = copies()
    before, kept = numbers(intake.context), logged(intake)
    for step in count(1):
        assert order(orders(intake, step))["killed"]
        assert logged(intake, 3) == kept
        if intake.version().version == 4:
            break
        assert intake_untouched(intake)
    removals = 0
    while order(orders(intake, 2 + removals))["killed"]:  # further each time
        assert logged(intake, 4) == kept
        removals += 1

    assert (step > 5, removals > 2) == (True, True)
    assert traces(intake) == []
    intake.reopen()
    assert numbers(intake.context) == before == numbers(intake.context.at_version(3))
    [line] = audit.lines(intake.context.database, action="person:erase")
    assert (line.subject, line.why, intake.version().version) == ("data version 4", WHY, 4)


@pytest.mark.row("SEC-02")
def test_an_import_ends_what_was_killed(copies: Callable[[], Intake], order: Ask) -> None:
    """It counts already, so what leads to the name is removed before anything is read."""
    intake = copies()
    assert order(orders(intake, 1) | {"at": "forget_past"})["killed"]
    assert intake.version().version == 4
    assert traces(intake)
    intake.reopen()
    intake.takes(THIRD, mapping=MORE, name="third.csv")

    assert traces(intake) == []
    [line] = audit.lines(intake.context.database, action="person:erase")
    assert (line.subject, intake.version().version) == ("data version 4", 5)
