"""Who brings the result? Each segment of the audience against the rest."""

from pages.ui import ready
from pages.ui.audience import page

page.draw(ready.view())
