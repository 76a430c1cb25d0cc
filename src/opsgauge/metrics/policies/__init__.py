"""Policy rules as a workspace writes them: what must come before what, how often, by whom.

Floor 3. Start with `rule.py`; `reading.py` reads the files of `rules/`. How tickets are held
against them is `analysis.conformance`.
"""
