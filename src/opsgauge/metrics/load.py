"""Reads the catalogue: the built-in paragraphs and the user's own, in the same format.

Floor 3. Whatever is wrong is said with the file, the metric, the key and the nearest right word.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from opsgauge.foundation.errors import DefinitionWrong, UnknownMetric, did_you_mean
from opsgauge.foundation.yaml_text import line_of, read_yaml
from opsgauge.metrics.criterion import Criterion
from opsgauge.metrics.definition import KINDS, read_definition
from opsgauge.metrics.metric import BUILT_IN, Metric
from opsgauge.metrics.paragraph import Example
from opsgauge.metrics.tying import tied

LARGEST_FILE = 1_000_000  # letters; the built-in files hold some ten thousand
Stamp = tuple[str, int, int]  # a file, when it was last written, and its size
NAME = re.compile(r"[a-z][a-z0-9_]*")
PARTS: dict[str, type[BaseModel]] = {
    "numerator": Criterion,
    "denominator": Criterion,
    "example": Example,
}


@dataclass(frozen=True)
class Catalogue:
    """All metrics, in the order of their files."""

    metrics: Mapping[str, Metric]

    def get(self, name: str) -> Metric:
        """Return the metric of that name.

        Raises
        ------
        UnknownMetric : there is none; the hint names the nearest
        """
        if name not in self.metrics:
            raise UnknownMetric(
                f"There is no metric {name!r} in the catalogue.",
                hint=self._statistic_told(name) or did_you_mean(name, self.metrics),
            )
        return self.metrics[name]

    def _statistic_told(self, name: str) -> str:
        """Say how a statistic is asked for, where that is what was named."""
        of = [each.name for each in self.metrics.values() if name in each.statistics]
        if not of:
            return ""
        metric = "time_to_resolve" if "time_to_resolve" in of else of[0]
        return f"{name!r} is a statistic of a metric: try {metric} --statistic {name}."

    def __iter__(self) -> Iterator[Metric]:
        return iter(self.metrics.values())

    def __len__(self) -> int:
        return len(self.metrics)


def load_catalogue(*folders: Path) -> Catalogue:
    """Read the built-in metrics and those of the folders given, `*.yaml` and `*.yml`.

    Raises
    ------
    DefinitionWrong : a paragraph does not fit, a name is taken, or a counter-metric is not there
    """
    found: list[Stamp] = []
    for folder in folders:
        if not folder.is_dir():
            continue  # a workspace need not have metrics of its own
        for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            about = file.stat()
            found.append((str(file), about.st_mtime_ns, about.st_size))
    return _read(tuple(found))


@lru_cache(maxsize=8)
def _read(files: tuple[Stamp, ...]) -> Catalogue:
    """Read the catalogue with these files, once for as long as none of them changes."""
    own = [metric for name, *_ in files for metric in read_metrics(Path(name), name, name)]
    return Catalogue(tied([*_built_in(), *own]))


def replaced(catalogue: Catalogue, file: Path) -> Catalogue:
    """Return the catalogue with the metrics of a file in place of those of the same name.

    Raises
    ------
    DefinitionWrong : the file does not fit the format, or what it names is not there
    """
    return with_metrics(catalogue, read_metrics(file, str(file), str(file)))


def with_metrics(catalogue: Catalogue, own: list[Metric]) -> Catalogue:
    """Return the catalogue with some metrics in place of those of the same name.

    Raises
    ------
    DefinitionWrong : what one of them names is not there
    """
    named = {metric.name for metric in own}
    kept = [replace(each, parts=()) for each in catalogue if each.name not in named]
    return Catalogue(tied([*kept, *own]))


@cache
def _built_in() -> tuple[Metric, ...]:
    folder = resources.files("opsgauge.metrics") / "catalogue"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(
        metric
        for file in files
        for metric in read_metrics(file, f"catalogue/{file.name}", BUILT_IN)
    )


def read_metrics(file: Traversable, where: str, origin: str) -> list[Metric]:
    """Read the paragraphs of one file.

    Parameters
    ----------
    where : what to call the file in errors
    origin : where its metrics come from, `built-in` or the file

    Raises
    ------
    DefinitionWrong : the file or a paragraph does not fit the format
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise DefinitionWrong(f"{where} cannot be read: {fault}") from fault
    return metrics_of(text, where, file.name.rsplit(".", 1)[0], origin)


def metrics_of(text: str, where: str, chapter: str, origin: str) -> list[Metric]:
    """Read the paragraphs of a text; see `read_metrics`.

    Raises
    ------
    DefinitionWrong : the text or a paragraph does not fit the format
    """
    if len(text) > LARGEST_FILE:
        raise DefinitionWrong(f"{where} is too long for a file of metrics: {len(text):,} letters.")
    content = read_yaml(text, where, DefinitionWrong)
    if content is not None and not isinstance(content, dict):
        raise DefinitionWrong(f"{where}: a file of metrics holds names, each with its keys below.")
    made = []
    for name, said in (content or {}).items():
        try:
            made.append(_read_metric(str(name), said, f"{where}, {name}", (chapter, origin)))
        except _At as at:
            line = line_of(text, [str(name), *at.path])
            raise DefinitionWrong(f"{where}, {name}, line {line}: {at}") from at
    return made


class _At(Exception):
    """A fault of a paragraph, and the keys that lead to it."""

    def __init__(self, said: str, path: list[str]) -> None:
        super().__init__(said)
        self.path = path


def _read_metric(name: str, said: Any, where: str, from_: tuple[str, str]) -> Metric:
    if not NAME.fullmatch(name):
        raise DefinitionWrong(
            f"{where}: a metric's name is small letters, digits and underscores.",
            hint="For example time_to_resolve.",
        )
    if not isinstance(said, dict):
        raise DefinitionWrong(f"{where}: a metric is a list of keys, title, question and so on.")
    try:
        return Metric(name, from_[0], read_definition(said), from_[1])
    except ValidationError as wrong:
        said_of_it, path = _fault(wrong, said)
        raise _At(said_of_it, path) from wrong


def _fault(wrong: ValidationError, said: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the first fault as a sentence that names the key, and the way to that key."""
    faults = wrong.errors()
    # A misspelt key is both missing and unknown; the unknown one says what to correct.
    fault = next((f for f in faults if f["type"] == "extra_forbidden"), faults[0])
    path = [str(part) for part in fault["loc"] if part not in KINDS and not isinstance(part, int)]
    return _said(fault, path, said), path


def _said(fault: Any, path: list[str], said: Mapping[str, Any]) -> str:
    """Return a fault as a sentence that names the key and the nearest right word."""
    key, given = ".".join(path), fault["input"]
    if fault["type"] == "union_tag_not_found":
        return f"kind is missing. {did_you_mean('', KINDS)}"
    if fault["type"] == "union_tag_invalid":
        return f"kind {said.get('kind')!r} is not known. {did_you_mean(str(said['kind']), KINDS)}"
    if fault["type"] == "missing":
        return f"{key} is missing."
    if fault["type"] == "extra_forbidden":
        return f"{key}: there is no such key. {did_you_mean(path[-1], _keys(path, said))}"
    if fault["type"] == "literal_error":
        words = [word.strip("'") for word in re.findall(r"'[^']*'", fault["ctx"]["expected"])]
        return f"{key} {given!r} is not known. {did_you_mean(str(given), words)}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key else message


def _keys(path: list[str], said: Mapping[str, Any]) -> list[str]:
    """Return the keys that may stand where an unknown one was found."""
    part = PARTS.get(path[0]) if len(path) > 1 else None
    model = part or KINDS[str(said["kind"])]
    return [field.alias or name for name, field in model.model_fields.items()]
