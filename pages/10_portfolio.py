"""Which clients need you today?"""

from pages.ui import portfolio, ready, show

ready.client()
with show.waiting():
    clients = portfolio.read()
portfolio.headline(clients)
portfolio.news(clients)
portfolio.table(clients)
portfolio.go_on(clients)
