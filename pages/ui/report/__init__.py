"""The Report page: the client's document, what was sent of it, and what goes out by itself."""
