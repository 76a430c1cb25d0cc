"""Reading the catalogue: what is wrong is said with file, metric, key and the nearest word."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from opsgauge.foundation.errors import DefinitionWrong, UnknownMetric
from opsgauge.metrics.load import load_catalogue
from tests.metrics.desks import CATALOGUE
from tests.metrics.paragraphs import said


def write(folder: Path, name: str = "own", file: str = "own.yaml", **change: Any) -> Path:
    """Write a file with one paragraph."""
    (folder / file).write_text(yaml.safe_dump({name: said(**change)}))
    return folder


@pytest.mark.row("CAT-01")
def test_a_metric_of_the_users_own_stands_beside_the_built_in(tmp_path: Path) -> None:
    """The same format; the chapter is the name of its file."""
    catalogue = load_catalogue(write(tmp_path, file="night_shift.yaml"))
    own = catalogue.get("own")

    assert len(catalogue) == len(CATALOGUE) + 1
    assert (own.practice, own.origin) == ("night_shift", str(tmp_path / "night_shift.yaml"))
    assert catalogue.get("time_to_resolve").origin == "built-in"


def test_a_folder_that_is_not_there_or_empty_adds_nothing(tmp_path: Path) -> None:
    """A workspace need not have metrics of its own; nor need a file hold any."""
    (tmp_path / "empty.yaml").write_text("# nothing yet\n")

    assert len(load_catalogue(tmp_path, tmp_path / "none")) == len(CATALOGUE)


def test_an_unknown_metric_is_met_with_the_nearest() -> None:
    """Resolve, not resolv."""
    with pytest.raises(UnknownMetric, match="Did you mean 'time_to_resolve'"):
        CATALOGUE.get("time_to_resolv")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "hour"}, ("unit", "'hour' is not known", "Did you mean 'hours'")),
        ({"good": "lowr"}, ("good 'lowr' is not known", "Did you mean 'lower'")),
        ({"kind": "durations"}, ("kind 'durations' is not known", "Did you mean 'duration'")),
        ({"kind": ...}, ("kind is missing", "amount")),
        ({"form": "opened_at"}, ("form: there is no such key", "Did you mean 'from'")),
        ({"titel": "x"}, ("titel: there is no such key", "Did you mean 'title'")),
        ({"to": ...}, ("to is missing",)),
        ({"from": "opend_at"}, ("from", "Did you mean 'opened_at'")),
        ({"example": {"tickets": [{}], "give": {}}}, ("example.give", "Did you mean 'gives'")),
        ({"counter_metric": "reopend_share"}, ("counter_metric", "Did you mean 'reopened_share'")),
        ({"leads": "time_to_resolv"}, ("leads", "Did you mean 'time_to_resolve'")),
        ({"leads": "own"}, ("leads names the metric itself",)),
        (
            {"leads": "backlog", "level": "service"},
            ("'backlog' is a metric of the process, below one of the service", "say level:"),
        ),
    ],
)
def test_a_fault_names_file_metric_key_and_the_nearest_word(
    tmp_path: Path, change: dict[str, Any], words: tuple[str, ...]
) -> None:
    """So that the next thing to do is to correct that word."""
    with pytest.raises(DefinitionWrong) as wrong:
        load_catalogue(write(tmp_path, **change))
    message = str(wrong.value)

    assert "own.yaml, own" in message
    for word in words:
        assert word in message


def test_a_fault_inside_a_criterion_names_its_key(tmp_path: Path) -> None:
    """The part of the paragraph, and what may stand there."""
    share: dict[str, Any] = {
        "kind": "share",
        "unit": "share",
        "statistics": [],
        "from": ...,
        "to": ...,
    }
    share |= {"example": {"tickets": [{}], "gives": {"share": 0}}}
    folder = write(tmp_path, **share, numerator={"column": "reopen_count", "atleast": 1})

    with pytest.raises(DefinitionWrong, match=r"numerator\.atleast.*Did you mean 'at_least'"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("own: [1, 2", "is no YAML"),
        ("- a\n- b\n", "holds names"),
        ("own: 3\n", "list of keys"),
        ("Own Metric: {}\n", "small letters"),
        ("own: &a {title: x}\nother: *a\n", "aliases are not read"),
        ("own: {title: x, title: y}\n", "said twice"),
        ("own: {}\nown: {}\n", "said twice"),
        ("a: !!python/object/apply:os.system [ls]\n", "is no YAML"),
        ("a: " + "[" * 5000, "is no YAML"),
        ("# " + "x" * 1_000_001, "too long"),
    ],
)
def test_a_file_that_is_no_list_of_metrics_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    """Bombs and tricks of YAML among them."""
    (tmp_path / "odd.yaml").write_text(text)

    with pytest.raises(DefinitionWrong, match=words):
        load_catalogue(tmp_path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00a")

    with pytest.raises(DefinitionWrong, match=r"odd\.yaml cannot be read"):
        load_catalogue(tmp_path)


def test_no_name_is_taken_twice(tmp_path: Path) -> None:
    """Neither a built-in one nor one of another file."""
    with pytest.raises(DefinitionWrong, match=r"backlog: a metric of that name .*built-in"):
        load_catalogue(write(tmp_path, name="backlog"))
    (tmp_path / "own.yaml").unlink()
    write(tmp_path, file="a.yaml")
    write(tmp_path, file="b.yml")
    with pytest.raises(DefinitionWrong, match=r"b\.yml, own: a metric of that name .*a\.yaml"):
        load_catalogue(tmp_path)


def test_a_statistic_is_no_metric_and_says_what_to_ask() -> None:
    """Who asks for the median is told of what."""
    with pytest.raises(UnknownMetric) as wrong:
        CATALOGUE.get("median")

    assert "time_to_resolve --statistic median" in wrong.value.hint
