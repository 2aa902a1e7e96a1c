"""A living desk for the demo: comments that wait for every reason there is, through the services.

What they are about is made up to be typical: a first comment, links, advertising, reports, an
appeal, a ban.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from authors.models import User
from blog.models import Article, SiteSettings
from comments.models import Comment, Complaint, ModerationEvent, State
from comments.moderation import log, reports, rewording, states
from comments.posting.network_mark import digest_of
from comments.posting.store import comment_post
from comments.posting.submission import Submission
from comments.screening import bans, learning
from comments.thread import counters

_DOMAIN = "lezers.example"
_NETWORKS = {"home": digest_of("198.51.100.7"), "office": digest_of("203.0.113.20")}


def queue_fill(*, article: Article, other: Article, moderator: User, site: SiteSettings) -> None:
    """Put a queue under two articles that are open; `moderator` has decided about some already."""
    # What the filter learnt so far: the comments that the demo came with.
    for old in Comment.objects.filter(state=State.SPAM)[:20]:
        learning.learn(old, is_spam=True)
    regular = _post(
        article,
        site,
        "Marit Hoekzema",
        "Bij ons helpt een lege stoel aan tafel: voor wie er niet is.",
        hours=30,
    )
    states.comment_approve(comment=regular, actor=moderator)
    _post(
        article,
        site,
        "Marit Hoekzema",
        "Inmiddels staan er drie lege stoelen. Is dat nu vooruitgang?",
        parent=regular,
        hours=4,
    )
    _post(
        article,
        site,
        "Tjeerd Wiersma",
        "Mijn eerste reactie hier, na jaren meelezen. *Dank* voor dit stuk:\n\n"
        "> wie zwijgt, stemt niet toe\n\nDat hang ik boven het koffieapparaat.",
        hours=3,
    )
    _post(
        other,
        site,
        "Saskia Mulder",
        "Hier is veel over geschreven: https://arbeid.example/rust, https://ploeg.example/roosters "
        "en https://overleg.example/stilte. De tweede vond ik de beste.",
        hours=2,
    )
    _post(
        article,
        site,
        "Best Casino Online",
        "FREE SPINS!!! Win $5000 bonus now, best online casino https://casino.example "
        "https://bonus.example https://win.example cheap viagra!!!",
        email="",
        seconds=2,
        hours=2,
    )
    _post(
        other,
        site,
        "Anoniem",
        "Zonder adres, met mening: een rooster van een jaar oud is geen rooster.",
        email="",
        hours=1,
    )
    _moderated(other, site, moderator)
    _reported(article, site, moderator)
    _appealed(other, site, moderator)
    _banned(article, site, moderator)
    counters.recount()


def _post(
    article: Article,
    site: SiteSettings,
    name: str,
    words: str,
    *,
    parent: Comment | None = None,
    email: str | None = None,
    seconds: int | None = 90,
    hours: int = 1,
    network: str = "home",
) -> Comment:
    """One comment, written some hours ago."""
    address = f"{name.lower().replace(' ', '.')}@{_DOMAIN}" if email is None else email
    submission = Submission(
        article=article,
        parent=parent,
        text=words,
        name=name,
        email=address,
        client=_NETWORKS[network],
        seconds=seconds,
    )
    comment, _new = comment_post(submission=submission, site=site)
    then = timezone.now() - datetime.timedelta(hours=hours)
    Comment.objects.filter(pk=comment.pk).update(created_at=then)
    with log.opened():
        ModerationEvent.objects.filter(comment=comment).update(created_at=then)
    comment.refresh_from_db()
    return comment


def _moderated(article: Article, site: SiteSettings, moderator: User) -> None:
    """A moderator answers as themselves, and takes a name out of what somebody wrote."""
    named = _post(
        article,
        site,
        "Hessel Bouma",
        "Onze roostermaker, Jolanda uit Assen, deed het al in 2019 zo. Niemand luisterde.",
        hours=28,
    )
    states.comment_approve(comment=named, actor=moderator)
    rewording.comment_reword(
        comment=named,
        actor=moderator,
        source="Onze roostermaker deed het al in 2019 zo. Niemand luisterde.",
        reason="Een naam van iemand die hier niet meepraat.",
    )
    comment_post(
        submission=Submission(
            article=article,
            parent=named,
            name=moderator.get_full_name(),
            user=moderator,
            moderator=True,
            text="Wij hebben een naam weggehaald: wie hier niet meepraat, hoeft er niet bij.",
        ),
        site=site,
    )


def _reported(article: Article, site: SiteSettings, moderator: User) -> None:
    rude = _post(
        article,
        site,
        "Ruud Hazelhoff",
        "Typisch weer iemand die nog nooit een dag gewerkt heeft. Ga toch fietsen.",
        hours=20,
        network="office",
    )
    states.comment_approve(comment=rude, actor=moderator)
    said = (
        (Complaint.INSULT, "Dit gaat over de schrijver, niet over het stuk."),
        (Complaint.OTHER, ""),
    )
    for number, (complaint, note) in enumerate(said):
        reports.report_make(
            comment=rude,
            complaint=complaint,
            note=note,
            email="",
            language=article.language,
            client=digest_of(f"192.0.2.{number}"),
            site=site,
        )


def _appealed(article: Article, site: SiteSettings, moderator: User) -> None:
    refused = _post(
        article,
        site,
        "Wilma Jager",
        "Onze directeur, die ik hier niet noem, doet precies het omgekeerde van dit stuk.",
        hours=50,
    )
    states.comment_reject(
        comment=refused, actor=moderator, reason="Reageer op wat er gezegd is, niet op wie het zei."
    )
    reports.appeal_make(
        comment=refused,
        text="Ik noem niemand bij naam en het gaat mij om de gewoonte, niet om de persoon.",
    )


def _banned(article: Article, site: SiteSettings, moderator: User) -> None:
    advert = _post(
        article,
        site,
        "Goedkoop Lenen",
        "Snel geld lenen zonder toets? Bel nu! https://lening.example",
        hours=60,
        network="office",
    )
    states.comment_spam(comment=advert, actor=moderator)
    bans.ban_add(
        actor=moderator,
        commenter=advert.commenter,
        reason="Reclame, na een waarschuwing.",
        until=timezone.now() + datetime.timedelta(days=30),
        comment=advert,
    )
