"""Roles, actions, and who may do what."""

import pytest

from opsgauge.governance.access import ACTIONS, LOCAL, ROLES, Actor, decide, holders


@pytest.mark.parametrize("action", ACTIONS)
def test_the_local_user_holds_every_action(action: str) -> None:
    """Until there is sign-in, whoever sits at the machine may do everything."""
    assert decide(LOCAL, action).allowed


def test_a_reader_sees_numbers_but_changes_nothing() -> None:
    """Reading is for all; importing, making and changing are not."""
    allowed = {action for action in ACTIONS if decide(Actor("ana", "reader"), action).allowed}
    assert allowed == {
        "metric:read",
        "chart:read",
        "map:read",
        "ticket:read",
        "check:read",
        "finding:read",
        "version:read",
        "catalogue:read",
        "calendar:read",
        "request:read",
    }


def test_a_refusal_names_the_roles_that_may() -> None:
    """Who is refused learns whom to ask."""
    verdict = decide(Actor("ana", "operator"), "audit:read")
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
    verdicts = [decide(Actor("ana", "admin"), action) for action in ACTIONS]
    assert not any(verdict.allowed for verdict in verdicts)
    assert verdicts[0].reason.startswith("There is no role 'admin'.")


def test_roles_hold_only_listed_actions_and_every_action_has_a_holder() -> None:
    """The table of roles and the list of actions fit each other."""
    assert set().union(*ROLES.values()) == set(ACTIONS)
    assert all(holders(action) for action in ACTIONS)


def test_the_tables_cannot_be_changed_at_run_time() -> None:
    """No code can give itself an action."""
    with pytest.raises(TypeError):
        ROLES["reader"] = frozenset(ACTIONS)  # type: ignore[index]  # that is the point
