"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from config import media

urlpatterns = [
    path("admin/", admin.site.urls),
    path("media/<path:name>", media.serve, name="media"),
    path("", include("comments.urls")),
    path("author/", include("blog.author_urls")),
    path("", include("blog.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
