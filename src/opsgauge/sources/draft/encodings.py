"""Guesses the encoding of a text that is not UTF-8 and carries no mark.

Floor 3. A guess for the draft alone, where a person looks at it: the one under which the signs
beyond ASCII are letters, and letters that stand beside other letters of the same script.
"""

import re
from pathlib import Path

USUAL = "cp1252"
CANDIDATES = (USUAL, "cp1250", "cp1251", "cp850")
SAMPLE = 4_000_000  # bytes
# What is rare in running text of a script, so that it speaks against an encoding.
ODD = re.compile(r"[^\W\d_a-zA-Z](?=[A-Z])|(?<=[a-z])[À-ÞА-Я]|[^\x00-\x7f\w\s«»“”‘’–…°º€ª§]")
COMMON = {
    "cp1252": "àáâãäåæçèéêëíîñóôõöøúûüýßÀÁÂÃÄÅÇÉÍÑÓÔÖØÚÜ",
    "cp1250": "ąćčďęěłńňóřśšťůźżžőűĄĆČŁŚŠŻŽŘŮ",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ",
    "cp850": "àáâãäåæçèéêëíîñóôõöøúûüýß",
}


def likely_encoding(file: Path) -> str:
    """Return the name of the likeliest encoding of a text; the usual one where nothing speaks."""
    with file.open("rb") as stream:
        sample = stream.read(SAMPLE)
    beyond = re.findall(rb"[\x00-\x7f]?[\x80-\xff]+[\x00-\x7f]?", sample)
    return max(
        CANDIDATES, key=lambda name: (_fits(b" ".join(beyond[:20_000]), name), name == USUAL)
    )


def _fits(beyond: bytes, name: str) -> float:
    """Return the share of signs beyond ASCII that are common letters, less those that are odd."""
    text = beyond.decode(name, errors="replace")
    signs = [sign for sign in text if ord(sign) > 127]
    if not signs:
        return 0.0
    common = sum(sign in COMMON[name] for sign in signs)
    return (common - 2 * len(ODD.findall(text)) - 5 * text.count("\ufffd")) / len(signs)
