"""One picture for page, report and mail.

Floor 5. Answers go in, pictures and words come out: control charts as Vega-Lite specifications,
process maps, ticket timelines and sparklines as SVG. Nothing here asks a question of the data.
Start with `svg.py` (the only writer of markup), then `sparkline.py`.
"""
