"""Addresses of the conversation; before the blog's own, which take what is left."""

from django.urls import path, register_converter

from blog import converters
from comments import live_views, mail_views, own_views, report_views, views
from comments.feeds import AllComments, ArticleComments
from comments.places import found_by_number as found
from comments.search_views import search_comments

register_converter(converters.Year, "article_year")
register_converter(converters.Month, "article_month")

app_name = "comments"
_ARTICLE = "<article_year:year>/<article_month:month>/<slug:slug>/"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/visits/<int:article_id>/", live_views.visits, name="visits"),
    path("mine/", own_views.request_mine, name="request_mine"),
    path("mine/confirm/<str:token>/", own_views.confirm, name="confirm"),
    path("mine/<str:token>/", own_views.mine, name="mine"),
    path("mine/<str:token>/data/", own_views.data, name="data"),
    path("mine/<str:token>/export/", own_views.export, name="export"),
    path("mail/stop/<str:token>/", mail_views.stop, name="stop"),
    path("mail/follow/<str:token>/", mail_views.follow_confirm, name="follow_confirm"),
    path("mail/moderate/<str:token>/", mail_views.moderate, name="moderate"),
    path("mail/inbound/", mail_views.inbound_mail, name="inbound"),
    path("search/comments/", search_comments, name="search"),
    path("comments/feed/", AllComments(), name="feed"),
    path(f"{_ARTICLE}feed/", ArticleComments(), name="article_feed"),
    path(f"{_ARTICLE}follow/", mail_views.follow, name="follow"),
    path(f"{_ARTICLE}reply/", found(views.reply), name="reply"),
    path(f"{_ARTICLE}arrivals/", live_views.arrivals, name="arrivals"),
    path(f"{_ARTICLE}comment/<int:comment_id>/", found(views.comment), name="comment"),
    path(f"{_ARTICLE}comment/<int:comment_id>/edit/", found(own_views.edit), name="edit"),
    path(f"{_ARTICLE}comment/<int:comment_id>/delete/", found(own_views.delete), name="delete"),
    path(f"{_ARTICLE}comment/<int:comment_id>/appeal/", found(report_views.appeal), name="appeal"),
    path(f"{_ARTICLE}comment/<int:comment_id>/report/", found(report_views.report), name="report"),
    path(f"{_ARTICLE}comment/<int:comment_id>/value/", found(live_views.value), name="value"),
]
