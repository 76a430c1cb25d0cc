"""The catalogue as text, and read from text again: how a data version remembers its definitions.

Floor 3. Paragraphs are kept as they were written. What is kept is read by the rules of now; where
that cannot be done it is said, and nothing is guessed.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

from opsgauge.metrics.load import Catalogue, metrics_of
from opsgauge.metrics.metric import BUILT_IN
from opsgauge.metrics.tying import tied

Texts = Mapping[str, str]  # by the name of each file, the built-in ones in a folder of that name


def catalogue_texts(folder: Path) -> dict[str, str]:
    """Return the text of every file of the catalogue: the built-in ones and those of a folder.

    A file that cannot be read as text is left out; the catalogue says what is wrong with it.
    """
    built_in = resources.files("opsgauge.metrics") / "catalogue"
    texts = {
        f"{BUILT_IN}/{file.name}": file.read_text(encoding="utf-8")
        for file in built_in.iterdir()
        if file.name.endswith(".yaml")
    }
    own = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]) if folder.is_dir() else []
    for file in own:
        try:
            texts[file.name] = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return texts


def catalogue_of(texts: Texts) -> Catalogue:
    """Return the catalogue that texts hold.

    Raises
    ------
    DefinitionWrong : a paragraph does not fit the format of now
    """
    return _read(tuple(sorted(texts.items())))


@lru_cache(maxsize=4)
def _read(texts: tuple[tuple[str, str], ...]) -> Catalogue:
    """Read texts, once for as long as they are asked for."""
    return Catalogue(
        tied(
            [
                metric
                for name, text in texts
                for metric in metrics_of(text, name, Path(name).stem, _origin(name))
            ]
        )
    )


def _origin(name: str) -> str:
    return BUILT_IN if name.startswith(f"{BUILT_IN}/") else name
