"""The public logs give the numbers that were computed from them apart from Opsgauge."""

import csv
from collections import Counter, defaultdict
from io import TextIOWrapper
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from statistics import fmean, median
from zipfile import ZipFile

import pytest

from tests.conftest import Intake

UCI = "source = 'uci_incidents'"
UCI_FILE = "uci_incident/incident_event_log_original.zip"
BPI = "source = 'bpic2013'"
HOURS = "(epoch_us(resolved_at) - epoch_us(opened_at)) / 3.6e9"

pytestmark = pytest.mark.row("ING-01")


def only(logs: Intake, query: str) -> tuple[object, ...]:
    """Return the one row of a query."""
    [row] = logs.rows(query)
    return row


def test_every_incident_and_update_of_uci_is_there(public_logs: Intake) -> None:
    """Of 141,712 rows none is lost and none rejected; seq counts them from 1 without a gap."""
    assert only(public_logs, f"SELECT count(*), sum(update_count) FROM tickets WHERE {UCI}") == (
        24_918,
        141_712,
    )
    assert only(public_logs, f"SELECT count(*) FROM history WHERE {UCI} AND seq > 0") == (141_712,)
    assert only(
        public_logs,
        "SELECT count(*) FROM (SELECT ticket_id, count(*) AS n, max(seq) AS last FROM history "
        f"WHERE {UCI} AND seq > 0 GROUP BY ticket_id) WHERE n <> last",
    ) == (0,)
    assert only(public_logs, "SELECT count(*) FROM rejected") == (0,)


@pytest.mark.row("ING-04")
def test_the_states_of_uci_are_counted_and_the_one_unknown_is_reported(
    public_logs: Intake,
) -> None:
    """State -100 gets no phase, and the receipt names it with its five rows."""
    states = public_logs.rows(
        f"SELECT original_status, count(*) FROM history WHERE {UCI} AND seq > 0 GROUP BY 1"
    )
    assert dict(states) == {
        "Active": 38_716,
        "New": 36_407,
        "Resolved": 25_751,
        "Closed": 24_985,
        "Awaiting User Info": 14_642,
        "Awaiting Vendor": 707,
        "Awaiting Problem": 461,
        "Awaiting Evidence": 38,
        "-100": 5,
    }
    assert public_logs.rows(
        f"SELECT DISTINCT original_status FROM history WHERE {UCI} AND seq > 0 AND phase IS NULL"
    ) == [("-100",)]
    assert only(public_logs, f"SELECT unmapped FROM receipts WHERE {UCI}") == (
        '{"original_status": {"-100": 5}}',
    )


@pytest.mark.row("ING-06")
def test_each_file_leaves_a_receipt(public_logs: Intake) -> None:
    """Rows read and kept, the first and last moment in them, and the file's own checksum."""
    receipts = public_logs.rows(
        'SELECT source, file, "read", accepted, duplicate, rejected, '
        "strftime(earliest, '%Y-%m-%d'), strftime(latest, '%Y-%m-%d'), length(checksum) "
        "FROM receipts ORDER BY received_at"
    )
    assert receipts == [
        (
            "uci_incidents",
            "incident_event_log_original.zip",
            *(141_712, 141_712, 0, 0, "2016-02-29", "2017-02-18", 64),
        ),
        (
            "bpic2013",
            "BPIC13_incidents.xes.gz",
            *(65_533, 65_533, 0, 0, "2010-03-31", "2012-05-22", 64),
        ),
    ]


def test_uci_as_its_own_fields_tell_it(public_logs: Intake) -> None:
    """Service level, reopenings, reassignments, channel and ends, by the last row of each."""
    assert only(
        public_logs,
        "SELECT count(*) FILTER (sla_met), round(100 * avg(sla_met::INT), 2), "
        "count(*) FILTER (reopen_count > 0), count(*) FILTER (handoff_count > 0), "
        "round(avg(handoff_count), 3), count(resolved_at), count(*) - count(resolved_at), "
        "count(closed_at), count(*) FILTER (channel = 'Phone') "
        f"FROM tickets WHERE {UCI}",
    ) == (15_803, 63.42, 275, 11_369, 0.940, 23_362, 1_556, 24_918, 24_688)


@pytest.mark.row("ING-02")
def test_uci_as_its_history_tells_it(public_logs: Intake) -> None:
    """Passages through the states say otherwise in places, and stand beside the fields."""
    assert only(
        public_logs,
        "SELECT count(DISTINCT ticket_id) FILTER (original_status = 'Resolved'), "
        "count(DISTINCT ticket_id) FILTER (passage = 'reopened'), "
        f"count(*) FILTER (passage = 'reopened') FROM history WHERE {UCI}",
    ) == (24_905, 276, 332)
    assert only(
        public_logs,
        "SELECT count(*) FILTER (history_reopen_count > 0), sum(history_reopen_count), "
        "count(*) FILTER (history_handoff_count > 0), "
        f"count(*) FILTER (reopen_count <> history_reopen_count) > 0 FROM tickets WHERE {UCI}",
    ) == (276, 332, 9_575, True)


def test_hours_to_resolution_in_uci(public_logs: Intake) -> None:
    """Median, 90th percentile and mean of 23,362 tickets, and by priority."""
    assert only(
        public_logs,
        f"SELECT count({HOURS}), round(quantile_cont({HOURS}, 0.5), 3), "
        f"round(quantile_cont({HOURS}, 0.9), 3), round(avg({HOURS}), 3) FROM tickets WHERE {UCI}",
    ) == (23_362, 22.1, 381.548, 178.172)
    by_priority = public_logs.rows(
        f"SELECT priority, count({HOURS}), round(quantile_cont({HOURS}, 0.5), 3), "
        f"round(quantile_cont({HOURS}, 0.9), 2) FROM tickets WHERE {UCI} GROUP BY 1 ORDER BY 1"
    )
    assert by_priority == [
        ("1 - Critical", 270, pytest.approx(80.24, abs=0.005), 616.44),
        ("2 - High", 408, pytest.approx(38.23, abs=0.005), pytest.approx(381.57, abs=0.011)),
        ("3 - Moderate", 22_010, 21.55, 374.61),
        ("4 - Low", 674, 5.017, 502.30),
    ]


def test_hours_to_the_first_resolution_in_uci(public_logs: Intake) -> None:
    """The field tells of the last resolution; the first, by history, had a shorter median."""
    assert only(
        public_logs,
        "SELECT round(quantile_cont((epoch_us(first) - epoch_us(opened_at)) / 3.6e9, 0.5), 2) "
        "FROM (SELECT ticket_id, any_value(h.opened_at) AS opened_at, min(since) AS first "
        f"FROM history AS h JOIN tickets AS t USING (source, ticket_id) WHERE {UCI} "
        "AND h.passage = 'resolved' AND t.resolved_at IS NOT NULL GROUP BY ticket_id)",
    ) == (21.13,)


def test_incidents_opened_per_month_in_uci(public_logs: Intake) -> None:
    """Only March to May 2016 are whole; the rest is a tail of a few."""
    months = dict(
        public_logs.rows(
            f"SELECT strftime(opened_at, '%Y-%m'), count(*) FROM tickets WHERE {UCI} GROUP BY 1"
        )
    )
    first = {"2016-02": 207, "2016-03": 8_995, "2016-04": 7_934, "2016-05": 7_508}
    assert {month: months[month] for month in first} == first
    assert all(5 <= n <= 94 for month, n in months.items() if month not in first)


def test_updates_of_uci_that_step_back_in_time_are_told(public_logs: Intake) -> None:
    """In the order of sys_mod_count five incidents do; none gets an interval that ends early."""
    assert only(
        public_logs,
        f"SELECT count(DISTINCT ticket_id) FROM history WHERE {UCI} AND moved_us > 0",
    ) == (5,)
    assert only(public_logs, "SELECT count(*) FROM history WHERE until < since") == (0,)


def test_links_of_uci_are_those_of_the_file(public_logs: Intake, shared_data: Path) -> None:
    """Each tie to a problem, change or cause once, however many updates repeat it."""
    tied: Counter[str] = Counter()
    met: set[tuple[str, str, str]] = set()
    columns = {"problem_id": "problem_of", "rfc": "fixed_by", "caused_by": "caused_by"}
    with (
        ZipFile(shared_data / UCI_FILE) as archive,
        archive.open(archive.namelist()[0]) as packed,
        TextIOWrapper(packed, encoding="utf-8", newline="") as lines,
    ):
        for row in csv.DictReader(lines):
            ties = {(row["number"], kind, row[name]) for name, kind in columns.items()} - met
            tied.update(kind for _, kind, to in ties if to != "?")
            met |= ties
    kept = public_logs.rows(f"SELECT kind, count(*) FROM links WHERE {UCI} GROUP BY kind")
    assert dict(kept) == dict(tied)
    assert set(tied) == set(columns.values())


def test_every_event_and_case_of_bpi_is_there(public_logs: Intake) -> None:
    """Statuses as counted, and as many variants as there are paths."""
    assert only(
        public_logs,
        "SELECT count(*), sum(update_count), count(DISTINCT variant), "
        f"count(DISTINCT variant_original_status) FROM tickets WHERE {BPI}",
    ) == (7_554, 65_533, 1_511, 2_278)
    statuses = public_logs.rows(
        f"SELECT activity, count(*) FROM history WHERE {BPI} AND seq > 0 GROUP BY 1"
    )
    assert dict(statuses) == {
        "Accepted": 40_117,
        "Completed": 13_867,
        "Queued": 11_544,
        "Unmatched": 5,
    }


def test_days_from_first_to_last_event_in_bpi(public_logs: Intake) -> None:
    """Counted here from the starts of the intervals."""
    spans = public_logs.rows(
        "SELECT (epoch_us(max(since)) - epoch_us(min(since))) / 8.64e10 FROM history "
        f"WHERE {BPI} AND seq > 0 GROUP BY ticket_id"
    )
    days = sorted(float(days) for (days,) in spans)
    place = 0.9 * (len(days) - 1)
    low = int(place)
    ninetieth = days[low] + (place - low) * (days[low + 1] - days[low])
    assert fmean(days) == pytest.approx(12.079, abs=0.0005)
    assert median(days) == pytest.approx(7.549, abs=0.0005)
    assert ninetieth == pytest.approx(22.556, abs=0.0005)


def test_most_frequent_followings_in_bpi(public_logs: Intake) -> None:
    """What follows what, by the next state that each interval names and by the rows themselves."""
    named = public_logs.rows(
        f"SELECT original_status, next_status, count(*) FROM history WHERE {BPI} AND seq > 0 "
        "AND next_status IS NOT NULL GROUP BY ALL ORDER BY 3 DESC LIMIT 3"
    )
    assert named == [
        ("Queued/Awaiting Assignment", "Accepted/In Progress", 10_700),
        ("Accepted/In Progress", "Queued/Awaiting Assignment", 8_458),
        ("Accepted/In Progress", "Accepted/In Progress", 7_293),
    ]
    walked = public_logs.rows(
        f"SELECT ticket_id, original_status FROM history WHERE {BPI} AND seq > 0 "
        "ORDER BY ticket_id, seq"
    )
    followings = Counter((a[1], b[1]) for a, b in pairwise(walked) if a[0] == b[0])
    assert [(a, b, n) for (a, b), n in followings.most_common(3)] == named


@pytest.mark.row("ING-02")
def test_teams_hand_over_and_play_ping_pong_in_bpi(public_logs: Intake) -> None:
    """Walked in plain Python: a team after another, and A to B straight back to A."""
    rows = public_logs.rows(
        f"SELECT ticket_id, team FROM history WHERE {BPI} AND seq > 0 ORDER BY ticket_id, seq"
    )
    handoffs: Counter[str] = Counter()
    returns: Counter[str] = Counter()
    for ticket, updates in groupby(rows, key=itemgetter(0)):
        stays = [team for team, _ in groupby(team for _, team in updates)]
        handoffs[ticket] = len(stays) - 1
        returns[ticket] = sum(a == c for a, c in zip(stays, stays[2:], strict=False))
    assert handoffs.total() == 9_454
    assert handoffs.total() / len(handoffs) == pytest.approx(1.2515, abs=0.00005)
    assert sum(n > 0 for n in handoffs.values()) == 3_820
    assert (returns.total(), sum(n > 0 for n in returns.values())) == (2_394, 1_177)
    counted = dict(
        public_logs.rows(f"SELECT ticket_id, history_handoff_count FROM tickets WHERE {BPI}")
    )
    assert counted == dict(handoffs)


def test_support_lines_in_bpi(public_logs: Intake) -> None:
    """The highest line each incident reached: 4,546 never left the first."""
    highest: dict[str, int] = defaultdict(lambda: 1)
    for ticket, team in public_logs.rows(
        f"SELECT ticket_id, team FROM history WHERE {BPI} AND seq > 0"
    ):
        line = 3 if team.endswith("3rd") else 2 if team.endswith("2nd") else 1
        highest[ticket] = max(highest[ticket], line)
    assert Counter(highest.values()) == {1: 4_546, 2: 2_464, 3: 544}
    assert 4_546 / len(highest) == pytest.approx(0.6018, abs=0.00005)


def test_waits_for_the_user_and_last_states_in_bpi(public_logs: Intake) -> None:
    """4,217 events in 2,495 cases wait for the user; three states are the last of a ticket."""
    assert only(
        public_logs,
        f"SELECT count(*), count(DISTINCT ticket_id) FROM history WHERE {BPI} "
        "AND original_status = 'Accepted/Wait - User' AND phase = 'pending_user'",
    ) == (4_217, 2_495)
    last = dict(
        public_logs.rows(
            f"SELECT original_status, count(*) FROM tickets WHERE {BPI} GROUP BY 1 ORDER BY 2 DESC"
        )
    )
    assert {status.partition("/")[2]: n for status, n in list(last.items())[:3]} == {
        "Closed": 5_573,
        "In Call": 1_882,
        "Resolved": 90,
    }


@pytest.mark.row("ING-15")
def test_offsets_of_bpi_become_utc(public_logs: Intake) -> None:
    """The first event is written 2010-03-31T16:59:42+02:00, which is 14:59:42 in UTC."""
    assert only(
        public_logs,
        f"SELECT strftime(min(since), '%Y-%m-%dT%H:%M:%S') FROM history WHERE {BPI}",
    ) == ("2010-03-31T14:59:42",)


@pytest.mark.row("ING-02")
@pytest.mark.parametrize("which", [UCI, BPI])
def test_intervals_follow_each_other_without_gap_or_overlap(
    public_logs: Intake, which: str
) -> None:
    """At any moment after its first, a ticket is in one state; only the last state lasts."""
    assert only(
        public_logs,
        "SELECT count(*) FILTER (until IS DISTINCT FROM following), "
        "count(*) FILTER (until IS NULL) - count(DISTINCT ticket_id) FROM (SELECT *, "
        "lead(since) OVER (PARTITION BY ticket_id ORDER BY seq) AS following FROM history "
        f"WHERE {which})",
    ) == (0, 0)


@pytest.mark.row("ING-16")
def test_nobody_is_named_in_the_public_logs(public_logs: Intake) -> None:
    """People are shown as Agent 1, Agent 2 …; each number once, from 1 without a gap."""
    people = public_logs.rows(
        "SELECT assignee AS a FROM history UNION SELECT actor FROM history "
        "UNION SELECT requester FROM tickets UNION SELECT assignee FROM tickets"
    )
    shown = {name for (name,) in people if name is not None}
    assert len(shown) > 100
    assert all(name.startswith("Agent ") for name in shown)
    numbers = public_logs.rows("SELECT number, alias FROM persons ORDER BY number")
    assert numbers == [(n, f"Agent {n}") for n in range(1, len(numbers) + 1)]
