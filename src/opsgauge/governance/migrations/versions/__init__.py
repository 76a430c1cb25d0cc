"""One file per step of the records' tables, numbered.

Floor 4. A new step goes here with its number in `REVISIONS` of `../../database.py`; a step that
was published is never edited.
"""
