"""Articles and conversations as WordPress's own importer takes them."""
