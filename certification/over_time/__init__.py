"""How things go over time: courses, people, outcomes and follow-ups, by quarter or year.

`read_facts` reads what one viewer may be told, `groups` says of which people together outcomes are told,
`charts_of` counts; `drawing` and `sheets` show what was counted.
"""

from certification.over_time.charts import Chart, Line, charts_of
from certification.over_time.drawing import drawn, swatches
from certification.over_time.facts import Facts, first_year, programmes_by_code, read_facts, sponsors_for
from certification.over_time.periods import SPANS, By, Window
from certification.over_time.sheets import over_time_xlsx

__all__ = [
    "SPANS",
    "By",
    "Chart",
    "Facts",
    "Line",
    "Window",
    "charts_of",
    "drawn",
    "first_year",
    "over_time_xlsx",
    "programmes_by_code",
    "read_facts",
    "sponsors_for",
    "swatches",
]
