"""Messages to people: what is said, when it may be said, and through which channel.

Floor 4. It sends what `governance` stored, and knows neither tables nor engines. Start with
`channels.py`; `message.py` says how a message is written.
"""
