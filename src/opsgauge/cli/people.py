"""The verbs about people: users and tokens.

Floor 7. A password is never an argument, which other programs of the machine could read: it is
asked for, or read from standard input.
"""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_table, say, told
from opsgauge.foundation.errors import PeopleWrong
from opsgauge.governance.access import decide
from opsgauge.governance.looks import looks_at
from opsgauge.governance.people import User
from opsgauge.governance.tokens import NewToken
from opsgauge.operations import people as asked_of
from opsgauge.operations.owners import held_by
from opsgauge.operations.people import Added, given_json, role_of, token_json, user_json

Name = Annotated[str, typer.Argument(help="What they sign in with.")]
Reach = Annotated[
    list[str] | None,
    typer.Option("--for", metavar="COL=VALUE", help="The part of the records: team=A|B; else all."),
]
Group = Annotated[bool, typer.Option("--group", help="The name is that of a group.")]
Piped = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the program."""
    users = typer.Typer(help="Who may sign in, and what is given to them.", no_args_is_help=True)
    verbs: dict[str, Callable[..., int | None]] = {
        "list": list_users,
        "add": add,
        "deactivate": deactivate,
        "activate": activate,
        "role": role,
        "group": group,
        "password": password,
        "looks": looks,
    }
    for name, verb in verbs.items():
        users.command(name)(verb)
    tokens = typer.Typer(help="Keys for programs.", no_args_is_help=True)
    verbs = {"list": list_tokens, "make": make, "revoke": revoke}
    for name, verb in verbs.items():
        tokens.command(name)(verb)
    app.add_typer(users, name="users")
    app.add_typer(tokens, name="tokens")


def list_users(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List users with their roles, and groups."""
    found = asked_of.people(context(workspace))
    if told(form, found.as_json(), [_flat(each) for each in found.users]):
        return
    if not found.users:
        say("There is no user: whoever reaches this machine's own address may do everything.")
        return
    rows = [
        [each.name, each.shown, _roles(each), ", ".join(each.groups), each.alias, _state(each)]
        for each in found.users
    ]
    print_table(["User", "Called", "Roles", "Groups", "In the records", "State"], rows)


def add(
    name: Name,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", help="A role; may be repeated. The first user is administrator."),
    ] = None,
    part: Reach = None,
    shown: Annotated[str, typer.Option(help="What they are called.")] = "",
    email: Annotated[str, typer.Option(help="Where they are reached.")] = "",
    alias: Annotated[str, typer.Option(help="Who they are in the records: Agent 17.")] = "",
    no_password: Annotated[
        bool, typer.Option("--no-password", help="They sign in by the OpenID provider alone.")
    ] = False,
    piped: Piped = False,
    workspace: WorkspaceDir = None,
) -> None:
    """Add a user; their password is asked for, or read from standard input."""
    ctx = context(workspace)
    ctx.require(asked_of.CHANGE)
    roles = tuple(role_of(each, part or ()) for each in role or ())
    secret = None if no_password else _password(piped)
    made = asked_of.add_user(ctx, Added(name, shown, email, alias, secret, roles))
    say(f"{made.name} may sign in, as {_roles(made) or 'nobody: give a role'}.")


def deactivate(name: Name, workspace: WorkspaceDir = None) -> int:
    """Shut a user out; their sessions and tokens end. Says what they answer for, and who could.

    Exits 1 where they answer for anything.
    """
    ctx = context(workspace)
    user = asked_of.set_active(ctx, name, False)
    say(f"{name} may sign in no longer.")
    held = held_by(ctx, user) if decide(ctx.actor, "owner:read").allowed else ()
    for each in held:
        say(f"Nobody answers any more for {each.sentence()}.")
    if held:
        say("Name others by: opsgauge owners set KIND NAME PERSON; set targets anew.")
    return Exit.SIGNAL if held else Exit.OK


def activate(name: Name, workspace: WorkspaceDir = None) -> None:
    """Let a user in again; their tokens stay revoked."""
    asked_of.set_active(context(workspace), name, True)
    say(f"{name} may sign in again.")


def role(
    name: Name,
    role: Annotated[str, typer.Argument(help="Such as viewer; or a number, with --take.")],
    part: Reach = None,
    group: Group = False,
    take: Annotated[
        bool, typer.Option("--take", help="Take the role of that number; see users list.")
    ] = False,
    workspace: WorkspaceDir = None,
) -> None:
    """Give a user or a group a role, or take one."""
    ctx = context(workspace)
    if take:
        if not role.isdecimal():
            raise PeopleWrong(f"{role!r} is no number of a role.", hint="See opsgauge users list.")
        asked_of.take_role(ctx, int(role))
    else:
        whose = {"group": name} if group else {"user": name}
        asked_of.give_role(ctx, role_of(role, part or ()), **whose)
    say(f"{name}: {'taken' if take else 'given'}.")


def group(
    name: Name,
    group: Annotated[str, typer.Argument(help="Name of the group.")],
    leave: Annotated[bool, typer.Option("--leave", help="Take them out of it.")] = False,
    workspace: WorkspaceDir = None,
) -> None:
    """Put a user into a group, or take them out."""
    change = asked_of.leave_group if leave else asked_of.join_group
    change(context(workspace), name, group)
    say(f"{name} is {'no longer ' if leave else ''}in {group}.")


def password(name: Name, piped: Piped = False, workspace: WorkspaceDir = None) -> None:
    """Give a user another password, which is asked for; their sessions end."""
    ctx = context(workspace)
    asked_of.one_user(ctx, name)
    asked_of.set_password(ctx, name, _password(piped))
    say(f"{name} has another password.")


def looks(name: Name, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """List who looked at what a user did, by their pseudonym, the newest first."""
    ctx = context(workspace)
    user = asked_of.one_user(ctx, name)
    found = looks_at(ctx.database, user.alias) if user.alias else []
    plain = [each.as_json() for each in found]
    if not told(form, {"looks": plain}, plain):
        print_table(["When", "Who", "Where"], [[e["at"], e["actor"], e["place"]] for e in plain])


def list_tokens(
    owner: Annotated[str, typer.Option(help="Of this user alone.")] = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """List tokens; never the secrets."""
    ctx = context(workspace)
    plain = [token_json(ctx, each) for each in asked_of.tokens(ctx, owner)]
    flat = [{**each, "actions": " ".join(each["actions"])} for each in plain]
    if not told(form, {"tokens": plain}, flat):
        names = ("id", "owner", "name", "actions", "used_at", "ends_at", "state")
        shown = [
            each | {name: moment(each[name], ctx) for name in ("used_at", "ends_at")}
            for each in flat
        ]
        heads = ["Number", "User", "Token", "May", zoned("Last used", ctx), zoned("Ends", ctx)]
        rows = [[str(each[key] or "") for key in names] for each in shown]
        print_table([*heads, "State"], rows)


def make(
    owner: Name,
    name: Annotated[str, typer.Argument(help="What uses it.")],
    action: Annotated[list[str], typer.Option("--may", help="An action; may be repeated.")],
    days: Annotated[int, typer.Option(help="Days until it ends, up to 366.")] = 90,
    part: Reach = None,
    workspace: WorkspaceDir = None,
) -> None:
    """Make a token for a user, and print it this once."""
    reach = asked_of.reach_of(part or ())
    new = NewToken(name, tuple(action), days, reach)
    sys.stdout.write(asked_of.make_token(context(workspace), owner, new) + "\n")


def revoke(
    number: Annotated[int, typer.Argument(help="Its number; see tokens list.")],
    workspace: WorkspaceDir = None,
) -> None:
    """End a token at once."""
    asked_of.revoke_token(context(workspace), number)
    say(f"Token {number} is revoked.")


def _password(piped: bool) -> str:
    if piped or not sys.stdin.isatty():
        return sys.stdin.readline(10_000).rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _roles(user: User) -> str:
    told_of = [given_json(each) for each in user.given]
    return "; ".join(f"{each['id']}: {each['role']} for {each['words']}" for each in told_of)


def _state(user: User) -> str:
    return "active" if user.active else "shut out"


def _flat(user: User) -> dict[str, object]:
    return {**user_json(user), "roles": _roles(user), "groups": ", ".join(user.groups)}
