"""Context shared by the steps of an import: options, spool, report, known keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from interchange import records
from interchange.media import Media
from interchange.models import Imported, ImportedKind
from interchange.report import GONE, OURS, RENEWED, SAME, RunReport
from interchange.spool import Spool

_BY_NUMBER = re.compile(r"(?:p|page_id|cat|author)=\d+")


# The ORM's IN takes longer to write than the rows to find (bench/importing.py).
_KNOWN: Final = (
    "SELECT * FROM interchange_imported WHERE source = %s AND kind = %s AND key = ANY(%s)"
)


@dataclass(frozen=True)
class Options:
    """What the owner chose."""

    dry_run: bool = False
    # Write over what was changed here, and bring back what was deleted here.
    overwrite: bool = False
    # What is known under another name came from elsewhere; empty: as the export says.
    source: str = ""
    # What becomes of a page with comments: "article" or "page".
    commented_pages: str = "article"
    accounts: bool = False
    mail_accounts: bool = False
    link_accounts: bool = False
    keep_emails: bool = False
    keep_clients: bool = False
    # Who had a comment approved there is known here, too, before they confirmed their address.
    trust_approved: bool = False
    # Fetch pictures from the old site when the media do not hold them.
    fetch: bool = False
    language: str = ""
    # Whose name is above articles of which the export does not say who wrote them.
    default_author: str = ""

    @classmethod
    def of(cls, chosen: Mapping[str, Any], *, dry_run: bool) -> Options:
        """Those of `interchange.choices` that matter to storing."""
        names = {item.name for item in fields(cls)} & chosen.keys()
        return cls(dry_run=dry_run, **{name: chosen[name] for name in names})


@dataclass
class Context:
    """One run of storing."""

    source: str
    options: Options
    spool: Spool
    report: RunReport
    media: Media | None = None
    # Where the site stood: hosts without www., and the path it began at.
    hosts: frozenset[str] = frozenset()
    base: str = ""
    language: str = "nl"
    # What became of pages that came up already.
    pages: dict[str, bool] = field(default_factory=dict)

    @property
    def dry(self) -> bool:
        """Whether this is a dry run."""
        return self.options.dry_run

    def known(self, kind: str, keys: Iterable[str]) -> dict[str, Imported]:
        """What was stored before under those keys."""
        keys = [key[:300] for key in keys]
        found = Imported.objects.raw(_KNOWN, [self.source, kind, keys])
        return {row.key: row for row in found}

    def remember(self, kind: str, key: str, number: int, digest: bytes, stored: bytes) -> None:
        """Remember the key at the source of a stored row."""
        Imported.objects.update_or_create(
            source=self.source,
            kind=kind,
            key=key[:300],
            defaults={"number": number, "digest": digest, "stored": stored},
        )

    def is_page(self, record: records.Article) -> bool:
        """Whether it stays a page: what came before stays what it is."""
        if record.kind != "page":
            return False
        if record.key not in self.pages:
            here = [
                kind
                for kind in (ImportedKind.ARTICLE, ImportedKind.PAGE)
                if self.known(kind, [record.key])
            ]
            by_choice = self.options.commented_pages == "page"
            stays = by_choice or not self.spool.is_commented(record.key)
            self.pages[record.key] = here[0] == ImportedKind.PAGE if here else stays
        return self.pages[record.key]

    def verdict(
        self, kind: str, known: Imported, digest: bytes, current: bytes | None
    ) -> str | None:
        """What becomes of something that came before; None: it is to be renewed.

        `current` is of the row as it is now, None when it was deleted here.
        """
        if current is None:
            if not self.options.overwrite:
                self.report.came(kind, GONE)
                return GONE
            return None
        if bytes(known.digest) == digest:
            self.report.came(kind, SAME)
            return SAME
        if current != bytes(known.stored) and not self.options.overwrite:
            self.report.came(kind, OURS)
            return OURS
        return None

    def renewed(self, kind: str, changed: bool) -> None:
        """Count something that was stored again, or would have been the same."""
        self.report.came(kind, RENEWED if changed else SAME)

    def local_path(self, address: str) -> str | None:
        """The path of an address of the old site as a request has it, decoded, with its query;
        None: it is elsewhere."""
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        if parts.scheme not in ("", "http", "https"):
            return None
        host = (parts.netloc.rpartition("@")[2]).lower().removeprefix("www.")
        if host and host not in self.hosts:
            return None
        if not host and not address.startswith("/"):
            return None
        query = f"?{parts.query}" if _BY_NUMBER.fullmatch(parts.query) else ""
        return (unquote(parts.path) or "/") + query


def digest_of(value: Any) -> bytes:
    """16 bytes of what is written in `value`: records, texts, numbers."""
    return hashlib.blake2b(repr(value).encode("utf-8", "replace"), digest_size=16).digest()


def without_slash(path: str) -> str:
    """The form under which old paths are compared."""
    return path.rstrip("/") or "/"
