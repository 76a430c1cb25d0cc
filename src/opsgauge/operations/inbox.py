"""The workspace's `inbox/`: which files lie in it, and which mapping each belongs to.

Floor 5. Nothing here reads a file's content; what is hidden or half written is not looked at, and
no link is followed out of the inbox: whoever may put files there could read any other by it.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from opsgauge.foundation.errors import MappingWrong
from opsgauge.foundation.settings import Workspace
from opsgauge.log.mapping import Mapping, read_mapping

INBOX = "inbox"
HALF_WRITTEN = (".part", ".tmp", ".partial", ".crdownload", ".filepart", ".download", ".swp", "~")


@dataclass(frozen=True)
class Waiting:
    """A file in the inbox as it was seen.

    Attributes
    ----------
    name : its path below the inbox, parts joined by "/"
    changed : when it was last written to, nanoseconds since 1970
    """

    file: Path
    name: str
    size: int
    changed: int

    @property
    def leads_out(self) -> bool:
        """Whether it is a link, or lies behind one, to a place outside of the inbox."""
        inbox = self.file.parents[self.name.count("/")]
        return not self.file.resolve().is_relative_to(inbox.resolve())

    @property
    def half_written(self) -> bool:
        """Whether its name says that somebody still writes it."""
        return self.name.lower().endswith(HALF_WRITTEN)

    def now(self) -> "Waiting | None":
        """Return it as it is now; None where it is gone."""
        return _seen(self.file, self.name)


@dataclass(frozen=True)
class Known:
    """A mapping of the workspace; without `mapping`, `fault` says why it cannot be read."""

    name: str
    file: Path
    mapping: Mapping | None
    fault: str = ""


def waiting(workspace: Workspace) -> list[Waiting]:
    """Return the inbox's files, the oldest first, then by name; none whose path is hidden."""
    return sorted(_files(workspace.path / INBOX), key=lambda each: (each.changed, each.name))


def _files(inbox: Path) -> Iterator[Waiting]:
    for folder, folders, names in os.walk(inbox):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(folder) / name
            seen = _seen(file, file.relative_to(inbox).as_posix())
            if seen is not None and not name.startswith("."):
                yield seen


def _seen(file: Path, name: str) -> Waiting | None:
    try:
        told = file.stat()
    except OSError:
        return None
    return Waiting(file, name, told.st_size, told.st_mtime_ns) if file.is_file() else None


def known_mappings(files: dict[str, Path]) -> list[Known]:
    """Return mappings by their files; those with a fault, too."""
    return [_known(name, file) for name, file in files.items()]


def _known(name: str, file: Path) -> Known:
    try:
        return Known(name, file, read_mapping(file)[0])
    except MappingWrong as wrong:
        return Known(name, file, None, f"{wrong.message} {wrong.hint}".strip())


def belongs_to(name: str, mappings: Iterable[Known]) -> list[Known]:
    """Return the mappings that a file may belong to, by its path below the inbox.

    A folder of a mapping's name decides. Else its own name must begin with the mapping's, before
    anything but a letter, or fit one of the mapping's `files`.
    """
    path = PurePosixPath(name)
    every = list(mappings)
    if len(path.parts) > 1:
        of_folder = [known for known in every if known.name == path.parts[0]]
        if of_folder:
            return of_folder
    return [known for known in every if _begins_with(path.name, known.name) or _fits(path, known)]


def _begins_with(file: str, mapping: str) -> bool:
    return bool(re.match(re.escape(mapping) + r"(?![A-Za-z])", file, re.IGNORECASE))


def _fits(path: PurePosixPath, known: Known) -> bool:
    """Say whether a file fits a pattern of the mapping, by its name or by its whole path."""
    patterns = known.mapping.files if known.mapping else ()
    names = (path.name.lower(), str(path).lower())
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns for name in names)
