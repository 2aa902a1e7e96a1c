"""What a first visit of an article weighs, as a deployment sends it (compressed), in requests."""

import gzip

import pytest

from bench import threads
from tests.browser.conftest import PHONE
from tests.factories import make_article

WORDS = " ".join(f"woord{number}" for number in range(400))


@pytest.mark.parametrize(("comments", "most"), [(2, 30), (100, 50)])
def test_a_first_visit_keeps_to_its_budget(visitor, roles, comments, most):
    article = make_article("Vergaderen op dinsdag", body=f"<p>{WORDS}</p>" * 2)
    threads.grow(article, comments, words=WORDS)
    page = visitor.page(PHONE)
    asked = []
    page.on("response", lambda response: asked.append(response))
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    weights = {
        answer.url.removeprefix(visitor.site): len(gzip.compress(answer.body(), 6))
        for answer in asked
    }
    scripts = sum(size for url, size in weights.items() if url.endswith(".js"))
    assert len(asked) <= 8, weights
    assert sum(weights.values()) <= most * 1024, weights
    assert scripts <= 20 * 1024, weights
