"""Finds in any text the tokens that would still open something."""

import html
import io
import logging
import re
from contextlib import contextmanager
from urllib.parse import unquote

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.utils.http import urlsafe_base64_decode

from authors import accounts
from authors.models import User
from blog.site import token_kinds as _blog_kinds  # noqa: F401 - importing it registers its kinds
from comments import tokens as _comments_kinds  # noqa: F401
from comments.notifications import reply_address
from config.logs import OneLine
from core import tokens

SIGNED = re.compile(r"[\w.-]+:[A-Za-z0-9]+:[\w-]{43}")
PASSWORD = re.compile(r"/reset/([\w-]+)/([a-z0-9]+-[0-9a-f]{32})")
REPLY = re.compile(r"reply\+[0-9a-f]+-[0-9a-f]+-[0-9a-f]{20}@[\w.-]+", re.I)


def usable(text):
    """The kinds of the tokens in `text` that verify, however it is escaped."""
    found = set()
    for form in {text, html.unescape(text), unquote(text), html.unescape(unquote(text))}:
        for candidate in SIGNED.findall(form):
            found |= {kind for kind in tokens.KINDS if tokens.read(kind, candidate) is not None}
        for uid, token in PASSWORD.findall(form):
            user = User.objects.filter(pk=urlsafe_base64_decode(uid).decode()).first()
            if default_token_generator.check_token(user, token):
                found.add(accounts.LINK)
        found |= {reply_address.KIND for one in REPLY.findall(form) if reply_address.read(one)}
    return found


def is_signed(kind):
    """Whether tokens of `kind` are those of django.core.signing."""
    return kind not in (accounts.LINK, reply_address.KIND)


def signed(kind, value):
    """A token as it stands in an address."""
    return signing.dumps(value, salt=kind)


@contextmanager
def logged():
    """The lines that the site logs meanwhile, as the server writes them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("{asctime} {levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    lines = []
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        lines += stream.getvalue().splitlines()
