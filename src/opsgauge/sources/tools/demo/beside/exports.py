"""Writes the exports of the desk's other tools, each beside the mapping that reads it.

Floor 3.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from opsgauge.sources.tools.demo.beside.answering import contacts, surveys
from opsgauge.sources.tools.demo.beside.changing import approvals, changes, deployments
from opsgauge.sources.tools.demo.beside.lists import (
    catalogue_items,
    configuration_items,
    contracts,
    costs,
    dependencies,
    services,
)
from opsgauge.sources.tools.demo.beside.noting import notes
from opsgauge.sources.tools.demo.beside.scene import Scene
from opsgauge.sources.tools.demo.beside.writing import article_uses, articles
from opsgauge.sources.tools.demo.export import write_csv

MAPPINGS = Path(__file__).parent / "mappings"
TABLES: Mapping[str, Callable[[Scene], pa.Table]] = {
    "services": services,
    "catalogue_items": catalogue_items,
    "configuration_items": configuration_items,
    "dependencies": dependencies,
    "contracts": contracts,
    "costs": costs,
    "changes": changes,
    "approvals": approvals,
    "deployments": deployments,
    "contacts": contacts,
    "surveys": surveys,
    "notes": notes,
    "articles": articles,
    "article_uses": article_uses,
}


def write_beside(scene: Scene, folder: Path) -> tuple[tuple[Path, Path], ...]:
    """Write every export into the folder; return each file with its mapping."""
    written = []
    for name, make in TABLES.items():
        file = folder / f"{name}.csv"
        write_csv([make(scene)], file)
        written.append((file, MAPPINGS / f"{name}.yaml"))
    return tuple(written)
