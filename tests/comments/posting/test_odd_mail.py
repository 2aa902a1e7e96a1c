"""Mails that are no answers, and mails that bring more tags than words."""

import pytest

from comments.models import Comment, Delivery, State
from comments.posting import by_mail
from comments.posting.by_mail import Result
from tests.comments.posting.mails import message, receive


@pytest.mark.parametrize(
    "subject",
    [
        "Automatisch antwoord: Anna antwoordde u", "Automatic reply: x", "AUTOMATIC REPLY",
        "Automatische Antwort: x", "Réponse automatique : x", "Respuesta automática: x",
        "Risposta automatica: x", "Out of office", "Out of the office: x", "Afwezig: x",
        "Abwesenheitsnotiz: x", "Autoreply", "Auto-Reply: x",
    ],
)  # fmt: skip
def test_an_absence_is_known_by_its_subject(scene, subject):
    comment, bo = scene
    assert receive(comment, bo, Subject=subject) is Result.AUTOMATIC
    assert Comment.objects.count() == 1
    assert not Delivery.objects.filter(event__startswith="unposted").exists()


@pytest.mark.parametrize(
    "subject", ["Re: Automatisch antwoord op uw stuk", "Re: Afwezig", "Afwezigen tellen mee"]
)
def test_an_answer_about_absence_is_taken(scene, subject):
    comment, bo = scene
    assert receive(comment, bo, Subject=subject) is Result.POSTED


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 30_000 + "Diep genest een.", "<p>" + "<b><i>" * 40_000 + "Diep genest een.",
        "<" * 150_000 + "Diep genest een.", "<table><tr><td>" * 9_000 + "Diep genest een.",
    ],
    ids=["divs", "unclosed", "signs", "tables"],
)  # fmt: skip
def test_html_of_tags_alone_is_held_with_its_text(scene, html):
    comment, bo = scene
    made = message(comment, bo)
    made.set_content(html, subtype="html", cte="base64")
    result = by_mail.receive(made.as_bytes())
    if result is Result.POSTED:
        stored = Comment.objects.get(parent=comment)
        assert stored.source == "Diep genest een."
        assert stored.state == State.PENDING
    else:
        assert result is Result.REFUSED
        assert "<" not in Delivery.objects.get(event__startswith="unposted").body
