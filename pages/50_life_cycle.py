"""Which stage is the product in, who are the customers, and where are they lost?"""

from pages.ui import control, ready, show
from pages.ui.cycle import people, products, recurring, steps
from pages.ui.language import t

PARTS = {"product": t("Product"), "customers": t("Customer base"), "funnel": t("Funnel")}

view = ready.view()
part = control.switch("part", t("Part"), PARTS, "product")
if part == "product":
    with show.waiting():
        stages = products.read(view)
    products.headline(stages)
    products.cockpit(view, products.table(stages))
else:
    with show.waiting():
        found = people.read(view)
    if part == "customers":
        people.headline(found)
        people.states(found)
        if view.store.reach.money:
            recurring.draw(view)
        people.retention(found)
        if view.store.reach.money:
            with show.waiting():
                worth = people.worth(view)
            people.value(worth)
        people.segments(found, view.store.reach.money)
        show.notes(found.notes)
    else:
        steps.headline(found)
        steps.draw(found)
