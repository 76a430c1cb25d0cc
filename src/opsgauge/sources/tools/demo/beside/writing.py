"""Articles and their uses: from the knowledge base.

Floor 3.
"""

import numpy as np
import pyarrow as pa

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.beside.scene import NEVER, Scene, at, ids, texts, yes_no
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.draws import HOUR
from opsgauge.sources.tools.demo.export import coded
from opsgauge.sources.tools.demo.rows import OTHERS
from opsgauge.sources.tools.demo.steps import State

REVIEWED_EVERY = 365 * DAY
READS = 14  # by users, of an article in a month
USES = ("Read", "Attached")


def articles(scene: Scene) -> pa.Table:
    """Return every article as it stands."""
    t, draws, n = scene.tickets, scene.draws, len(scene.tickets)
    a = scene.seen(words.WRITING)
    published = scene.first_at(State.PUBLISHED)[a]
    retired = scene.first_at(State.RETIRED)[a]
    again = published + draws.lognormal("article.reviewed", n, 240.0, 0.5)[a] * 24 * HOUR
    gone = (retired >= 0) & (again >= retired)
    reviewed = np.where((published >= 0) & ~gone, scene.before_end(again), NEVER)
    state = np.where(retired >= 0, 2, np.where(published >= 0, 1, 0))
    kinds = coded(t.subcategory[a], scene.organisation.subcategories)
    about = coded(t.category[a], scene.organisation.categories)
    titles = [f"{kind}: {category}" for kind, category in zip(kinds, about, strict=True)]
    current = (published >= 0) & (retired < 0)
    due = np.where(current, np.maximum(published, reviewed) + REVIEWED_EVERY, NEVER)
    return pa.table(
        {
            "number": scene.numbers(a),
            "title": texts(titles),
            "kind": kinds,
            "category": about,
            "service": scene.services(t.service[a]),
            "state": coded(state, ("Draft", "Published", "Retired")),
            "audience": coded(draws.pick("article.audience", n, (6, 4))[a], ("Users", "Agents")),
            "created": at(t.opened[a]),
            "published": at(published),
            "reviewed": at(reviewed),
            "review_due": at(due),
            "retired": at(retired),
            "owner": scene.persons(OTHERS + scene.export.staff + t.requester[a]),
        }
    )


def article_uses(scene: Scene) -> pa.Table:
    """Return when articles were attached by agents and read by users."""
    t, draws = scene.tickets, scene.draws
    solved = scene.first_at(State.RESOLVED)
    given = np.flatnonzero((t.article >= 0) & (solved >= 0))
    a = scene.seen(words.WRITING)
    begins = scene.first_at(State.PUBLISHED)[a]
    a, begins = a[begins >= 0], begins[begins >= 0]
    ends = scene.first_at(State.RETIRED)[a]
    lives = np.where(ends >= 0, ends, scene.span.end) - begins
    reads = draws.stream("article.reads").poisson(READS * lives / (30 * DAY))
    read = np.repeat(np.arange(len(a)), reads)
    moments = begins[read] + draws.uniform("article.read", len(read)) * lives[read]
    article = np.concatenate([t.article[given], a[read]])
    used = np.concatenate([solved[given], moments])
    ticket = np.concatenate([given, np.full(len(read), NEVER)])
    n = len(article)
    says = (ticket < 0) & (draws.uniform("article.says", n) < 0.2)
    helped = draws.uniform("article.helped", n) < 0.72
    order = np.argsort(used, kind="stable")
    table = pa.table(
        {
            "article": scene.numbers(article),
            "ticket": scene.numbers(ticket),
            "used": at(used),
            "kind": coded((ticket >= 0).astype(np.int64), USES),
            "helpful": yes_no(helped, says),
        }
    ).take(pa.array(order))
    return table.add_column(0, "id", ids("USE", n))
