"""Large numbers are written as their readers write them."""

import pytest

from blog.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "shown"), [("nl", "3.229 reacties"), ("en", "3,229 comments")]
)
def test_thousands_have_their_separator_and_identifiers_none(client, language, shown):
    article = make_article("Een stuk", language=language)
    Article.objects.filter(pk=article.pk).update(comment_count=3229)
    for url in ("/", article.get_absolute_url()):
        text = client.get(url, headers={"accept-language": language}).content.decode()
        assert (shown in text) == (url != "/" or language == "nl"), url
        assert 'data-count="3229"' in text or url != "/"
