"""The command line: a verb and a noun of the user, one file per group of verbs.

Floor 7. It reads options, calls one operation and prints its answer; it holds no arithmetic. Start
with `app.py`.
"""
