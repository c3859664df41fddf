"""What is to be reached, and how do the months keep to it?"""

from pages.ui import plan_pace, planning, ready, show
from pages.ui.language import t

view = ready.client()
planned = planning.targets(view)
with show.waiting():
    running = plan_pace.read(view, planned)

plan_pace.headline(running)
plan_pace.table(running)
show.section(t("The plan of the year"))
planning.year_of(view, planned)
planning.history(view)
