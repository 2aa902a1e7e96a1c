"""Addresses of the newsletter."""

from django.urls import path

from newsletter import views

app_name = "newsletter"
urlpatterns = [
    path("", views.join, name="join"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("stop/<str:token>/", views.stop, name="stop"),
]
