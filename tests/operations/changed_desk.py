"""A desk with incidents, changes made before them, and what its items need."""

from pathlib import Path

from tests.conftest import Intake

TICKETS = """
source: desk
shape: updates
practice: {column: kind, words: {inc: incident, chg: change, req: request}}
ticket_id: number
times: {zone: UTC}
fields:
  updated_at: at
  original_status: state
  team: team
  configuration_item: item
  service: service
links:
  - {kind: caused_by, column: cause}
phases: {New: new, Done: resolved, Void: cancelled}
"""
CHANGES = """
source: desk
table: changes
times: {zone: UTC}
fields:
  change_id: number
  type: type
  configuration_item: item
  service: service
  planned_start: planned
  actual_start: began
  actual_end: ended
  outcome: outcome
"""
NEEDS = """
source: desk
table: dependencies
fields: {dependency_id: id, configuration_item: item, needs: needs}
"""
# I9 on the database: before it C1 on the same item (named as its cause), C2 on the disk that it
# needs, C3 on the same service and only planned. C4 is too old, C5 came after, C6 was called off.
USUAL = "".join(
    f"I{n},inc,2026-01-{day:02} 08:00,New,Ops,db,Shop,\n" for n, day in enumerate((2, 9, 16, 21))
)
LOG = f"""number,kind,at,state,team,item,service,cause
{USUAL}I9,inc,2026-02-10 08:00,New,Ops,db,Shop,C1
I7,inc,2026-02-10 12:00,New,Ops,db,,
I8,inc,2026-02-11 12:00,New,Ops,disk,,
R1,req,2026-02-10 08:00,New,Ops,db,Shop,
L1,inc,2026-02-10 08:00,New,Ops,,,
L2,inc,2026-02-10 08:00,New,Ops,fax,,
C1,chg,2026-02-01 08:00,Done,Ops,db,Shop,
C6,chg,2026-02-01 08:00,Void,Ops,db,Shop,
I5,inc,2026-02-20 08:00,New,Ops,fax,,
"""
MADE = """number,type,item,service,planned,began,ended,outcome
C1,Normal,db,Shop,,2026-02-09 20:00,2026-02-09 22:00,Successful
C2,Standard,disk,,,2026-02-08 10:00,2026-02-08 11:00,Successful
C3,Normal,web,Shop,2026-02-10 07:00,,,
C4,Normal,db,Shop,,2026-02-01 10:00,2026-02-01 11:00,Successful
C5,Normal,db,Shop,,2026-02-10 08:01,2026-02-10 09:00,Successful
C6,Normal,db,Shop,2026-02-09 20:00,,,
"""


def make_changed_desk(folder: Path, settings: str = "", changes: bool = True) -> Intake:
    """Import it, its changes where they are asked for."""
    desk = Intake(folder, settings)
    desk.takes(LOG, mapping=TICKETS)
    if changes:
        desk.takes(MADE, mapping=CHANGES, name="changes.csv")
        desk.takes("id,item,needs\n1,db,disk\n", mapping=NEEDS, name="needs.csv")
    return desk
