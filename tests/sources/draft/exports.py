"""Exports made up in the manner of tools and of no tool: other names, words, clocks and languages.

All tell of the same sixty tickets, so that what a draft makes of one can be held against another.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PEOPLE = ("Anna Smith", "John Doe", "Maria Lopez", "Peter Janssen", "Sara Conti", "Ahmed Ali")
MANY = 60


@dataclass(frozen=True)
class Ticket:
    """What happened to one made-up ticket."""

    number: int
    opened: datetime
    assigned: datetime
    resolved: datetime | None
    closed: datetime | None
    stage: int  # 0 new, 1 worked on, 2 waits for the user, 3 for a vendor, 4 resolved, 5 closed

    @property
    def requester(self) -> str:
        """Who asked."""
        return PEOPLE[self.number % len(PEOPLE)]

    @property
    def agent(self) -> str:
        """Who works on it."""
        return PEOPLE[self.number % 3] if self.stage else ""

    @property
    def updated(self) -> datetime:
        """When it last changed."""
        return self.closed or self.resolved or self.assigned

    def pick(self, *words: str) -> str:
        """Return one of some words."""
        return words[self.number % len(words)]


def tickets(first: datetime = datetime(2026, 1, 5, 8)) -> list[Ticket]:  # noqa: DTZ001 - local clocks
    """Return the made-up tickets, a day and a bit apart."""
    made = []
    for number in range(1, MANY + 1):
        opened = first + timedelta(hours=31 * number, minutes=7 * number)
        assigned = opened + timedelta(minutes=20 + number)
        stage = (0, 1, 2, 3, 4, 4, 5, 5, 5, 5)[number % 10]
        resolved = assigned + timedelta(hours=5) if stage >= 4 else None
        closed = resolved + timedelta(days=3) if resolved and stage == 5 else None
        made.append(Ticket(number, opened, assigned, resolved, closed, stage))
    return made


def sheet(head: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def clock(form: str, nothing: str = "") -> Callable[[datetime | None], str]:
    """Return what writes moments in a form."""
    return lambda moment: moment.strftime(form) if moment else nothing


def support_desk() -> str:
    """Return a list with statuses new, open, pending, hold, solved, closed, and "-" for nothing."""
    at = clock("%Y-%m-%d %H:%M:%S", "-")
    states = ("New", "Open", "Pending", "Hold", "Solved", "Closed")
    head = "Id,Requester,Requester id,Requester email,Assignee,Group,Subject,Status,Priority,Via,"
    head += (
        "Ticket type,Created at,Updated at,Assigned at,Initially assigned at,Solved at,Due date,"
    )
    head += "Reopens,Full resolution time in minutes"
    rows = [
        [
            1000 + t.number,
            t.requester,
            7000 + t.number % 6,
            t.requester.lower().replace(" ", ".") + "@example.org",
            t.agent or "-",
            t.pick("Support", "Network"),
            f"Cannot print from floor {t.number} since the update",
            states[t.stage],
            t.pick("Low", "Normal", "High", "-"),
            t.pick("Web form", "Mail"),
            t.pick("Incident", "Question", "-"),
            at(t.opened),
            at(t.updated),
            at(t.assigned + timedelta(hours=1)),
            at(t.assigned),
            at(t.resolved),
            "-",
            t.number % 2,
            300,
        ]
        for t in tickets()
    ]
    return sheet(head.split(","), rows)


def service_list() -> str:
    """Return a list of incidents and service requests with promises told as words."""
    at = clock("%d %b, %Y %I:%M %p")
    states = (
        "Open",
        "Work in progress",
        "Awaiting Customer",
        "Waiting on Third Party",
        "Resolved",
        "Closed",
    )
    head = "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created Time,Due by Time,"
    head += "Resolved Time,Closed Time,Last Updated Time,Initial Response Time,Resolution Status,"
    head += "First Response Status,Category,Sub-Category,Item,Requester Name,Requester Email,"
    head += "Requester Location,Department,Impact,Urgency"
    rows = [
        [
            t.number,
            f"Laptop {t.number} is slow since it was moved",
            states[t.stage],
            t.pick("Low", "Medium", "High"),
            t.pick("Portal", "Email", "Phone"),
            t.pick("Incident", "Service Request"),
            t.agent or "No Agent",
            t.pick("Service Desk", "Networks"),
            at(t.opened),
            at(t.opened + timedelta(days=2)),
            at(t.resolved),
            at(t.closed),
            at(t.updated),
            at(t.assigned),
            t.pick("Within SLA", "SLA Violated") if t.resolved else "",
            "Within SLA",
            t.pick("Hardware", "Software"),
            t.pick("Laptop", "Mail", "Printer"),
            t.pick("Dell", ""),
            t.requester,
            t.requester.lower().replace(" ", ".") + "@example.org",
            t.pick("Berlin", "Paris"),
            t.pick("Sales", "IT"),
            t.pick("Low", "High"),
            t.pick("Low", "Medium"),
        ]
        for t in tickets()
    ]
    return sheet(head.split(","), rows)


def issue_list() -> str:
    """Return a list of issues with short dates, a parent, and types in brackets."""
    at = clock("%d/%b/%y %I:%M %p")
    states = (
        "To Do",
        "In Progress",
        "Waiting for customer",
        "Waiting for vendor",
        "Done",
        "Closed",
    )
    head = "Summary,Issue key,Issue id,Issue Type,Status,Project lead,Priority,Resolution,Assignee,"
    head += "Reporter,Creator,Created,Updated,Resolved,Due Date,Parent,Description"
    rows = [
        [
            f"Something is broken with device {t.number}",
            f"ITSM-{t.number}",
            10_000 + t.number,
            t.pick("[System] Incident", "[System] Service request", "Sub-task"),
            states[t.stage],
            "Anna Smith",
            t.pick("Low", "High"),
            "Fixed" if t.resolved else "",
            t.agent,
            t.requester,
            t.requester,
            at(t.opened),
            at(t.updated),
            at(t.resolved),
            "",
            f"ITSM-{t.number - 1}" if t.number % 5 == 0 else "",
            "A long text that says what happens on the machine of the person who asks for help.",
        ]
        for t in tickets()
    ]
    return sheet(head.split(","), rows)


def updates_log() -> str:
    """Return a row per update with a counter, the state as a code, and "?" for nothing."""
    at = clock("%d/%m/%Y %H:%M", "?")
    rows: list[list[object]] = []
    for t in tickets():
        steps = [(t.opened, "New"), (t.assigned, "Active")]
        steps += [(t.resolved, "Resolved")] if t.resolved else []
        steps += [(t.closed, "Closed")] if t.closed else []
        for count, (moment, state) in enumerate(steps):
            rows.append(
                [
                    f"INC{t.number:07}",
                    state,
                    "true",
                    t.number % 2,
                    count,
                    at(t.opened),
                    at(moment),
                    f"Updated by {t.number % 4}",
                    t.pick("Group 1", "Group 2") if count else "?",
                    f"Resolver {t.number % 3}" if count else "?",
                    f"Caller {t.number % 7}",
                    "3 - Moderate",
                    at(t.resolved if state in ("Resolved", "Closed") else None),
                    at(t.closed if state == "Closed" else None),
                ]
            )
    head = "number,incident_state,made_sla,reassignment_count,sys_mod_count,opened_at,"
    head += "sys_updated_at,sys_updated_by,assignment_group,assigned_to,caller_id,priority,"
    head += "resolved_at,closed_at"
    return sheet(head.split(","), rows)


def french_list() -> str:
    """Return a list in French, parted by semicolons, the day first."""
    at = clock("%d-%m-%Y %H:%M")
    states = (
        "Nouveau",
        "En cours (Attribué)",
        "En attente",
        "En attente du fournisseur",
        "Résolu",
        "Clos",
    )
    head = "ID;Titre;Statut;Dernière modification;Date d'ouverture;Priorité;Demandeur;"
    head += "Attribué à - Technicien;Attribué à - Groupe de techniciens;Catégorie;Type;"
    head += "Date de résolution;Date de clôture;Source de la demande;Lieu;Délai respecté"
    rows = [
        [
            t.number,
            f"Imprimante {t.number}",
            states[t.stage],
            at(t.updated),
            at(t.opened),
            t.pick("Basse", "Haute"),
            t.requester,
            t.agent,
            t.pick("Réseau", "Postes"),
            t.pick("Matériel", "Logiciel"),
            t.pick("Incident", "Demande"),
            at(t.resolved),
            at(t.closed),
            t.pick("Téléphone", "Courriel"),
            t.pick("Lyon", "Nantes"),
            t.pick("Oui", "Non"),
        ]
        for t in tickets()
    ]
    return sheet(head.split(";"), rows, ";")


def german_list() -> str:
    """Return a home-grown list in German: day and clock apart, "k.A.", and a word of its own."""
    at = clock("%d.%m.%Y %H:%M", "k.A.")
    states = (
        "offen",
        "in Arbeit",
        "wartet auf Rückmeldung",
        "beim Kollegen",
        "erledigt",
        "abgeschlossen",
    )
    head = "Vorgangsnr.;Störungsart;Kurzbeschreibung;Gemeldet am;Uhrzeit;Gemeldet von;"
    head += "Bearbeitergruppe;Bearbeiter;Stand;Wichtigkeit;Behoben am;Abgeschlossen am;Meldeweg;"
    head += "Gebäude;SLA verletzt;Letzte Änderung"
    rows = [
        [
            f"V{t.number:05}",
            t.pick("Drucker", "Netzwerk"),
            f"geht nicht {t.number}",
            clock("%d.%m.%Y")(t.opened),
            clock("%H:%M")(t.opened),
            t.requester,
            t.pick("Leitstand", "Feldservice"),
            t.agent or "nicht zugewiesen",
            states[t.stage],
            t.pick("hoch", "niedrig"),
            at(t.resolved),
            at(t.closed),
            t.pick("Telefon", "E-Mail"),
            t.pick("Haus A", "Haus B"),
            t.pick("ja", "nein"),
            at(t.updated),
        ]
        for t in tickets()
    ]
    return sheet(head.split(";"), rows, ";")


def dutch_list() -> str:
    """Return a list in Dutch with one figure for days and months below ten."""
    states = (
        "Aangemeld",
        "In behandeling",
        "Wacht op gebruiker",
        "Wacht op leverancier",
        "Gereed",
        "Afgesloten",
    )

    def at(moment: datetime | None) -> str:
        return f"{moment.day}-{moment.month}-{moment:%Y %H:%M}" if moment else ""

    head = "Meldingnummer;Aanmelder;Korte omschrijving;Soort melding;Status;Categorie;Subcategorie;"
    head += "Behandelaar;Behandelaarsgroep;Aanmaakdatum;Datum gereed;Datum afgesloten;Streefdatum;"
    head += "Binnengekomen via;Prioriteit;Vestiging"
    rows = [
        [
            f"I 2601 {t.number:03}",
            t.requester,
            f"kan niet printen {t.number}",
            t.pick("Incident", "Aanvraag", "Klacht"),
            states[t.stage],
            t.pick("Hardware", "Software"),
            t.pick("Printer", "Mail"),
            t.agent,
            t.pick("Servicedesk", "Netwerk"),
            at(t.opened),
            at(t.resolved),
            at(t.closed),
            at(t.opened + timedelta(days=4)),
            t.pick("Telefonisch", "E-mail"),
            t.pick("P1", "P2"),
            t.pick("Utrecht", "Breda"),
        ]
        for t in tickets()
    ]
    return sheet(head.split(";"), rows, ";")


def changes_log() -> str:
    """Return a row per changed field, with the numbers behind the words beside them."""
    at = clock("%Y-%m-%dT%H:%M:%S.000+0000")
    rows: list[list[object]] = []
    for t in tickets():
        key = f"OPS-{t.number}"
        who = PEOPLE[t.number % 3]
        rows += [
            [key, at(t.assigned), who, "assignee", "", "", "u1", who],
            [key, at(t.assigned), who, "Team", "", "", "9", t.pick("Network", "Desk")],
            [key, at(t.assigned), who, "status", "1", "Open", "3", "In Progress"],
        ]
        if t.resolved:
            rows.append([key, at(t.resolved), who, "status", "3", "In Progress", "5", "Resolved"])
            rows.append([key, at(t.resolved), who, "Rank", "", "", "", "Ranked higher"])
        if t.closed:
            rows.append([key, at(t.closed), who, "status", "5", "Resolved", "6", "Closed"])
    head = "issue_key,changed_at,author,field,from,fromString,to,toString"
    return sheet(head.split(","), rows)


def seconds_log() -> str:
    """Return a home-grown audit log: seconds since 1970, its own row numbers, short names."""
    rows: list[list[object]] = []
    for t in tickets():
        steps = [(t.opened, "create", "received"), (t.assigned, "take", "under investigation")]
        steps += [(t.resolved, "solve", "fixed")] if t.resolved else []
        for count, (moment, event, state) in enumerate(steps):
            seconds = int((moment - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
            opened = int((t.opened - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
            rows.append(
                [
                    len(rows) + 1,
                    f"C{t.number:05}",
                    seconds,
                    event,
                    state,
                    t.pick("L1", "L2"),
                    t.pick("asm", "jdo"),
                    "bot" if event == "create" else "asm",
                    t.number % 3 + 1,
                    opened,
                    count + 1,
                ]
            )
    head = "log_id,case_no,event_time,event,current_state,owner_team,owner,who,sev,opened,rev"
    return sheet(head.split(","), rows)
