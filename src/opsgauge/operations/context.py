"""What every operation is given: who asks, what they may see, and the parts of the house.

Floor 5. The one place where parts are put together; tests swap them here.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from opsgauge.foundation.agreed import AgreedPhases, Exclusion, Scope
from opsgauge.foundation.clock import Clock, system_clock
from opsgauge.foundation.errors import NotAllowed, WorkspaceMissing
from opsgauge.foundation.settings import Workspace
from opsgauge.governance.access import LOCAL, Actor, decide, scope_of
from opsgauge.governance.database import Database, open_database
from opsgauge.governance.exclusions import Entry, in_force, register
from opsgauge.governance.phases import agreed_phases
from opsgauge.log.door import LogTables, open_tables
from opsgauge.log.periods import start_of_day
from opsgauge.metrics.load import Catalogue, load_catalogue
from opsgauge.operations.answers import Provenance
from opsgauge.operations.opened import OpenVersion, Readers
from opsgauge.warehouse import versions
from opsgauge.warehouse.tables import Warehouse

A_DAY = timedelta(days=1)


class Records:
    """The records of a workspace, opened once for every context that was made of another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: Database | None = None

    def of(self, workspace: Workspace) -> Database:
        """Return them, opened."""
        with self._lock:
            if self._opened is None:
                self._opened = open_database(workspace.records_url)
            return self._opened


@dataclass(frozen=True)
class Context:
    """A workspace as one actor sees it.

    Attributes
    ----------
    version : the data version to read; None is the newest
    readers : opened data versions, shared by all contexts of a process
    progress : told of steps that take time: what is done, how far (0 to 1, or None)
    held : the data version this context holds on to, see `holding`
    left_out : where a number is made, what is left out of it; else None, see `leaving_out`
    defined : the catalogue to go by instead of the workspace's own of now
    records : the workspace's records, shared by all contexts of a process
    looked : told who looked at whom (pseudonyms), and where; None: it is written down at once
    """

    workspace: Workspace
    actor: Actor = LOCAL
    clock: Clock = system_clock
    version: int | None = None
    readers: Readers = field(default_factory=Readers)
    progress: Callable[[str, float | None], None] = lambda what, share: None
    held: OpenVersion | None = None
    left_out: tuple[Exclusion, ...] | None = None
    defined: Catalogue | None = None
    records: Records = field(default_factory=Records)
    looked: Callable[[str, frozenset[str], str], None] | None = None

    def require(self, action: str) -> None:
        """Go on only if the actor may do this.

        Raises
        ------
        NotAllowed : with the reason
        """
        verdict = decide(self.actor, action)
        if not verdict.allowed:
            raise NotAllowed(verdict.reason)

    @cached_property
    def sight(self) -> Scope:
        """The records the actor may see; nothing else says so."""
        return scope_of(self.actor)

    @cached_property
    def scope(self) -> Scope:
        """What the actor sees, and what numbers leave out of it.

        What is remembered of a data version is remembered by this.
        """
        left_out = self.exclusions if self.left_out is None else self.left_out
        return replace(self.sight, without=left_out)

    @cached_property
    def exclusions(self) -> tuple[Exclusion, ...]:
        """What people agreed to leave out of numbers, and is in force now."""
        return tuple(self._agreed(entry) for entry in in_force(self.database))

    def _agreed(self, entry: Entry) -> Exclusion:
        wanted, zone = entry.wanted, self.workspace.zone
        return Exclusion(
            number=entry.number,
            why=wanted.why,
            metric=wanted.metric,
            rules=wanted.rules,
            tickets=wanted.tickets,
            since=start_of_day(wanted.from_, zone) if wanted.from_ else None,
            until=start_of_day(wanted.to + A_DAY, zone) if wanted.to else None,
        )

    @cached_property
    def phases(self) -> tuple[AgreedPhases, ...]:
        """What is agreed on about charts of which the actor sees every record.

        Limits frozen of all records would tell of those that somebody does not see.
        """
        every = agreed_phases(self.database)
        return tuple(each for each in every if self.sight.shows_all(each.series.segment))

    def leaving_out(self, metric: str) -> "Context":
        """Return this context without the tickets that are left out of a metric's numbers."""
        if self.left_out is not None:
            return self
        of_it = tuple(each for each in self.exclusions if each.is_of(metric))
        return replace(self, left_out=of_it)

    def leaving_out_these(self, numbers: Collection[int]) -> "Context":
        """Return this context without what these exclusions mean, whether they count now or not."""
        known = [entry for entry in register(self.database) if entry.number in numbers]
        return replace(self, left_out=tuple(map(self._agreed, reversed(known))))

    def leaving_nothing_out(self) -> "Context":
        """Return this context with the tickets that numbers leave out."""
        return replace(self, left_out=())

    @property
    def warehouse(self) -> Warehouse:
        """The workspace's tables."""
        return Warehouse(self.workspace.warehouse)

    @property
    def database(self) -> Database:
        """The workspace's records."""
        return self.records.of(self.workspace)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The metrics: the built-in ones and the workspace's own."""
        return self.defined or load_catalogue(self.workspace.path / "catalogue")

    @property
    def tables(self) -> LogTables:
        """The tables of the log, without the rows that the scope hides.

        Tickets left out of numbers are hidden only where a number is made.
        """
        return open_tables(replace(self.sight, without=self.left_out or ()))

    def opened(self) -> OpenVersion:
        """Return the data version to read, opened.

        Raises
        ------
        WorkspaceMissing : nothing is imported yet
        """
        if self.held is not None:
            return self.held
        if self.version is not None:
            chosen: versions.DataVersion | None = versions.get(self.warehouse, self.version)
        else:
            chosen = versions.latest(self.warehouse)
        if chosen is None or chosen.watermark is None:
            raise WorkspaceMissing(
                "There are no tickets in this workspace yet.",
                hint="opsgauge import FILE --mapping NAME_OR_PATH",
            )
        return self.readers.open(self.workspace, chosen)

    def holding(self) -> "Context":
        """Return this context holding on to the data version that it reads now.

        What is asked of it afterwards is of one data version, whatever is imported meanwhile.
        """
        return replace(self, held=self.opened())

    def provenance(self, definition: str = "") -> Provenance:
        """Say from what an answer was computed."""
        opened = self.opened()
        return Provenance(
            data_version=opened.version.version,
            data_as_of=opened.version.watermark,
            loaded_at=opened.version.made_at,
            definition=definition,
            zone=self.workspace.settings.zone,
        )

    def as_known(self, moment: datetime) -> "Context":
        """Return this context reading what was known at an instant.

        Raises
        ------
        UnknownVersion : nothing was imported by then
        """
        return self.at_version(versions.known_at(self.warehouse, moment).version)

    def going_by(self, catalogue: Catalogue) -> "Context":
        """Return this context with other definitions than those of now."""
        return replace(self, defined=catalogue)

    def at_version(self, version: int) -> "Context":
        """Return this context reading another data version."""
        return replace(self, version=version, held=None)
