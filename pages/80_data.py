"""What is loaded, and what is not?"""

from pages.ui import bar, dropping, loaded, newcomer, show
from pages.ui.language import t

view = bar.view()
if view is None:
    what = t("A client is a company you serve: its counters, accounts and costs are kept apart from others.")
    show.heading(t("Add the first client"), what)
    newcomer.form()
else:
    show.heading(t("Data"), t("What is loaded for {client}, how fresh it is, and loading more.", client=view.name))
    dropping.draw(view)
    if view.loaded:
        loaded.calendar(view)
    newcomer.another()
