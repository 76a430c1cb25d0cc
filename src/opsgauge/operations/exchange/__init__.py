"""Taking the log away: what of the records becomes cases, objects and events of which form.

Floor 5. Start at `export.py`.
"""
