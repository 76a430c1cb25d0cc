"""The time zones that there are.

Floor 0.
"""

from functools import cache
from zoneinfo import available_timezones

known_zones = cache(available_timezones)  # which reads a folder each time
