"""Addresses of the authors' pages, which list articles and so belong to the blog."""

from django.urls import path

from blog import views
from blog.feeds import AuthorAtom, AuthorRss

app_name = "authors"
urlpatterns = [
    path("<slug:slug>/", views.author, name="author"),
    path("<slug:slug>/feed/", AuthorRss(), name="feed"),
    path("<slug:slug>/feed/atom/", AuthorAtom(), name="atom"),
]
