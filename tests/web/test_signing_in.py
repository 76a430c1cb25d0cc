"""Signing in: who is let in, what a session may be used for, and what it cannot be tricked into."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from opsgauge.foundation.clock import system_clock
from opsgauge.governance import audit
from opsgauge.governance import people_changes as changes
from opsgauge.governance.people import user_named
from opsgauge.governance.people_changes import By
from opsgauge.governance.people_tables import FailedSignInRow
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from tests.conftest import Intake
from tests.web.conftest import LOG
from tests.web.people import (
    PASSWORD,
    add_people,
    browser,
    form,
    guarded,
    sign_in,
    token_of,
)

pytestmark = pytest.mark.row("SEC-03")


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import a small desk, and make its people."""
    held = Intake(tmp_path_factory.mktemp("people"))
    held.takes(LOG)
    made = Context(held.workspace, readers=Readers(remember=True))
    add_people(made)
    yield made
    made.database.close()
    held.close()


@pytest.fixture(scope="module")
def app(ctx: Context) -> FastAPI:
    """Serve it."""
    return guarded(ctx)


@pytest.fixture
def client(app: FastAPI, ctx: Context) -> TestClient:
    """Return a browser without a session, and without tries that were refused before."""
    with ctx.database.writing() as session:
        session.query(FailedSignInRow).delete()
    app.state.door.keeper.forget()
    return browser(app)


def every_path(routes: Iterable[object], prefix: str = "") -> Iterator[str]:
    """Yield the path of every route, of routers within routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            context = getattr(route, "include_context", None)
            yield from every_path(inner.routes, prefix + getattr(context, "prefix", ""))
        elif hasattr(route, "path"):
            yield prefix + route.path


def newest(ctx: Context) -> tuple[str, str, str]:
    """Return the newest line of the audit."""
    [line] = audit.lines(ctx.database, limit=1)
    return line.actor, line.action, line.why


def test_without_a_session_pages_lead_to_sign_in_and_the_api_says_401(client: TestClient) -> None:
    """With the way back for a page, and with what to send for a program."""
    page = client.get("/metrics/backlog?period=week")
    api = client.get("/api/v1/measure/backlog")

    assert (page.status_code, page.headers["location"]) == (
        303,
        "/sign-in?next=%2Fmetrics%2Fbacklog%3Fperiod%3Dweek",
    )
    assert (api.status_code, api.headers["www-authenticate"]) == (401, 'Bearer realm="Opsgauge"')
    assert api.json()["error"]["kind"] == "NotSignedIn"


def test_every_address_but_the_door_needs_somebody(app: FastAPI, client: TestClient) -> None:
    """Walked over every route there is, and over some that are none."""
    open_ = {"/sign-in", "/sign-in/provider", "/sign-in/return", "/setup"}
    paths = list(every_path(app.routes))
    assert len(paths) > 60
    for path in {*paths, "/nowhere", "/api/v1/openapi.json", "/import/../import", "//static/x"}:
        if path in open_ or path.startswith("/static"):
            continue
        for method in ("GET", "POST", "DELETE"):
            answer = client.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code in (303, 401), (method, path)
    assert client.get("/static/look.css").status_code == 200


def test_signing_in_goes_on_where_one_wanted_to(client: TestClient, ctx: Context) -> None:
    """The page says who is signed in; the audit says so too."""
    sent = form(name="ANA", password=PASSWORD, next="/catalogue?words=time")
    answer = client.post("/sign-in", files=sent)
    page = client.get("/calendars")

    assert (answer.status_code, answer.headers["location"]) == (303, "/catalogue?words=time")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert page.status_code == 200
    assert 'href="/account"' in page.text
    assert newest(ctx) == ("ana", "sign-in", "by password")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", "wrong horse battery"),
        ("nobody-here", PASSWORD),
        ("local", PASSWORD),
        ("ana\0", PASSWORD),
        ("ana", PASSWORD + "\0"),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
        ("ana", "x" * 9_000),
    ],
)
def test_whoever_does_not_know_the_password_stays_outside(
    client: TestClient, ctx: Context, name: str, password: str
) -> None:
    """The answer does not say what was wrong; what was typed as a name stays, the password not."""
    answer = client.post("/sign-in", files=form(name=name, password=password, next="/"))

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "The name or the password does not fit." in answer.text
    assert password not in answer.text or not password
    assert newest(ctx)[1] == "sign-in:refuse"
    assert password not in str(audit.lines(ctx.database, limit=1)) or not password


def test_a_password_of_a_megabyte_is_refused_before_it_is_read(client: TestClient) -> None:
    """As is any long form, and a file: anybody may send one."""
    long = client.post("/sign-in", files=form(name="ana", password="x" * 1_000_000))
    file = client.post("/sign-in", files={"file": ("a.csv", b"x" * 200_000)})
    whole = client.post("/sign-in", files=form(**{f"f{n}": "x" * 9_000 for n in range(15)}))

    assert [answer.status_code for answer in (long, file, whole)] == [400, 400, 400]


def test_too_many_tries_have_to_wait(client: TestClient, ctx: Context) -> None:
    """Even with the right password, and it is said for how long."""
    for _ in range(10):
        assert sign_in(client, "otto", "wrong horse battery") == 401
    answer = client.post("/sign-in", files=form(name="otto", password=PASSWORD, next="/"))

    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 901
    assert sign_in(client, "ana") == 303
    assert sum("otto" in line.subject for line in audit.lines(ctx.database, limit=15)) == 11


def test_a_session_that_was_planted_is_never_taken_over(client: TestClient, ctx: Context) -> None:
    """Sign-in gives another secret, whatever cookie came along, and ends the old session."""
    planted = "x" * 43
    client.cookies.set("opsgauge_session", planted)
    assert sign_in(client, "ana") == 303
    first = client.cookies.get("opsgauge_session", domain="127.0.0.1")
    assert first not in (None, planted)

    other = browser(client.app)  # type: ignore[arg-type]  # it is this application
    other.cookies.set("opsgauge_session", str(first))
    assert other.get("/account").status_code == 200
    assert sign_in(other, "otto") == 303
    stale = browser(client.app)  # type: ignore[arg-type]  # it is this application
    stale.cookies.set("opsgauge_session", str(first))
    assert stale.get("/account").status_code == 303


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "x" * 5_000, '"', "a;b", "%00"])
def test_a_made_up_cookie_is_nobody(client: TestClient, secret: str) -> None:
    """And no fault of the server."""
    answer = client.get("/account", headers={"cookie": f"opsgauge_session={secret}"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "sent",
    ["Bearer", "Bearer x", "Bearer og_" + "x" * 43, "bearer " + "x" * 5_000, "Bearer og_\u00e9"],
)
def test_a_made_up_token_is_refused_even_beside_a_good_session(
    client: TestClient, sent: str
) -> None:
    """A program that sends one is told; nothing falls back to a cookie in silence."""
    assert (
        client.get("/api/v1/account", headers={b"authorization": sent.encode()}).status_code == 401
    )
    assert sign_in(client, "ana") == 303
    answer = client.get("/api/v1/account", headers={b"authorization": sent.encode()})
    assert answer.status_code == (200 if sent == "Bearer" else 401)


def test_signing_out_ends_the_session_at_the_server(client: TestClient, ctx: Context) -> None:
    """A copy of the cookie is good for nothing afterwards."""
    sign_in(client, "ana")
    secret = client.cookies["opsgauge_session"]
    answer = client.post("/sign-out", files=form(form_token=token_of(client)))
    client.cookies.set("opsgauge_session", secret)

    assert answer.headers["location"] == "/sign-in"
    assert client.get("/account").status_code == 303
    assert newest(ctx)[:2] == ("ana", "sign-out")


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "/" + "x" * 3_000,
        "/sign-in?next=/",
        "http:/evil.example",
        "evil.example",
    ],
)
def test_no_way_leads_elsewhere(client: TestClient, next_: str) -> None:
    """An open redirect would lend our name to another site; a line break, a header."""
    answer = client.post("/sign-in", files=form(name="ana", password=PASSWORD, next=next_))
    again = client.get("/sign-in", params={"next": next_})

    assert (answer.headers["location"], again.headers["location"]) == ("/", "/")
    assert "a" not in {cookie.name for cookie in client.cookies.jar}


FORMS = [
    ("/account", {"do": "revoke", "number": "1"}),
    ("/people/ana", {"do": "shut out"}),
    ("/sign-out", {}),
    ("/import/sync", {}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_without_the_token_of_the_session_does_nothing(
    client: TestClient, ctx: Context, path: str, fields: dict[str, str]
) -> None:
    """Nor with that of another session, nor with one behind many bytes of something else."""
    other = browser(client.app)  # type: ignore[arg-type]  # it is this application
    for each in (client, other):
        sign_in(each, "root")
    foreign, own = token_of(other), token_of(client)
    late = {"a": (None, "x" * 9_000), "form_token": (None, own)}
    for sent in (form(**fields), form(form_token=foreign, **fields), late | form(**fields)):
        answer = client.post(path, files=sent)
        assert answer.status_code == 403
        assert "not of your session" in answer.text
    assert user_named(ctx.database, "ana").active
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_post_a_form_even_with_a_token(
    client: TestClient, headers: dict[str, str]
) -> None:
    """Nor sign somebody in as another."""
    sign_in(client, "root")
    sent = form(form_token=token_of(client))
    assert client.post("/sign-out", files=sent, headers=headers).status_code == 403
    sent = form(name="ana", password=PASSWORD)
    assert client.post("/sign-in", files=sent, headers=headers).status_code == 403


def test_the_api_wants_the_form_token_as_a_header_from_a_cookie(
    client: TestClient, app: FastAPI, ctx: Context
) -> None:
    """In the body it is not looked for; a token of a program needs none."""
    sign_in(client, "root")
    token = token_of(client)
    asked = {"name": "ci", "actions": ["people:read", "people:change"], "days": 1}
    assert client.post("/api/v1/tokens", json=asked).status_code == 403
    assert client.post("/api/v1/tokens", json=asked | {"form_token": token}).status_code == 403
    made = client.post("/api/v1/tokens", json=asked, headers={"x-opsgauge-form-token": token})
    assert made.status_code == 201

    program = browser(client.app)  # type: ignore[arg-type]  # it is this application
    program.headers["authorization"] = f"Bearer {made.json()['token']}"
    assert program.get("/api/v1/people").status_code == 200
    assert program.get("/api/v1/measure/backlog").status_code == 403
    assert program.get("/api/v1/account").status_code == 403  # its owner's account is not its own
    assert program.post("/api/v1/tokens", json=asked).status_code == 403
    assert program.patch("/api/v1/people/ana", json={"email": "a@example.org"}).status_code == 200
    assert client.get("/people").status_code == 200
    app.state.door.keeper.settle()
    used = audit.lines(ctx.database, action="token:use")
    assert [(line.actor, line.subject) for line in used] == [("root", "token ci of root")]


def test_a_refused_page_says_why_and_whom_to_ask(client: TestClient) -> None:
    """In words, with the administrator's name."""
    sign_in(client, "ana")
    answer = client.get("/people")

    assert answer.status_code == 403
    assert "Viewer may not see users" in answer.text
    assert "Ask an administrator: root." in answer.text
    assert client.get("/import").status_code in (200, 403)
    assert client.post("/import/sync", files=form(form_token=token_of(client))).status_code == 403


def test_each_sees_the_records_of_their_roles(client: TestClient, app: FastAPI) -> None:
    """The same question, two people, two numbers; nobody is handed what another asked."""
    told = {}
    for name in ("root", "ana", "otto", "nora"):
        each = browser(app)
        sign_in(each, name)
        told[name] = each.get("/api/v1/tickets").json()["total"]

    assert told == {"root": 60, "ana": 60, "otto": 60, "nora": 0}


def test_shutting_out_counts_at_once_here_and_within_seconds_elsewhere(
    client: TestClient, app: FastAPI, ctx: Context
) -> None:
    """By a page of this server: the next request; by another process: after two seconds."""
    sign_in(client, "imp")
    boss = browser(app)
    sign_in(boss, "root")
    assert client.get("/account").status_code == 200
    sent = form(form_token=token_of(boss), do="shut out")
    assert boss.post("/people/imp", files=sent).status_code == 303
    assert client.get("/account").status_code == 303
    assert sign_in(client, "imp") == 401

    by = By(ctx.database, ctx.clock, ctx.actor)
    changes.set_active(by, "imp", True)
    assert sign_in(client, "imp") == 303
    client.get("/account")
    changes.set_active(by, "imp", False)
    keeper = app.state.door.keeper
    later = Context(ctx.workspace, clock=lambda: system_clock() + timedelta(seconds=2.1))
    object.__setattr__(keeper, "ctx", later)
    try:
        assert client.get("/account").status_code == 303
    finally:
        object.__setattr__(keeper, "ctx", ctx)
        later.database.close()
        changes.set_active(by, "imp", True)


def test_another_password_ends_every_other_session(client: TestClient, app: FastAPI) -> None:
    """The old one has to be known; what is wrong is told beside the form."""
    other = browser(app)
    for each in (client, other):
        assert sign_in(each, "otto") == 303
    fresh = "another horse battery"
    fields = {"form_token": token_of(client), "do": "password", "again": fresh, "new": fresh}
    wrong = client.post("/account", files=form(old="not this horse", **fields))
    assert (wrong.status_code, "does not fit" in wrong.text) == (400, True)
    short = client.post(
        "/account", files=form(**fields | {"old": PASSWORD, "new": "x", "again": "x"})
    )
    assert "12 characters at least" in short.text

    assert client.post("/account", files=form(old=PASSWORD, **fields)).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert sign_in(other, "otto") == 401
    back = {"form_token": token_of(client), "do": "password", "old": fresh}
    client.post("/account", files=form(**back, new=PASSWORD, again=PASSWORD))


def test_behind_https_cookies_and_headers_say_so(ctx: Context) -> None:
    """The public name is answered, others are not; the cookie is bound to this host alone."""
    app = guarded(ctx, base_url="https://gauge.example.org")
    client = browser(app, "https://gauge.example.org")
    answer = client.post("/sign-in", files=form(name="ana", password=PASSWORD, next="/"))
    cookie = answer.headers["set-cookie"]

    assert cookie.startswith("__Host-opsgauge=")
    assert "; Secure" in cookie
    assert "Path=/;" in cookie + ";"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert (
        client.get("/account", headers={"origin": "https://gauge.example.org"}).status_code == 200
    )
    assert client.get("/account", headers={"origin": "http://gauge.example.org"}).status_code == 403
    for host in ("gauge.example.org.evil.example", "evil.example", "example.org"):
        assert client.get("/", headers={"host": host}).status_code == 403


def test_set_up_needs_the_printed_code_and_works_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What was typed stays when something is wrong; afterwards the door is an ordinary one."""
    held = Intake(tmp_path_factory.mktemp("new"))
    ctx = Context(held.workspace)
    app = guarded(ctx, people=True)
    client, code = browser(app), app.state.door.set_up.code
    assert client.get("/").headers["location"] == "/setup"
    assert client.get("/api/v1/metrics").status_code == 401
    assert client.get("/setup?code=guess").status_code == 403
    assert sign_in(client, "root") == 401

    fields = {"name": "Root", "shown": "The boss", "password": PASSWORD, "again": PASSWORD}
    guess = client.post("/setup", files=form(code="guess", **fields))
    assert (guess.status_code, "printed" in guess.text) == (400, True)
    short = client.post("/setup", files=form(code=code, **fields | {"password": "x", "again": "x"}))
    assert "12 characters at least" in short.text
    assert 'value="The boss"' in short.text
    assert client.post("/setup", files=form(code=code, **fields)).status_code == 303
    assert client.get("/people").status_code == 200

    other = browser(app)
    assert other.get("/").headers["location"].startswith("/sign-in")
    assert (
        other.post("/setup", files=form(code=code, **fields | {"name": "eve"})).status_code == 404
    )
    assert [line.actor for line in audit.lines(ctx.database, subject="user root")] == ["set-up"]
    ctx.database.close()
    held.close()
