"""Erasing a person from the records, so that every number stays what it was.

Floor 5. In order: lock, undo what a killed load left, end an erasing that was killed, write raw
records and persons without the person's digest, append the row that makes it count, remove what
those tables were before, tell the audit. The pseudonym stays where it was; what led to it is gone.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opsgauge.foundation.errors import CannotErase, QueryWrong, UnknownPerson
from opsgauge.foundation.settings import FOLDERS
from opsgauge.governance.people_changes import lines_naming
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.log.erasing import Eraser, Person
from opsgauge.log.mentions import Mention, in_numbers, mentions
from opsgauge.log.privacy import digest_of
from opsgauge.operations.context import Context
from opsgauge.operations.erasing_ended import ACTION, NOBODY, WHAT, Ended, erased_rows, finish
from opsgauge.operations.full_disk import full_disk_told
from opsgauge.operations.loading import heads, workbench
from opsgauge.warehouse import versions
from opsgauge.warehouse.versions import DataVersion, import_lock, recover

BLOCK = 1 << 20


@dataclass(frozen=True)
class Wanted:
    """Whom to erase, by the name that the source has or by pseudonym, and why."""

    why: str
    name: str = ""
    alias: str = ""


@dataclass(frozen=True)
class Erasure:
    """What an erasing did, or would do; `data_version` is 0 while nothing was done.

    `left` is where the name stands yet, and can be looked for only where it was given;
    `audit_lines` say which user the person was, and stay.
    """

    alias: str | None
    data_version: int
    records: int
    before: bool  # it was done before, or has just been ended where it was killed
    users: tuple[str, ...] = ()
    audit_lines: tuple[int, ...] = ()
    left: tuple[Mention, ...] = ()

    @property
    def called(self) -> str:
        """The pseudonym, or that there is none."""
        return self.alias or NOBODY

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = {**vars(self), "users": list(self.users), "audit_lines": list(self.audit_lines)}
        return {**plain, "left": [each.as_json() for each in self.left]}


def erase_person(ctx: Context, wanted: Wanted, dry_run: bool = False) -> Erasure:
    """Erase a person from the records; their pseudonym and every number stay.

    Needs `person:erase`. With `dry_run` nothing is changed: it says who it would be.

    Raises
    ------
    QueryWrong : nobody is named, both ways are used, or the reason is missing or names the person
    UnknownPerson : nobody in the records is called that
    CannotErase : names are kept in clear, or it is a program
    ImportRunning : an import holds the lock
    DiskFull : there is no room left; what was stored before is as it was
    """
    ctx.require(ACTION)
    asked = _checked(ctx, wanted)
    with full_disk_told(ctx), import_lock(ctx.warehouse):
        newest = recover(ctx.warehouse)
        if newest is None:
            raise UnknownPerson("Nothing is imported yet, so nobody is in the records.")
        ended = finish(ctx, newest)
        done = _before(ctx, asked, newest, ended)
        return done or _erased(ctx, asked, newest, dry_run, ended)


def _checked(ctx: Context, wanted: Wanted) -> Wanted:
    # Blanks alone, as a name is trimmed on its way in.
    asked = Wanted(wanted.why.strip(), wanted.name.strip(" "), wanted.alias.strip())
    if not ctx.workspace.settings.pseudonyms:
        raise CannotErase(
            "This workspace keeps people's names as they are (pseudonyms = false), in every data "
            "version, so that nobody can be taken out of them and each number stay what it was.",
            hint="Make a new workspace with pseudonyms = true, import its files there, and remove "
            "this one; or have the source erase the person and import its export anew.",
        )
    if bool(asked.name) == bool(asked.alias):
        raise QueryWrong(
            "Say whom to erase, either by the name that the source has or by pseudonym.",
            hint='Such as: opsgauge persons erase --alias "Agent 17" --why "asked for on 3 May"',
        )
    if any(0xD800 <= ord(sign) < 0xE000 or sign == "\0" for sign in "".join(vars(asked).values())):
        raise QueryWrong(
            "The name, the pseudonym or the reason holds a sign that is no text.",
            hint="Write it as UTF-8.",
        )
    if not asked.why or len(asked.why) > LONGEST_REASON:
        raise QueryWrong(
            f"An erasing needs a reason of 1 to {LONGEST_REASON} characters; it stays in the audit."
        )
    if asked.name and asked.name.lower() in asked.why.lower():
        raise QueryWrong(
            "The reason names the person, and the audit keeps it for ever.",
            hint="Name a ticket or a letter instead.",
        )
    return asked


def _before(
    ctx: Context, asked: Wanted, newest: DataVersion, ended: tuple[Ended, ...]
) -> Erasure | None:
    """Return what is known of an erasing of that pseudonym that was done before."""
    for row in erased_rows(ctx, newest):
        if asked.alias and row["alias"] == asked.alias:
            now = [each for each in ended if each.alias == asked.alias]
            users = now[0].users if now else ()
            return _with_audit(ctx, Erasure(asked.alias, row["data_version"], 0, True, users))
    return None


def _erased(
    ctx: Context, asked: Wanted, newest: DataVersion, dry_run: bool, ended: tuple[Ended, ...]
) -> Erasure:
    key = ctx.workspace.secret()
    with workbench(ctx.workspace) as (database, _):
        eraser = Eraser(database, ctx.warehouse, newest.tables, key)
        digest = digest_of(asked.name, key) if asked.name else ""
        person = eraser.find(digest, asked.alias)
        if person is None and ended and asked.name:
            last = ended[-1]
            done = Erasure(last.alias, last.data_version, 0, True, last.users)
        elif person is None:
            raise _nobody(asked)
        else:
            done = _of_person(ctx, eraser, person, newest, asked.why, dry_run)
        left = [*mentions(database, ctx.warehouse, asked.name)] if asked.name else []
    if asked.name:
        left += _files_naming(ctx, asked.name)
    return _with_audit(ctx, replace(done, left=tuple(left)))


def _nobody(asked: Wanted) -> UnknownPerson:
    if asked.alias:
        return UnknownPerson(
            f"Nobody in the records has the pseudonym {asked.alias!r}.",
            hint="Write it as tickets show it, such as 'Agent 17'; or give the name instead.",
        )
    return UnknownPerson(
        "Nobody in the records is called that, or they were erased before.",
        hint="Write the name letter by letter as the source does, also in capitals; a user name "
        "and a display name are two persons here.",
    )


def _of_person(
    ctx: Context,
    eraser: Eraser,
    person: Person,
    newest: DataVersion,
    why: str,
    dry_run: bool,
) -> Erasure:
    _must_be_hidden(ctx, eraser, person)
    if dry_run:
        return Erasure(person.alias, 0, eraser.records(person), False)
    ctx.progress("Erasing from raw records", None)
    number = newest.version + 1
    records = eraser.erase(person, number)
    version = replace(
        newest,
        version=number,
        made_at=ctx.clock(),
        by=ctx.actor.name,
        what=f"{WHAT}{person.alias or NOBODY}: {why}",
        import_id=uuid.uuid4().hex,
        tables=heads(ctx.warehouse),
    )
    versions.commit(ctx.warehouse, version)
    users = [name for each in finish(ctx, version) for name in each.users]
    return Erasure(person.alias, number, records, False, tuple(users))


def _must_be_hidden(ctx: Context, eraser: Eraser, person: Person) -> None:
    """Refuse to erase a program, and somebody whom numbers know by name."""
    key = ctx.workspace.secret()
    programs = [word for word in eraser.programs() if digest_of(word, key) == person.digest]
    if programs:
        raise CannotErase(
            f"A mapping names {person.alias or 'them'} under 'automatic': that is a program, by "
            "which numbers tell answers of programs from those of people.",
            hint="If it is a person, take the word out of the mapping and import again first.",
        )
    tables = in_numbers(eraser.connection, ctx.warehouse, person.digest, key)
    if tables:
        raise CannotErase(
            f"Data versions hold what leads to the person's name in {', '.join(tables)}: they were "
            "made while pseudonyms were off, before the mapping said that the column holds "
            "persons, or by an older version. They cannot be changed without changing what "
            "numbers were computed from.",
            hint="Make a new workspace, import the files there, and remove this one.",
        )


def _with_audit(ctx: Context, done: Erasure) -> Erasure:
    lines = lines_naming(ctx.database, done.alias) if done.alias else ()
    return replace(done, audit_lines=lines)


def _files_naming(ctx: Context, name: str) -> Iterator[Mention]:
    """Yield the files beside the tables that hold a name as plain text."""
    wanted = name.encode()
    for folder in (each for each in FOLDERS if each != "warehouse"):
        for file in sorted((ctx.workspace.path / folder).rglob("*")):
            if file.is_file() and not file.is_symlink() and _holds(file, wanted):
                yield Mention(file.relative_to(ctx.workspace.path).as_posix(), 1)


def _holds(file: Path, wanted: bytes) -> bool:
    rest = b""
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            if wanted in rest + block:
                return True
            rest = block[-len(wanted) :]
    return False
