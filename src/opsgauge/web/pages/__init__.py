"""The pages: HTML for people, one file per page, over the templates beside this folder.

Floor 6. A page asks an operation and says the answer; it computes nothing. Its whole state stands
in its address. Start with `routes.py`, then `home.py`; `frame.py` is what all pages share.
"""
