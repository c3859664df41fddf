"""Which clients need you today?"""

from pages.ui import portfolio, ready

ready.client()
clients = portfolio.read()
portfolio.headline(clients)
portfolio.news(clients)
portfolio.table(clients)
portfolio.go_on(clients)
