"""Making a workspace.

Floor 5.
"""

from pathlib import Path

from opsgauge.foundation.settings import Workspace, make_workspace
from opsgauge.governance import audit
from opsgauge.governance.settings_log import note_settings
from opsgauge.operations.context import Context


def make(folder: Path, settings_text: str = "") -> Workspace:
    """Make a workspace, with the first lines of its audit.

    Needs `workspace:make`, which whoever may write the folder holds.
    """
    made = make_workspace(folder, settings_text)
    ctx = Context(made)
    ctx.require("workspace:make")
    audit.append(ctx.database, ctx.clock, ctx.actor, "workspace:make", str(made.path.name))
    note_settings(ctx.database, ctx.clock, ctx.actor, made.settings.model_dump())
    return made
