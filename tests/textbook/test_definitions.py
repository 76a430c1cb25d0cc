"""Published examples of metrics whose name alone says too little: each variant gives its number."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opsgauge.metrics.example import make_desk
from tests.metrics.desks import Opened, open_desk

BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
Row = dict[str, Any]


def contact(number: int, **said: Any) -> Row:
    """Return a contact of its own person, some minutes after the one before."""
    return {
        "started_at": BEGIN + timedelta(minutes=number),
        "requester": f"User {number}",
        "queue": "First line",
        "resolved": False,
        **said,
    }


@pytest.fixture(scope="module")
def hundred() -> Opened:
    """Open a desk of 100 contacts: 60 resolved at once, 20 not for a desk, 6 of the 60 back."""
    resolved = [contact(n, resolved=True) for n in range(60)]
    not_ours = [contact(n, queue="Field service") for n in range(60, 80)]
    back = [
        contact(n, requester=f"User {n - 80}", started_at=BEGIN + timedelta(days=3, minutes=n))
        for n in range(80, 86)
    ]
    others = [contact(n) for n in range(86, 100)]
    return open_desk(make_desk([], records={"contacts": [*resolved, *not_ours, *back, *others]}))


@pytest.mark.row("CAT-09")
@pytest.mark.parametrize(
    ("variant", "share", "n"),
    [
        ("fcr_gross_share", 0.60, 100),
        ("fcr_net_share", 0.75, 80),
        ("fcr_adjusted_share", 0.675, 80),
    ],
)
def test_first_contact_resolution_by_its_name(
    hundred: Opened, variant: str, share: float, n: int
) -> None:
    """MetricNet's gross and net; the adjusted one leaves out who came back within seven days."""
    point = hundred.only(variant)

    assert point.n == n
    assert point.value == pytest.approx(share)
    assert point.numerator == pytest.approx(share * n)


def test_change_failure_rate_counts_deployments_and_not_incidents() -> None:
    """Six incidents on four of 23 deployments: 17.4 %, Wilson 7.0 to 37.1 %, and not 26.1 %."""
    failed = ["INC1", "INC2", "INC3", "INC4"]  # INC5 and INC6 came of the same two deployments
    deployments = [
        {
            "environment": "Production",
            "finished_at": BEGIN + timedelta(hours=n),
            "failed_by": failed[n] if n < len(failed) else None,
        }
        for n in range(23)
    ]
    point = open_desk(make_desk([], records={"deployments": deployments})).only(
        "deployment_failure_share"
    )

    assert (point.numerator, point.n) == (4, 23)
    assert [round(100 * (part or 0), 1) for part in (point.value, point.low, point.high)] == [
        17.4,
        7.0,
        37.1,
    ]


def test_the_same_answers_read_against_contacts_and_against_answers() -> None:
    """50 dissatisfied are 11.9 % of 420 answers, and 0.25 % of 20,000 contacts."""
    answers = [
        {
            "kind": "satisfaction",
            "answered_at": BEGIN,
            "score": 1 if n < 50 else 5,
            "scale_min": 1,
            "scale_max": 5,
        }
        for n in range(420)
    ]
    contacts = [{"started_at": BEGIN} for _ in range(20_000)]
    desk = open_desk(make_desk([], records={"surveys": answers, "contacts": contacts}))

    assert desk.only("dissatisfied_share").value == pytest.approx(50 / 420)
    assert desk.only("dissatisfied_per_contact").value == pytest.approx(0.0025)


def test_a_net_promoter_score_has_the_interval_of_its_answers() -> None:
    """Promoters less detractors, over all who answered; the passive count below the line."""
    scores = [10] * 50 + [8] * 30 + [3] * 20
    rows = [
        {
            "kind": "recommendation",
            "answered_at": BEGIN,
            "score": score,
            "scale_min": 0,
            "scale_max": 10,
        }
        for score in scores
    ]
    point = open_desk(make_desk([], records={"surveys": rows})).only("net_promoter_score")

    assert point.n == 100
    assert point.value == pytest.approx(30)
    # Student's t with 99 degrees on answers of 100, 0 and -100: 1.984 * 78.49 / 10
    assert point.low == pytest.approx(14.42, abs=0.01)
    assert point.high == pytest.approx(45.58, abs=0.01)
