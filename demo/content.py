"""The made-up publication that `make run` shows: site, people, pictures, articles.

Pure: no Django model. The articles are the files of `demo/articles/`: lines of
"field: value", a line `---`, then the body as the article editor would make it. In a body,
`<figure data-image="KEY"></figure>` stands for a picture of `PICTURES` and
`href="article:SLUG"` for the address of another article.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast, get_args
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Europe/Amsterdam")
ARTICLES = Path(__file__).parent / "articles"

Status = Literal["draft", "review", "scheduled", "published"]
CommentState = Literal["approved", "pending", "spam", "deleted", "removed"]


@dataclass(frozen=True, slots=True)
class DemoSite:
    """What an operator enters once for the whole site."""

    title: str
    tagline: str
    invitation: str
    language: str


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A profile page elsewhere."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DemoAuthor:
    """A writer; one without `username` is a guest, who cannot log in."""

    key: str
    name: str
    slug: str
    role: str
    bio: str
    website: str
    links: tuple[DemoLink, ...]
    username: str | None
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """An entry of the picture library; `drawing` says which drawing it shows.

    Two entries may share a drawing: the alternative text is bound to a language.
    """

    key: str
    alt: str
    caption: str
    credit: str
    drawing: str
    language: str


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article; `published_at` is None for a draft, `translation_of` a key or None."""

    key: str
    title: str
    slug: str
    language: str
    status: Status
    published_at: datetime | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    picture: str
    lead: str
    body: str
    comments_open: bool
    translation_of: str | None


@dataclass(frozen=True)
class CommentMarks:
    """What happened to a comment after it was written.

    `valued` by so many readers; `earlier` is what it said before it was edited; `gone` in how
    many minutes after the publication the passage that it quotes was changed.
    """

    featured: bool = False
    credited: bool = False
    valued: int = 0
    earlier: str = ""
    gone: int = 0


@dataclass(frozen=True, slots=True)
class CommentData:
    """A comment; `author` is the key of the article's author who wrote it, if one did.

    `key` is unique within the thread, `parent` the key of the comment it answers,
    `minutes` the time after publication, `text` the Markdown source. `reason` says why a
    moderator removed it; `language` differs from the article's where it is not empty.
    """

    key: str
    parent: str | None
    name: str
    author: str | None
    minutes: int
    text: str
    state: CommentState = "approved"
    website: str = ""
    language: str = ""
    reason: str = ""
    marks: CommentMarks = CommentMarks()


SITE = DemoSite(
    title="Tegen Vijven",
    tagline="Over werk, en over de mensen die het doen",
    invitation="Hoe gaat dat bij u op het werk? Schrijf het hieronder aan de andere lezers.",
    language="nl",
)

AUTHORS: tuple[DemoAuthor, ...] = (
    DemoAuthor(
        key="author-1",
        name="Femke Oldenziel",
        slug="femke-oldenziel",
        role="HR-businesspartner",
        bio=(
            "Femke Oldenziel werkt als HR-businesspartner bij een waterbedrijf en een "
            "scholengroep, en dus zelden op één plek. Ze schrijft over leidinggeven, belonen en "
            "de gesprekken die daaraan voorafgaan. Liever één goed gesprek dan drie formulieren, "
            "vindt ze, al vult ze die ook in."
        ),
        website="https://femkeoldenziel.example",
        links=(
            DemoLink("LinkedIn", "https://profielen.example/femke-oldenziel"),
            DemoLink("Mastodon", "https://sociaal.example/@femke"),
        ),
        username="femke",
    ),
    DemoAuthor(
        key="author-2",
        name="Yassin Bouhlal",
        slug="yassin-bouhlal",
        role="Adviseur werving en inwerken",
        bio=(
            "Yassin Bouhlal nam in twaalf jaar ruim achthonderd mensen aan en vergat er "
            "naar eigen zeggen geen een. Nu helpt hij middelgrote bedrijven met alles tussen de "
            "vacature en de honderdste werkdag. In zijn vrije tijd is hij keeper bij het vijfde "
            "elftal, waar ook niemand hem heeft ingewerkt."
        ),
        website="https://yassinbouhlal.example",
        links=(DemoLink("LinkedIn", "https://profielen.example/yassin-bouhlal"),),
        username="yassin",
    ),
    DemoAuthor(
        key="author-3",
        name="Anil Jagroep",
        slug="anil-jagroep",
        role="Arbeidsdeskundige",
        bio=(
            "Anil Jagroep onderzoekt als arbeidsdeskundige wat mensen nog wél kunnen. "
            "Daarvoor stond hij naast kassabanden, in meldkamers en op een brug die niet meer "
            "open wilde. Hij zat negen jaar in een ondernemingsraad, waarvan vier als voorzitter."
        ),
        website="https://aniljagroep.example",
        links=(
            DemoLink("Mastodon", "https://sociaal.example/@anil"),
            DemoLink("Publicaties", "https://aniljagroep.example/publicaties"),
        ),
        username="anil",
    ),
    DemoAuthor(
        key="author-4",
        name="Saskia van Loenhout",
        slug="saskia-van-loenhout",
        role="Onderzoeker van werk en organisatie",
        bio=(
            "Saskia van Loenhout rekent na wat organisaties over zichzelf beweren. Haar "
            "stukken verschijnen op haar eigen site, Scherp Geteld; op Tegen Vijven is ze te gast. "
            "Ze gelooft niet in gemiddelden."
        ),
        website="https://scherpgeteld.example",
        links=(DemoLink("Bluesky", "https://sociaal.example/@scherpgeteld"),),
        username=None,
        affiliation="Scherp Geteld",
    ),
)


def _load_pictures() -> tuple[DemoPicture, ...]:
    """The lines of `pictures.txt`: key, drawing, language, alternative text, caption."""
    credits = {"nl": "Tekening: Tegen Vijven", "en": "Drawing: Tegen Vijven"}
    return tuple(
        DemoPicture(key, alt, caption, credits[language], drawing, language)
        for line in Path(__file__).with_name("pictures.txt").read_text("utf-8").splitlines()
        for key, drawing, language, alt, caption in [line.split(" | ")]
    )


PICTURES = _load_pictures()


def load_articles() -> tuple[DemoArticle, ...]:
    """All articles, the oldest first and the draft last; raises ValueError on a bad file."""
    articles = [parse_article(path.stem, path.read_text("utf-8")) for path in _article_files()]
    last = datetime.max.replace(tzinfo=TIME_ZONE)
    return tuple(sorted(articles, key=lambda article: (article.published_at or last, article.key)))


def parse_article(key: str, source: str) -> DemoArticle:
    """One article from the text of its file; raises ValueError naming what is wrong."""
    head, separator, body = source.partition("\n---\n")
    if not separator:
        raise ValueError(f"{key}: no line '---' between the fields and the body")
    fields: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon or name in fields:
            raise ValueError(f"{key}: not a field, or given twice: {line!r}")
        fields[name] = value.strip()
    try:
        article = DemoArticle(
            key=key,
            title=fields.pop("title"),
            slug=fields.pop("slug"),
            language=fields.pop("language"),
            status=_status(fields.pop("status", "published")),
            published_at=_moment(fields.pop("published", "")),
            authors=_listed(fields.pop("authors")),
            tags=_listed(fields.pop("tags")),
            picture=fields.pop("picture"),
            lead=fields.pop("lead"),
            body=body.strip(),
            comments_open=fields.pop("comments", "open") == "open",
            translation_of=fields.pop("translation of", None),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{key}: missing or wrong field: {error}") from error
    if fields:
        raise ValueError(f"{key}: unknown fields: {', '.join(fields)}")
    return article


def _article_files() -> list[Path]:
    return sorted(ARTICLES.glob("*.html"))


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(","))


def _moment(value: str) -> datetime | None:
    """Wall-clock time in Amsterdam, as an author would enter it."""
    return datetime.fromisoformat(value).replace(tzinfo=TIME_ZONE) if value else None


def _status(value: str) -> Status:
    if value not in get_args(Status):
        raise ValueError(f"status {value!r}")
    return cast(Status, value)
