"""The pages and the API: the same answers, as HTML and as JSON.

Floor 6. Routes ask one operation each and hold no arithmetic. Start with `app.py`; `api/` and
`pages/` do not know each other, what both read of an address is in `asked.py`.
"""
