"""What goes to the client, is it safe to send, and what did they say?"""

from pages.ui import ready
from pages.ui.report import delivery, document, parts, sent

view = ready.view()
part = parts.chosen(view)
if part == parts.SENT:
    sent.draw(view)
elif part == parts.DELIVERY:
    delivery.draw(view)
else:
    document.draw(view)
