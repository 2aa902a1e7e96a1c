"""Addresses of the conversation; before the blog's own, which take what is left."""

from django.urls import path, register_converter

from blog import converters
from comments import views
from comments.feeds import AllComments, ArticleComments

register_converter(converters.Year, "article_year")
register_converter(converters.Month, "article_month")

app_name = "comments"
_ARTICLE = "<article_year:year>/<article_month:month>/<slug:slug>/"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("comments/feed/", AllComments(), name="feed"),
    path(f"{_ARTICLE}feed/", ArticleComments(), name="article_feed"),
    path(f"{_ARTICLE}reply/", views.reply, name="reply"),
    path(f"{_ARTICLE}comment/<int:comment_id>/", views.comment, name="comment"),
]
