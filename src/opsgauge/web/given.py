"""What a form gives: its fields, and a file that streams to disk while it comes.

Floor 6. For pages and API alike. Nothing is held in memory but short fields, and whatever is too
large is refused while it comes, not afterwards.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from opsgauge.foundation.errors import FileUnreadable, OpsgaugeError, PeopleWrong, QueryWrong
from opsgauge.operations.context import Context
from opsgauge.operations.uploads import Upload, discard, limit, new_upload, too_large

FILE = "file"  # the field whose content streams to disk; all others are short
LONGEST_FIELD = 1_000_000  # bytes; the longest is a mapping
MOST_FIELDS = 64  # our longest form, a rule of alerts, has 26 with its token
SHORT = 10_000  # bytes of a field where anybody may send a form
SHORT_FORM = 100_000  # bytes of all of it
DRAINED = 10  # times the limit of an upload; more than that is not waited for


@dataclass
class Given:
    """The fields of a form by name, and the file that came with it."""

    fields: dict[str, str] = field(default_factory=dict)
    upload: Upload | None = None

    def get(self, name: str) -> str:
        """Return a field, "" where it was not given."""
        return self.fields.get(name, "")

    def needed(self, name: str) -> str:
        """Return a field.

        Raises
        ------
        QueryWrong : it was not given
        """
        if not self.get(name):
            raise QueryWrong(f"The form lacks {name!r}.")
        return self.get(name)


def whole_number(text: str) -> int:
    """Return the whole number that a field holds.

    Raises
    ------
    PeopleWrong : it holds none, or one that nothing here has
    """
    if not text.isdecimal() or len(text) > 9:
        raise PeopleWrong(f"{text[:20]!r} is no whole number.")
    return int(text)


async def short_form(request: Request, ctx: Context) -> Given:
    """Read a form of short fields without a file, as anybody may send who is not signed in.

    Raises
    ------
    QueryWrong : it is no such form, or too much of one
    """
    return await given(request, ctx, SHORT)


async def given(request: Request, ctx: Context, longest: int = LONGEST_FIELD) -> Given:
    """Read a form that was sent as `multipart/form-data`.

    Parameters
    ----------
    longest : the longest field, in bytes; with `SHORT` no file is taken

    Raises
    ------
    QueryWrong : it is no such form, or too much of one
    FileUnreadable : its file is larger than the settings allow, or cannot be written
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise QueryWrong("The request holds no form.", hint="Send it as multipart/form-data.")
    reading = _Reading(ctx, longest)
    most = SHORT_FORM if longest == SHORT else DRAINED * limit(ctx)
    parser = MultipartParser(boundary, cast(Any, reading.callbacks()))
    blocks = request.stream()
    try:
        async for block in blocks:
            reading.take(len(block))
            parser.write(block)
        parser.finalize()
        reading.must_be_whole()
    except (FormParserError, UnicodeDecodeError, OpsgaugeError, OSError) as wrong:
        told = reading.give_up(wrong)
        await _drained(blocks, most)
        raise told from wrong
    reading.close()
    return reading.made


async def _drained(blocks: AsyncIterator[bytes], most: int) -> None:
    """Take in the rest unread: a browser that is cut off shows an error of its own, not ours."""
    taken = 0
    async for block in blocks:
        taken += len(block)
        if taken > most:
            return


class _Reading:
    """Takes a form in, part by part, as the parser meets it."""

    def __init__(self, ctx: Context, longest: int) -> None:
        self.made = Given()
        self._ctx = ctx
        self._longest, self._taken = longest, 0
        self._limit = limit(ctx)
        self._file: BinaryIO | None = None
        self._written = 0
        self._headers: dict[bytes, bytes] = {}
        self._header: tuple[bytes, bytes] = (b"", b"")
        self._name = ""
        self._text = b""
        self._parts = 0
        self._whole = False

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """Return what the parser is to call."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._begin_content,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def take(self, count: int) -> None:
        """Count what came; more than a short form may hold is refused."""
        self._taken += count
        if self._longest == SHORT and self._taken > SHORT_FORM:
            raise QueryWrong("The form is too long.")

    def must_be_whole(self) -> None:
        """Refuse a form whose end never came.

        Raises
        ------
        QueryWrong : it broke off
        """
        if not self._whole:
            raise QueryWrong("The form broke off before its end.", hint="Send it again.")

    def give_up(self, wrong: Exception) -> OpsgaugeError:
        """Throw away what came of the file; return the error to tell."""
        self.close()
        if self.made.upload is not None:
            discard(self.made.upload)
        if isinstance(wrong, OpsgaugeError):
            return wrong
        if isinstance(wrong, OSError):
            return FileUnreadable(f"The file cannot be kept: {wrong.strerror or wrong}.")
        return QueryWrong("The form cannot be read: it broke off, or is no form.")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._headers, self._text = {}, b""
        self._parts += 1
        if self._parts > MOST_FIELDS:
            raise QueryWrong("The form has too many fields.")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0] + data[start:end], self._header[1])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = (self._header[0], self._header[1] + data[start:end])

    def _header_end(self) -> None:
        self._headers[self._header[0].lower()] = self._header[1]
        self._header = (b"", b"")

    def _begin_content(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode()
        is_file = self._name == FILE and options.get(b"filename") and self._longest > SHORT
        if is_file and self.made.upload is None:
            name = options[b"filename"].decode(errors="replace")
            self.made.upload, self._file = new_upload(self._ctx, name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._written += end - start
            if self._written > self._limit and self.made.upload is not None:
                raise too_large(self._ctx, self.made.upload.name)
            self._file.write(data[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > self._longest:
            raise QueryWrong(f"The field {self._name!r} is too long.")

    def _end(self) -> None:
        if self._file is not None:
            self.close()
            return
        # A browser sends lines of a text area as CR LF, whatever they were.
        self.made.fields[self._name] = self._text.decode().replace("\r\n", "\n")

    def _finish(self) -> None:
        self._whole = True
