"""Unlike things compared fairly: what a difference owes to the mix of work, and what is left.

Floor 4, analysis. Pure arithmetic on counts and values. Start with `mix_and_rate.py` (two periods);
`fair.py` compares groups, `funnel.py` says which of them are beyond chance.
"""
