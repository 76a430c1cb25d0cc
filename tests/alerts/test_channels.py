"""Channels: their URLs are secrets, and what they may reach is for the administrator to say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from opsgauge.alerts import by_apprise
from opsgauge.alerts.addresses import AddressRefused, allowed_addresses
from opsgauge.alerts.channels import FILE, Channel, load_channels
from opsgauge.alerts.message import Said, Written, written
from opsgauge.alerts.sending import ChannelDown, Limits, redacted, send
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import SettingsWrong, UnknownName
from tests.alerts.receiver import Receiver, receiving

HERE = Limits(5.0, ("127.0.0.1", "localhost"))


def kept(folder: Path, text: str, mode: int = 0o600) -> Path:
    """Write the file of channels."""
    file = folder / FILE
    file.write_text(text)
    file.chmod(mode)
    return folder


def message(what: str = "It grew.") -> Written:
    """Return a message."""
    return written("k" * 64, [Said("Warning: Backlog", "warning", what, "x").content()])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that is there to its test's end."""
    with receiving() as one:
        yield one


@pytest.mark.row("ALR-01")
def test_a_channel_is_read_and_its_url_is_not_shown(tmp_path: Path) -> None:
    """Neither by its text, nor by what is published of it."""
    text = (
        'ops = "jsons://ana:s3cret@example.org/x"\n[acme]\nurl = "mailto://u:p4ss@a.org?to={to}"\n'
    )
    found = load_channels(kept(tmp_path, text + 'reach = ["vendor=Acme|Globex"]\n'), {})
    ops, acme = found.get("ops"), found.get("acme")
    assert (ops.scheme, ops.is_personal, acme.is_personal) == ("jsons", False, True)
    assert acme.reach == (Condition("vendor", ("Acme", "Globex")),)
    for each in (ops, acme):
        assert "s3cret" not in f"{each!r} {each} {each.as_json()}"
        assert "p4ss" not in f"{each!r} {each} {each.as_json()}"
    with pytest.raises(UnknownName, match="ops"):
        found.get("opps")


def test_a_variable_wins_over_the_file(tmp_path: Path) -> None:
    """Its reach stays that of the file."""
    kept(tmp_path, '[ops]\nurl = "json://a.org"\nreach = ["team=A"]\n')
    found = load_channels(tmp_path, {"OPSGAUGE_CHANNEL_OPS": "json://b.org"})
    assert (found.get("ops").url, found.get("ops").reach) == (
        "json://b.org",
        (Condition("team", ("A",)),),
    )
    assert load_channels(tmp_path / "none", {}).by_name == {}


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('ops = "json://u:s3cret@a.org"', 0o640, "others may read it"),
        ('ops = "json://u:s3cret@a.org', 0o600, "is no TOML"),
        ('ops = "s3cret"', 0o600, "no URL"),
        ('ops = "json://u:s3cret@a.org:99999/"', 0o600, "no URL"),
        ('ops = "json://u:s3cret@a.org/ x"', 0o600, "no URL"),
        ("ops = 3", 0o600, "no URL"),
        ('[ops]\nurl = "json://u:s3cret@a.org"\nreech = []', 0o600, "no such key 'reech'"),
        ('[ops]\nurl = "json://u:s3cret@a.org"\nreach = ["s"]', 0o600, "column=value"),
        ('[ops]\nurl = "json://u:s3cret@a.org"\nreach = "team=A"', 0o600, "no list"),
        ('"O p" = "json://u:s3cret@a.org"', 0o600, "small letters"),
    ],
)
def test_a_file_that_cannot_be_is_refused_without_its_secrets(
    tmp_path: Path, text: str, mode: int, said: str
) -> None:
    """What is wrong is told, and nothing of what stands there."""
    with pytest.raises(SettingsWrong, match=said) as wrong:
        load_channels(kept(tmp_path, text, mode), {})
    assert "s3cret" not in f"{wrong.value} {wrong.value.hint}"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "::1", "::", "fe80::1", "fd00::1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "fe80::1%eth0",
        ),
        *("fec0::1", "ff02::1", "240.0.0.1", "255.255.255.255"),
    ],
)
def test_no_address_of_a_private_network_is_reached(address: str) -> None:
    """Whatever it is written as, and however the name that leads there is called."""
    with pytest.raises(AddressRefused, match="private network"):
        allowed_addresses("hook.example.org", [], lambda _: ["93.184.216.34", address])
    assert allowed_addresses("Hook.example.org.", ["hook.example.org"], lambda _: [address]) == [
        address
    ]


def test_a_number_is_the_address_that_it_is() -> None:
    """2130706433 and 0x7f.1 are 127.0.0.1 to a resolver, and so to us."""
    for host in ("2130706433", "0x7f.1", "017700000001", "localhost", "[::1]"):
        with pytest.raises(AddressRefused):
            allowed_addresses(host, [])


@pytest.mark.parametrize("scheme", ["json", "http", "form"])
def test_a_web_hook_bears_its_key(receiver: Receiver, scheme: str) -> None:
    """As a header, with the headers of its URL; the text and its parts are its body."""
    url = receiver.url.replace("json://", f"{scheme}://ana:s3cret@") + "?+X-Team=ops&a=b%20c"
    send(Channel("ops", url), "", message(), HERE)
    [one] = receiver.taken
    assert one.key == "k" * 64
    assert one.headers["x-team"] == "ops"
    assert one.headers["authorization"] == "Basic YW5hOnMzY3JldA=="
    assert one.path == "/hook/T0PS3CRET?a=b+c"
    if scheme == "form":
        assert b"subject=Warning%3A+Backlog" in one.body
    else:
        assert one.told["alerts"][0]["what"] == "It grew."
        assert "Reference kkkk" in one.told["text"]


@pytest.mark.parametrize("kind", ["json", "form", "http", "gotify", "ntfy", "xml", "mailto"])
def test_what_leads_inside_is_refused_without_being_named(receiver: Receiver, kind: str) -> None:
    """Nothing is sent, and neither path nor password stands in the error."""
    url = receiver.url.replace("json://", f"{kind}://ana:s3cret@")
    if kind == "mailto":
        url = "mailto://ana:s3cret@example.org?smtp=127.0.0.1&to=a@example.org"
    with pytest.raises(ChannelDown, match="private network") as wrong:
        send(Channel("ops", url), "", message(), Limits(2.0))
    assert receiver.came == []
    assert "s3cret" not in str(wrong.value)
    assert "T0PS3CRET" not in str(wrong.value)


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_no_redirect_is_followed(receiver: Receiver, kind: str) -> None:
    """By our own sender as by Apprise: it would lead past what was judged."""
    with receiving() as other:
        receiver.status, receiver.location = 307, other.url.replace("json://", "http://")
        with pytest.raises(ChannelDown):
            send(Channel("ops", receiver.url.replace("json", kind)), "", message(), HERE)
        assert len(receiver.came) == 1
        assert other.came == []


def test_apprise_sends_what_we_do_not(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    """With the text as it is; what fails is told without the URL, and logged nowhere."""
    url = receiver.url.replace("json://", "xml://ana:s3cret@")
    send(Channel("ops", url), "", message(what="Über 5 > 4 & 3"), HERE)
    assert "Über 5 &gt; 4 &amp; 3" in receiver.taken[0].body.decode()
    receiver.status = 500
    with pytest.raises(ChannelDown) as wrong:
        send(Channel("ops", url), "", message(), HERE)
    told = f"{wrong.value} {caplog.text}"
    assert "s3cret" not in told
    assert "T0PS3CRET" not in told


@pytest.mark.parametrize("url", ["nosuch://a.example", "syslog://x", "slack://"])
def test_an_unknown_kind_is_told(url: str) -> None:
    """It stays in the outbox, and says why."""
    with pytest.raises(ChannelDown, match="kind"):
        send(Channel("ops", url), "", message(), Limits(2.0, (), lambda _: []))


def test_a_token_is_not_looked_up_as_if_it_were_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """That would tell it to whoever answers for names."""
    monkeypatch.setattr(by_apprise, "_went", lambda *_: False)
    asked: list[str] = []

    def look(host: str) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    for url in ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "gotify://h.example/tok"):
        with pytest.raises(ChannelDown):
            send(Channel("ops", url), "", message(), Limits(1.0, (), look))
    assert asked == ["h.example"]


def test_nothing_of_a_url_is_left_in_an_error() -> None:
    """Plain or as it is written in a URL."""
    url = "https://ana:p%40ss@a.org/hook/T0KEN?key=abcd%2Fef#frag"
    told = redacted("p@ss p%40ss T0KEN abcd/ef abcd%2Fef a.org", url)
    assert told == "… … … … … a.org"
