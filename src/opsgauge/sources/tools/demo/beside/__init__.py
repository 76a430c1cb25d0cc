"""What the desk's other tools export: change calendar, telephony, surveys, knowledge, books.

Floor 3. Each table follows from the same run as the audit log, and draws its own luck. Start with
`exports.py`; the mapping of each export lies in `mappings/`.
"""
