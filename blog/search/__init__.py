"""Finding articles by PostgreSQL's full text search, in two languages and in plain words.

Way in: `articles.search`; `terms` reads what was typed, `matching` asks, `headlines` shows.
"""
