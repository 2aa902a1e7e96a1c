"""URLs of the author pages."""

from django.urls import path

from blog.views import articles
from blog.views.feeds import AuthorAtom, AuthorRss

app_name = "authors"
urlpatterns = [
    path("<slug:slug>/", articles.author, name="author"),
    path("<slug:slug>/feed/", AuthorRss(), name="feed"),
    path("<slug:slug>/feed/atom/", AuthorAtom(), name="atom"),
]
