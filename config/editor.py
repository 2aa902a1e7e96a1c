"""What a text may hold beyond the marks of the editor; `blog.content.sanitiser` cleans it."""

from __future__ import annotations

from django_prose_editor.config import html_tags
from js_asset import static_lazy

EXTENSIONS = [
    {
        "js": [
            static_lazy(f"admin-desk/{name}.js")
            for name in ("figure", "leftout", "card", "note", "link", "paste", "habits")
        ],
        "extensions": {
            "PictureFigure": html_tags(
                ["figure"], attributes={"figure": ["data-image", "data-place"]}
            ),
            "LeftOut": html_tags(["figure", "code"], attributes={"figure": ["data-left-out"]}),
            "PictureGallery": html_tags(["figure"], attributes={"figure": ["data-gallery"]}),
            "LinkCard": html_tags(["figure"], attributes={"figure": ["data-card"]}),
            "Footnote": html_tags(["sup"], attributes={"sup": ["data-note"]}),
            "ArticleLink": html_tags(["a"], attributes={"a": ["href", "title"]}),
            "CleanPaste": html_tags([]),
            "MarkdownHabits": html_tags([]),
        },
    }
]
