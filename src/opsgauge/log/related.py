"""The tables of records that stand beside the tickets: changes, approvals, contacts, costs …

Floor 2. Same manner as `tables.py`. A row is the record as it stands: the latest export that told
of it wins. `ticket_id` and `change_id` are numbers of tickets of the same source; `dated_by` is the
moment that puts a row into a week or month.
"""

from opsgauge.log.tables import KEPT_TABLES, Column, Table

SOURCE = Column("source", "text", "Name of the source, from its mapping.", True, required=True)
TICKET = Column("ticket_id", "text", "The ticket it belongs to.")


def _id(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=True)


def _table(name: str, row: str, key: str, dated_by: str, *columns: Column) -> Table:
    return Table(name, row, ("source", key), (SOURCE, *columns), dated_by=dated_by)


CHANGES = _table(
    "changes",
    "what a change record holds beyond a ticket",
    "change_id",
    "planned_start",
    _id("change_id", "The change's number, which is its ticket's."),
    Column("type", "text", "Standard, normal or emergency, in the tool's words.", True),
    Column("risk", "text", "Risk, in the tool's words.", True),
    Column("service", "text", "The service changed.", True),
    Column("configuration_item", "text", "The configuration item changed.", True),
    Column("environment", "text", "Where: production, test …", True),
    Column("planned_start", "instant", "Start of the planned window."),
    Column("planned_end", "instant", "End of the planned window."),
    Column("actual_start", "instant", "When work on it began."),
    Column("actual_end", "instant", "When work on it ended."),
    Column("approvals_needed", "whole", "How many approvals it needed."),
    Column("tested", "yes_no", "Whether a test is on record.", True),
    Column("rollback_plan", "yes_no", "Whether a way back is on record.", True),
    Column("outcome", "text", "How it went, in the tool's words.", True),
    Column("backed_out", "yes_no", "Whether it was taken back.", True),
    Column("outage_minutes", "number", "Minutes of service lost to it."),
)
APPROVALS = _table(
    "approvals",
    "one approval asked of one person or group",
    "approval_id",
    "asked_at",
    _id("approval_id", "The approval's own number."),
    TICKET,
    Column("step", "text", "Which approval it is: manager, budget, change board …", True),
    Column("asked_at", "instant", "When it was asked."),
    Column("decided_at", "instant", "When it was decided; null while it waits."),
    Column("decision", "text", "Approved, rejected …, in the tool's words.", True),
    Column("approved", "yes_no", "Whether it was a yes; null while it waits.", True),
    Column("approver", "text", "Who decides, as a pseudonym.", person=True),
    Column("approver_group", "text", "The group that decides.", True),
)
DEPLOYMENTS = _table(
    "deployments",
    "one deployment of software to one environment",
    "deployment_id",
    "finished_at",
    _id("deployment_id", "The deployment's own number."),
    Column("service", "text", "The service deployed.", True),
    Column("environment", "text", "Where: production, test …", True),
    Column("version", "text", "What was deployed."),
    Column("first_commit_at", "instant", "The earliest commit in it."),
    Column("started_at", "instant", "When it began."),
    Column("finished_at", "instant", "When it ended."),
    Column("succeeded", "yes_no", "Whether it did what it should.", True),
    Column("rework", "yes_no", "Whether it was an unplanned fix of an earlier one.", True),
    Column("change_id", "text", "The change it belongs to."),
    Column("release_id", "text", "The release it belongs to."),
    Column("failed_by", "text", "The incident it caused."),
)
CONTACTS = _table(
    "contacts",
    "one call, chat, mail or visit at the service desk",
    "contact_id",
    "started_at",
    _id("contact_id", "The contact's own number."),
    Column("channel", "text", "Phone, chat, mail, walk-in …", True),
    Column("queue", "text", "The queue it came to.", True),
    Column("team", "text", "The team that answered.", True),
    Column("started_at", "instant", "When it was offered to the desk."),
    Column("answered_at", "instant", "When somebody answered; null where nobody did."),
    Column("ended_at", "instant", "When it ended."),
    Column("abandoned", "yes_no", "Whether the caller left before an answer.", True),
    Column("wait_seconds", "number", "From the offer to the answer or the leaving, seconds."),
    Column("talk_seconds", "number", "Talking or writing, seconds."),
    Column("hold_seconds", "number", "Of that on hold, seconds."),
    Column("wrap_seconds", "number", "Work after it, seconds."),
    Column("transferred", "yes_no", "Whether it was passed to another queue.", True),
    Column("resolved", "yes_no", "Whether it was resolved in this contact.", True),
    Column("requester", "text", "Who called, as a pseudonym.", person=True),
    Column("agent", "text", "Who answered, as a pseudonym.", person=True),
    TICKET,
)
CONTACT_TICKETS = Table(
    "contact_tickets",
    "one contact tied to one ticket, by its number or by who called when",
    ("source", "contact_id"),
    (
        SOURCE,
        _id("contact_id", "The contact."),
        _id("ticket_id", "The ticket."),
        Column("how", "text", "By number, as the agent noted it, or by person and time."),
        Column("confidence", "number", "By number 1; else 1 / tickets that could be meant."),
        Column("apart_us", "whole", "Ticket's opening after the contact, microseconds."),
    ),
)
SURVEYS = _table(
    "surveys",
    "one question put to one user after a ticket, answered or not",
    "survey_id",
    "sent_at",
    _id("survey_id", "The survey's own number."),
    TICKET,
    Column("kind", "text", "What is asked: satisfaction, effort, recommendation.", True),
    Column("sent_at", "instant", "When it was sent."),
    Column("answered_at", "instant", "When it was answered; null where it was not."),
    Column("score", "number", "The answer."),
    Column("scale_min", "number", "The lowest answer possible."),
    Column("scale_max", "number", "The highest answer possible."),
    Column("respondent", "text", "Who was asked, as a pseudonym.", person=True),
)
NOTES = _table(
    "notes",
    "one note, comment or message on a ticket",
    "note_id",
    "written_at",
    _id("note_id", "The note's own number."),
    TICKET,
    Column("written_at", "instant", "When it was written."),
    Column("kind", "text", "Work note, comment, reply …, in the tool's words.", True),
    Column("internal", "yes_no", "Whether only those who work on tickets may read it.", True),
    Column("from_requester", "yes_no", "Whether the one who asked wrote it.", True),
    Column("author", "text", "Who wrote it, as a pseudonym.", person=True),
    Column("length", "whole", "Its length, in characters."),
    Column("attachments", "whole", "How many files came with it."),
    Column("text", "text", "What it says, where the workspace keeps text."),
)
ARTICLES = _table(
    "articles",
    "one knowledge article as it stands",
    "article_id",
    "published_at",
    _id("article_id", "The article's own number."),
    Column("title", "text", "Its title."),
    Column("kind", "text", "How-to, known error, workaround …", True),
    Column("category", "text", "What it is about.", True),
    Column("service", "text", "The service it is about.", True),
    Column("state", "text", "Draft, published, retired …, in the tool's words.", True),
    Column("audience", "text", "Whom it is for: agents, users.", True),
    Column("created_at", "instant", "When it was begun."),
    Column("published_at", "instant", "When it was first published."),
    Column("reviewed_at", "instant", "When it was last looked over."),
    Column("review_due_at", "instant", "When it should be looked over."),
    Column("retired_at", "instant", "When it was taken out of use."),
    Column("owner", "text", "Who looks after it, as a pseudonym.", person=True),
)
ARTICLE_USES = _table(
    "article_uses",
    "one time an article was opened or given",
    "use_id",
    "used_at",
    _id("use_id", "The use's own number."),
    Column("article_id", "text", "The article."),
    TICKET,
    Column("used_at", "instant", "When."),
    Column("kind", "text", "Read by a user, attached by an agent …", True),
    Column("helpful", "yes_no", "What the reader said of it; null where nothing.", True),
)
CATALOGUE_ITEMS = _table(
    "catalogue_items",
    "one thing that can be ordered",
    "catalogue_item",
    "",
    _id("catalogue_item", "Its name, as on tickets."),
    Column("category", "text", "The part of the catalogue it is in.", True),
    Column("service", "text", "The service it belongs to.", True),
    Column("team", "text", "The team that delivers it.", True),
    Column("approval_needed", "yes_no", "Whether somebody has to say yes.", True),
    Column("target_hours", "number", "The promise: hours to delivery."),
    Column("price", "number", "Price of one, in `currency`."),
    Column("currency", "text", "ISO 4217 code of the price."),
    Column("offered", "yes_no", "Whether it can be ordered today.", True),
)
CONFIGURATION_ITEMS = _table(
    "configuration_items",
    "one configuration item as it stands",
    "configuration_item",
    "",
    _id("configuration_item", "Its name, as on tickets."),
    Column("class", "text", "What it is: server, laptop, application …", True),
    Column("service", "text", "The service it carries.", True),
    Column("environment", "text", "Production, test …", True),
    Column("team", "text", "The team that looks after it.", True),
    Column("vendor", "text", "Who made or runs it.", True),
    Column("location", "text", "Where it is.", True),
    Column("state", "text", "In use, retired …, in the tool's words.", True),
    Column("installed_at", "instant", "In use since."),
    Column("retired_at", "instant", "In use until."),
)
DEPENDENCIES = _table(
    "dependencies",
    "one configuration item that needs another",
    "dependency_id",
    "",
    _id("dependency_id", "The dependency's own number, or both names joined."),
    Column("configuration_item", "text", "The one that needs."),
    Column("needs", "text", "The one that is needed."),
    Column("kind", "text", "Runs on, stores in, talks to …", True),
)
SERVICES = _table(
    "services",
    "one service as it stands",
    "service",
    "",
    _id("service", "Its name, as on tickets."),
    Column("tier", "whole", "How much the business depends on it: 1 most, 4 least.", True),
    Column("team", "text", "The team that runs it.", True),
    Column("owner", "text", "Who answers for it, as a pseudonym.", person=True),
    Column("vendor", "text", "The vendor behind it.", True),
    Column("users", "whole", "How many people use it."),
    Column("calendar", "text", "Name of the calendar of its service hours.", True),
    Column("developed_in_house", "yes_no", "Whether its software is our own.", True),
)
COSTS = _table(
    "costs",
    "what one thing cost in one stretch of days",
    "cost_id",
    "period_start",
    _id("cost_id", "The booking's own number."),
    Column("period_start", "day", "First day it is for."),
    Column("period_end", "day", "Last day it is for."),
    Column("kind", "text", "Labour, licences, cloud, vendor …", True),
    Column("service", "text", "The service it is for.", True),
    Column("team", "text", "The team it is for.", True),
    Column("vendor", "text", "Whom it is paid to.", True),
    Column("amount", "number", "The amount, in `currency`."),
    Column("currency", "text", "ISO 4217 code of the amount.", True),
)
CONTRACTS = _table(
    "contracts",
    "one contract with a vendor",
    "contract_id",
    "starts_on",
    _id("contract_id", "The contract's own number."),
    Column("vendor", "text", "With whom.", True),
    Column("service", "text", "For which service.", True),
    Column("kind", "text", "Maintenance, licence, outsourcing …", True),
    Column("starts_on", "day", "First day it binds."),
    Column("ends_on", "day", "Last day it binds; null where it has no end."),
    Column("notice_days", "whole", "Days before the end by which notice must be given."),
    Column("yearly_amount", "number", "Price of a year, in `currency`."),
    Column("currency", "text", "ISO 4217 code of the price."),
    Column("response_hours", "number", "The vendor's promise: hours to a response."),
    Column("resolution_hours", "number", "The vendor's promise: hours to a resolution."),
)

RECORD_FACTS = Table(
    "record_facts",
    "one fact of the records that people made, published for counting",
    ("source", "fact_id"),
    (
        Column(
            "source",
            "text",
            "Source of the ticket it is about; `records` where it is about none.",
            True,
            required=True,
        ),
        _id("fact_id", "Its number in the records, such as `tier 3`."),
        Column(
            "kind", "text", "What was decided, one of `log.decided.KINDS`.", True, required=True
        ),
        Column("subject", "text", "What it is about, such as `desk:INC1` or `service Mail`."),
        TICKET,
        Column("service", "text", "The service it is about.", True),
        Column("at", "instant", "The moment decided on; else when it was decided.", required=True),
        Column("number", "number", "The tier, or the goal of a target; null for others."),
        Column("decided_at", "instant", "When it was decided.", required=True),
        Column("stands", "yes_no", "Whether it counts now.", True, required=True),
    ),
    dated_by="at",
)

CLOCKS = Table(
    "clocks",
    "one clock of a service level on one ticket; follows from history and is not stored",
    ("source", "ticket_id", "cycle", "clock"),
    (
        SOURCE,
        _id("ticket_id", "The ticket it follows."),
        Column("clock", "text", "The service level it is of, by its name.", True, required=True),
        Column(
            "cycle", "whole", "Which of the ticket's clocks of it: 1 is the first.", required=True
        ),
        Column(
            "agreement", "text", "Which agreement: sla, ola or underpinning.", True, required=True
        ),
        Column(
            "target_of",
            "text",
            "What is promised: response, resolution or update.",
            True,
            required=True,
        ),
        Column(
            "state",
            "text",
            "One of running, paused, met, late, cancelled, reset.",
            True,
            required=True,
        ),
        Column("started_at", "instant", "When it began."),
        Column("stopped_at", "instant", "When it ended; null while it lasts."),
        Column("breached_at", "instant", "When it first used more than its target."),
        Column(
            "due_at", "instant", "When it will, if nothing stops it; null where it does not run."
        ),
        Column("decided_at", "instant", "When it was met or broke; null while it is neither."),
        Column("target_us", "whole", "The promise, open time, microseconds."),
        Column("used_us", "whole", "Used of it, microseconds."),
        Column("left_us", "whole", "The promise less what is used; negative where it broke."),
        Column("waited_us", "whole", "Open time while it was paused, microseconds."),
        Column("kept", "yes_no", "Whether it was kept; null while that is open.", True),
        Column("breached", "yes_no", "Whether it used more than its target at its end.", True),
        Column("ever_breached", "yes_no", "Whether it did so at any time.", True),
        Column("newest", "yes_no", "Whether it is the ticket's last clock of it.", True),
    ),
    dated_by="decided_at",
)

RELATED: tuple[Table, ...] = (
    CHANGES,
    APPROVALS,
    DEPLOYMENTS,
    CONTACTS,
    SURVEYS,
    NOTES,
    ARTICLES,
    ARTICLE_USES,
    CATALOGUE_ITEMS,
    CONFIGURATION_ITEMS,
    DEPENDENCIES,
    SERVICES,
    COSTS,
    CONTRACTS,
)
READ_BESIDE: tuple[Table, ...] = (*RELATED, CONTACT_TICKETS, RECORD_FACTS)  # what may be asked
DERIVED: tuple[Table, ...] = (CLOCKS,)  # what they may ask too, worked out when it is
ALL_TABLES: tuple[Table, ...] = (*KEPT_TABLES, *READ_BESIDE, *DERIVED)
RELATED_BY_NAME: dict[str, Table] = {table.name: table for table in RELATED}
# Columns that name a ticket of the same source.
TO_TICKETS = ("ticket_id", "change_id", "release_id", "failed_by")
# Records that are nothing without their ticket; others stay when it is gone, and name none.
OWN_OF_TICKETS = (CHANGES.name, APPROVALS.name, SURVEYS.name, NOTES.name, ARTICLE_USES.name)
NOTE_TEXT = "text"  # what a note says; no list and no file shows it
FREE_TEXT = ("description", NOTE_TEXT)  # fields kept only where the settings say so
# Keys of a mapping that have no meaning for related records.
ONLY_OF_TICKETS = (
    "shape",
    "practice",
    "ticket_id",
    "order",
    "opening",
    "phases",
    "changes",
    "attributes",
    "links",
    "deleted",
    "merged_into",
    "full",
    "automatic",
    "carry",
    "closing_resolves",
)
