"""Users and what is given to them: each change with its line, never without an administrator."""

from collections.abc import Callable

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import PeopleWrong, UnknownUser
from opsgauge.governance import audit
from opsgauge.governance import people_changes as changes
from opsgauge.governance.access import Assignment, decide, scope_of
from opsgauge.governance.database import Database
from opsgauge.governance.people import (
    actor_of,
    anybody,
    group_roles,
    plain_name,
    user_named,
    users,
)
from opsgauge.governance.people_changes import By, NewUser, administrators
from tests.governance.conftest import ANA

ADMINISTRATOR = Assignment("administrator")
HASH = "$argon2id$secret"
DESK = Assignment("viewer", (Condition("team", ("Desk",)),))


@pytest.fixture
def by(database: Database, clock: Clock) -> By:
    """Return who changes people, with one administrator there already."""
    made = By(database, clock, ANA)
    changes.make_user(made, NewUser("root", roles=(ADMINISTRATOR,)))
    return made


def test_a_user_has_what_was_given_to_them_and_to_their_groups(by: By) -> None:
    """Own roles and those of groups together make the actor."""
    changes.make_user(by, NewUser("Ben", shown="Ben  B.", alias="Agent 7", roles=(DESK,)))
    changes.join(by, "ben", "Network")
    changes.give(by, Assignment("analyst", (Condition("service", ("Mail",)),)), group="Network")
    user = user_named(by.database, "BEN")
    actor = actor_of(user)

    assert (user.name, user.shown, user.alias, user.groups) == (
        "ben",
        "Ben B.",
        "Agent 7",
        ("Network",),
    )
    assert actor.roles == "analyst, viewer"
    assert scope_of(actor).columns == {"team", "service"}
    assert group_roles(by.database)["Network"][0].role == "analyst"


def test_every_change_leaves_a_line(by: By) -> None:
    """With who did it, to whom, and how it looked before and after; never a password."""
    changes.make_user(by, NewUser("ben", password_hash=HASH))
    changes.change_user(by, "ben", "Ben", "", "Agent 7")
    changes.change_user(by, "ben", "Ben", "", "Agent 7")  # nothing differs
    changes.give(by, DESK, user="ben")
    [given] = user_named(by.database, "ben").given
    changes.take(by, given.id)
    changes.join(by, "ben", "Desk")
    changes.leave(by, "ben", "Desk")
    changes.set_password(by, "ben", HASH)
    changes.set_active(by, "ben", False)
    lines = audit.lines(by.database)[::-1][1:]

    assert [(line.action, line.subject) for line in lines] == [
        *[("people:change", "user ben")] * 4,
        *[("people:change", "group Desk")] * 2,
        *[("people:change", "user ben")] * 2,
    ]
    reach = [{"column": "team", "values": ["Desk"]}]
    assert lines[3].before == {"role": "viewer", "reach": reach}
    assert "argon2id" not in str(lines)
    assert audit.verify(by.database).holds


@pytest.mark.parametrize(
    "change",
    [
        lambda by: changes.set_active(by, "root", False),
        lambda by: changes.take(by, user_named(by.database, "root").given[0].id),
    ],
)
def test_the_last_administrator_stays(by: By, change: Callable[[By], None]) -> None:
    """And nothing is left behind of what was refused, no line either."""
    before = len(audit.lines(by.database))
    with pytest.raises(PeopleWrong, match="active administrator"):
        change(by)

    assert user_named(by.database, "root").active
    assert administrators(by.database) == ["root"]
    assert len(audit.lines(by.database)) == before


def test_an_administrator_by_a_group_counts_while_they_are_in_it(by: By) -> None:
    """The only other way in is guarded too."""
    changes.make_user(by, NewUser("ben"))
    changes.join(by, "ben", "Admins")
    changes.give(by, ADMINISTRATOR, group="Admins")
    changes.set_active(by, "root", False)

    with pytest.raises(PeopleWrong, match="active administrator"):
        changes.leave(by, "ben", "Admins")
    assert decide(actor_of(user_named(by.database, "ben")), "people:change").allowed


def test_the_first_user_is_an_administrator(database: Database, clock: Clock) -> None:
    """Of all records; otherwise nobody could give a role."""
    by = By(database, clock, ANA)
    for roles in ((), (DESK,), (Assignment("administrator", DESK.reach),)):
        with pytest.raises(PeopleWrong, match="administrator"):
            changes.make_user(by, NewUser("ben", roles=roles))
    assert not anybody(database)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Assignment("boss"), "no role"),
        (Assignment("vendor"), "part of the records"),
        (Assignment("viewer", (Condition("assignee", ("Agent 7",)),)), "part by 'assignee'"),
        (Assignment("viewer", (Condition("team", ()),)), "no values"),
        (Assignment("viewer", (Condition("team", (None,)),)), "no values"),
        (Assignment("viewer", (*DESK.reach, *DESK.reach)), "twice"),
    ],
)
def test_a_role_that_cannot_be_is_refused(by: By, role: Assignment, said: str) -> None:
    """Reach goes by team, service and vendor alone, and a vendor always has one."""
    with pytest.raises(PeopleWrong, match=said):
        changes.give(by, role, user="root")


def test_the_same_role_is_given_once(by: By) -> None:
    """However its values are ordered."""
    two = (Condition("team", ("A", "B")),)
    changes.give(by, Assignment("viewer", two), user="root")
    with pytest.raises(PeopleWrong, match="already"):
        changes.give(by, Assignment("viewer", (Condition("team", ("B", "A")),)), user="root")


@pytest.mark.parametrize("typed", ["ANA", "ａｎａ", " ana ", "Ana"])
def test_names_that_fold_alike_are_one(by: By, typed: str) -> None:
    """So nobody can take a name that looks like another's."""
    changes.make_user(by, NewUser("ana"))

    assert plain_name(typed) == "ana"
    with pytest.raises(PeopleWrong, match="already"):
        changes.make_user(by, NewUser(typed))


@pytest.mark.parametrize(
    "name",
    ["", "аna", "a\0na", "a\nna", "a na", "-ana", "../ana", "a" * 65, "a" * 100_000, "ana\u200b"],
)
def test_a_name_that_cannot_be_is_refused(by: By, name: str) -> None:
    """Cyrillic letters, what cannot be seen, paths, and names without an end."""
    with pytest.raises(PeopleWrong, match="name"):
        changes.make_user(by, NewUser(name))


@pytest.mark.parametrize("name", ["local", "Nobody", "opsgauge"])
def test_names_of_the_product_are_taken(by: By, name: str) -> None:
    """The audit calls others so."""
    with pytest.raises(PeopleWrong, match="somebody else"):
        changes.make_user(by, NewUser(name))


def test_who_is_not_there_is_not_found(by: By) -> None:
    """Neither a user, nor a role, nor a place in a group."""
    with pytest.raises(UnknownUser):
        user_named(by.database, "ben")
    with pytest.raises(UnknownUser):
        changes.take(by, 99)
    with pytest.raises(UnknownUser):
        changes.leave(by, "root", "Desk")
    assert [user.name for user in users(by.database)] == ["root"]
