"""Columns that many steps make: a few words each, so that a step reads as its tables.

Floor 4.
"""

import sqlalchemy as sa


def text(name: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.Text(), nullable=nullable)


def instant(name: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column of an instant: ISO in UTC with microseconds."""
    return sa.Column(name, sa.String(27), nullable=nullable)


def day(name: str, nullable: bool = False) -> sa.Column[str]:
    """Return a column of an ISO date."""
    return sa.Column(name, sa.String(10), nullable=nullable)


def digest(name: str) -> sa.Column[str]:
    """Return a column of a SHA-256 in hexadecimal."""
    return sa.Column(name, sa.String(64), nullable=False)


def number() -> sa.Column[int]:
    """Return the column of a row's own number."""
    return sa.Column("id", sa.Integer(), nullable=False)


def numbered(table: str) -> sa.PrimaryKeyConstraint:
    """Return the key of a table whose rows have a number."""
    return sa.PrimaryKeyConstraint("id", name=f"pk_{table}")
