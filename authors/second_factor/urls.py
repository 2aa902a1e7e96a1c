"""Addresses of the second factor, below the admin."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path, reverse_lazy
from django.views.i18n import JavaScriptCatalog

from authors.second_factor import views

# By these names the scripts of django-otp-webauthn find them.
_passkeys = [
    path(
        "add/begin/",
        views.PasskeyAddBegin.as_view(),
        name="credential-registration-begin",
    ),
    path(
        "add/complete/",
        views.PasskeyAdd.as_view(),
        name="credential-registration-complete",
    ),
    path(
        "begin/",
        views.PasskeyBegin.as_view(),
        name="credential-authentication-begin",
    ),
    path(
        "complete/",
        views.PasskeyComplete.as_view(),
        name="credential-authentication-complete",
    ),
    path(
        "words/",
        JavaScriptCatalog.as_view(packages=["django_otp_webauthn"]),
        name="js-i18n-catalog",
    ),
]
_pages = [
    path("", views.manage, name="manage"),
    path("verify/", views.verify, name="verify"),
    path("app/", views.app_add, name="app_add"),
    path("codes/", views.codes_new, name="codes_new"),
    # The admin's own way out opens for who has a second factor; this one for who must set it up.
    path("leave/", LogoutView.as_view(next_page=reverse_lazy("admin:login")), name="leave"),
    path("others/", views.others_end, name="others_end"),
    path("<slug:kind>/<int:number>/remove/", views.remove, name="remove"),
]
urlpatterns = [
    path("passkey/", include((_passkeys, "otp_webauthn"))),
    path("", include((_pages, "second_factor"))),
]
