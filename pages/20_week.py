"""What moved, why, and what do we do?"""

from pages.ui import plan_pace, planning, ready, show
from pages.ui.report import comments
from pages.ui.week import doing, figures, long_view, minutes_file, strange, why_moved

view = ready.view()
targets = planning.targets(view)
with show.waiting():
    totals, course = figures.asked(view), figures.over_days(view)
    moved = why_moved.read(view, why_moved.chosen(view))
    month = plan_pace.read(view, targets)
    unusual = strange.read(view)
    done = doing.read(view)

why_moved.headline(moved)
comments.line(view)
figures.cards(view, totals, course, month)
long_view.draw(view, targets)
why_moved.draw(view, moved)
strange.draw(unusual)
plan_pace.table(month)
doing.draw(view, done)
minutes_file.offer(view, totals, moved, month, unusual, done)
