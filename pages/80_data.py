"""What is loaded, and what is not?"""

from data.roles import Power
from pages.ui import bar, client_settings, dropping, hygiene, loaded, newcomer, pulling, show, unread, who
from pages.ui.language import t

view = bar.view()
if view is None:
    what = t("A client is a company you serve: its counters, accounts and costs are kept apart from others.")
    show.heading(t("Add the first client"), what)
    newcomer.form()
else:
    show.heading(t("Data"), t("What is loaded for {client}, how fresh it is, and loading more.", client=view.name))
    if who.may(Power.LOAD):
        dropping.draw(view)
    if who.may(Power.SETTLE):
        pulling.draw(view)
    if view.loaded:
        loaded.calendar(view)
        if who.may(Power.MONEY):
            hygiene.draw(view)
            unread.draw(view)
    if who.may(Power.SETTLE):
        client_settings.draw(view)
    if who.may(Power.ADMINISTER):
        newcomer.another()
