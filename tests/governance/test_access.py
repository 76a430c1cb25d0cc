"""Roles, actions, who may do what, and which records each may see."""

from itertools import product

import pytest

from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.governance.access import (
    ACTIONS,
    LOCAL,
    NEVER_EVERYWHERE,
    OF_RECORDS,
    OF_THE_WHOLE,
    ROLES,
    Actor,
    Assignment,
    decide,
    everywhere,
    holders,
    scope_of,
)

A, B = (Condition("team", ("A",)),), (Condition("service", ("B",)),)


def allowed(actor: Actor) -> set[str]:
    """Return every action that an actor may do."""
    return {action for action in ACTIONS if decide(actor, action).allowed}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_local_user_holds_every_action(action: str) -> None:
    """Until there is sign-in, whoever sits at the machine may do everything."""
    assert decide(LOCAL, action).allowed


def test_a_viewer_sees_numbers_but_changes_nothing() -> None:
    """Reading is for all, and to say whether a baseline is right; changing numbers is not."""
    assert allowed(everywhere("ana", "viewer")) == {
        "metric:read",
        "chart:read",
        "map:read",
        "ticket:read",
        "check:read",
        "finding:read",
        "catalogue:read",
        "calendar:read",
        "request:read",
        "conformance:read",
        "target:read",
        "signal:read",
        "alert:read",
        "baseline:read",
        "baseline:sign",
        "owner:read",
        "tier:read",
        "note:read",
    }


def test_a_refusal_names_the_roles_that_may() -> None:
    """Who is refused learns whom to ask."""
    verdict = decide(everywhere("ana", "analyst"), "audit:read")
    assert not verdict.allowed
    assert "read the audit (audit:read)" in verdict.reason
    assert "administrator" in verdict.reason


def test_an_action_that_is_not_listed_is_refused() -> None:
    """Even to an administrator: a misspelt action must not open a door."""
    verdict = decide(LOCAL, "import:rn")
    assert not verdict.allowed
    assert "Did you mean 'import:run'?" in verdict.reason


def test_a_role_that_is_not_listed_holds_nothing() -> None:
    """An actor with an unknown role is refused everything, and the reason says so."""
    verdicts = [decide(everywhere("ana", "admin"), action) for action in ACTIONS]
    assert not any(verdict.allowed for verdict in verdicts)
    assert verdicts[0].reason.startswith("There is no role 'admin'.")


def test_roles_hold_only_listed_actions_and_every_action_has_a_holder() -> None:
    """The table of roles and the list of actions fit each other."""
    assert set().union(*ROLES.values()) == set(ACTIONS)
    assert all(holders(action) for action in ACTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_all_kinds_of_records_or_none(role: str) -> None:
    """One scope tells which records an actor sees, whatever it asks of them."""
    assert ROLES[role] & OF_RECORDS in (frozenset(), OF_RECORDS)


def test_the_tables_cannot_be_changed_at_run_time() -> None:
    """No code can give itself an action."""
    with pytest.raises(TypeError):
        ROLES["viewer"] = frozenset(ACTIONS)  # type: ignore[index]  # that is the point


@pytest.mark.parametrize(("role", "reach"), list(product(ROLES, (A, B, A + B))))
def test_a_role_for_a_part_does_nothing_to_the_whole(role: str, reach: tuple[Condition]) -> None:
    """Imports, the audit, users and data versions are of all records, whoever's they are."""
    actor = Actor("ana", (Assignment(role, reach),))

    assert allowed(actor) == ROLES[role] - OF_THE_WHOLE
    assert scope_of(actor) == Scope(reach)
    if ROLES[role] & OF_THE_WHOLE:
        action = min(ROLES[role] & OF_THE_WHOLE)
        assert "a role for all records is needed" in decide(actor, action).reason


@pytest.mark.parametrize("role", NEVER_EVERYWHERE)
def test_a_vendor_without_a_part_of_its_own_sees_nothing(role: str) -> None:
    """Forgetting to say which vendor's tickets must not show all of them."""
    assert allowed(everywhere("eve", role)) == set()
    assert scope_of(everywhere("eve", role)).any_of == ()
    assert not scope_of(everywhere("eve", role)).shows({"team": "A", "vendor": "X"})


def test_two_roles_show_what_either_does() -> None:
    """Somebody who leads a team and owns a service sees the tickets of both."""
    actor = Actor("ana", (Assignment("viewer", A), Assignment("service owner", B)))

    assert scope_of(actor) == Scope((), (A, B))
    assert scope_of(Actor("ana", (*actor.assignments, Assignment("viewer")))).is_everything


def test_a_role_that_reads_nothing_adds_no_records() -> None:
    """What an unknown role reaches is not seen by the way."""
    actor = Actor("ana", (Assignment("viewer", A), Assignment("guest", B)))
    assert scope_of(actor) == Scope(A)
    assert scope_of(Actor("ana", ())).columns == {"team"}


def test_persons_are_shown_only_where_every_role_allows_it() -> None:
    """A viewer's records do not show persons because another role's do."""
    both = Actor("ana", (Assignment("viewer", A), Assignment("service owner", B)))
    assert not decide(both, "person:read").allowed
    assert "each role of ana" in decide(both, "person:read").reason
    assert decide(Actor("ana", both.assignments[1:]), "person:read").allowed


def test_a_token_does_no_more_than_it_was_given() -> None:
    """Its actions and records are cut from those of its owner, and never grow past them."""
    owner = everywhere("ana", "analyst")
    token = Actor("ana", owner.assignments, frozenset({"metric:read", "audit:read"}), A)

    assert allowed(token) == {"metric:read"}
    assert scope_of(token) == Scope(A)
    assert "This token may not import files" in decide(token, "import:run").reason
    whole = Actor("ana", owner.assignments, frozenset({"import:run"}), A)
    assert not decide(whole, "import:run").allowed
