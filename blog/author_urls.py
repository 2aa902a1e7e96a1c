"""URLs of the author pages."""

from django.urls import path

from blog.views import articles
from blog.views.feed_format import FullAtom
from blog.views.feeds import AuthorFeed

app_name = "authors"
urlpatterns = [
    path("<slug:slug>/", articles.author, name="author"),
    path("<slug:slug>/feed/", AuthorFeed(), name="feed"),
    path("<slug:slug>/feed/atom/", AuthorFeed(FullAtom), name="atom"),
]
