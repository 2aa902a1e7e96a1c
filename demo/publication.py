"""What stands around the demo's articles: a series, pages, menus, a featured one, one to review."""

from __future__ import annotations

from authors.models import User
from blog.models import (
    Article,
    MenuItem,
    MenuPlace,
    Page,
    PagePurpose,
    Series,
    SiteSettings,
    Status,
    Tag,
)
from blog.publishing import workflow
from blog.publishing.articles import article_save
from blog.publishing.pages import page_save
from blog.publishing.subjects import series_save
from blog.site.menus import menu_links_renew
from blog.site.settings import site_settings_save

_SERIES = ("feedback", "vergadering", "sollicitatie")
_PAGES = (
    (
        "Over Tegen Vijven",
        "over",
        PagePurpose.ABOUT,
        "<p>Tegen Vijven is een verzonnen publicatie. Vier mensen schrijven er over werk, en hun "
        "lezers schrijven terug.</p><h2>Meeschrijven</h2><p>Hebt u iets meegemaakt waar anderen "
        "wat aan hebben? Stuur het de redactie; wij lezen alles.</p>",
    ),
    (
        "Privacy",
        "privacy",
        PagePurpose.PRIVACY,
        "<p>Wie hier leest, krijgt geen cookie en wordt niet gevolgd. Wie reageert, laat een naam "
        "en een tekst achter; een e-mailadres hoeft niet en wordt nooit getoond.</p>",
    ),
    (
        "Huisregels",
        "huisregels",
        PagePurpose.RULES,
        "<p>Wees het gerust oneens, en schrijf aan elkaar zoals u bij de koffie zou praten. Wat "
        "over iemand gaat die zich hier niet kan verweren, halen wij weg.</p>",
    ),
)
_NOTE = "Yassin en ik zijn eruit. Klopt de eerste alinea zo, of is die te lang voor de voorpagina?"


def publication_fill(*, articles: dict[str, Article], editor: User, site: SiteSettings) -> None:
    """Make it, of the articles that are there."""
    series = series_save(
        series=Series(
            title="Het gesprek op het werk",
            slug="het-gesprek-op-het-werk",
            description="Drie gesprekken die iedereen voert, en die zelden iemand heeft geleerd.",
        )
    )
    for place, key in enumerate(_SERIES, start=1):
        article = Article.objects.get(pk=articles[key].pk)
        article.series, article.series_place = series, place
        article_save(article=article, authors=None, tags=None, editor=None, expected_version=None)
    for title, slug, purpose, body in _PAGES:
        page_save(
            page=Page(title=title, slug=slug, purpose=purpose, body_source=body), editor=editor
        )
    MenuItem.objects.create(
        place=MenuPlace.HEADER, position=1, tag=Tag.objects.get(slug="leidinggeven")
    )
    MenuItem.objects.create(
        place=MenuPlace.HEADER,
        position=2,
        label="Serie: het gesprek",
        url=series.get_absolute_url(),
    )
    MenuItem.objects.create(place=MenuPlace.HEADER, position=3, page=Page.objects.get(slug="over"))
    menu_links_renew()
    site.refresh_from_db()
    site.featured = articles["vergadering"]
    site_settings_save(site=site)
    for article in Article.objects.filter(status=Status.REVIEW):
        workflow.step_record(
            article=article,
            before=Status.DRAFT,
            actor=article.byline[-1].user,
            note=_NOTE,
        )
