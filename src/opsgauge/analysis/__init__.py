"""What the numbers say: which change is a signal, and how work really flows.

Floor 4. A series or the log comes in; limits, signals and maps go out. Nothing here reads the
clock, the network or the records of governance. Start with `control_charts/draw.py`, then
`mining/flow_map.py`.
"""
