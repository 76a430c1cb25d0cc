"""The change calendar, approvals and deployments agree with the audit log."""

from opsgauge.sources.tools.demo.beside.changing import STEPS
from tests.sources.tools.demo.beside.conftest import Asked


def test_work_on_a_change_begins_when_the_log_says(asked: Asked) -> None:
    """To the second; a window is planned before work begins and ends after it began."""
    assert asked(
        "SELECT count(*) FROM changes AS c JOIN (SELECT number, min(updated_at) AS at FROM log "
        "WHERE state = 'Implementing' GROUP BY number) AS l USING (number) "
        "WHERE c.work_start IS DISTINCT FROM l.at OR c.planned_start > c.work_start "
        "OR c.planned_end <= c.planned_start"
    ) == [(0,)]


def test_an_outcome_is_known_when_the_work_is_done(asked: Asked) -> None:
    """Changes on their way have none, and lost minutes only where a change hurt."""
    assert asked("SELECT count(*) FROM changes WHERE (outcome IS NULL) <> (work_end IS NULL)") == [
        (0,)
    ]
    [(hurt,)] = asked("SELECT count(*) FROM changes WHERE outage_min > 0")
    [(n,)] = asked("SELECT count(*) FROM changes")
    assert 0 < hurt < n / 2


def test_every_wait_for_a_yes_is_an_approval(asked: Asked) -> None:
    """As many as the log has of them, each decided when the ticket went on."""
    assert asked(
        "SELECT count(*) FROM log WHERE state IN ('Awaiting Approval', 'Awaiting Authorisation', "
        "'Awaiting Go-Live', 'Awaiting Review')"
    ) == asked("SELECT count(*) FROM approvals")
    assert asked("SELECT count(*) FROM approvals WHERE decided < requested") == [(0,)]
    assert {step for (step,) in asked("SELECT DISTINCT step FROM approvals")} <= {*STEPS.values()}


def test_some_deployments_fail_and_are_mended(asked: Asked) -> None:
    """Around one in fifteen; a fix follows a failure and no commit comes after its deployment."""
    [(share, late)] = asked(
        "SELECT avg((NOT succeeded)::INT), count(*) FILTER (first_commit >= started) "
        "FROM deployments"
    )
    assert 0.02 < share < 0.14
    assert late == 0
