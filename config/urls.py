"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth import views as accounts
from django.urls import include, path

from authors.forms import QueuedPasswordResetForm
from authors.second_factor.views import ResetConfirm
from config import media

_reset = accounts.PasswordResetView.as_view(form_class=QueuedPasswordResetForm)
# By these names the admin's login page finds "forgotten password".
_accounts = [
    path("admin/password_reset/", _reset, name="admin_password_reset"),
    path(
        "admin/password_reset/done/",
        accounts.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "admin/reset/<uidb64>/<token>/",
        ResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "admin/reset/done/",
        accounts.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
urlpatterns = [
    *_accounts,
    path("admin/second-factor/", include("authors.second_factor.urls")),
    path("admin/", admin.site.urls),
    path("media/<path:name>", media.serve, name="media"),
    path("newsletter/", include("newsletter.urls")),
    path("", include("comments.urls")),
    path("author/", include("blog.author_urls")),
    path("", include("blog.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
