"""What does each figure mean?"""

from pages.ui import bar, show, terms
from pages.ui.language import t

view = bar.view()
show.heading(t("Glossary"), t("What each figure means, how it is reckoned, what moves it and how it is misread."))
terms.listing(terms.search(), view.client.currency if view else "RUB")
