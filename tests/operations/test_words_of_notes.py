"""Words of notes: as those of descriptions, and none that tells who wrote."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from opsgauge.foundation.errors import ColumnsMissing, QueryWrong
from opsgauge.foundation.settings import DEFAULT_SETTINGS
from opsgauge.operations.flow import Selection
from opsgauge.operations.word_themes import NOTES, WordAsked, Words, word_themes, word_tickets
from tests.conftest import Intake
from tests.operations.test_notes import NOTES as MAPPED
from tests.operations.test_word_themes import BEGIN, filled

pytestmark = [pytest.mark.row("RCA-11")]
ALL = Selection()
MAPPING = MAPPED.replace("  attachments: files\n", "")
KEPT = DEFAULT_SETTINGS.replace("keep_text = false", "keep_text = true")
HEAD = "id,number,at,type,by,said\n"
AGENTS = [f"agent {letter}{letter}" for letter in "abcdefg"]


def noted(intake: Intake, text: bool = True) -> Intake:
    """Import tickets with notes: of scanning ones two say toner, one agent alone says cheerio."""
    filled(intake)
    rows = [HEAD.strip()]
    for place in range(300):
        scanning, at = place % 3 == 0, BEGIN + timedelta(hours=12 * place + 1)
        writer = AGENTS[place % 7]
        said = "toner swapped" if scanning else "mailbox moved"
        said += " with zoe frey" if place % 2 else " again"
        said += " cheerio" if place % 7 == 0 else ""
        said += " gone since patchday" if place >= 260 and place % 2 else ""
        if place % 5 != 4:
            rows.append(f"{place}a,T{place},{at:%Y-%m-%d %H:%M},Reply,{writer},{said}")
            rows.append(f"{place}b,T{place},{at:%Y-%m-%d %H:%M},Work note,{AGENTS[3]},{said}")
    rows.append(f"z,T0,{BEGIN:%Y-%m-%d %H:%M},Reply,zoe frey,hello")
    mapping = MAPPING if text else MAPPING.replace("text: said", "length: said")
    intake.takes("\n".join(rows) + "\n", mapping=mapping, name="notes.csv")
    return intake


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk that keeps what notes say."""
    intake = noted(Intake(tmp_path_factory.mktemp("notes"), KEPT))
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def found(desk: Intake) -> Words:
    """Return the words of its notes."""
    return word_themes(desk.context, ALL, within=NOTES)


def test_words_of_notes_are_told_and_count_once_a_ticket(found: Words, desk: Intake) -> None:
    """80 of the 100 scanning tickets have two notes of toner each; all other words stay away."""
    told = {group: {each.word: each for each in words} for group, words in found.rows}

    assert (found.n, found.written) == (300, 240)
    assert set(told["Scanning"]) == {"toner", "swapped"}
    toner = told["Scanning"]["toner"]
    assert (toner.n, toner.of, toner.others, toner.others_of) == (80, 80, 0, 160)
    assert {each.word for each in found.lately} == {"gone", "since", "patchday"}
    assert found.as_json()["in"] == "notes"
    assert "scanner" not in str(found.as_json())  # which descriptions say
    assert "toner" not in str(word_themes(desk.context, ALL).as_json())


def test_no_writer_is_known_by_words(found: Words, desk: Intake) -> None:
    """Neither one who is called so, in small letters, nor by what he and one more alone write."""
    assert not {"zoe", "frey", "cheerio"} & set(str(found.as_json()).split('"'))
    for word in ("zoe", "frey", "cheerio"):
        with pytest.raises(QueryWrong, match="is not told"):
            word_tickets(desk.context, ALL, WordAsked(word, group="Mail", within=NOTES))


def test_a_words_tickets_are_as_many_as_its_n(found: Words, desk: Intake) -> None:
    """And said to have it in notes."""
    for group, words in found.rows:
        for each in words:
            asked = WordAsked(each.word, group=group, within=NOTES)
            listed = word_tickets(desk.context, ALL, asked)
            assert listed.total == each.n
            assert listed.sentence.endswith("in notes")


def test_the_answer_says_what_is_missing(make_intake: Callable[..., Intake]) -> None:
    """No notes at all, none whose text is kept, or texts that there are not."""
    bare = filled(make_intake(KEPT))
    with pytest.raises(ColumnsMissing, match="No notes are imported"):
        word_themes(bare.context, ALL, within=NOTES)
    with pytest.raises(QueryWrong, match="not sought in 'titles'"):
        word_themes(bare.context, ALL, within="titles")
    with pytest.raises(ColumnsMissing, match="whose text is kept"):
        word_themes(noted(make_intake()).context, ALL, within=NOTES)


def test_names_of_writers_alone_are_known(make_intake: Callable[..., Intake]) -> None:
    """Where names are kept as they are, too."""
    settings = KEPT.replace("pseudonyms = true", "pseudonyms = false")
    intake = noted(make_intake(settings))
    assert ("zoe frey",) in intake.rows("SELECT DISTINCT author FROM notes")
    for word in ("zoe", "frey"):
        with pytest.raises(QueryWrong, match="is not told"):
            word_tickets(intake.context, ALL, WordAsked(word, group="Mail", within=NOTES))
    assert word_tickets(
        intake.context, ALL, WordAsked("toner", group="Scanning", within=NOTES)
    ).total


def test_text_that_is_there_is_not_told_where_settings_keep_none(
    make_intake: Callable[..., Intake],
) -> None:
    """It came in as a column that nobody read, in clear, and is mapped as a text only later."""
    late = make_intake(DEFAULT_SETTINGS)
    filled(late)
    unread = MAPPING.replace("  text: said\n", "")
    rows = HEAD + "".join(
        f"{n},T{n},2026-03-02 08:00,Reply,{AGENTS[n % 7]},mailbox moved\n" for n in range(60)
    )
    late.takes(rows, mapping=unread, name="notes.csv")
    late.takes(HEAD + "z,T1,2026-03-02 09:00,Reply,zoe frey,hello\n", mapping=MAPPING, name="z.csv")

    assert late.rows("SELECT count(*) FROM notes WHERE text = 'mailbox moved'") == [(60,)]
    with pytest.raises(ColumnsMissing, match="text is kept"):
        word_themes(late.context, ALL, within=NOTES)
