"""Uploaded pictures, served by the application itself.

A proxy may serve `MEDIA_ROOT` instead. Every file in it was made by our own encoder under a
name of our own, so the type follows from the ending; nothing else is served.
"""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve as serve_file

_NAME = re.compile(r"[a-z0-9][a-z0-9/_-]*\.(avif|webp|jpg|png)")


def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file `name` below MEDIA_ROOT, to be kept for good; 404 for any other name."""
    if not _NAME.fullmatch(name):
        raise Http404
    response = serve_file(request, name, document_root=str(settings.MEDIA_ROOT))
    # Names carry a digest of the content.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    if name.endswith(".avif"):
        response["Content-Type"] = "image/avif"
    return response
