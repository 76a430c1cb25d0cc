"""Articles and their uses."""

from tests.sources.tools.demo.beside.conftest import Asked


def test_an_article_lives_in_order(asked: Asked) -> None:
    """Created, published, looked over, retired; what is retired is due no more."""
    assert asked(
        "SELECT count(*) FROM articles WHERE published < created OR reviewed < published "
        "OR retired < published OR reviewed > retired "
        "OR (retired IS NOT NULL AND review_due IS NOT NULL) "
        "OR (state = 'Published') <> (published IS NOT NULL AND retired IS NULL)"
    ) == [(0,)]


def test_articles_are_read_while_they_are_published(asked: Asked) -> None:
    """Never before, never after; attached ones name their ticket."""
    assert asked(
        "SELECT count(*) FROM article_uses AS u JOIN articles AS a ON a.number = u.article "
        "WHERE u.kind = 'Read' AND (u.used < a.published OR u.used > a.retired)"
    ) == [(0,)]
    assert asked("SELECT count(*) FROM article_uses WHERE (ticket IS NULL) <> (kind = 'Read')") == [
        (0,)
    ]
