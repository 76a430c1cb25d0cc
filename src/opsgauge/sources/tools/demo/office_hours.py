"""The hours of an invented desk as calendar files, as somebody who works there would write them.

Floor 3. They say what the desk was invented with: when service levels count, and when each region's
desk is staffed. The files are text; nothing here knows who reads them.
"""

from pathlib import Path

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import LONG_DAY
from opsgauge.sources.tools.demo.organisation import Organisation, Team

HOLIDAY_NAMES = {
    (1, 1): "New Year",
    (1, 26): "Republic Day",
    (5, 1): "Labour Day",
    (9, 7): "Labour Day",
    (11, 26): "Thanksgiving",
    (12, 25): "Christmas Day",
    (12, 26): "Second day of Christmas",
}


def write_office_hours(organisation: Organisation, folder: Path) -> tuple[Path, ...]:
    """Write `service-hours.yaml`, and `desk-REGION.yaml` for each region; return the files."""
    home = organisation.locations[0]
    told = {"service-hours": _calendar(f"Service in {home.name}", home.zone, home.region, LONG_DAY)}
    for team in organisation.teams:
        if team.kind == "desk":
            told[f"desk-{team.region.lower()}"] = _of_desk(team)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, text in told.items():
        file = folder / f"{name}.yaml"
        file.write_text(text, "utf-8")
        files.append(file)
    return tuple(files)


def _of_desk(team: Team) -> str:
    staffed = (team.shifts[0][0], team.shifts[-1][1])  # shifts of a desk overlap
    return _calendar(team.name, team.zone, team.region, staffed)


def _calendar(title: str, zone: str, region: str, hours: tuple[float, float]) -> str:
    opens, closes = (f"{int(hour):02}:{round(hour % 1 * 60):02}" for hour in hours)
    days = [
        f'    - {{every: "{month:02}-{day:02}", name: {HOLIDAY_NAMES[month, day]}}}'
        for month, day in words.HOLIDAYS[region]
    ]
    lines = [
        f"title: {title}",
        f"zone: {zone}",
        "week:",
        f'  monday-friday: ["{opens}-{closes}"]',
        "holidays:",
        "  dates:",
        *days,
    ]
    return "\n".join(lines) + "\n"
