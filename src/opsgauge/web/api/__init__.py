"""The API under /api/v1: the JSON twin of every page, and what scripts ask.

Floor 6. Names in the answers are fixed; docs/reference/json.md lists them. Start with `routes.py`.
"""
