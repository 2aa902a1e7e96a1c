"""What a text may hold and what readers get of it: cleaned, filled in, checked.

Way in: `sanitiser.clean` and `sanitiser.render`, `pasting.clean_pasted`, `quality`. It knows no
article and no page: what it fills in is handed to it.
"""
