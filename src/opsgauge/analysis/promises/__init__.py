"""What the clocks of service levels say of the people who work against them.

Floor 4, analysis. Start with `pauses.py`: clocks that are stopped just before they break.
"""
