"""Uploaded pictures, served by the application itself.

A proxy may serve `MEDIA_ROOT` instead, and asks here for what it does not find. Every file in it
was made by our own encoder under a name of our own, so the type follows from the ending; nothing
else is served. What is not there any more leads to the picture in its place, or is said to be gone.
"""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseGone,
    HttpResponseRedirect,
)
from django.views.static import serve as serve_file

from blog.models import RetiredPicture
from blog.publishing.picture_files import mark_of
from blog.reading.picture_uses import successor_of

_SIZE = re.compile(r"-([0-9]{1,5})\.([a-z]{3,4})")
_NAME = re.compile(r"[a-z0-9][a-z0-9/_-]*\.(avif|webp|jpg|png)")


def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file `name` below MEDIA_ROOT, to be kept for good; 404 for any other name.

    For a picture that was replaced or cropped anew a redirect, for one that was withdrawn 410.
    """
    if not _NAME.fullmatch(name):
        raise Http404
    try:
        response = serve_file(request, name, document_root=str(settings.MEDIA_ROOT))
    except Http404:
        return _successor(name)
    # Names carry a digest of the content.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    if name.endswith(".avif"):
        response["Content-Type"] = "image/avif"
    return response


def _successor(name: str) -> HttpResponse:
    """Where a picture's old address leads; raises Http404 for a name that stood for none."""
    mark = mark_of(name)
    if not mark:
        raise Http404
    try:
        image = successor_of(mark)
    except RetiredPicture.DoesNotExist as unknown:
        raise Http404 from unknown
    answer: HttpResponse = HttpResponseGone(content_type="text/plain")
    if image is not None:
        size = _SIZE.search(name)
        wanted, kind = (int(size[1]), size[2]) if size else (0, name.rpartition(".")[2])
        fitting = [row for row in image.renditions if row["name"].endswith(f".{kind}")]
        found = str(image.file.name)
        if size and image.renditions:
            rows = fitting or image.renditions
            found = min(rows, key=lambda row: abs(row["width"] - wanted))["name"]
        if found == name:
            raise Http404
        answer = HttpResponseRedirect(default_storage.url(found))
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
