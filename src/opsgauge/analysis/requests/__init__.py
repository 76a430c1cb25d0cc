"""Where orders wait: their time in parts, approvals, tasks, bundles, and the catalogue's health.

Floor 4. Rows come in through expressions, plain data and findings go out. Start with `orders.py`,
which says what an order is and where its time went; the others build on it.
"""
