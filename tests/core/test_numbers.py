"""A number out of a request is written in ASCII digits, and fits a row."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.models import Hold, SiteSettings
from comments.models import Comment
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from core.text import number_of
from tests.factories import make_article

ROOT = Path(__file__).parents[2]


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_a_number_is_itself(number):
    assert number_of(str(number)) == number


@given(st.text(st.characters(categories=["Nd", "Nl", "No", "Zs", "Pd", "Pc", "Sm"]), max_size=30))
def test_what_is_no_ascii_number_is_none(said):
    if not re.fullmatch("[0-9]{1,18}", said):
        assert number_of(said) == 0


@pytest.mark.django_db
def test_a_parent_in_digits_of_another_script_is_none(client):
    SiteSettings.objects.create(pk=1, hold=Hold.NOBODY)
    article = make_article()
    above = comment_post(
        submission=Submission(article=article, name="Bo", text="Eerst."),
        site=SiteSettings(hold=Hold.NOBODY),
    )[0]
    zero = ord("٠")
    assert unicodedata.digit(chr(zero)) == 0
    arabic = "".join(chr(zero + int(digit)) for digit in str(above.pk))
    answer = client.post(
        f"{article.get_absolute_url()}reply/", {"name": "Cor", "text": "Dan.", "parent": arabic}
    )
    assert answer.status_code == 409
    assert Comment.objects.count() == 1
    assert client.get(f"{article.get_absolute_url()}reply/?to={arabic}").status_code == 404


def test_no_page_reads_digits_of_every_script():
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for app in ("authors", "blog", "comments", "newsletter", "config")
        for path in (ROOT / app).rglob("*.py")
        if {"views", "admin"} & set(path.parts) or path.stem in ("views", "admin", "forms")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\.is(digit|decimal|numeric)\(\)", line) and "isascii()" not in line
    ]
    assert not wrong
