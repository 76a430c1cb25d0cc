"""The closed words of the log: phases, practices, kinds of link, passages.

Floor 2. A mapping file turns a tool's words into these; nothing else may appear in those columns.
Source: ITIL 4 practices; phases as in docs/guides/mapping.md.
"""

PRACTICES = ("incident", "request", "problem", "change", "release", "knowledge", "task")

PENDING_PHASES = (
    "pending_user",
    "pending_vendor",
    "pending_change",
    "pending_problem",
    "pending_approval",
    "pending_other",
)
OPEN_PHASES = ("new", "scheduled", "assigned", "in_progress", *PENDING_PHASES)
RESOLVED_PHASE = "resolved"
CLOSED_PHASE = "closed"
CANCELLED_PHASES = ("cancelled", "rejected")
DONE_PHASES = (RESOLVED_PHASE, CLOSED_PHASE, *CANCELLED_PHASES)
PHASES = (*OPEN_PHASES, *DONE_PHASES)
BEFORE_RESPONSE = ("new", "scheduled")

LINK_KINDS = (
    "caused_by",
    "problem_of",
    "fixed_by",
    "duplicate_of",
    "used_article",
    "child_of",
    "related_to",
)

# What a row of history did to the backlog; most rows do nothing to it.
PASSAGES = ("created", "reopened", "resolved", "closed_unresolved", "cancelled")

STEPS = ("phase", "original_status", "team", "activity")
