"""And what if we look only at…? Any measures by any breakdowns, as a table, a pivot, a chart, or in SQL."""

from pages.ui import ready
from pages.ui.explore import page

page.draw(ready.view())
