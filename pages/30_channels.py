"""Which channels earn their cost?"""

from pages.ui import channels, course, crediting, ready, show

view = ready.view()
step = course.grain(view)
with show.waiting():
    by_channel = channels.asked(view)
    over_time = channels.over_time(view, step)

channels.headline(by_channel)
channels.cards(view, by_channel, over_time)
channels.table(view, by_channel)
channels.charts(view, by_channel, over_time, step)
show.notes(by_channel.notes)
crediting.section(view)
