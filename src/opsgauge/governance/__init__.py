"""What people decided: who may do what, what was done, and the settings it was done under.

Floor 4, the records wing: a relational database, never the tables of the log. Start with
`database.py`, then `audit.py`; `access.py` lists every action of the product.
"""
