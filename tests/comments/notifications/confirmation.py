"""Comments posted as browsers do, the mailed button pressed, and the mails that went out."""

import re
import uuid

from django.core import mail as outbox
from django.test import Client

from comments.commenters import own_comments
from comments.models import (
    Comment,
    Delivery,
)
from comments.notifications import confirming, deliveries

EMAIL = "anna@lezer.example"


def send(article, text, *, client=None, name="Anna", email=EMAIL, **fields):
    """Post as a browser with scripts does; gives the answer and the comment."""
    data = {"name": name, "email": email, "text": text, "key": uuid.uuid4().hex, **fields}
    answer = (client or Client()).post(
        f"{article.get_absolute_url()}reply/", data, headers={"accept": "application/json"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json(), Comment.objects.get(pk=answer.json()["id"])


def path_of(url):
    return re.sub(r"^https?://[^/]+", "", url)


def confirm_path(comment):
    return path_of(confirming.confirm_url(comment, comment.commenter).made())


def press(comment):
    """Press the mailed button; gives what the page hands to the browser's script."""
    answer = Client().post(confirm_path(comment), {"seen": own_comments.digest(comment)})
    assert answer.status_code == 200
    assert not answer.cookies
    assert f'data-address="{comment.commenter.email}"' in answer.text
    return re.search(r'data-proof="([^"]+)"', answer.text)[1]


def sent():
    """The mails that wait, sent: (to, text)."""
    outbox.outbox.clear()
    for number in Delivery.objects.filter(state="queued").values_list("pk", flat=True):
        deliveries.deliver.call(number)
    return [(message.to[0], message.body) for message in outbox.outbox]
