"""A PostgreSQL of the tests' own: thrown away at their end, on a socket in a folder of its own."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from opsgauge.governance.database import open_database

USER = "tester"
CONNECTIONS = 25  # few, so that many writers at once have to wait for one
TEMPLATE = "records_at_head"
SECONDS_TO_START = 60.0
# What a crash would lose does not matter here, and the disk is not waited for.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB")


class CannotStart(Exception):
    """PostgreSQL is not installed, or does not come up."""


class Cluster:
    """A running PostgreSQL, and the databases made in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def fresh(self, template: str = TEMPLATE) -> str:
        """Make a database like the template; return its URL."""
        name = f"fresh_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the superuser."""
        place = f"host={self.folder} user={USER} dbname={database}"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name)
    if found:
        return found[-1]
    known = shutil.which("initdb")
    if known is None:
        raise CannotStart("PostgreSQL is not installed (apt-get install postgresql).")
    return Path(known).parent


def as_somebody() -> Sequence[str]:
    """Return what starts a program that ends with this one, as somebody who is not root."""
    ends = ["setpriv", "--pdeathsig", "SIGQUIT"]
    if os.geteuid() != 0:
        return ends
    name = owner()
    group = str(pwd.getpwnam(name).pw_gid)
    return [*ends, f"--reuid={name}", f"--regid={group}", "--clear-groups"]


def owner() -> str:
    """Return who runs the server: it refuses to be root."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def running() -> Iterator[Cluster]:
    """Start a cluster, and stop it at the end.

    Raises
    ------
    CannotStart : it is not installed, or does not come up
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, owner())
        with served(folder):
            made = Cluster(folder)
            made.run(f"CREATE DATABASE {TEMPLATE}")
            open_database(made.url(TEMPLATE)).close()
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Run the server itself."""
    data, log = folder / "data", folder / "log"
    made = ("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    begin(made)
    told = [f"-c{each}" for each in (*QUICK, f"max_connections={CONNECTIONS}")]
    line: list[str | Path] = [*as_somebody(), programs() / "postgres"]
    line += ["-D", data, "-k", folder, "-h", "", *told]
    with log.open("wb") as written:
        server = subprocess.Popen(line, stdout=written, stderr=written, cwd=folder)
    try:
        wait_for(server, folder, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # at once, whatever is connected
        server.wait(30)


def begin(line: Sequence[object]) -> None:
    """Make the cluster's folder."""
    name, *rest = line
    told = subprocess.run(
        [*as_somebody(), programs() / str(name), *map(str, rest)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if told.returncode:
        raise CannotStart(told.stderr.strip() or told.stdout.strip())


def wait_for(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    """Wait until the server answers."""
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up and server.poll() is None:
        try:
            psycopg.connect(f"host={folder} user={USER} dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise CannotStart(f"PostgreSQL did not come up: {log.read_text()[-500:]}")
