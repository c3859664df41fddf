"""What has the agency sent us?"""

from pages.ui import bar
from pages.ui.report import given

given.draw(bar.client())
