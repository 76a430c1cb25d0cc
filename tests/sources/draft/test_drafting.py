"""Exports in several manners, each drafted from its columns and values alone."""

import pytest

from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.log.mapping import Mapping, Take, parse_mapping
from opsgauge.sources.draft.drafting import source_name
from tests.sources.draft import exports
from tests.sources.draft.conftest import Desk


def fields(mapping: Mapping) -> dict[str, str]:
    """Return the column of each field; joined ones with a plus."""
    return {name: "+".join(take.columns) for name, take in mapping.fields.items()}


def words(mapping: Mapping) -> dict[str, str]:
    """Return the phase of each word."""
    return dict(mapping.phases[0].words) if mapping.phases else {}


@pytest.mark.row("ING-01")
def test_a_support_desk(desk: Desk) -> None:
    """Statuses beside each other say what each means; "-" is nothing; blanks get a practice."""
    made = desk.draft(exports.support_desk(), "Tickets export 2026-03.csv")
    mapping = made.mapping

    assert (mapping.source, mapping.shape, mapping.ticket_id) == ("tickets_export", "tickets", "Id")
    assert mapping.missing == ("-",)
    assert (mapping.times.zone, mapping.times.formats) == ("UTC", ("iso",))
    assert mapping.practice == Take(
        column="Ticket type",
        blank="Incident",
        words={"Incident": "incident", "Question": "request"},
    )
    assert fields(mapping) == {
        "updated_at": "Updated at",
        "opened_at": "Created at",
        "assigned_at": "Initially assigned at",
        "resolved_at": "Solved at",
        "original_status": "Status",
        "priority": "Priority",
        "team": "Group",
        "channel": "Via",
        "description": "Subject",
        "assignee": "Assignee",
        "requester": "Requester",
        "reopen_count": "Reopens",
    }
    assert words(mapping) == {
        "New": "new",
        "Open": "in_progress",
        "Pending": "pending_user",
        "Hold": "pending_other",
        "Solved": "resolved",
        "Closed": "closed",
    }
    assert set(mapping.persons) == {"Requester id", "Requester email"}
    assert any(ask.startswith("zone") for ask in made.asks)


@pytest.mark.row("ING-01")
def test_a_service_list(desk: Desk) -> None:
    """Twelve hours a day, promises as words, and two columns of people for one role."""
    mapping = desk.draft(exports.service_list(), "list.csv").mapping

    assert mapping.times.formats == ("%d %b, %Y %I:%M %p",)
    assert mapping.practice.words == {"Incident": "incident", "Service Request": "request"}
    told = fields(mapping)
    assert told["first_response_at"] == "Initial Response Time"
    assert told["subcategory"] == "Sub-Category"
    assert told["requester"] == "Requester Name"
    assert mapping.persons == ("Requester Email",)
    assert mapping.fields["sla_met"] == Take(
        column="Resolution Status", yes=("Within SLA",), no=("SLA Violated",)
    )
    assert "No Agent" in mapping.missing
    assert words(mapping)["Waiting on Third Party"] == "pending_vendor"
    assert words(mapping)["Open"] == "new"
    assert "Due by Time" not in told.values()


@pytest.mark.row("ING-01")
def test_an_issue_list(desk: Desk) -> None:
    """Months by their letters, types in brackets, a parent, and the number that people know."""
    mapping = desk.draft(exports.issue_list(), "issues.csv").mapping

    assert mapping.ticket_id == "Issue key"
    assert mapping.times.formats == ("%d/%b/%y %I:%M %p",)
    assert mapping.practice.words["[System] Service request"] == "request"
    assert fields(mapping)["resolution_code"] == "Resolution"
    assert [(link.kind, link.column) for link in mapping.links] == [("child_of", "Parent")]
    assert set(mapping.persons) == {"Project lead", "Creator"}
    assert mapping.drop == ("Summary",)


@pytest.mark.row("ING-01")
def test_a_log_of_updates(desk: Desk) -> None:
    """A number that repeats, a moment that tells the rows apart, a counter that orders them."""
    made = desk.draft(exports.updates_log(), "log.csv")
    mapping = made.mapping

    assert mapping.shape == "updates"
    assert mapping.order == ("sys_mod_count",)
    assert mapping.missing == ("?",)
    assert mapping.times.formats == ("%d/%m/%Y %H:%M",)
    assert mapping.practice.value == "incident"
    told = fields(mapping)
    assert told["updated_at"] == "sys_updated_at"
    assert told["opened_at"] == "opened_at"
    assert told["actor"] == "sys_updated_by"
    assert told["handoff_count"] == "reassignment_count"
    assert mapping.fields["sla_met"] == Take(column="made_sla")


@pytest.mark.row("ING-01")
def test_a_list_in_french(desk: Desk) -> None:
    """Accents and apostrophes in names; yes and no in another tongue."""
    mapping = desk.draft(exports.french_list(), "liste.csv").mapping

    told = fields(mapping)
    assert told["opened_at"] == "Date d'ouverture"
    assert told["closed_at"] == "Date de clôture"
    assert told["assignee"] == "Attribué à - Technicien"
    assert told["team"] == "Attribué à - Groupe de techniciens"
    assert mapping.fields["sla_met"] == Take(column="Délai respecté", yes=("Oui",), no=("Non",))
    assert mapping.practice.words == {"Incident": "incident", "Demande": "request"}
    assert words(mapping)["En attente du fournisseur"] == "pending_vendor"
    assert mapping.times.formats == ("%d-%m-%Y %H:%M",)


@pytest.mark.row("ING-01")
def test_a_home_grown_list_in_german(desk: Desk) -> None:
    """Day and clock apart, a yes that means missed, and a word of its own, which is left."""
    made = desk.draft(exports.german_list(), "Störungsliste 2026.csv")
    mapping = made.mapping

    assert (mapping.source, mapping.ticket_id) == ("stoerungsliste", "Vorgangsnr.")
    assert mapping.practice.value == "incident"
    told = fields(mapping)
    assert told["opened_at"] == "Gemeldet am+Uhrzeit"
    assert told["resolved_at"] == "Behoben am"
    assert told["team"] == "Bearbeitergruppe"
    assert told["assignee"] == "Bearbeiter"
    assert told["requester"] == "Gemeldet von"
    assert told["channel"] == "Meldeweg"
    assert mapping.fields["sla_met"] == Take(column="SLA verletzt", yes=("nein",), no=("ja",))
    assert set(mapping.missing) == {"k.A.", "nicht zugewiesen"}
    assert "beim Kollegen" not in words(mapping)
    assert any("'beim Kollegen'" in ask for ask in made.asks)
    assert "# beim Kollegen:" in made.text


@pytest.mark.row("ING-01")
def test_a_list_in_dutch(desk: Desk) -> None:
    """One figure for small days and months; the target is no moment of the ticket's."""
    mapping = desk.draft(exports.dutch_list(), "meldingen.csv").mapping

    assert mapping.ticket_id == "Meldingnummer"
    assert mapping.times.formats == ("%d-%m-%Y %H:%M",)
    assert mapping.practice.words == {
        "Incident": "incident",
        "Aanvraag": "request",
        "Klacht": "incident",
    }
    told = fields(mapping)
    assert told["resolved_at"] == "Datum gereed"
    assert told["team"] == "Behandelaarsgroep"
    assert "Streefdatum" not in told.values()
    assert words(mapping)["Wacht op leverancier"] == "pending_vendor"


@pytest.mark.row("ING-01")
def test_a_log_of_changed_fields(desk: Desk) -> None:
    """The words are taken, not the numbers behind them; what nobody knows is left to a person."""
    made = desk.draft(exports.changes_log(), "changelog.csv")
    mapping = made.mapping

    assert mapping.shape == "changes"
    assert mapping.changes is not None
    assert (mapping.changes.field, mapping.changes.old) == ("field", "fromString")
    assert mapping.changes.new == "toString"
    assert mapping.changes.names == {
        "status": "original_status",
        "Team": "team",
        "assignee": "assignee",
    }
    assert fields(mapping) == {"updated_at": "changed_at", "actor": "author"}
    assert words(mapping)["Resolved"] == "resolved"
    assert (mapping.practice.value, mapping.times.zone) == ("incident", "")
    assert "# Rank:" in made.text


@pytest.mark.row("ING-01")
def test_a_home_grown_log_with_seconds(desk: Desk) -> None:
    """Its own row numbers are no tickets, and its short names are understood."""
    mapping = desk.draft(exports.seconds_log(), "audit.csv").mapping

    assert (mapping.ticket_id, mapping.shape) == ("case_no", "updates")
    assert mapping.times.formats == ("epoch_s",)
    assert mapping.order == ("rev",)
    assert fields(mapping) == {
        "updated_at": "event_time",
        "opened_at": "opened",
        "activity": "event",
        "original_status": "current_state",
        "priority": "sev",
        "team": "owner_team",
        "assignee": "owner",
        "actor": "who",
    }


@pytest.mark.row("ING-01")
def test_a_dump_with_short_names(desk: Desk) -> None:
    """Moments without marks, groups by letters, a breach that says yes."""
    rows = "".join(
        f"2025{n:06}|20260{1 + n % 9}01{8 + n % 9:02}3000|202609{1 + n:02}120000|NET|"
        f"{('OPN', 'WIP')[n % 2]}|K{n}|HW|PRN|{'YN'[n % 2]}\n"
        for n in range(1, 20)
    )
    head = "ticket_no|ts_open|ts_done|resolver_grp|state_cd|cust_ref|kat1|kat2|breach\n"
    mapping = desk.draft(head + rows, "dump.txt").mapping

    assert mapping.ticket_id == "ticket_no"
    assert mapping.times.formats == ("%Y%m%d%H%M%S",)
    assert fields(mapping) == {
        "opened_at": "ts_open",
        "resolved_at": "ts_done",
        "original_status": "state_cd",
        "category": "kat1",
        "subcategory": "kat2",
        "team": "resolver_grp",
        "requester": "cust_ref",
        "sla_met": "breach",
    }
    assert mapping.fields["sla_met"] == Take(column="breach", yes=("N",), no=("Y",))


def test_days_without_a_clock_are_told(desk: Desk) -> None:
    """Durations are off by up to a day."""
    rows = "".join(f"{n},2026-01-{n:02} 08:00,2026-01-{n + 1:02}\n" for n in range(10, 20))
    made = desk.draft("Case,Opened,Date completed\n" + rows)

    assert "resolved_at: days without a clock" in " ".join(made.asks)
    assert "DAYS WITHOUT A CLOCK" in made.text


def test_in_a_log_a_user_is_who_did_it(desk: Desk) -> None:
    """In a list, it is who asked."""
    rows = "".join(f"T{n % 9},2026-01-{n:02},bot{n % 3}\n" for n in range(10, 28))
    log = desk.draft("Ticket,changed,User\n" + rows).mapping
    assert fields(log) == {"updated_at": "changed", "actor": "User"}

    rows = "".join(f"T{n},2026-01-{n:02},bot{n % 3}\n" for n in range(10, 28))
    assert fields(desk.draft("Ticket,created,User\n" + rows).mapping)["requester"] == "User"


def test_the_words_of_people_never_stand_in_a_draft(desk: Desk) -> None:
    """A draft is a file like any other, and may be sent to somebody."""
    for export in (exports.support_desk(), exports.german_list(), exports.changes_log()):
        text = desk.draft(export).text
        assert not [name for name in exports.PEOPLE if name in text]
        assert "@example.org" not in text


def test_every_line_has_its_reason(desk: Desk) -> None:
    """Beside it, or in the lines above."""
    lines = desk.draft(exports.service_list()).text.splitlines()
    told = [n for n, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")]
    bare = [
        lines[n]
        for n in told
        if "# " not in lines[n]
        and not lines[n].endswith(":")
        and not lines[n - 1].strip().startswith("#")
    ]
    assert bare == ['  formats: ["%d %b, %Y %I:%M %p"]']


def test_the_zone_is_asked_for_in_capitals_where_nothing_says_it(desk: Desk) -> None:
    """And not where every moment carries its own."""
    assert "CHECK THIS: the moments carry no zone" in desk.draft(exports.dutch_list()).text
    assert "zone:" not in desk.draft(exports.changes_log()).text


def test_each_line_that_is_switched_off_can_be_switched_on(desk: Desk) -> None:
    """Alone, and with the head of its part where that is off, too."""
    for export in (exports.german_list(), exports.changes_log(), exports.service_list()):
        text = desk.draft(export).text
        lines = text.splitlines()
        for n, line in enumerate(lines):
            if not line.startswith("  # ") or ": " not in line.partition("  # ")[2][:40]:
                continue
            if line[4:].split(":")[0] == "CHECK THIS" or not line[4].strip():
                continue
            on = lines.copy()
            on[n] = line.replace("# ", "", 1)
            heads = [h for h in range(n) if on[h].startswith("# ") and ":   " in on[h]]
            if heads and all(on[h].lstrip().startswith("#") for h in range(heads[-1], n)):
                on[heads[-1]] = on[heads[-1]].replace("# ", "", 1)
            parse_mapping("\n".join(on), "switched on")


def test_a_file_without_moments_is_told(desk: Desk) -> None:
    """With the columns it has."""
    with pytest.raises(MappingWrong, match="no column whose values read as moments") as wrong:
        desk.draft("number,state\n1,new\n2,done\n")
    assert "number, state" in wrong.value.hint


def test_a_file_without_numbers_is_told(desk: Desk) -> None:
    """Nothing there differs from row to row."""
    with pytest.raises(MappingWrong, match="could number its tickets"):
        desk.draft("state,at\nnew,2026-01-05\nnew,2026-01-06\nnew,2026-01-07\n")


def test_a_header_alone_is_no_export(desk: Desk) -> None:
    """There is nothing to learn from."""
    with pytest.raises(FileUnreadable, match="no records"):
        desk.draft("number,state,at\n")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Incidents_2026-01.csv.gz", "incidents"),
        ("1.csv", "export"),
        ("Ünï côdé.parquet", "ueni_code"),
        ("a" * 90 + ".csv", "a" * 40),
        ("INC export (3).XLSX", "inc_export"),
    ],
)
def test_a_source_is_named_after_its_file(file: str, name: str) -> None:
    """Without dates, which change from export to export."""
    assert source_name(file) == name


def test_one_edit_switches_an_attribute_on(desk: Desk) -> None:
    """The head of the part stands, also where every line below it is off."""
    rows = "".join(f"T-{n},2026-01-05 08:{n:02},New,{'AB'[n % 2]}\n" for n in range(20))
    text = desk.draft("Ticket,Created,Status,Colour\n" + rows).text
    assert "\nattributes:\n" in text
    off = next(line for line in text.splitlines() if line.startswith("  # colour: Colour"))
    on = text.replace(off, off.replace("# ", "", 1))

    assert parse_mapping(text, "draft").attributes == {}
    assert parse_mapping(on, "draft").attributes == {"colour": "Colour"}
