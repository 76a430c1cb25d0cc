"""An invented IT organisation: its tickets, as a tool would export them, with planted truths.

Floor 3. Start with `desk.py`, which says how the parts work together; `mapping.yaml` maps the
export. Nothing here knows how anything is measured or found.
"""
