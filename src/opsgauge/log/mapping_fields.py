"""Which fields of tickets a mapping may name, and what kind of thing each holds.

Floor 2.
"""

MOMENTS = (
    "updated_at",
    "opened_at",
    "assigned_at",
    "first_response_at",
    "resolved_at",
    "closed_at",
    "outage_started_at",
    "detected_at",
)
WORDS = (
    "activity",
    "original_status",
    "priority",
    "impact",
    "urgency",
    "category",
    "subcategory",
    "catalogue_item",
    "service",
    "configuration_item",
    "team",
    "channel",
    "location",
    "vendor",
    "resolution_code",
    "description",
)
PERSONS = ("assignee", "requester", "actor")
FLAGS = ("major", "sla_met", "knowledge_used")
NUMBERS = ("reopen_count", "handoff_count")
FIELDS = (*MOMENTS, *WORDS, *PERSONS, *FLAGS, *NUMBERS)
TICKET_TYPES = {
    **dict.fromkeys(MOMENTS, "instant"),
    **dict.fromkeys((*WORDS, *PERSONS), "text"),
    **dict.fromkeys(FLAGS, "yes_no"),
    **dict.fromkeys(NUMBERS, "whole"),
}
# What a row per field change may speak of: state that a ticket carries from update to update.
CHANGEABLE = (*WORDS, *PERSONS, *FLAGS, *NUMBERS)
# What is known of a ticket before its first update, and stands in its opening interval.
AT_OPENING = ("priority", "category", "service")
# Of what a row per update says, that which may hold on where it says nothing.
CARRIED = tuple(n for n in CHANGEABLE if n not in ("activity", "description", "actor"))
