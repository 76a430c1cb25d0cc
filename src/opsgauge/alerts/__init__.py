"""Messages to people: what is said, when it may be said, and through which channel.

Floor 4. It sends what `governance` stored, and knows neither tables nor engines. No message is sent
yet; its place is kept here so that the floors are whole.
"""
