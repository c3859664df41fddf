"""How documents leave the building: share links as plain pages of their own, and e-mail.

    frozen story ─► routes (one link, one document, no login)
                └─► sending ─► post (SMTP)
"""
