"""The comments' tab of the search offers what the articles' tab does: author, subject, year."""

import pytest

from comments.models import Comment
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.django_db


def said(article, number, text="Een gedachte over bruggen."):
    return Comment.objects.create(
        article=article, path=bytes([1, number]), name="Karim", source=text, language="nl",
        html=f"<p>{text}</p>", state="approved", shown=True,
    )  # fmt: skip


def test_who_wrote_the_articles_and_what_they_are_about_can_be_chosen(
    client, django_assert_max_num_queries
):
    anna, bram = make_author("Anna"), make_author("Bram")
    work, rest = make_tag("Werk"), make_tag("Rust")
    one = make_article(authors=[anna], tags=[work])
    for number in range(1, 13):
        said(one, number)
    said(make_article(authors=[bram], tags=[rest]), 20)
    said(make_article(authors=[make_author("Cor")]), 21, "Iets anders.")
    with django_assert_max_num_queries(14):
        page = client.get("/search/comments/?q=bruggen")
    offered = {name: options for name, _label, options, _chosen in page.context["narrow"]}
    # Those of all that was found, not of the first page alone.
    assert [name for _slug, name in offered["author"]] == ["Anna", "Bram"]
    assert [name for _slug, name in offered["tag"]] == ["Rust", "Werk"]
    narrowed = client.get(f"/search/comments/?q=bruggen&author={bram.slug}&tag=rust")
    assert len(narrowed.context["results"]) == 1
    assert '<option value="rust" selected>' in narrowed.text
    assert client.get("/search/comments/?q=bruggen&author=niemand").status_code == 404
    second = client.get(page.context["older_url"])
    assert len(second.context["results"]) == 3
