"""One family of errors, each saying what is wrong, where, and the next thing to try.

Floor 0. The family:

    OpsgaugeError
    ├─ Misuse                     the user can mend it (exit code 2)
    │  ├─ WorkspaceMissing        no workspace here, or not an Opsgauge one
    │  ├─ SettingsWrong           opsgauge.toml does not say what it should
    │  ├─ MappingWrong            a mapping file does not fit its format or its file
    │  ├─ DefinitionWrong         a metric paragraph does not fit the catalogue's format
    │  ├─ CalendarWrong           a calendar's file does not fit its format
    │  ├─ GroupingWrong           a file of hierarchies or bands does not fit its format
    │  ├─ RuleWrong               a file of policy rules does not fit, or names unknown steps
    │  ├─ ModelWrong              a model of a process cannot be read
    │  ├─ FileUnreadable          a file is not what its name says, or holds nothing
    │  ├─ TooManyGone             a full export lacks more tickets than may go unasked
    │  ├─ UnknownName             a name that is not there
    │  │  ├─ UnknownMetric
    │  │  ├─ UnknownColumn
    │  │  ├─ UnknownTicket
    │  │  ├─ UnknownVersion
    │  │  ├─ UnknownCalendar
    │  │  └─ UnknownUser          also a group, a role that is not given, or a token
    │  ├─ QueryWrong              a question that cannot be asked this way
    │  │  └─ NothingThere         no ticket is among those chosen, or none that tells
    │  ├─ NeverOpen               a calendar does not open often enough for a target
    │  ├─ ColumnsMissing          the records lack what a metric needs
    │  ├─ NumbersWithheld         a check fails for which the workspace withholds numbers
    │  ├─ TooFewPoints            too little data to say anything
    │  ├─ NotAllowed              the actor's role does not hold the action
    │  ├─ NotSignedIn             nobody is signed in, or the session or token has ended
    │  ├─ SignInRefused           a name, password or answer of a provider that does not hold
    │  ├─ TooManyTries            too many sign-ins were refused; one has to wait
    │  ├─ PeopleWrong             a user, role, password or token that cannot be as asked
    │  ├─ PersonSplit             a number per person was asked for
    │  ├─ ImportRunning           another import holds the lock
    │  ├─ DiskFull                there is no room left where the workspace is
    │  └─ MemoryShort             a question needs more memory than reading may take
    └─ Fault                      we must mend it, or a source is down (exit code 3)
       ├─ WarehouseDamaged        stored tables do not read as written
       ├─ RecordsDamaged          the audit chain or the records do not hold
       └─ EngineLacks             this engine cannot compute that, and says why
"""

from collections.abc import Iterable
from difflib import get_close_matches


class OpsgaugeError(Exception):
    """What went wrong, and behind it, in `hint`, what to try next."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}".strip())


class Misuse(OpsgaugeError):
    """The user can mend it: a wrong name, a missing setting, a file that does not fit."""


class WorkspaceMissing(Misuse):
    """There is no workspace where one was looked for."""


class SettingsWrong(Misuse):
    """`opsgauge.toml` does not say what it should."""


class MappingWrong(Misuse):
    """A mapping file does not fit its format, or not the file it was used on."""


class DefinitionWrong(Misuse):
    """A metric's paragraph does not fit the format of the catalogue."""


class CalendarWrong(Misuse):
    """A calendar's file does not fit the format, or says something that cannot be."""


class GroupingWrong(Misuse):
    """A file of a hierarchy or of bands does not fit the format, or says what cannot be."""


class ObjectiveWrong(Misuse):
    """A file of service level objectives does not fit the format, or says what cannot be."""


class ServiceLevelWrong(Misuse):
    """A file of service levels does not fit the format, or says something that cannot be."""


class RuleWrong(Misuse):
    """A file of policy rules does not fit the format, or names steps that are not there."""


class ModelWrong(Misuse):
    """A model of a process cannot be read, or holds what is not understood."""


class FileUnreadable(Misuse):
    """A file is not what its name says, is damaged, or holds nothing."""


class TooManyGone(Misuse):
    """A full export lacks more tickets than may go unasked."""


class UnknownName(Misuse):
    """A name that is not there; the hint holds the nearest that is."""


class UnknownServiceLevel(UnknownName):
    """A service level that the workspace does not have."""


class UnknownMetric(UnknownName):
    """No such metric in the catalogue."""


class UnknownColumn(UnknownName):
    """No such column or dimension."""


class UnknownTicket(UnknownName):
    """No such ticket in this data version."""


class UnknownRecord(UnknownName):
    """Nothing of that number stands in the records that people made."""


class UnknownVersion(UnknownName):
    """No such data version, or it is kept no longer."""


class UnknownCalendar(UnknownName):
    """No such business calendar."""


class UnknownUser(UnknownName):
    """No such user, group or token, or no such role given."""


class NeverOpen(Misuse):
    """A calendar is never open, or not long enough for the time asked for."""


class QueryWrong(Misuse):
    """A question that cannot be asked in this way."""


class NothingThere(QueryWrong):
    """No ticket is among those chosen, or none that tells anything of what was asked."""


class ColumnsMissing(Misuse):
    """The records of this workspace lack columns that a metric needs."""


class ServiceLevelsMissing(ColumnsMissing):
    """The workspace has no service levels, so there is no clock to ask."""


class NumbersWithheld(Misuse):
    """A check fails on which a number stands, and the workspace says to withhold it then."""


class TooFewPoints(Misuse):
    """Too little data to say anything."""


class NotAllowed(Misuse):
    """The actor's role does not hold the action; the hint says who could."""


class NotSignedIn(Misuse):
    """Nobody is signed in, or what was shown for it holds no longer."""


class SignInRefused(Misuse):
    """A name, a password or a provider's answer does not hold; which of them is not said."""


class TooManyTries(Misuse):
    """Too many sign-ins were refused of late; `wait_seconds` says for how long to wait."""

    def __init__(self, message: str, hint: str, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(message, hint)


class PeopleWrong(Misuse):
    """A user, a role, a password or a token that cannot be as it was asked for."""


class UnknownPerson(UnknownName):
    """Nobody in the records is called that."""


class CannotErase(Misuse):
    """A person cannot be erased as it was asked for; nothing was changed."""


class PersonSplit(Misuse):
    """A number per person was asked for, which is off."""


class ImportRunning(Misuse):
    """Another import holds the lock of this workspace."""


class DiskFull(Misuse):
    """There is no room left where the workspace is; the message says what became of the data."""


class MemoryShort(Misuse):
    """A question needs more memory than reading may take, and cannot be set aside on disk."""


class Fault(OpsgaugeError):
    """We must mend it, or something outside is down."""


class WarehouseDamaged(Fault):
    """Stored tables do not read as they were written."""


class RecordsDamaged(Fault):
    """The records of governance do not hold together."""


class EngineLacks(Fault):
    """The engine cannot compute that; another number is never given instead."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name as a sentence, or what there is if nothing is near.

    Examples
    --------
    >>> did_you_mean("time_to_resolv", ["time_to_resolve", "backlog"])
    "Did you mean 'time_to_resolve'?"
    >>> did_you_mean("xyz", ["day", "week"])
    'There is: day, week.'
    """
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]!r}?"
    if not names:
        return ""
    shown = ", ".join(names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"There is: {shown}{more}."
