"""Work that requests leave to the worker."""

from __future__ import annotations

from django_tasks import task


@task()
def links_renew(number: int) -> None:
    """Render the texts that link to article `number` anew."""
    # Imported here: the service enqueues this task.
    from blog.publishing import rendering

    rendering.links_renew(number=number)
