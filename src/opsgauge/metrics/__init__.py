"""What is measured: paragraphs in YAML, each compiled to one expression per question.

Floor 3. Start with a file of `catalogue/`, then `definition.py` (what a paragraph may say),
`query.py` (a question becomes an expression), `series.py` (it is run) and `explain.py` (its twin:
the question in words, and the tickets behind a number).
"""
