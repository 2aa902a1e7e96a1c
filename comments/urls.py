"""Addresses of the conversation; before the blog's own, which take what is left."""

from django.urls import path, register_converter

from blog.views.feed_format import FullAtom
from comments.views import (
    address,
    conversation,
    following,
    live,
    mail,
    moderating,
    own,
    reports,
    within,
)
from comments.views.feeds import AllComments, ArticleComments
from comments.views.old_addresses import found_by_number as found
from comments.views.search import search_comments
from core import converters

register_converter(converters.Year, "article_year")
register_converter(converters.Month, "article_month")

app_name = "comments"
_ARTICLE = "<article_year:year>/<article_month:month>/<slug:slug>/"
urlpatterns = [
    path("me/", conversation.me, name="me"),
    path("me/visits/<int:article_id>/", live.visits, name="visits"),
    path("mine/", own.request_mine, name="request_mine"),
    path("mine/confirm/<str:token>/", own.confirm, name="confirm"),
    path("mine/<str:token>/", own.mine, name="mine"),
    path("mine/<str:token>/data/", own.data, name="data"),
    path("mine/<str:token>/export/", own.export, name="export"),
    path("mail/stop/<str:token>/", mail.stop, name="stop"),
    path("mail/follow/<str:token>/", following.follow_confirm, name="follow_confirm"),
    path("mail/moderate/<str:token>/", mail.moderate, name="moderate"),
    path("mail/inbound/", mail.inbound_mail, name="inbound"),
    path("search/comments/", search_comments, name="search"),
    path("comments/feed/", AllComments(), name="feed"),
    path("comments/feed/atom/", AllComments(FullAtom), name="atom"),
    path(f"{_ARTICLE}feed/", ArticleComments(), name="article_feed"),
    path(f"{_ARTICLE}feed/atom/", ArticleComments(FullAtom), name="article_atom"),
    path(f"{_ARTICLE}follow/", following.follow, name="follow"),
    path(f"{_ARTICLE}author/", within.by_author, name="by_author"),
    path(f"{_ARTICLE}search/", within.search, name="search_within"),
    path(f"{_ARTICLE}reply/", found(conversation.reply), name="reply"),
    path(f"{_ARTICLE}arrivals/", live.arrivals, name="arrivals"),
    path(f"{_ARTICLE}held/", moderating.held, name="held"),
    path(f"{_ARTICLE}comment/<int:comment_id>/", found(conversation.comment), name="comment"),
    path(f"{_ARTICLE}comment/<int:comment_id>/edit/", found(own.edit), name="edit"),
    path(f"{_ARTICLE}comment/<int:comment_id>/delete/", found(own.delete), name="delete"),
    path(f"{_ARTICLE}comment/<int:comment_id>/moderate/", found(moderating.decide), name="decide"),
    path(f"{_ARTICLE}comment/<int:comment_id>/address/", found(address.address), name="address"),
    path(f"{_ARTICLE}comment/<int:comment_id>/appeal/", found(reports.appeal), name="appeal"),
    path(f"{_ARTICLE}comment/<int:comment_id>/report/", found(reports.report), name="report"),
    path(f"{_ARTICLE}comment/<int:comment_id>/value/", found(live.value), name="value"),
]
