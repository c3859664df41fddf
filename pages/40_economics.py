"""Where does the money come from, and what moves it?"""

from pages.ui import ready
from pages.ui.economics import parts

parts.draw(ready.view())
