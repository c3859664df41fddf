"""What is loaded, and what is not?"""

from pages.ui import bar, client_settings, dropping, hygiene, loaded, newcomer, pulling, show, unread
from pages.ui.language import t

view = bar.view()
if view is None:
    what = t("A client is a company you serve: its counters, accounts and costs are kept apart from others.")
    show.heading(t("Add the first client"), what)
    newcomer.form()
else:
    show.heading(t("Data"), t("What is loaded for {client}, how fresh it is, and loading more.", client=view.name))
    dropping.draw(view)
    pulling.draw(view)
    if view.loaded:
        loaded.calendar(view)
        hygiene.draw(view)
        unread.draw(view)
    client_settings.draw(view)
    newcomer.another()
