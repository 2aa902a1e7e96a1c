"""Writes WordPress's exports for tests, well-formed or not."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1000)


def comment(number=None, text="Een reactie.", *, parent=0, state="1", gmt="2019-05-02 08:00:00",
            local="2019-05-02 10:00:00", name="Bram", user=0, kind="", email="bram@lezer.example",
            url=""):  # fmt: skip
    number = number or next(_numbers)
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>"
        f"<wp:comment_author><![CDATA[{name}]]></wp:comment_author>"
        f"<wp:comment_author_email>{email}</wp:comment_author_email>"
        f"<wp:comment_author_url>{url}</wp:comment_author_url>"
        f"<wp:comment_author_IP>192.0.2.1</wp:comment_author_IP>"
        f"<wp:comment_date>{local}</wp:comment_date><wp:comment_date_gmt>{gmt}"
        f"</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>"
        f"<wp:comment_approved>{state}</wp:comment_approved><wp:comment_type>{kind}"
        f"</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent>"
        f"<wp:comment_user_id>{user}</wp:comment_user_id></wp:comment>\n"
    )


def item(title="Een stuk", text="Een alinea.", *, number=None, slug="een-stuk", status="publish",
         kind="post", creator="anna", gmt="2019-05-01 08:00:00", local="2019-05-01 10:00:00",
         pub="Wed, 01 May 2019 08:00:00 +0000", comments="", extra="", excerpt="",
         link=None):  # fmt: skip
    number = number or next(_numbers)
    link = link if link is not None else f"https://oud.example/2019/05/{slug}/"
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{pub}</pubDate>"
        f"<dc:creator><![CDATA[{creator}]]></dc:creator>"
        f"<guid>https://oud.example/?p={number}</guid>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{local}</wp:post_date>"
        f"<wp:post_date_gmt>{gmt}</wp:post_date_gmt><wp:comment_status>open</wp:comment_status>"
        f"<wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>"
        f"<wp:post_parent>0</wp:post_parent><wp:post_type>{kind}</wp:post_type>{extra}"
        f"{comments}</item>\n"
    )


def export(*items, head="", before='<?xml version="1.0" encoding="UTF-8" ?>\n',
           tail="</channel></rss>"):  # fmt: skip
    return (
        f'{before}<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        "<title>Oud</title><link>https://oud.example</link><language>nl-NL</language>"
        "<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://oud.example"
        "</wp:base_blog_url><wp:author><wp:author_id>7</wp:author_id><wp:author_login>"
        "<![CDATA[anna]]></wp:author_login><wp:author_email>anna@oud.example</wp:author_email>"
        "<wp:author_display_name><![CDATA[Anna Schrijver]]></wp:author_display_name></wp:author>"
        f"{head}{''.join(items)}{tail}"
    )
