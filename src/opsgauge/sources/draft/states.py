"""Which phase a tool's word for a state means, in English, German, Dutch, French and Spanish.

Floor 3. Stems are looked for in the folded word, the most telling first: "Closed - cancelled" is
cancelled, "Waiting for customer" waits. A word that no stem meets stays the person's to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opsgauge.sources.draft.names import folded

WAITS = (
    r"wait|await|\bpend|\bon ?hold|\bhold\b|\bheld\b|paus|suspend|parked|block|defer|postpon|stall|"
    r"\bwart|zurueckgestellt|angehalten|ausgesetzt|rueckfrage|"
    r"wacht|aangehouden|uitgesteld|attente|suspendu|differe|bloque|"
    r"esper|pendiente|suspendid|aplazad|detenid|sospes|attesa"
)
APPROVAL = (
    r"approv|authori[sz]|sign ?off|\bcab\b|genehmig|freigabe|freizugeben|goedkeur|akkoord|"
    r"approbation|validation|aprobaci|autorizaci"
)
USERS = (
    r"user|customer|client|caller|request[eo]r|reporter|contact|employee|reply|response|feedback|"
    r"\binfo|kunde|anwender|benutzer|melder|rueckmeldung|antwort|gebruiker|aanmelder|klant|"
    r"aanvrager|reactie|utilisateur|demandeur|reponse|usuario|solicitante|cliente|respuesta"
)
VENDORS = (
    r"vendor|supplier|third|3rd|external|provider|manufacturer|\boem\b|partner|warranty|parts\b|"
    r"deliver|lieferant|hersteller|extern|dienstleister|ersatzteil|leverancier|fournisseur|"
    r"prestataire|tiers|proveedor|tercero|fabricante"
)
CHANGES = (
    r"change|\brfc\b|release|deploy|implementation|patch|wijziging|aenderung|changement|cambio"
)
PROBLEMS = r"problem|root cause|ursache|oorzaak|cause racine|causa raiz"
CANCELLED = (
    r"cancel|withdraw|abandon|\bvoid|annul|anulad|revoked|obsolete|won ?t (fix|do)|spam|"
    r"duplicate|skipped|"
    r"deleted|removed|merged|trash|incomplete|stornier|abgebrochen|zurueckgezogen|verworfen|"
    r"geloescht|doppelt|"
    r"ingetrokken|geannuleerd|vervallen|verwijderd|abandonne|retire\b|doublon|supprim|retirad|"
    r"eliminad|duplicad|descartad"
)
REJECTED = r"reject|declin|refus|denied|not approved|abgelehnt|afgewezen|geweigerd|rechazad|denegad"
CLOSED = (
    r"clos(?!e to)|archiv|confirmed|geschlossen|abgeschlossen|gesloten|afgesloten|\bferme|clotur|"
    r"\bclos\b|cerrad|archivad|chius"
)
RESOLVED = (
    r"resolv|solved|fixed|\bdone\b|complet|finish|fulfil|deliver(ed|y complete)|answered|restored|"
    r"geloest|behoben|erledigt|fertig|beendet|opgelost|afgehandeld|gereed|uitgevoerd|afgerond|"
    r"resolu|termine|realise|traite\b|resuelt|solucionad|completad|finalizad|atendid|risolt"
)
REOPENED = r"re ?-?open|wieder ?(er|ge)?oeffnet|wieder offen|heropend|re ?ouvert|reabiert|riapert"
NOT_YET = (
    r"not (yet )?(start|assign|touch|look)|unassigned|un ?read|unopened|nicht (begonnen|zugew)"
)
NOT_DONE = (
    r"\b(not|un|nicht|niet|non|no|sin)[ -]?(resolv|solved|fixed|clos|geloest|opgelost|resolu)"
)
SCHEDULED = r"schedul|\bplan|geplant|terminiert|ingepland|gepland|planifie|programm?ad|agendad"
WORKED_ON = (
    r"progress|\bwork|\bwip\b|\bactive|activated|started|investigat|diagnos|implement|develop|"
    r"analy|troubleshoot|testing|\btest\b|in review|under review|processing|ongoing|handling|"
    r"treating|escalat|fixing|repair|acknowledg|responded|replied|reacted|accepted|"
    r"in arbeit|bearbeit|aktiv|eskalier|pruefung|in behandel|bezig|lopend|onderzoek|"
    r"en cours|traitement|en curso|en progreso|en proceso|trabaj|tratamiento|investigaci|lavorazion"
)
ASSIGNED = (
    r"assign|dispatch|allocat|queue|routed|transferred|forwarded|for support|"
    r"zugewiesen|zugeteilt|weitergeleitet|toegewezen|doorgezet|attribue|affecte|asignad|derivad"
)
NEW = (
    r"\bnew\b|to ?do\b|backlog|logged|register|submitted|created|reported|received|triage|"
    r"recorded|draft|incoming|raised|unmatched|requested|\bneu|angelegt|erfasst|eingegangen|gemeldet|"
    r"nieuw|aangemeld|geregistreerd|ontvangen|nouveau|nouvelle|enregistre|nuevo|nueva|"
    r"registrad|recibid|nuovo"
)
LAST = re.compile(r"done|complet|finish|erledigt|fertig|gereed|termine|finaliz")
OPEN = r"\bopen|offen|geopend|ouvert|abiert|apert"
# In the order in which they are tried; the first that is met tells the phase.
STEMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (phase, re.compile(stems))
    for phase, stems in (
        ("reopened", REOPENED),
        ("new", NOT_YET),
        ("in_progress", NOT_DONE),
        ("rejected", REJECTED),
        ("cancelled", CANCELLED),
        ("closed", CLOSED),
    )
)
WAITED_FOR: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (phase, re.compile(stems))
    for phase, stems in (
        ("pending_approval", APPROVAL),
        ("pending_vendor", VENDORS),
        ("pending_problem", PROBLEMS),
        ("pending_change", CHANGES),
        ("pending_user", USERS),
    )
)
GOING: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (phase, re.compile(stems))
    for phase, stems in (
        ("resolved", RESOLVED),
        ("scheduled", SCHEDULED),
        ("in_progress", WORKED_ON),
        ("assigned", ASSIGNED),
        ("new", NEW),
        ("open", OPEN),
    )
)


@dataclass(frozen=True)
class Meant:
    """What a word is taken to mean, and why or what else it could be ("" where it is plain)."""

    phase: str
    doubt: str = ""


OPEN_BESIDE_NEW = Meant("in_progress", "or assigned; another word says new")
OPEN_ALONE = Meant("new", "or in_progress; no other word says new")
SETTLED: Mapping[str, Meant | None] = {
    "": None,
    "reopened": Meant("in_progress", "or new, or assigned, if it waits to be looked at again"),
    "approved": Meant("scheduled", "or assigned"),
}


def phases(words: Mapping[str, int]) -> dict[str, Meant | None]:
    """Return the phase of each word; None where nothing says so.

    What one word means can follow from the others: beside "New", "Open" is what is worked on.

    Examples
    --------
    >>> {word: meant.phase for word, meant in phases({"Open": 1, "On hold": 1}).items()}
    {'Open': 'new', 'On hold': 'pending_other'}
    >>> phases({"New": 1, "Open": 1})["Open"].phase, phases({"Fruit": 1})["Fruit"]
    ('in_progress', None)
    """
    bare = {word: _bare(word) for word in words}
    known = set(bare.values())
    return {word: _settled(word, phase, known, words) for word, phase in bare.items()}


def knows(words: Mapping[str, int]) -> float:
    """Return the share of a column's values that are words for states, 0 to 1."""
    total = sum(words.values())
    met = sum(count for word, count in words.items() if _bare(word))
    return met / total if total else 0.0


def _bare(word: str) -> str:
    """Return what a word means by itself; "reopened", "open" and "waits" are settled later."""
    text = folded(word)
    for phase, stems in STEMS:
        if stems.search(text):
            return "resolved" if phase == "closed" and re.search(WAITS, text) else phase
    waits = bool(re.search(WAITS, text))
    if waits and re.search(RESOLVED + "|closure|clotur|cierre", text):
        return "resolved"
    if waits:
        return next((p for p, stems in WAITED_FOR if stems.search(text)), _unnamed_wait(text))
    if re.search(APPROVAL, text):
        return (
            "approved"
            if re.search(r"approved|genehmigt|goedgekeurd|authori[sz]ed", text)
            else ("pending_approval")
        )
    return next((phase for phase, stems in GOING if stems.search(text)), "")


def _unnamed_wait(text: str) -> str:
    if re.search(r"support|agent|service ?desk|helpdesk|pickup|assign|zuweisung|toewijzing", text):
        return "assigned"
    return "waits"


def _settled(word: str, phase: str, known: set[str], words: Mapping[str, int]) -> Meant | None:
    """Return what a word means among the others of its column."""
    if phase in SETTLED:
        return SETTLED[phase]
    if phase == "open":
        return OPEN_BESIDE_NEW if "new" in known else OPEN_ALONE
    if phase == "waits":
        return _wait(word, words)
    if phase == "resolved" and "closed" not in known and _is_last(word):
        return Meant("resolved", "or closed, if nothing comes after it")
    return Meant(phase)


def _wait(word: str, words: Mapping[str, int]) -> Meant:
    others = {folded(other) for other in words} - {folded(word)}
    if folded(word) == "pending" and any("hold" in other for other in others):
        return Meant("pending_user", "beside a word for on hold")
    return Meant("pending_other", "or pending_user, pending_vendor ...")


def _is_last(word: str) -> bool:
    return bool(
        re.search(r"done|complet|finish|erledigt|fertig|gereed|termine|finaliz", folded(word))
    )
