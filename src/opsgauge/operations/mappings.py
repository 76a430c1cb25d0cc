"""The workspace's mapping files: found by name, kept under one.

Floor 5.
"""

import re
from pathlib import Path

from opsgauge.foundation.errors import MappingWrong, did_you_mean
from opsgauge.log.mapping import Mapping, parse_mapping, read_mapping
from opsgauge.operations.context import Context

FOLDER = "mappings"
SUFFIXES = (".yaml", ".yml")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


def find_mapping(ctx: Context, name: str) -> tuple[Mapping, str]:
    """Return the mapping of that path, or of that name in the workspace's `mappings/`.

    Raises
    ------
    MappingWrong : there is none, or it is wrong
    """
    path = Path(name)
    if path.suffix in SUFFIXES and path.is_file():
        return read_mapping(path)
    known = mapping_files(ctx)
    if name in known:
        return read_mapping(known[name])
    folder = ctx.workspace.path / FOLDER
    raise MappingWrong(
        f"There is no mapping {name!r}: no such file, and none of that name in {folder}.",
        hint=did_you_mean(name, known),
    )


def mapping_named(ctx: Context, name: str) -> Path:
    """Return the workspace's own mapping of a name, for whoever may not name a path.

    Raises
    ------
    MappingWrong : there is none
    """
    known = mapping_files(ctx)
    if name not in known:
        raise MappingWrong(
            f"The workspace has no mapping {name[:100]!r}.", hint=did_you_mean(name, known)
        )
    return known[name]


def mapping_files(ctx: Context) -> dict[str, Path]:
    """Return the workspace's mapping files by name, in order of the alphabet."""
    files = sorted((ctx.workspace.path / FOLDER).glob("*.y*ml"))
    return {file.stem: file for file in files if file.suffix in SUFFIXES}


def keep_mapping(ctx: Context, name: str, text: str, replace: bool = False) -> Path:
    """Write a mapping into the workspace's `mappings/`, checked before it is written.

    Needs `import:run`. A mapping of that name that says something else is replaced only if asked.

    Raises
    ------
    MappingWrong : it has a fault, its name cannot be one, or another has that name
    """
    ctx.require("import:run")
    parse_mapping(text, f"the mapping {name}")
    if not NAME.fullmatch(name):
        raise MappingWrong(
            f"A mapping cannot be called {name!r}.",
            hint="Use up to 60 letters, digits, '-' and '_', a letter first.",
        )
    known = mapping_files(ctx).get(name)
    if known is not None and not replace and known.read_text(encoding="utf-8-sig") != text:
        raise MappingWrong(
            f"There is a mapping {name} already, and it says something else.",
            hint="Give yours another name, or say that it is to be replaced.",
        )
    file = known or ctx.workspace.path / FOLDER / f"{name}.yaml"
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)  # so that nobody reads half a mapping
    return file
