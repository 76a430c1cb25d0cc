"""The only writer of SVG: every text and every attribute that goes through here is escaped.

Floor 5, drawing. Colours are never written here: classes of `look.css` give them, so that one
picture serves light, dark and print.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

Attribute = str | float | bool | None
Point = tuple[float, float]

_WIDTHS = (  # in thousandths of the type size, measured on Inter and DejaVu Sans and rounded up
    ("iljI.,:;|!'’ ft()[]/\u202f", 320),
    ("mwMW@%—", 930),
    ("ABCDEFGHKLNOPQRSTUVXYZ&#+=<>", 730),
)
_MIDDLE = 630
_OTHER_SCRIPT = 1000


def tag(name: str, *content: str | Markup, **attributes: Attribute) -> Markup:
    """Return one element; `None` and `False` attributes are left out.

    Parameters
    ----------
    name : the element's name
    content : texts, escaped, and markup, taken as it is
    attributes : `class_` for class, `_` for `-`; numbers are rounded to a tenth of a pixel

    Examples
    --------
    >>> print(tag("text", "a < b", x=1.04, text_anchor="end", class_="sm"))
    <text x="1" text-anchor="end" class="sm">a &lt; b</text>
    """
    written = "".join(
        f' {_attribute(key)}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    inside = "".join(escape(part) for part in content)
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704 - every part is escaped above


def joined(parts: Iterable[Markup]) -> Markup:
    """Return markup one after another."""
    return Markup("").join(parts)


def number(value: float) -> str:
    """Write a coordinate.

    Examples
    --------
    >>> number(3.0), number(2.26), number(-0.01)
    ('3', '2.3', '0')
    """
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def line_path(points: Iterable[Point]) -> str:
    """Write a line through points as path data.

    Examples
    --------
    >>> line_path([(0, 1), (2, 3)])
    'M0 1L2 3'
    """
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def disc(x: float, y: float, radius: float, class_: str) -> Markup:
    """Draw a disc: better, or a plain point."""
    return tag("circle", cx=x, cy=y, r=radius, class_=class_)


def diamond(x: float, y: float, reach: float, class_: str) -> Markup:
    """Draw a diamond: worse."""
    r = number(reach)
    path = f"M{number(x)} {number(y - reach)}l{r} {r}l-{r} {r}l-{r} -{r}z"
    return tag("path", d=path, class_=class_)


def square(x: float, y: float, reach: float, class_: str) -> Markup:
    """Draw a square: a change that is neither better nor worse."""
    return tag("rect", x=x - reach, y=y - reach, width=2 * reach, height=2 * reach, class_=class_)


def width_of(text: str, size: float = 12.0) -> float:
    """Return about how wide a text stands, in pixels, rather too wide than too narrow.

    Examples
    --------
    >>> round(width_of("10,700 43 min", 11))
    80
    """
    thousandths = 0
    for letter in text:
        known = (width for letters, width in _WIDTHS if letter in letters)
        thousandths += next(known, _MIDDLE if ord(letter) < 0x250 else _OTHER_SCRIPT)
    return thousandths / 1000 * size


def wrapped(text: str, width: float, size: float = 12.0, lines: int = 4) -> list[str]:
    """Break a name into lines that fit; only what would need more lines ends in dots.

    Examples
    --------
    >>> wrapped("Waits for the user", 70)
    ['Waits for', 'the user']
    """
    broken: list[str] = []
    for word in _pieces(text, width, size):
        joined_up = f"{broken[-1]} {word}" if broken else word
        if broken and width_of(joined_up, size) <= width:
            broken[-1] = joined_up
        else:
            broken.append(word)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][:-1] + "…"]
    return broken or [""]


def _pieces(text: str, width: float, size: float) -> Iterable[str]:
    """Yield the words, those longer than a line in parts that fit."""
    for word in text.split():
        rest = word
        while width_of(rest, size) > width and len(rest) > 1:
            fit = next(
                n for n in range(len(rest), 0, -1) if n == 1 or width_of(rest[:n], size) <= width
            )
            yield rest[:fit]
            rest = rest[fit:]
        yield rest


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int | float):
        return number(value)
    return str(escape(value))
