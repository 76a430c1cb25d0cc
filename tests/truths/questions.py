"""Plain counting in the log's tables: no metric, no analysis, nothing the product finds with."""

from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from tests.truths.conftest import Found


@dataclass(frozen=True)
class Bounce:
    """How often tickets went to and fro between two teams."""

    teams: tuple[str, str]
    returns: int  # from one to the other and straight back
    share: float  # of all returns on the desk


def bounces(found: Found) -> list[Bounce]:
    """Return all pairs of teams with returns between them, the most frequent first."""
    rows = found.rows(
        "WITH held AS (SELECT ticket_id, seq, team FROM history WHERE seq > 0 AND team IS NOT NULL "
        "QUALIFY team IS DISTINCT FROM lag(team) OVER (PARTITION BY ticket_id ORDER BY seq)), "
        "back AS (SELECT team, lead(team) OVER upto AS other, lead(team, 2) OVER upto AS third "
        "FROM held WINDOW upto AS (PARTITION BY ticket_id ORDER BY seq)) "
        "SELECT least(team, other), greatest(team, other), count(*) FROM back "
        "WHERE team = third GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    )
    every = sum(count for *_, count in rows)
    return [Bounce((one, other), count, count / every) for one, other, count in rows]


def monday_share(found: Found) -> float:
    """Return the share of incidents opened on a Monday, in the workspace's zone."""
    zone = ZoneInfo(found.context.workspace.settings.zone)
    opened = found.rows("SELECT opened_at FROM tickets WHERE practice = 'incident'")
    days = [moment.replace(tzinfo=UTC).astimezone(zone).weekday() for (moment,) in opened]
    return days.count(0) / len(days)


def updates_by_week(found: Found) -> dict[str, int]:
    """Return the updates of each week but the first and the last, by its Monday, zeros included."""
    rows = found.rows(
        "WITH weeks AS (SELECT unnest(generate_series(date_trunc('week', min(since)) + "
        "INTERVAL 7 DAY, max(since) - INTERVAL 7 DAY, INTERVAL 7 DAY)) AS week FROM history), "
        "counted AS (SELECT date_trunc('week', since) AS week, count(*) AS n "
        "FROM history WHERE seq > 0 GROUP BY 1) "
        "SELECT strftime(weeks.week, '%Y-%m-%d'), coalesce(n, 0) "
        "FROM weeks LEFT JOIN counted USING (week) ORDER BY 1"
    )
    return dict(rows)
