"""What many tests begin with: a workspace, files imported into it, and the public logs."""

import atexit
import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import duckdb
import ibis.expr.operations as ops
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.settings import Workspace, make_workspace, open_workspace
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.database import open_database
from opsgauge.governance.passwords import ARGON2, Passwords
from opsgauge.log.building import raw_files, stored_table
from opsgauge.log.related import ALL_TABLES
from opsgauge.log.tables import LOG_TABLES, REJECTED, Table
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.going import USUAL, FullExport
from opsgauge.operations.ingest import ingest
from opsgauge.operations.opened import Readers
from opsgauge.warehouse import engine, versions
from opsgauge.warehouse.engine import file_list, name_of, select_stored
from opsgauge.warehouse.versions import DataVersion
from tests.lent import lent
from tests.postgres import CannotStart, Cluster, running

ROOT = Path(__file__).parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"

# Machines of a build are slow and shared, so no example may fail for taking long.
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=100,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "dev", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Folders whose tests share what is dear to make: a desk, a session of Spark, the public logs.
# Programs that tests start; to load them is to run them.
collect_ignore = ["operations/openid_provider.py", "operations/openid_provider_urls.py"]
TOGETHER = ("tests/truths/", "tests/engines/", "tests/examples/")
# What takes longest, to begin with: a worker that gets such a file last works on alone.
DEAR = (
    *TOGETHER,
    *("tests/web/test_every_route.py", "tests/metrics/test_templates.py"),
    *("tests/metrics/test_explain.py", "tests/properties/", "tests/soundness/"),
    "tests/operations/",
)
QUERIES_KEPT = 1024
OBJECTS_APART = 10_000  # so many more are made before any are looked through for garbage

MAPPING = """
source: desk
shape: updates
ticket_id: number
times: {zone: UTC}
missing: ["?"]
fields:
  updated_at: at
  original_status: state
  team: team
  assignee: who
phases:
  New: new
  Work: in_progress
  Wait: pending_user
  Done: resolved
  Shut: closed
  Void: cancelled
"""


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords with next to no work: it is meant to be slow, and tests need not wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ARGON2, "_hash", Passwords(1, 8, 1)._hash)
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_loop() -> Iterator[None]:
    """Have one loop and its threads answer every test's browser, as a server's do.

    Else each request makes a loop, and threads that begin anew: most of the time of a short page.
    """
    browsers = sys.modules.get("starlette.testclient")
    if browsers is None:  # no test asks for one
        yield
        return
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(browsers.TestClient, "portal", portal)
        yield


def seeing(*rules: Condition) -> Actor:
    """Return somebody who sees the records that meet these rules, and no others."""
    return Actor("ana", (Assignment("viewer", rules),))


def with_settings(ctx: Context, **settings: Any) -> Context:
    """Return a context that remembers, under other settings."""
    other = ctx.workspace.settings.model_copy(update=settings)
    workspace = replace(ctx.workspace, settings=other)
    return replace(ctx, workspace=workspace, readers=Readers(remember=True))


def _rank(item: pytest.Item) -> int:
    return next((n for n, dear in enumerate(DEAR) if item.nodeid.startswith(dear)), len(DEAR))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=_rank)


class Folders(LoadFileScheduling):
    """Gives each worker whole files, and whole folders of those that share what is dear."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Share the tests out by folder where they would be by file."""
    return Folders(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionstart() -> None:
    """Look for no garbage while modules and tests are loaded, which make none."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look no more for garbage among modules and tests, which stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_APART, 10, 10)
    gc.enable()


@cache
def no_records() -> bytes:
    """Return the file of records that hold nothing yet, as Opsgauge makes it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "records.db"
        open_database(f"sqlite:///{file}").close()
        return file.read_bytes()


@cache
def _first_of(make: Callable[[Path], "Intake"]) -> Path:
    """Return the folder in which a function made its first intake, which stays as it is."""
    folder = Path(mkdtemp(prefix="opsgauge-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder).close()
    return folder


class Intake:
    """A workspace, files put before it, and what came of them."""

    def __init__(self, folder: Path, settings_text: str = "", secret_of: Path | None = None):
        self.folder = folder
        self.workspace = make_workspace(folder / "workspace", settings_text)
        self.context = Context(self.workspace)
        if not self.workspace.settings.records_url:
            (self.workspace.path / "records.db").write_bytes(no_records())
        if secret_of is not None:
            shutil.copy2(secret_of / "workspace" / ".secret", self.workspace.path / ".secret")

    @classmethod
    def again(cls, make: Callable[[Path], "Intake"], folder: Path) -> "Intake":
        """Return what a function makes in a folder: a copy, with its secret, of the first."""
        shutil.copytree(_first_of(make), folder, dirs_exist_ok=True)
        copy = cls.__new__(cls)
        copy.folder = folder
        copy.workspace = open_workspace(folder / "workspace")
        copy.context = Context(copy.workspace)
        return copy

    def reopen(self) -> None:
        """Open the workspace again, after its folder was replaced by another's."""
        self.workspace = open_workspace(self.workspace.path)
        self.context = Context(self.workspace)

    def close(self) -> None:
        """Let go of the records, where anybody asked for them."""
        if "database" in vars(self.context):
            self.context.database.close()

    def file(self, content: str | bytes, name: str = "export.csv") -> Path:
        """Write a file beside the workspace."""
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def takes(
        self,
        *contents: str | bytes | Path,
        mapping: str = MAPPING,
        name: str = "export.csv",
        dry_run: bool = False,
        export: FullExport = USUAL,
    ) -> Imported:
        """Import contents, each as a file; those of more than one are numbered."""
        files: list[Path] = []
        for count, content in enumerate(contents, start=1):
            called = name if len(contents) == 1 else f"{count}-{name}"
            files.append(content if isinstance(content, Path) else self.file(content, called))
        said = self.file(mapping, "mapping.yaml")
        return ingest(self.context, files, str(said), dry_run, export=export)

    def version(self, number: int | None = None) -> DataVersion:
        """Return a data version, the newest without a number."""
        if number is not None:
            return versions.get(self.context.warehouse, number)
        newest = versions.latest(self.context.warehouse)
        assert newest is not None, "nothing was imported"
        return newest

    @contextmanager
    def opened(self, version: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the tables of a data version; moments are naive UTC."""
        with lent() as database:
            self._show(database, ALL_TABLES, version)
            yield database

    def _show(
        self, database: duckdb.DuckDBPyConnection, tables: Iterable[Table], version: int | None
    ) -> None:
        """Make views of tables."""
        chosen = self.version(version)
        for table in tables:
            known = chosen.tables.get(table.name)
            stored = select_stored(stored_table(self.context.warehouse, table, known))
            database.execute(f"CREATE VIEW {table.name} AS {stored}")

    def rows(self, query: str, version: int | None = None) -> list[tuple[Any, ...]]:
        """Run SQL over the tables of a data version that it names."""
        with lent() as database:
            self._show(database, (each for each in ALL_TABLES if each.name in query), version)
            rows: list[tuple[Any, ...]] = database.execute(query).fetchall()
        return rows

    def history(self, ticket: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return a ticket's intervals: seq, since, until as "05 08:00", then the columns."""
        clock = "strftime({}, '%d %H:%M')"
        asked = ["seq", clock.format("since"), clock.format("until"), *columns]
        return self.rows(
            f"SELECT {', '.join(asked)} FROM history WHERE ticket_id = '{ticket}' ORDER BY seq"
        )

    def ticket(self, ticket: str, *columns: str) -> tuple[Any, ...]:
        """Return columns of the one ticket of that number."""
        [row] = self.rows(f"SELECT {', '.join(columns)} FROM tickets WHERE ticket_id = '{ticket}'")
        return row

    def rejected(self) -> list[tuple[Any, ...]]:
        """Return row, column, reason and value of what was rejected."""
        return self.rows('SELECT "row", "column", reason, value FROM rejected ORDER BY "row"')

    def content(self, version: int | None = None) -> dict[str, Sequence[tuple[Any, ...]]]:
        """Return all that the log holds, sorted, persons by digest: equal logs are equal here.

        Which import brought a row, and which number a person was given first, is left out.
        """
        told: dict[str, Sequence[tuple[Any, ...]]] = {}
        with self.opened(version) as database:
            persons = dict(database.execute("SELECT alias, digest FROM persons").fetchall())
            for table in (*LOG_TABLES, REJECTED):
                kept = [c for c in table.columns if c.name not in ("import_id", "file", "row")]
                names = ", ".join(name_of(column.name) for column in kept)
                rows = database.execute(f"SELECT {names} FROM {table.name}").fetchall()
                people = [place for place, column in enumerate(kept) if column.person]
                told[table.name] = sorted(
                    (_by_digest(row, people, persons) for row in rows), key=repr
                )
        return told | {"persons": sorted((digest,) for digest in persons.values())}

    def raw(self, source: str = "desk", version: int | None = None) -> list[tuple[Any, ...]]:
        """Return what is kept of each record as it came, without the import that brought it."""
        opened = self.version(version)
        files = raw_files(self.context.warehouse, source, opened.tables)
        with lent() as database:
            rows: list[tuple[Any, ...]] = database.execute(
                f"SELECT * EXCLUDE (_import, _file, _row) FROM "
                f"read_parquet({file_list(files)}, union_by_name = true) ORDER BY ALL"
            ).fetchall()
        return rows


def _by_digest(
    row: tuple[Any, ...], people: Sequence[int], persons: dict[str, str]
) -> tuple[Any, ...]:
    return tuple(
        persons.get(value, value) if place in people else value for place, value in enumerate(row)
    )


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Compile equal queries once: that is most of the time of a short test, for the same SQL."""
    compile_one = engine._duckdb_sql

    @lru_cache(QUERIES_KEPT)
    def kept(node: ops.Relation) -> str:
        return compile_one(node.to_expr())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_duckdb_sql", lambda expression: kept(expression.op()))
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Make an empty workspace."""
    return make_workspace(tmp_path / "workspace")


@pytest.fixture
def make_intake(tmp_path: Path) -> Iterator[Callable[..., Intake]]:
    """Return what makes intakes, each in a folder of its own."""
    made: list[Intake] = []

    def make(settings_text: str = "", secret_of: Intake | None = None) -> Intake:
        folder = tmp_path / f"intake-{len(made)}"
        folder.mkdir()
        made.append(Intake(folder, settings_text, secret_of.folder if secret_of else None))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def intake(make_intake: Callable[..., Intake]) -> Intake:
    """Return an empty workspace that takes files in."""
    return make_intake()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of public data beside the repository, or skip."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the public data does not lie in {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def public_logs(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return one workspace that holds the incidents of UCI 498 and of BPI Challenge 2013."""
    held = Intake(tmp_path_factory.mktemp("public"))
    for file, example in (
        ("uci_incident/incident_event_log_original.zip", "uci-incidents"),
        ("bpic2013/BPIC13_incidents.xes.gz", "bpic2013"),
    ):
        mapping = ROOT / "examples" / example / "mapping.yaml"
        ingest(held.context, [shared_data / file], str(mapping))
    yield held
    held.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Start a PostgreSQL for these tests; where a build cannot, that is a failure."""
    try:
        with running() as cluster:
            yield cluster
    except CannotStart as wrong:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL cannot be started here: {wrong}")
