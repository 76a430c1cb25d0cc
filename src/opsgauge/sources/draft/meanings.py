"""Names by which columns give away what they hold: stems in several languages, by field.

Floor 3. The names are folded, see `names.py`. Stems are general words of the trade; no list of one
tool's columns stands here. `strong` says it outright, `good` mostly, `weak` only if nothing else
does; `less` speaks against it, `never` rules it out.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from opsgauge.sources.draft.kinds import Kind

STRONG, GOOD, WEAK = 4.0, 3.0, 1.8
LESS = 2.0
# Words of a name that neither speak for nor against anything.
NEITHER = """
ticket tickets incident incidents request requests case cases call calls issue issues record
problem change task sys u the of a an name names value label text display current currently
field fields custom date time datetime timestamp at on in by to is was for utc gmt local
full datum uhrzeit zeit zeitpunkt am um der die das des tijd tijdstip op van fecha hora de
del la el heure le les du concept org lifecycle melding vorgang long id key code ts dt tst cd
"""
NEUTRAL = frozenset(NEITHER.split())


@dataclass(frozen=True)
class Meaning:
    """How a field is named in many tools, and what its values must be."""

    field: str
    kinds: frozenset[Kind]
    strong: str
    good: str = ""
    weak: str = ""
    less: str = ""
    never: str = ""

    @cached_property
    def _patterns(self) -> tuple[tuple[float, re.Pattern[str]], ...]:
        given = ((STRONG, self.strong), (GOOD, self.good), (WEAK, self.weak))
        return tuple((weight, re.compile(stems)) for weight, stems in given if stems)

    def named(self, name: str) -> float:
        """Return how clearly a folded name speaks of this field: 0 not at all, 4 outright."""
        if self.never and re.search(self.never, name):
            return 0.0
        for weight, stems in self._patterns:
            found = stems.search(name)
            if found:
                rest = _rest(name, found) - NEUTRAL
                against = LESS if self.less and re.search(self.less, name) else 0.0
                return max(weight - 0.25 * len(rest) - against, 0.0)
        return 0.0


def _rest(name: str, found: re.Match[str]) -> set[str]:
    """Return the words of a name that the found stem is no part of."""
    start = name.rfind(" ", 0, found.start() + 1) + 1
    end = name.find(" ", max(found.end() - 1, found.start()))
    return set((name[:start] + " " + (name[end:] if end >= 0 else "")).split())


WORDS = frozenset({Kind.WORDS, Kind.WHOLE, Kind.MARK, Kind.FLAG, Kind.PERSON})
PEOPLE = frozenset({Kind.PERSON, Kind.WORDS, Kind.MARK, Kind.WHOLE})
MOMENT = frozenset({Kind.MOMENT})
YES_NO = frozenset({Kind.FLAG})
COUNT = frozenset({Kind.WHOLE})
NOT_YET = (
    r"\bdue\b|target|deadline|\bplan|schedul|expect|estimat|\bsla\b|survey|satisf|contract|birth|hire|"
    r"warrant|effective|faellig|frist|\bsoll|ziel|geplant|streef|gepland|verwacht|echeance|limite|"
    r"prevu|previst|vencim|objetivo"
)
OF_OTHERS = r"request[eo]r|caller|customer|client|user|contact|company|organi[sz]ation|comment|view"

MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        "opened_at",
        MOMENT,
        r"\bopen|eroeffn|ouverture|apertura|geopend|"
        r"(erfass|melde|erstell|anlage)(t am|ungs|datum|zeit)",
        r"creat|submitted|submission|logged|reported|raised|register|received|entered|erstell|"
        r"angelegt|gemeldet|erfasst|eingang|aanmaak|aangemaakt|aanmeld|aangemeld|gemeld|invoer|"
        r"ingevoerd|\bcree|\bcread|creacion|registr|\balta\b|\bcreat",
        r"\bstart|\bbegin|inici|debut|aanvang|\bin\b|^(date|time|timestamp|datum|fecha|at|when)$|"
        r"^(date time|datetime)$",
        less=r"\blast|letzt|laatst|derniere|ultim",
        never=NOT_YET + r"|respon|repl|resol|clos|updat|modif|\bassign|re ?open|actual",
    ),
    Meaning(
        "assigned_at",
        MOMENT,
        r"(first|initial|erst)\w* assign",
        r"assign|allocat|dispatch|zuweis|zugewiesen|zugeteilt|toewijz|toegewezen|attribu|affect|"
        r"asign",
        less=r"re ?assign|\blast|updat",
        never=NOT_YET,
    ),
    Meaning(
        "first_response_at",
        MOMENT,
        r"(first|initial|erst|premiere?|primera?|eerste)\w* (\w+ )?(respon|repl|reakt|reac|antwort|"
        r"contact|answer|repons|respuest|touch|action)|erst(reaktion|antwort|kontakt)",
        r"respon|repl(y|ied)|reakt|reactie|reagiert|antwort|repons|respuest|acknowledg|picked up|"
        r"prise en charge|\bstarted work",
        less=r"\blast|next|letzt",
        never=NOT_YET,
    ),
    Meaning(
        "resolved_at",
        MOMENT,
        r"resol|solved|geloest|loesung|behob|opgelost|oplos|gereed|resuel|soluc|risol",
        r"complet|finish|fixed|\bdone|fulfil|restor|erledig|fertig|beend|afgehandeld|afgerond|"
        r"afgemeld|termin|finaliz|delivered",
        r"\bend|\bende\b|\bfin\b|einde|\bout\b|\bstop",
        less=r"^first |initial",
        never=NOT_YET,
    ),
    Meaning(
        "closed_at",
        MOMENT,
        r"\bclos|geschlossen|schliess|schluss|gesloten|afsluit|sluit|ferme|clotur|cerrad|cierre|chius",
        r"archiv|afgesloten",
        r"\bend|\bende\b|\bfin\b|einde",
        less=r"re ?open|first",
        never=NOT_YET,
    ),
    Meaning(
        "outage_started_at",
        MOMENT,
        r"(outage|impact|disruption|downtime|ausfall|stoerung|panne|storing|interrup\w*)s? "
        r"(start|began|begin|beginn|debut|inici|aanvang)",
        never=NOT_YET,
    ),
    Meaning(
        "detected_at",
        MOMENT,
        r"\bdetect|entdeck|\berkannt|gedetect|opgemerkt",
        r"\balert(ed)?\b|\bnoticed",
        less=r"\bby$|\blast",
        never=NOT_YET,
    ),
    Meaning(
        "updated_at",
        MOMENT,
        r"updat|modif|chang|geaendert|aenderung|aktualis|gewijzigd|wijzig|bijgewerkt|mis a jour|"
        r"\bmaj\b|actualiz|mutat",
        r"\blast (activity|action|touch)|timestamp|\b(event|action|activity|log|audit|history)\b|"
        r"occurred|happened|performed",
        r"creat|\bdate\b|\btime\b|\bwhen\b|^at$|datum|fecha|zeit|erstell|logged|start|complete",
        less=OF_OTHERS + r"|status|assign|priority|group",
        never=NOT_YET,
    ),
    Meaning(
        "original_status",
        WORDS,
        r"status\b|\bstate\b|\bstatut|\bestado|\bestatus|\bstato\b|zustand|toestand|\betat\b|"
        r"bearbeitungsstand",
        r"\bphase\b|\bstage\b|\bstand\b|workflow step|fortschritt|voortgang|\bfase\b|etape|etapa|"
        r"situacion|lifecycle|transition",
        r"progress|\bstep\b",
        less=r"approv|\bsla\b|respon|resol|survey|payment|\bvip\b|\bsub|\bold|previous|\bfrom\b|"
        r"major|\bhold|categor|custom|reason|satisf|country|address|warrant|contract",
    ),
    Meaning(
        "team",
        WORDS,
        r"assign\w* (group|team|queue)|(support|resolver|owner|owning|agent|technician|handling|"
        r"fulfil\w+) (group|team|queue)|\bteam|queue|bearbeitergruppe|gruppe\b|behandel\w*groep|"
        r"groep\b|\bgroupe|equipe|equipo|\bequipa|squadra|\bgrupo|warteschlange|wachtrij|resolver",
        r"\bgroup|squad|\bdesk\b|work ?group|abteilung|afdeling|service team|\bbereich\b|\bunit\b",
        r"department|\bline\b|\btier\b|\bcola\b|function|\brole\b|division",
        less=OF_OTHERS + r"|initial|first|previous|\bold|product|watch|closed",
        never=r"count|station|number of|chang|transfer|hand(ed|off|over)",
    ),
    Meaning(
        "assignee",
        PEOPLE,
        r"assigned ?to|assignee|assigned (agent|person|user|technician|engineer)|bearbeiter\b|"
        r"zustaendig|zugewiesen|behandelaar\b|toegewezen|attribue|asignado|technicien|tecnico|"
        r"responsable|responsible|verantwortlich",
        r"agent|responder|technician|engineer|analyst|\bowner|resolver|handler|operator|resource|"
        r"handled by|worked (on )?by|oplosser|sachbearbeiter|specialist|\bassigned\b|consultant|"
        r"techniker",
        r"(resolved|solved|closed|erledigt|bearbeitet|geloest|completed|fixed) ?(by|von|durch)|"
        r"\bstaff\b|afgehandeld door",
        less=OF_OTHERS + r"|creat|opened|updat|previous|external|internal",
        never=r"group|team|queue|gruppe|groep|groupe|grupo|equip|count|station|repl|interaction|"
        r"\bdate\b|\btime\b|hours|\bat$|number of|product|level|\btype|\brole|\bstat",
    ),
    Meaning(
        "requester",
        PEOPLE,
        r"request[eo]r|caller|reporter|(requested|opened) for|aanmelder|aanvrager|\bmelder|"
        r"demandeur|solicitante|anforderer|reported by|raised by|affected (user|person)|submitter|"
        r"betroffene|anfragende|richiedente",
        r"customer|\bcust\b|client\b|contact|\buser\b|employee|kunde|anwender|benutzer|gebruiker|klant|"
        r"utilisateur|usuario|cliente|requested by",
        r"(opened|created|logged|submitted|entered|gemeldet|erstellt|angelegt|aangemaakt) ?"
        r"(by|von|durch|door)|creator|owner|cree par|creado por",
        less=r"updat|modif|assign|agent|\bcc\b|previous",
        never=r"type|count|location|department|company|organi|group|domain|language|segment|role|"
        r"country|\bvip\b|satisf|\bcode|\bstat|\btime\b|\bdate\b|repl|interaction|wait|method|channel|"
        r"\bvia\b|updat|\btier\b|\bsite\b|service|reference|count",
    ),
    Meaning(
        "actor",
        PEOPLE,
        r"(updat|modif|chang|edit|perform|act|mutat)\w* by|\bactor\b|author|"
        r"(geaendert|bearbeitet|aktualisiert) (von|durch)|gewijzigd door|modifie par|"
        r"(modificado|actualizado) por",
        r"\bby\b|\bwho\b|\bwer\b|\bwie\b|\bqui\b|editor|\buser\b|agent|resource|benutzer|performer",
        less=r"(open|creat|resolv|clos|request|assign|report|solv|caus|fix)\w* by|request|caller",
        never=r"group|team|count|\bdate\b|\btime\b|\btype|\bat$",
    ),
    Meaning(
        "priority",
        WORDS,
        r"\bprio|wichtigkeit",
        r"severity|\bsev\b|schweregrad|gravite|gravedad|critical",
        less=r"customer|initial|previous|\bold|updat|business",
    ),
    Meaning("impact", WORDS, r"impact|auswirkung"),
    Meaning("urgency", WORDS, r"urgen|dringlich|spoed"),
    Meaning(
        "category",
        WORDS,
        r"categor|kateg|rubri",
        r"\b[ck]at ?1?\b|classif|klassifi|topic|thema|\btheme|\btopico",
        r"\btype|\bkind\b|\bart\b|soort|\btipo\b|\barea\b|sachgebiet",
        less=r"\bsub|unter|sous|\b[23]\b|clos|resol|status|root|second|cause|priority|request type",
        never=r"request[eo]r type|user type|survey",
    ),
    Meaning(
        "subcategory",
        WORDS,
        r"sub ?(categor|kateg)|unterkateg|sous categ|subrubr",
        r"\b[ck]at ?2\b|categor\w* (tier |level )?(2|ii)\b|(tier|level|ebene|niveau) 2\b|"
        r"second\w* categor",
        less=r"service|clos|resol",
    ),
    Meaning(
        "catalogue_item",
        WORDS,
        r"catalog\w* (item|entry)|offering|service item|katalog|standardaanvraag",
        r"catalog|request (item|type)|requested item",
        r"\bitem\b",
        less=r"config|categor",
    ),
    Meaning(
        "service",
        WORDS,
        r"business service|affected service|\bservice$|^service\b|\bdienst\b|servicio",
        r"applicati|anwendung|aplicacion|\bapp\b|\bsystem|product|produkt",
        less=r"request|level|desk|type|categor|sub|item|provider|team|group|version|brand",
    ),
    Meaning(
        "configuration_item",
        WORDS | {Kind.TEXT},
        r"cmdb|configuration item|\bci\b|config item|konfigurationselement",
        r"asset|device|machine|host ?name|\bhost\b|geraet|equip(?!a\b|e\b|o\b)|inventar|"
        r"\bserver\b|computer",
        r"hardware|\bobject\b|objekt",
        less=r"type|class|count|relat",
    ),
    Meaning(
        "location",
        WORDS | {Kind.TEXT},
        r"locat|standort|vestiging|ubicac|\blieu",
        r"\bsite\b|building|gebaeude|gebouw|\boffice\b|\bort\b|branch|filiale|\bsede\b|localisation",
        r"\bcity\b|stadt|country|\bland\b|region|\bplant\b|\bpais\b|\bpays\b",
    ),
    Meaning(
        "vendor",
        WORDS,
        r"vendor|supplier|lieferant|leverancier|fournisseur|proveedor",
        r"third party|hersteller|dienstleister|manufacturer",
        less=r"ticket|reference|number",
    ),
    Meaning(
        "channel",
        WORDS,
        r"channel|contact (type|method|mode)|kanal\b|kanaal|\bcanal\b|intake|binnengekomen",
        r"\bvia\b|\bsource|\borigin|medium|eingang|herkunft|quelle|origen|reported (through|how)|"
        r"meldeweg|wie gemeldet",
        r"\bmode\b",
        less=r"original|version|external",
    ),
    Meaning(
        "resolution_code",
        WORDS,
        r"(clos\w+|resol\w+|complet\w+|solution) (code|reason|categor\w*|type)|cause code|"
        r"loesungs(code|art|weg)|code de (resolution|cloture)|oplos\w*code|afmeldcode|"
        r"codigo de (cierre|resolucion)",
        r"disposition|outcome|root cause|\bresolution\b|ergebnis|resultat|\bcause\b|ursache",
        less=r"status|\bsla\b|notes",
        never=r"time|hours|minutes|date|\bby\b|duration|dauer|duree",
    ),
    Meaning(
        "activity",
        WORDS,
        r"activity|\baction\b|(event|update|action|entry) (type|name)|aktivitaet|aktion\b|"
        r"vorgangsart|activiteit|\bactie\b|actividad|activite|\baccion|concept name",
        r"\bevent\b|ereignis|evenement|\bwhat\b|operation|gebeurtenis",
        less=r"\bid\b|count|last|case",
    ),
    Meaning(
        "description",
        frozenset({Kind.TEXT, Kind.WORDS}),
        r"descri|beschreib|omschrijv",
        r"details|\bbody\b|message|summary|subject|title|betreff|titel|onderwerp|sujet|titre|asunto",
        less=r"short|kurz|korte|brief|categor|\bci\b|service|status",
    ),
    Meaning(
        "major",
        YES_NO,
        r"major|grossstoer|hauptvorfall|\bmajeur|mayor\b|critical incident|\bp1 flag",
        never=r"version|reason",
    ),
    Meaning(
        "sla_met",
        YES_NO,
        r"\bsla\b|\bslo\b|service level|breach|violat|fristgerecht|eingehalten|ueberschr|overdue|"
        r"in ?time\b|on ?time\b|within (target|time|deadline)|(deadline|target) (met|missed|kept)|"
        r"delai respecte|cumpl|tijdig|resol\w+ (status|sla)|te laat|verspaet",
        r"respon\w* status",
        less=r"respon|repl|first|reakt|update|escalat|pause|\btto\b",
        never=r"count|number of",
    ),
    Meaning(
        "knowledge_used",
        YES_NO,
        r"knowledge|\bkb\b|\bkcs\b|article|wissen|kennis|connaissance|conocimiento",
    ),
    Meaning(
        "reopen_count",
        COUNT,
        r"re ?open|wiedereroeff|wieder geoeffnet|heropen|reouvert|reabiert|reapert",
    ),
    Meaning(
        "handoff_count",
        COUNT,
        r"re ?assign|hand ?(off|over)|\bbounce|\bhops?\b|weiterleit|doorverwij|reasign|reattribu|"
        r"group changes|transfer",
        less=r"time|minutes|hours",
    ),
)
BY_FIELD = {meaning.field: meaning for meaning in MEANINGS}
