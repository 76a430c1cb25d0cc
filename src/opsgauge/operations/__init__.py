"""What the system does, one file per thing: ingest, measure, chart, map, check, explain.

Floor 5, the only bridge between the numbers wing and the records wing. An operation takes a
`Context`, checks the right once, does three or four calls, and answers with a shape of
`answers.py`.
"""
