"""Sessions, tokens and tries: what lets somebody in, and when it does no longer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import PeopleWrong, TooManyTries, UnknownUser
from opsgauge.governance import audit, sessions, sign_ins, tokens
from opsgauge.governance import people_changes as changes
from opsgauge.governance.access import Assignment, decide, scope_of
from opsgauge.governance.database import Database
from opsgauge.governance.people_changes import By, NewUser
from opsgauge.governance.people_tables import SessionRow, TokenRow
from opsgauge.governance.sessions import Lasting
from opsgauge.governance.tokens import NewToken, known_by_token
from tests.governance.conftest import ANA

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
LASTING = Lasting(timedelta(hours=12), timedelta(days=7))
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Wall:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return the instant it was set to."""
        return self.now


@pytest.fixture
def wall() -> Wall:
    """Return a clock at the start."""
    return Wall()


@pytest.fixture
def by(database: Database, wall: Wall) -> By:
    """Return who changes people, with an administrator and a user there."""
    made = By(database, wall, ANA)
    changes.make_user(made, NewUser("root", roles=(Assignment("administrator"),)))
    team = Assignment("viewer", (Condition("team", ("Desk",)),))
    changes.make_user(made, NewUser("ben", alias="Agent 7", roles=(team, Assignment("analyst"))))
    return made


def begun(by: By, user_id: int = 2) -> str:
    """Begin a session; return its secret."""
    with by.database.writing() as session:
        return sessions.begin(session, user_id, by.clock(), LASTING)


def is_known(by: By, secret: str) -> bool:
    """Say whether a session's secret is good now."""
    return sessions.known(by.database, secret, by.clock(), LASTING) is not None


def test_a_session_says_who_it_is_and_what_they_may(by: By) -> None:
    """With every role, by one query; only a hash of the secret is kept."""
    secret = begun(by)
    found = sessions.known(by.database, secret, by.clock(), LASTING)
    with by.database.reading() as session:
        kept = session.scalars(select(SessionRow.hash)).one()

    assert found is not None
    assert (found.actor.name, found.actor.roles, found.alias) == (
        "ben",
        "analyst, viewer",
        "Agent 7",
    )
    assert len(secret) == 43
    assert secret not in kept
    assert kept == sessions.hash_of(secret)


def test_a_user_without_a_role_is_known_and_sees_nothing(by: By) -> None:
    """An outer join keeps them."""
    changes.make_user(by, NewUser("eve"))
    found = sessions.known(by.database, begun(by, 3), by.clock(), LASTING)

    assert found is not None
    assert not decide(found.actor, "metric:read").allowed


def test_a_session_ends_when_it_is_idle_or_old(by: By, wall: Wall) -> None:
    """Use keeps it alive, but for no longer than its days."""
    idle, used = begun(by), begun(by)
    for _ in range(14):
        wall.now += 11 * HOUR
        sessions.note_seen(by.database, used, wall.now)
    assert not is_known(by, idle)
    assert is_known(by, used)
    wall.now = START + timedelta(days=7)
    sessions.note_seen(by.database, used, wall.now)
    assert not is_known(by, used)


@pytest.mark.parametrize("how", ["sign-out", "password", "shut out"])
def test_what_ends_a_session(by: By, how: str) -> None:
    """Its own sign-out, another password, or the end of its user."""
    secret, other = begun(by), begun(by, 1)
    if how == "sign-out":
        with by.database.writing() as session:
            sessions.end(session, secret)
    elif how == "password":
        changes.set_password(by, "ben", "$argon2id$other")
    else:
        changes.set_active(by, "ben", False)

    assert not is_known(by, secret)
    assert is_known(by, other)
    changes.set_active(by, "ben", True)
    assert not is_known(by, secret)


@pytest.mark.parametrize(
    "secret", ["", "a", "x" * 43, "x" * 1_000_000, "\0" * 43, "%' OR 1=1 --", "é" * 43]
)
def test_a_made_up_secret_is_nobody(by: By, secret: str) -> None:
    """Whatever is in a cookie or behind Bearer."""
    assert not is_known(by, secret)
    assert known_by_token(by.database, secret, by.clock()) is None
    assert known_by_token(by.database, f"og_{secret}", by.clock()) is None


def test_a_token_may_do_what_it_names_within_what_its_owner_may(by: By, wall: Wall) -> None:
    """Further rules narrow its records; its owner's loss is its own at once."""
    rules = (Condition("service", ("Mail",)),)
    secret = tokens.make_token(by, "ben", NewToken("ci", ("metric:read",), 30, rules))
    found = known_by_token(by.database, secret, wall.now)
    assert found is not None
    assert decide(found.actor, "metric:read").allowed
    assert "This token may not" in decide(found.actor, "ticket:read").reason
    assert scope_of(found.actor).rules == rules
    with by.database.reading() as session:
        assert secret not in str([vars(row) for row in session.scalars(select(TokenRow))])

    wall.now += timedelta(days=30)
    assert known_by_token(by.database, secret, wall.now) is None


def test_a_token_is_revoked_by_hand_and_with_its_owner(by: By) -> None:
    """And not by somebody else as if it were theirs; a revoked one stays so."""
    one, two = (
        tokens.make_token(by, "ben", NewToken(name, ("metric:read",), 30)) for name in ("a", "b")
    )
    number = next(each.id for each in tokens.tokens(by.database, "ben") if each.name == "a")
    with pytest.raises(UnknownUser):
        tokens.revoke(by, number, "root")
    tokens.revoke(by, number, "ben")
    assert known_by_token(by.database, one, by.clock()) is None
    assert known_by_token(by.database, two, by.clock()) is not None

    changes.set_active(by, "ben", False)
    changes.set_active(by, "ben", True)
    assert known_by_token(by.database, two, by.clock()) is None
    assert {each.state(by.clock()) for each in tokens.tokens(by.database)} == {"revoked"}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewToken("", ("metric:read",), 30), "name"),
        (NewToken("ci", (), 30), "what it may do"),
        (NewToken("ci", ("metric:reed",), 30), "Did you mean 'metric:read'"),
        (NewToken("ci", ("metric:read",), 0), "1 to 366 days"),
        (NewToken("ci", ("metric:read",), 367), "1 to 366 days"),
        (NewToken("ci", ("metric:read",), 30, (Condition("priority", ("1",)),)), "part by"),
        (NewToken("taken", ("metric:read",), 30), "already"),
    ],
)
def test_a_token_that_cannot_be_is_refused(by: By, new: NewToken, said: str) -> None:
    """Every token has a name, actions and an end."""
    tokens.make_token(by, "ben", NewToken("taken", ("metric:read",), 30))
    with pytest.raises(PeopleWrong, match=said):
        tokens.make_token(by, "ben", new)


def test_the_first_use_of_a_token_on_a_day_leaves_a_line(by: By, wall: Wall) -> None:
    """And its last use is kept to the minute."""
    secret = tokens.make_token(by, "ben", NewToken("ci", ("metric:read",), 30))
    for step in (MINUTE, MINUTE, timedelta(days=1)):
        wall.now += step
        found = known_by_token(by.database, secret, wall.now)
        assert found is not None
        assert not found.is_noted(wall.now)
        tokens.note_used(by, found)
    used = [line.subject for line in audit.lines(by.database, action="token:use")]

    assert used == ["token ci of ben"] * 2
    assert tokens.tokens(by.database)[0].used_at == wall.now


def tried(by: By, name: str, address: str, times: int) -> int:
    """Try so often; return how many were let pass."""
    let_pass = 0
    for _ in range(times):
        try:
            sign_ins.begin_try(by.database, by.clock, sign_ins.Try(name, address))
            let_pass += 1
        except TooManyTries:
            pass
    return let_pass


def test_tries_are_counted_by_name_and_by_address(by: By, wall: Wall) -> None:
    """Many addresses against one name, many names from one address; later again."""
    assert sum(tried(by, "ben", f"10.0.0.{n}", 1) for n in range(20)) == 10
    assert sum(tried(by, f"user{n}", "10.9.9.9", 1) for n in range(80)) == 60
    with pytest.raises(TooManyTries) as refused:
        sign_ins.begin_try(by.database, by.clock, sign_ins.Try("ben", "10.0.0.99"))
    assert 0 < refused.value.wait_seconds <= 901
    told = audit.lines(by.database, action="sign-in:refuse")
    assert len(told) == 2

    wall.now += timedelta(minutes=15)
    assert tried(by, "ben", "10.0.0.1", 1) == 1


def test_whoever_signs_in_begins_anew(by: By) -> None:
    """Nine slips of the finger a day do not add up."""
    one = sign_ins.Try("ben", "10.0.0.1")
    for _ in range(3):
        assert tried(by, "ben", "10.0.0.1", 9) == 9
        with by.database.writing() as session:
            sign_ins.forget(session, one)
