"""Records workflow steps of articles and queues their mails."""

from __future__ import annotations

import datetime

from authors import access
from authors.models import User
from blog.models import (
    Article,
    Status,
    Step,
    WorkflowStep,
)
from blog.publishing.workflow_mail import _SILENT, _TO_EDITORS, _tell


def step_between(before: str | None, after: str, *, author_herself: bool) -> Step | None:
    """The step from status `before` to `after`; None when it did not change."""
    if before == after:
        return None
    if after == Status.DRAFT:
        if before == Status.REVIEW:
            return Step.RECALLED if author_herself else Step.RETURNED
        return Step.REOPENED if before else None
    return {
        Status.REVIEW: Step.SUBMITTED,
        Status.SCHEDULED: Step.SCHEDULED,
        Status.PUBLISHED: Step.PUBLISHED,
        Status.ARCHIVED: Step.ARCHIVED,
    }[Status(after)]


def step_record(
    *,
    article: Article,
    before: str | None,
    actor: User | None,
    note: str = "",
    date_before: datetime.datetime | None = None,
    corrected: bool = False,
) -> WorkflowStep | None:
    """Record the step from `before` to now, if any, and queue its mails.

    `corrected`: an author without publish permission changed a public text. The caller holds the
    lock on the article's row and is inside the transaction of the change; the mails go out with it.
    """
    herself = actor is not None and not access.is_editor(actor)
    step = step_between(before, article.status, author_herself=herself)
    if step is None and article.status == Status.SCHEDULED and date_before is not None:
        step = Step.SCHEDULED if date_before != article.published_at else None
    if step is None and note:
        step = Step.REMARKED
    if step is None and corrected:
        step = Step.CORRECTED
    if step is None:
        return None
    made = WorkflowStep.objects.create(
        article=article,
        step=step,
        actor=actor,
        note=note,
        due_at=article.published_at if step == Step.SCHEDULED else None,
    )
    if step not in _SILENT:
        _tell(made, editors=step in _TO_EDITORS or (step == Step.REMARKED and herself))
    return made
