"""The three parts of the page: the document, what was sent, what goes out by itself."""

from __future__ import annotations

from data.desk import parcels, reactions
from data.desk.parcels import FAILED, SENDING, WAITING
from pages.ui import control, store
from pages.ui.language import current, t
from pages.ui.view import View

DOCUMENT, SENT, DELIVERY = "document", "sent", "delivery"


def chosen(view: View) -> str:
    """Which part is open. Unread comments and waiting parcels are counted on its name."""
    desk, slug = store.agency(), view.client.slug
    unread, waiting = len(reactions.unseen(desk, slug)), len(parcels.of(desk, slug, WAITING, FAILED, SENDING))
    titles = {DOCUMENT: t("Document"), SENT: _counted(t("Sent"), unread), DELIVERY: _counted(t("Delivery"), waiting)}
    return control.switch("part", t("Part of the page"), titles, DOCUMENT)


def _counted(title: str, count: int) -> str:
    return f"{title} · {current().number(count)}" if count else title
