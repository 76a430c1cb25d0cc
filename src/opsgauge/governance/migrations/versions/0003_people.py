"""Users, groups, roles, sessions, tokens, refused sign-ins, and looks at what persons did.

Floor 4.
"""

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import digest, instant, number, numbered, text

revision = "0003"
down_revision = "0002"


def _user(table: str, nullable: bool = False) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    named = f"fk_{table}_user_id_users"
    key = sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=named)
    return sa.Column("user_id", sa.Integer(), nullable=nullable), key


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        number(),
        text("name"),
        text("shown"),
        text("email", nullable=True),
        text("alias", nullable=True),
        text("password_hash", nullable=True),
        text("issuer", nullable=True),
        text("subject", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        instant("made_at"),
        numbered("users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
        sa.UniqueConstraint("issuer", "subject", name="uq_users_issuer"),
    )
    op.create_table(
        "group_members",
        text("group"),
        *_user("group_members"),
        sa.PrimaryKeyConstraint("group", "user_id", name="pk_group_members"),
    )
    op.create_table(
        "assignments",
        number(),
        *_user("assignments", nullable=True),
        text("group", nullable=True),
        text("role"),
        text("reach"),
        instant("made_at"),
        text("made_by"),
        numbered("assignments"),
        sa.CheckConstraint(
            '(user_id IS NULL) <> ("group" IS NULL)', name="ck_assignments_user_or_group"
        ),
    )
    op.create_index("ix_assignments_user_id", "assignments", ["user_id"])
    op.create_table(
        "sessions",
        digest("hash"),
        *_user("sessions"),
        instant("made_at"),
        instant("seen_at"),
        instant("ends_at"),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "tokens",
        number(),
        *_user("tokens"),
        text("name"),
        digest("hash"),
        text("actions"),
        text("reach"),
        instant("made_at"),
        instant("ends_at"),
        instant("used_at", nullable=True),
        instant("revoked_at", nullable=True),
        numbered("tokens"),
        sa.UniqueConstraint("hash", name="uq_tokens_hash"),
        sa.UniqueConstraint("user_id", "name", name="uq_tokens_user_id"),
    )
    op.create_index("ix_tokens_user_id", "tokens", ["user_id"])
    op.create_table(
        "failed_sign_ins",
        number(),
        digest("key"),
        instant("at"),
        numbered("failed_sign_ins"),
    )
    op.create_index("ix_failed_sign_ins_key", "failed_sign_ins", ["key", "at"])
    op.create_table(
        "person_accesses",
        number(),
        instant("at"),
        text("actor"),
        text("alias"),
        text("place"),
        numbered("person_accesses"),
    )
    op.create_index("ix_person_accesses_alias", "person_accesses", ["alias", "at"])
