"""Keeps every change of the workspace's settings in the audit.

Floor 4. Settings are a file that people edit, so changes are noticed, not announced: whoever opens
a workspace to change something compares the file with what the audit last saw.
"""

import json
import re
from collections.abc import Mapping

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.foundation.settings import SETTINGS_FILE
from opsgauge.governance.access import Actor
from opsgauge.governance.audit import AuditLine, Json, append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.tables import ONLY_ROW, SettingsNoted

ACTION = "settings:change"
_PASSWORD = re.compile(r"(://[^:/@\s]*):.*@")  # greedy: a password may hold an @ itself


def note_settings(
    database: Database, clock: Clock, actor: Actor, settings: Mapping[str, Json]
) -> AuditLine | None:
    """Write an audit line if the settings are not as they were last noted.

    The line holds the settings that differ, before and after; the first line holds them all.
    Passwords in URLs are left out.

    Returns
    -------
    The line, or None where nothing differs.
    """
    now = {name: _without_password(value) for name, value in settings.items()}
    with database.reading() as session:
        noted = session.get(SettingsNoted, ONLY_ROW)
        if noted is not None and noted.settings == json_text(now):
            return None  # the usual case, which need not wait for its turn to write
    with database.writing() as session:
        noted = session.get(SettingsNoted, ONLY_ROW, with_for_update=True)
        if noted is None:
            raise RecordsDamaged(
                "The records have lost the settings last noted.",
                hint="Restore the records from a backup.",
            )
        if noted.settings == json_text(now):
            return None
        before = json.loads(noted.settings) if noted.settings else None
        noted.settings = json_text(now) or ""
        return append_within(
            session,
            clock,
            actor,
            ACTION,
            SETTINGS_FILE,
            before=_only_differing(before, now),
            after=_only_differing(now, before),
        )


def _only_differing(
    settings: Mapping[str, Json] | None, others: Mapping[str, Json] | None
) -> Mapping[str, Json] | None:
    if settings is None or others is None:
        return settings
    return {k: v for k, v in settings.items() if k not in others or others[k] != v}


def _without_password(value: Json) -> Json:
    return _PASSWORD.sub(r"\1:***@", value) if isinstance(value, str) else value
