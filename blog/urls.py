"""Addresses of the reading pages: WordPress's, so that a site that moves in keeps its own."""

from django.urls import path, register_converter

from blog import converters, page_views, views
from blog import preview_views as unlisted
from blog.feeds import SiteAtom, SiteRss, TagAtom, TagRss
from blog.search_views import search
from blog.sitemaps import index, indexnow, robots, section

register_converter(converters.Year, "year")
register_converter(converters.Month, "month")
register_converter(converters.Colour, "colour")

app_name = "blog"
urlpatterns = [
    path("", views.home, name="home"),
    path("a/<int:number>/", views.short, name="short"),
    path("search/", search, name="search"),
    path("feed/", SiteRss(), name="feed"),
    path("feed/atom/", SiteAtom(), name="atom"),
    path("tag/<slug:slug>/", views.tag, name="tag"),
    path("tag/<slug:slug>/feed/", TagRss(), name="tag_feed"),
    path("tag/<slug:slug>/feed/atom/", TagAtom(), name="tag_atom"),
    path("indexnow.txt", indexnow, name="indexnow"),
    path("preview/<str:token>/", unlisted.preview, name="preview"),
    path("mail/articles/<str:token>/", unlisted.article_mail, name="article_mail"),
    path("style/<colour:light>-<colour:dark>.css", page_views.style, name="style"),
    path("series/<slug:slug>/", views.series, name="series"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", index, name="sitemap"),
    path("sitemap-<slug:section>.xml", section, name="sitemap_section"),
    path("<year:year>/", views.year, name="year"),
    path("<year:year>/<month:month>/", views.month, name="month"),
    path("<year:year>/<month:month>/<slug:slug>/", views.article, name="article"),
    # Last: whatever else answers at the top of the site comes first (`blog.pages.is_free`).
    path("<slug:slug>/", page_views.page, name="page"),
]
