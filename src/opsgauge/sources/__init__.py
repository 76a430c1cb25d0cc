"""Where records come from: readers of files and tools, and the landing of what they read.

Floor 3. Each kind of source is one folder under `tools/`; `registry.py` finds the one that reads a
file, `landing.py` puts its records into the warehouse as they came.
"""
