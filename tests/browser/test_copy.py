"""The copy opened from its folder, without a server."""

from __future__ import annotations

import pytest

from interchange.copy.writing import copy_write
from tests.browser.conftest import DESK, PHONE
from tests.interchange.filling import fill_site


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_copy_opens_from_a_folder(browser, roles, media_root, tmp_path, width):
    article = fill_site()
    copy_write(tmp_path / "copy")
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    told, asked = [], []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: told.append(request.url))
    page.goto((tmp_path / "copy" / "index.html").as_uri())
    page.get_by_role("link", name="Over werk").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Over werk"
    # Style and pictures are there.
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    assert page.evaluate("[...document.images].every(i => i.loading == 'lazy' || i.naturalWidth)")
    page.locator(".comment time").first.click()
    assert "#comment-" in page.url
    assert page.get_by_text("Dit is een kopie van").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert article.slug in page.url
    assert told == []
    assert [url for url in asked if not url.startswith("file:")] == []
    context.close()
