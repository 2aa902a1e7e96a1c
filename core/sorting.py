"""The order of names and titles in lists, the same on every PostgreSQL.

A server's own order depends on its locale: the one that comes with Weerwoord goes by code point
("Zeker" before "belonen" before "Één") and has no ICU, so no collation can be named that every
server has. The order is an expression instead, which asks nothing of the server but the extension
unaccent, which `blog.0001_initial` makes.
"""

from __future__ import annotations

from typing import Final

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Collate, Lower

# What stands before the first word; and the small words before a family name, which begin a title
# where no capital follows. A person's name alone is written with a capital: "Van den Berg".
_SIGNS: Final = r"""[][ "“”„‚«»‹›(){}¡¿…–—-]*"""
_SMALL: Final = "aan|bij|de|den|der|het|in|op|te|ten|ter|toe|uit|van|von|zu|'s|'t|’s|’t"
_CAPITAL: Final = "[Dd]e|[Dd]en|[Dd]er|[Hh]et|[Tt]en|[Tt]er|[Tt]e|[Vv]an|[Vv]on"
_TITLE_START: Final = rf"^{_SIGNS}((({_SMALL}) )+(?=[A-ZÀ-Ý]))?['‘’]?"
_PERSON_START: Final = rf"^{_SIGNS}((({_SMALL}|{_CAPITAL}) )+|[Dd]['’](?=[A-Z]))?['‘’]?"


class AlphabeticalOrder(Func):
    """A name or title as a Dutch reader looks for it, for `order_by` and `Meta.ordering`.

    Capitals, accents and what stands before the first word do not count: "Één" is among the E,
    "belonen" among the B. Nor do the small words before a family name: "van den Berg" is among the
    B. Of persons (`person`) they may begin with a capital; a first name counts. Migrations name it.
    """

    output_field = CharField()

    def __init__(self, name: str, *, person: bool = False) -> None:
        """Take the name of a column of text."""
        start = Value(_PERSON_START if person else _TITLE_START)
        begun = Func(F(name), start, Value(""), function="regexp_replace")
        plain = Func(begun, function="unaccent", output_field=CharField())
        super().__init__(Collate(Lower(plain), "C"), template="%(expressions)s")
