"""Addresses of the reading pages: WordPress's, so that a site that moves in keeps its own."""

from django.urls import path, register_converter

from blog.views import articles, pages
from blog.views import previews as unlisted
from blog.views.feed_format import FullAtom
from blog.views.feeds import SiteFeed, TagFeed
from blog.views.search import search
from blog.views.sitemaps import index, indexnow, robots, section
from core import converters

register_converter(converters.Year, "year")
register_converter(converters.Month, "month")
register_converter(converters.Colour, "colour")

app_name = "blog"
urlpatterns = [
    path("", articles.home, name="home"),
    path("a/<int:number>/", articles.short, name="short"),
    path("search/", search, name="search"),
    path("feed/", SiteFeed(), name="feed"),
    path("feed/atom/", SiteFeed(FullAtom), name="atom"),
    path("tag/<slug:slug>/", articles.tag, name="tag"),
    path("tag/<slug:slug>/feed/", TagFeed(), name="tag_feed"),
    path("tag/<slug:slug>/feed/atom/", TagFeed(FullAtom), name="tag_atom"),
    path("indexnow.txt", indexnow, name="indexnow"),
    path("preview/<str:token>/", unlisted.preview, name="preview"),
    path("mail/articles/<str:token>/", unlisted.article_mail, name="article_mail"),
    path("style/<colour:light>-<colour:dark>.css", pages.style, name="style"),
    path("series/<slug:slug>/", articles.series, name="series"),
    path("favicon.ico", pages.icon, name="icon"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-<slug:section>.xml", section, name="sitemap_section"),
    path("<year:year>/", articles.year, name="year"),
    path("<year:year>/<month:month>/", articles.month, name="month"),
    path("<year:year>/<month:month>/<slug:slug>/", articles.article, name="article"),
    # Last: whatever else answers at the top of the site comes first
    # (`blog.publishing.pages.is_free`).
    path("<slug:slug>/", pages.page, name="page"),
]
