"""How the records' tables come to be and change from version to version.

Floor 4. `upgrade.py` runs the steps in `versions/`; `../database.py` calls it when a database is
behind. Records only move forward: no step has a way back.
"""
