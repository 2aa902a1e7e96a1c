"""WordPress's export (WXR 1.0 to 1.2), one file or several."""

from __future__ import annotations

import datetime
import html
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import BinaryIO, Literal

from interchange import dates
from interchange.items import whole_item
from interchange.records import (
    Article,
    Comment,
    MenuLink,
    Note,
    Person,
    Picture,
    Record,
    Site,
    Tag,
    Tells,
)
from interchange.sources import wordpress_text, xmlstream
from interchange.sources.wordpress_text import line, meta
from interchange.sources.xmlstream import Faults, Node

_TOPS = frozenset(
    {"item", "wp:author", "wp:category", "wp:tag", "wp:term", "wp:base_blog_url", "title",
     "description", "language", "wp:wxr_version", "link"}
)  # fmt: skip
_EARLY = frozenset({"wp:comment"})
_STATES = {
    "1": "approved",
    "0": "pending",
    "approve": "approved",
    "approved": "approved",
    "hold": "pending",
    "spam": "spam",
    "trash": "rejected",
    "post-trashed": "rejected",
}
_OWN_STATES = {"approved", "rejected", "deleted", "removed"}
_MENTIONS = {"pingback", "trackback"}
# What WordPress keeps for itself, and what a theme was made of.
_MACHINERY = {
    "revision", "custom_css", "customize_changeset", "oembed_cache",
    "user_request", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
    "wp_font_family", "wp_font_face",
}  # fmt: skip


def read(
    streams: Sequence[Callable[[], BinaryIO]],
    *,
    zone: datetime.tzinfo,
    types: Sequence[str] = (),
    told: Callable[[int], None] = lambda done: None,
) -> Iterator[Record]:
    """The records of an export; each of `streams` opens one of its files.

    `types` are post types of plugins that come in as articles. `told` hears how many bytes were
    read.
    """
    before = 0
    for number, start in enumerate(streams):
        with start() as stream:
            seen = [0]

            def count(done: int, seen: list[int] = seen, before: int = before) -> None:
                seen[0] = done
                told(before + done)

            yield from _WordPressExport(zone, frozenset(types), first=number == 0).read(
                stream, count
            )
            before += seen[0]


class _WordPressExport:
    """One file, read from the start to the end."""

    def __init__(self, zone: datetime.tzinfo, types: frozenset[str], *, first: bool) -> None:
        self.zone, self.types, self.first = zone, types, first
        self.site: dict[str, str] = {}
        self.told_site = False
        self.reusable: dict[str, str] = {}
        # Keys of tags by the numbers that menus call them by.
        self.numbered: dict[str, str] = {}
        # Posts that hold reusable blocks wait for them to the end of the file.
        self.later: list[Article] = []

    def read(self, stream: BinaryIO, told: Callable[[int], None]) -> Iterator[Record]:
        """Every record of the file."""
        faults = Faults()
        pieces = xmlstream.decoded(stream, faults, told)
        items = 0
        for node, parent in xmlstream.nodes(pieces, faults, tops=_TOPS, early=_EARLY):
            if node.broken:
                yield Note("cut off", node.get("title") or node.name)
            if node.name == "wp:comment" and parent is not None:
                yield from whole_item(
                    partial(self.comment, node, parent), node.get("wp:comment_author")
                )
            elif node.name == "item":
                items += 1
                yield from self.settled()
                yield from whole_item(partial(self.item, node), node.get("title"))
            elif node.name == "wp:author":
                yield from whole_item(partial(self.person, node), node.get("wp:author_login"))
            elif node.name in ("wp:category", "wp:tag", "wp:term"):
                yield from whole_item(partial(self.term, node), node.name)
            else:
                self.site.setdefault(node.name, node.text.strip())
        yield from self.settled()
        for article in self.later:
            yield from whole_item(partial(self._finished, article), article.title)
        for kind, number in faults.counts.items():
            yield Note(f"file: {kind}", f"{number} × {faults.examples[kind]}".strip(" ×"))
        if not items and not self.site.get("wp:wxr_version"):
            yield Note("no export")

    def settled(self) -> Iterator[Record]:
        """The site itself, before the first item."""
        if self.told_site or not self.first:
            return
        self.told_site = True
        yield Site(
            address=self.site.get("wp:base_blog_url") or self.site.get("link", ""),
            title=line(self.site.get("title", "")),
            tagline=line(self.site.get("description", "")),
            language=self.site.get("language", "")[:2].lower(),
        )

    def person(self, node: Node) -> Iterator[Record]:
        login = node.get("wp:author_login")
        number = node.get("wp:author_id")
        if not login and not number:
            return
        full = f"{node.get('wp:author_first_name')} {node.get('wp:author_last_name')}".strip()
        name = line(node.get("wp:author_display_name")) or line(full) or login
        bio = line(node.get("wp:author_description"))
        yield Person(
            key=login or number,
            name=name,
            slug=login,
            email=node.get("wp:author_email"),
            bio=bio,
            aliases=tuple(item for item in (f"#{number}" if number else "", name, full) if item),
            addresses=(f"/author/{login}/", *([f"/?author={number}"] if number else [])),
            tells=() if bio else (("no bio", name),),
        )

    def term(self, node: Node) -> Iterator[Record]:
        if node.name == "wp:term":
            taxonomy = node.get("wp:term_taxonomy")
            if taxonomy not in ("category", "post_tag"):
                if taxonomy not in ("nav_menu", "post_format", "wp_theme", "link_category"):
                    yield Note("taxonomy", taxonomy)
                return
            slug, name = node.get("wp:term_slug"), node.get("wp:term_name")
        elif node.name == "wp:category":
            taxonomy = "category"
            slug, name = node.get("wp:category_nicename"), node.get("wp:cat_name")
        else:
            taxonomy, slug, name = "post_tag", node.get("wp:tag_slug"), node.get("wp:tag_name")
        slug, name = slug or name, line(name) or slug
        if not name:
            return
        above = node.get("wp:category_parent") or node.get("wp:term_parent")
        base = "category" if taxonomy == "category" else "tag"
        tells = [("category below another", name)] if above and above != "0" else []
        described = node.get("wp:category_description") or node.get("wp:tag_description")
        number = node.get("wp:term_id")
        self.numbered[number] = f"{base}:{slug}"
        by_number = [f"/?cat={number}"] if number and base == "category" else []
        yield Tag(
            key=f"{base}:{slug}",
            name=name,
            slug=slug,
            addresses=(f"/{base}/{slug}/", *by_number),
            tells=tuple(tells),
            description=line(described or node.get("wp:term_description")),
        )

    def item(self, node: Node) -> Iterator[Record]:
        kind, status = node.get("wp:post_type") or "post", node.get("wp:status")
        title = line(node.get("title"))
        if kind == "attachment":
            yield from self.picture(node)
        elif kind == "wp_block":
            self.reusable[node.get("wp:post_id")] = node.raw("content:encoded")
        elif kind == "guest-author":
            yield from self.guest(node)
        elif kind == "nav_menu_item":
            yield from self.menu_link(node, title)
        elif kind in _MACHINERY:
            yield Note("machinery", title or kind)
        elif kind not in ("post", "page") and kind not in self.types:
            yield Note(f"post type {kind}", title)
        elif status in ("trash", "auto-draft"):
            yield Note("in the bin" if status == "trash" else "empty draft", title)
        else:
            yield from self.terms(node)
            article = wordpress_text.article(node, kind, title, self.zone)
            if "wp:block " in article.body:
                self.later.append(article)
            else:
                yield wordpress_text.with_html(article, self.reusable)

    def menu_link(self, node: Node, title: str) -> Iterator[Record]:
        """An entry of a menu."""
        values = meta(node)
        menu = next((row.text.strip() or row.attributes.get("nicename", "")
                     for row in node.all("category")
                     if row.attributes.get("domain") == "nav_menu"), "")  # fmt: skip
        about, target = values.get("_menu_item_type", ""), values.get("_menu_item_object_id", "")
        order = node.get("wp:menu_order")
        kind: Literal["article", "tag", "url"] = "url"
        if about == "post_type":
            kind = "article"
        elif about == "taxonomy":
            kind, target = "tag", self.numbered.get(target, "")
        yield MenuLink(
            key=node.get("wp:post_id"),
            menu=menu,
            label=title,
            kind=kind,
            target="" if kind == "url" else target,
            url=html.unescape(values.get("_menu_item_url", "")).strip(),
            position=min(int(order), 30_000) if order.isdecimal() else 0,
            below=values.get("_menu_item_menu_item_parent", "0") not in ("", "0"),
        )

    def terms(self, node: Node) -> Iterator[Record]:
        """The categories and tags of an item, for exports that list them nowhere else."""
        for term in node.all("category"):
            domain, name = term.attributes.get("domain", "category"), line(term.text)
            slug = term.attributes.get("nicename", "") or name
            if domain in ("category", "tag", "post_tag") and name:
                base = "category" if domain == "category" else "tag"
                yield Tag(f"{base}:{slug}", name, slug, (f"/{base}/{slug}/",))

    def _finished(self, article: Article) -> Iterator[Record]:
        yield wordpress_text.with_html(article, self.reusable)

    def picture(self, node: Node) -> Iterator[Record]:
        address = node.get("wp:attachment_url") or node.get("guid")
        values = meta(node)
        above = node.get("wp:post_parent")
        yield Picture(
            key=node.get("wp:post_id"),
            place=address,
            article="" if above == "0" else above,
            alt=line(values.get("_wp_attachment_image_alt", "")),
            caption=line(node.get("excerpt:encoded")),
        )

    def guest(self, node: Node) -> Iterator[Record]:
        """An author without an account, of the plugin Co-Authors Plus."""
        values = meta(node)
        login = values.get("cap-user_login") or node.get("wp:post_name").removeprefix("cap-")
        name = line(values.get("cap-display_name", "")) or line(node.get("title"))
        if login and name:
            yield Person(
                key=login,
                name=name,
                slug=login,
                email=values.get("cap-user_email", ""),
                bio=line(values.get("cap-description", "")),
                website=values.get("cap-website", ""),
                aliases=(name,),
                addresses=(f"/author/{login}/",),
            )

    def comment(self, node: Node, item: Node) -> Iterator[Record]:
        # The first of each name, read once: there may be a hundred thousand of these.
        said = {child.name: child.text for child in reversed(node.children)}

        def get(name: str) -> str:
            return said.get(name, "").strip()

        if item.get("wp:post_type") in _MACHINERY or item.get("wp:status") == "auto-draft":
            return
        kind = get("wp:comment_type")
        if kind not in ("", "comment", "note") and kind not in _MENTIONS:
            yield Note(f"comment type {kind}", line(get("wp:comment_content"))[:80])
            return
        if kind == "note":
            yield Note("editors' note", line(get("wp:comment_content"))[:80])
            return
        article = item.get("wp:post_id") or item.get("guid") or item.get("link")
        number = get("wp:comment_id")
        if not number:
            yield Note("comment without number", line(get("wp:comment_content"))[:80])
            return
        user, above = get("wp:comment_user_id"), get("wp:comment_parent")
        state = get("wp:comment_approved")
        tells: Tells = ()
        if state not in _STATES:
            tells = (("unknown state", f"{number}: {state}"),)
        # What a file of our own says beside WordPress's words (interchange.wordpress), or a plugin.
        ours = {row.get("wp:meta_key"): row.get("wp:meta_value")
                for row in node.all("wp:commentmeta")}  # fmt: skip
        own = ours.get("_weerwoord_state", "")
        yield Comment(
            key=number,
            article=article,
            parent="" if above in ("0", number) else above,
            name=html.unescape(get("wp:comment_author")),
            email=get("wp:comment_author_email"),
            website=get("wp:comment_author_url"),
            author=f"#{user}" if user not in ("", "0") else "",
            client=get("wp:comment_author_IP"),
            text=said.get("wp:comment_content", ""),
            markup="lines",
            state=own if own in _OWN_STATES else _STATES.get(state, "pending"),
            reason=ours.get("_weerwoord_reason", "") if own in _OWN_STATES else "",
            origin="webmention" if kind in _MENTIONS else "import",
            created_at=dates.best(
                self.zone, utc=get("wp:comment_date_gmt"), local=get("wp:comment_date")
            ),
            tells=tells,
            # Disqus's plugin wrote every comment into WordPress, too.
            alias=f"disqus:{ours['dsq_post_id']}" if ours.get("dsq_post_id") else "",
        )
