"""The rights of a writer without an account, by mail, in another browser, without scripts."""

import json
import re

import pytest
from django.core import mail as outbox
from django.db import transaction
from playwright.sync_api import expect

from blog.models import Hold, SiteSettings
from comments.models import Comment, Commenter, Delivery, State
from comments.notifications import deliveries, following
from tests.browser.conftest import DESK, PHONE
from tests.factories import make_article


def mailed(address: str, text: str = "") -> str:
    """The words of the one mail with `text` that the worker sends to `address` now."""
    outbox.outbox.clear()
    with transaction.atomic():
        following.tell_waiting()
    for number in Delivery.objects.filter(state="queued").values_list("pk", flat=True):
        deliveries.deliver.call(number)
    bodies = [message.body for message in outbox.outbox if message.to == [address]]
    [body] = [body for body in bodies if text in body]
    return body


def link(words: str, page: str) -> str:
    return re.search(rf"https?://[^/\s]+({page}\S+)", words)[1]


def press(page, found):
    found.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_writer_without_an_account_has_her_words_in_hand(visitor, roles, width):
    SiteSettings.objects.create(pk=1, hold=Hold.UNKNOWN, posts_per_hour=0, flood_limit=0)
    article = make_article("Vergaderen op dinsdag")
    page = visitor.page(width, scripts=False)
    for text in ("Mijn eerste keer.", "En nog iets."):
        page.goto(f"{article.get_absolute_url()}reply/")
        page.get_by_label("Uw reactie").fill(text)
        page.get_by_label("Naam").fill("Gijs")
        page.get_by_label("E-mailadres").fill("gijs@lezer.example")
        press(page, page.get_by_role("button", name="Reactie plaatsen"))
        expect(page.locator(".waiting")).to_be_visible()
    address = link(mailed("gijs@lezer.example", "Mijn eerste keer."), "/mine/confirm/")
    # On another device; opening it, as a scanner of mail does, changes nothing.
    page = visitor.page(width, scripts=False)
    page.goto(address)
    button = page.get_by_role("button", name="Ja, ik schreef deze reactie")
    expect(button).to_be_visible()
    assert set(Comment.objects.values_list("state", flat=True)) == {State.PENDING}
    press(page, button)
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw reactie is bevestigd")
    # That one alone; the other has its button on the page of her own.
    assert Comment.objects.get(state=State.APPROVED).source == "Mijn eerste keer."
    press(page, page.get_by_role("link", name="Mijn reacties"))
    rows = page.locator(".own-comments > li")
    expect(rows).to_have_count(2)
    mine = page.url
    press(page, page.get_by_role("button", name="Ja, ik schreef deze reactie"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw reactie is bevestigd")
    assert set(Comment.objects.values_list("state", flat=True)) == {State.APPROVED}
    page.goto(mine)

    press(page, rows.filter(has_text="Mijn eerste keer.").get_by_role("link", name="Wijzigen"))
    page.get_by_label("Uw reactie").fill("Mijn **tweede** gedachte.")
    press(page, page.get_by_role("button", name="Voorbeeld"))
    expect(page.locator(".preview strong")).to_have_text("tweede")
    press(page, page.get_by_role("button", name="Wijziging opslaan"))
    expect(page.locator(".comment .edited")).to_have_text("bewerkt")
    changed = Comment.objects.get(source="Mijn **tweede** gedachte.")
    assert changed.edits.get().source == "Mijn eerste keer."
    delete_download_and_erase(page, mine, rows, article)


def delete_download_and_erase(page, mine, rows, article):
    page.goto(mine)
    press(page, rows.filter(has_text="En nog iets.").get_by_role("link", name="Verwijderen"))
    press(page, page.get_by_role("button", name="Verwijder mijn reactie"))
    expect(page.get_by_role("status").first).to_contain_text("verwijderd")
    assert Comment.objects.filter(state=State.DELETED).count() == 1

    page.goto(mine)
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="Download alles"))
    kept = json.loads(download.value.path().read_text("utf-8"))
    assert "Mijn **tweede** gedachte." in json.dumps(kept, ensure_ascii=False)
    press(page, page.get_by_role("button", name="Geen mail meer over mijn reacties"))
    expect(page.get_by_role("button", name="Stuur mij weer mail")).to_be_visible()
    assert Commenter.objects.get().muted

    # Erasing asks for a tick first.
    press(page, page.get_by_role("button", name="Alles wissen"))
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Ja, wis alles").focus()
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Alles wissen"))
    expect(page.get_by_role("status").first).to_contain_text("leeggemaakt")
    assert not Commenter.objects.exists()
    page.goto(article.get_absolute_url())
    expect(page.locator("main")).not_to_contain_text("Gijs")
