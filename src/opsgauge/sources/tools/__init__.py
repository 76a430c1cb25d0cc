"""One folder per tool or kind of file; none knows another.

Floor 3. Start with `files/`.
"""
