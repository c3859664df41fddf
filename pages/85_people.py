"""Who may see what?"""

from pages.ui import peopling

peopling.draw()
