"""An invented desk in a workspace: made, imported, and nothing of it left lying about.

Floor 5. The import is the ordinary one, with the mapping that a user of such a tool would write.
What was asked for stands in `demo.json`, to see whether it is there already; how large each planted
truth turned out stands in `truths.json`, which no part of the product reads.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import Misuse, UnknownName, did_you_mean
from opsgauge.foundation.settings import DEFAULT_SETTINGS, SETTINGS_FILE, Workspace, open_workspace
from opsgauge.log.calendars.reading import FOLDER as CALENDARS
from opsgauge.log.mapping import read_mapping
from opsgauge.log.raw import raw_table
from opsgauge.log.service_levels.reading import FOLDER as SERVICE_LEVELS
from opsgauge.metrics.objectives import FOLDER as OBJECTIVES
from opsgauge.metrics.policies.reading import FOLDER as RULES
from opsgauge.operations import workspace as workspaces
from opsgauge.operations.answers import Imported
from opsgauge.operations.conformance.models import FOLDER as MODELS
from opsgauge.operations.context import Context
from opsgauge.operations.ingest import ingest
from opsgauge.sources.tools.demo.desk import MAPPING, Invented, invent
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.warehouse import versions
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion

TRUTHS = ALL_TRUTHS
TOLD, ASKED = "truths.json", "demo.json"
Progress = Callable[[str, float | None], None]


def _quietly(what: str, share: float | None) -> None:
    pass


def demo(
    where: Path,
    clock: Clock,
    tickets: int = 60_000,
    seed: int = 1,
    plant: Collection[str] = TRUTHS,
    progress: Progress = _quietly,
) -> Imported:
    """Make a workspace where there is none, invent a desk that ends yesterday, and import it.

    Needs `import:run`, and `workspace:make` where there is no workspace yet. Where the desk asked
    for is there already, nothing is done, and the notes say so.

    Raises
    ------
    UnknownName : there is no such truth to plant
    Misuse : the workspace holds another invented desk
    """
    check_truths(plant)
    if (where / SETTINGS_FILE).is_file():
        there = _there_already(open_workspace(where), tickets, seed, plant)
        if there is not None:
            return there
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-demo-"))
    try:
        progress("Inventing a desk", None)
        imported = taken_in(where, clock, export(folder, clock, tickets, seed, plant), progress)
        asked = json.dumps(_asked(tickets, seed, plant), indent=2)
        (where / ASKED).write_text(asked + "\n", "utf-8")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return imported


def is_made(where: Path) -> bool:
    """Say whether a workspace holds an invented desk, whichever."""
    return (where / ASKED).is_file()


def taken_in(
    where: Path, clock: Clock, invented: Invented, progress: Progress = _quietly
) -> Imported:
    """Import an invented desk into a workspace, with its hours, promises and rules.

    Needs `import:run`, and `workspace:make` where there is no workspace yet.
    """
    workspace = _workspace(where, invented.zone)
    ctx = Context(workspace, clock=clock, progress=progress)
    for file, mapping in invented.beside:
        ingest(ctx, [file], str(mapping))
    imported = ingest(ctx, invented.files, str(invented.mapping))
    shutil.copy(invented.truths, workspace.path / TOLD)
    _keep(workspace, CALENDARS, invented.calendars)
    _keep(workspace, SERVICE_LEVELS, [invented.service_levels])
    _keep(workspace, OBJECTIVES, [invented.objectives])
    _keep(workspace, RULES, [invented.rules])
    _keep(workspace, MODELS, [invented.model])
    return imported


def export(
    folder: Path,
    clock: Clock,
    tickets: int = 60_000,
    seed: int = 1,
    plant: Collection[str] = TRUTHS,
) -> Invented:
    """Write the export of an invented desk that ends yesterday into a folder, and keep it there.

    Raises
    ------
    UnknownName : there is no such truth to plant
    """
    check_truths(plant)
    yesterday = (clock() - timedelta(days=1)).date()
    return invent(folder, seed, tickets, plant, yesterday)


def check_truths(plant: Collection[str]) -> None:
    """Refuse names of truths that are none."""
    for name in plant:
        if name not in TRUTHS:
            raise UnknownName(
                f"There is no truth {name!r} to plant.", hint=did_you_mean(name, TRUTHS)
            )


def _workspace(where: Path, zone: str) -> Workspace:
    """Open the workspace, or make one that cuts days where the desk's head office is."""
    if (where / SETTINGS_FILE).is_file():
        return open_workspace(where)
    told = DEFAULT_SETTINGS.replace('zone = "UTC"', f'zone = "{zone}"')
    # Nobody in it is real.
    return workspaces.make(where, told.replace("person_level = false", "person_level = true"))


def _keep(workspace: Workspace, folder: str, files: Collection[Path]) -> None:
    """Give the workspace the desk's hours or promises; what is there already stays as it is."""
    where = workspace.path / folder
    where.mkdir(exist_ok=True)
    for file in files:
        if not (where / file.name).exists():
            shutil.copy(file, where / file.name)


def _asked(tickets: int, seed: int, plant: Collection[str]) -> dict[str, Any]:
    return {"seed": seed, "tickets": tickets, "planted": sorted(plant)}


def _there_already(
    workspace: Workspace, tickets: int, seed: int, plant: Collection[str]
) -> Imported | None:
    """Return an answer where the workspace holds the desk asked for, None where it holds none."""
    held = _held(workspace)
    if held is None:
        return None
    file = workspace.path / ASKED
    told: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    asked = _asked(tickets, seed, plant)
    differs = [name for name, value in asked.items() if told.get(name) != value]
    if differs:
        raise Misuse(
            f"{workspace.path} holds another invented desk already: its "
            f"{', '.join(differs)} {'differs' if len(differs) == 1 else 'differ'}.",
            hint="Name another folder with --workspace, or remove this one.",
        )
    return Imported(
        data_version=held.version,
        read=0,
        accepted=0,
        duplicate=0,
        rejected=0,
        tickets_touched=0,
        unmapped={},
        seconds=0.0,
        notes=(f"This desk (seed {seed}) is in {workspace.path} already; it is not made again.",),
    )


def _held(workspace: Workspace) -> DataVersion | None:
    """Return the newest data version if it holds an invented desk."""
    version = versions.latest(Warehouse(workspace.warehouse))
    mapping, _ = read_mapping(MAPPING)
    return version if version and raw_table(mapping.stream) in version.tables else None
