"""The fields that known tools write, in one table: what each is to an article, and who writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from archive.core.record_fields import Role
from archive.folder.record_mappings import FieldPath

_APART: Final = re.compile(r"(?<=[^\s_:-])[\s_:-]+")  # what stands in front divides nothing: _id is not id


@dataclass(frozen=True, slots=True)
class Known:
    """A field that is known by name.

    Names are compared without their case and without what divides their words, so that ``publish_date`` is also
    ``publishDate`` and ``Publish-Date``.

    Attributes:
        path: where it is in a record.
        role: what it is to the article.
        tools: that write it.
        beside: another field without which it means something else; empty where it always means this.
        late: asked only when no other field of the role, of the record or of one within it, holds anything.
    """

    path: FieldPath
    role: Role
    tools: str
    beside: str = ""
    late: bool = False


def _rows(role: Role, *rows: tuple[str, ...], late: bool = False) -> tuple[Known, ...]:
    return tuple(Known(FieldPath.of(path), role, tools, "".join(beside), late) for path, tools, *beside in rows)


# Of several fields of one role the first that holds something usable counts.
KNOWN: Final[tuple[Known, ...]] = (
    *_rows(
        "text",
        ("text", "trafilatura, newspaper4k, CC-News, Telegram, Media Cloud, twarc"),
        ("body", "Fundus, Scrapy, Solr exports"),
        ("maintext", "news-please, Scrapy"),
        ("article_text", "newspaper4k in Scrapy"),
        ("articleBody", "schema.org"),
        ("full_text", "twarc"),
        ("rawContent", "snscrape"),
        ("content", "NewsAPI, NELA-GT, feedparser, JSON Feed, WordPress, wallabag, Mastodon"),
        ("bodyText", "Guardian, FollowTheMoney"),
        ("plain_text", "Fundus"),
        ("text_content", "Readability"),
        ("content_html", "JSON Feed"),
        ("content_text", "JSON Feed"),
        ("page_content", "LangChain"),
        ("cleaned_text", "goose3"),
        ("main_content", "Scrapy"),
        ("body_html", "Scrapy"),
        ("story_text", "Media Cloud"),
        ("article_content", "Scrapy"),
        ("article", "data sets"),
        ("document", "data sets"),
        ("story", "data sets"),
        ("paragraphs", "Scrapy"),
        ("sections", "Fundus"),
        ("selftext", "Reddit"),
        ("message", "Telethon"),
        ("raw_text", "trafilatura"),
    ),
    *_rows(
        "text",
        ("summary", "feedparser, Google Reader"),
        ("lead_paragraph", "New York Times"),
        ("html", "Ghost, newspaper4k"),
        ("content[].value", "feedparser"),
        late=True,
    ),
    *_rows(
        "title",
        ("title", "most"),
        ("headline", "Scrapy, schema.org, Guardian"),
        ("webTitle", "Guardian"),
        ("article_title", "Scrapy"),
        ("title_page", "news-please"),
        ("title_rss", "news-please"),
        ("heading", "Scrapy"),
        ("subject", "mail"),
        ("meta_title", "Scrapy"),
        ("og:title", "Scrapy"),
    ),
    *_rows(
        "published",
        ("date_unixtime", "Telegram"),
        ("date", "trafilatura, CC-News, NELA-GT, snscrape, Telegram, WordPress"),
        ("published", "feedparser, Google Reader, NELA-GT"),
        ("publishedAt", "NewsAPI, FollowTheMoney, Scrapy, wallabag"),
        ("publish_date", "newspaper4k, Media Cloud"),
        ("date_publish", "news-please"),
        ("publishing_date", "Fundus"),
        ("published_date", "Scrapy"),
        ("datePublished", "schema.org, JSON Feed"),
        ("pubDate", "RSS, New York Times"),
        ("publication_date", "Scrapy"),
        ("article:published_time", "Open Graph"),
        ("publish_time", "Scrapy"),
        ("published_time", "Scrapy, Readability"),
        ("published_on", "Scrapy"),
        ("published_utc", "NELA-GT"),
        ("webPublicationDate", "Guardian"),
        ("dateTimePub", "Event Registry"),
        ("firstPublicationDate", "Guardian"),
        ("isoDate", "rss-parser"),
        ("created_utc", "Reddit"),
        ("created_at", "twarc", "full_text"),
        ("created_at", "Twitter API 1", "user"),
        ("created_at", "Mastodon", "account"),
        ("created_at", "Twitter API 2", "author_id"),
    ),
    *_rows("published", ("seendate", "GDELT: minutes after it was published"), late=True),
    *_rows(
        "url",
        ("url", "most"),
        ("link", "Scrapy, feedparser, WordPress"),
        ("webUrl", "Guardian, New York Times"),
        ("article_url", "Scrapy"),
        ("canonical_url", "Scrapy"),
        ("canonical_link", "newspaper4k"),
        ("canonical", "Google Reader"),
        ("alternate", "Google Reader"),
        ("permalink", "Scrapy"),
        ("href", "Scrapy"),
        ("page_url", "Scrapy"),
        ("resolved_url", "Pocket"),
        ("original_url", "wallabag"),
        ("DocumentIdentifier", "GDELT"),
        ("links", "feedparser"),
        ("mainEntityOfPage", "schema.org"),
    ),
    *_rows(
        "url",
        ("source_url", "FollowTheMoney"),
        ("uri", "Scrapy"),
        ("guid", "Media Cloud, RSS"),
        ("source", "trafilatura"),
        ("publication", "Scrapy"),
        ("outlet", "Scrapy"),
        ("id", "feedparser, JSON Feed"),
        late=True,
    ),
    *_rows(
        "outlet",
        ("outlet", "Morgue"),
        ("publication", "Scrapy"),
        ("source", "NewsAPI, NELA-GT, feedparser"),
        ("publisher", "schema.org, elasticdump, FollowTheMoney"),
        ("site_name", "Scrapy, Readability"),
        ("meta_site_name", "newspaper4k"),
        ("og:site_name", "Open Graph"),
        ("site", "Scrapy"),
        ("media_name", "Media Cloud"),
        ("source_name", "Scrapy"),
        ("newspaper", "Scrapy"),
        ("website", "Scrapy"),
        ("origin", "Google Reader"),
        ("channel", "Scrapy"),
        ("subreddit", "Reddit"),
    ),
    *_rows(
        "outlet",
        ("thread.site", "Webz"),
        ("source-hostname", "trafilatura"),
        ("hostname", "trafilatura"),
        ("source_domain", "news-please"),
        ("domain", "CC-News, GDELT"),
        ("domain_name", "wallabag"),
        ("SourceCommonName", "GDELT"),
        ("host", "Scrapy"),
        late=True,
    ),
    *_rows(
        "author",
        ("author", "most"),
        ("authors", "news-please, newspaper4k, Fundus, JSON Feed"),
        ("byline", "Scrapy, Readability, Guardian"),
        ("creator", "RSS"),
        ("dc:creator", "RSS"),
        ("writer", "Scrapy"),
        ("author_name", "Scrapy"),
        ("published_by", "wallabag"),
        ("by", "Scrapy"),
        ("user", "snscrape, twarc"),
        ("account", "Mastodon"),
        ("from", "Telegram"),
    ),
    *_rows(
        "language",
        ("lang", "Morgue, snscrape, twarc"),
        ("language", "news-please, trafilatura, Media Cloud, wallabag"),
        ("meta_lang", "newspaper4k"),
        ("inLanguage", "schema.org"),
        ("lang_code", "Scrapy"),
        ("language_code", "Scrapy"),
    ),
    *_rows(
        "id",
        ("id", "most"),
        ("_id", "mongoexport, elasticdump"),
        ("guid", "RSS"),
        ("uuid", "Scrapy"),
        ("stories_id", "Media Cloud"),
        ("GKGRECORDID", "GDELT"),
    ),
)
# Fields that hold the record proper where it has none of its own of that name.
WRAPPERS: Final[tuple[tuple[str, str], ...]] = (
    ("_source", "elasticdump"),
    ("properties", "FollowTheMoney"),
    ("fields", "Guardian"),
    ("attributes", "JSON:API"),
    ("data", "Reddit, APIs"),
    ("doc", "CouchDB"),
    ("document", "Scrapy"),
    ("article", "Scrapy"),
    ("item", "Scrapy"),
    ("record", "OAI"),
    ("post", "Scrapy"),
    ("node", "GraphQL"),
    ("payload", "message queues"),
    ("entry", "feedparser"),
    ("object", "ActivityPub"),
    ("tweet", "Twitter"),
)
# Fields that hold a list of records, in a file or a record that is no article itself.
LISTS: Final[tuple[tuple[str, str], ...]] = (
    ("messages", "Telegram"),
    ("chats", "Telegram"),
    ("list", "Telegram"),
    ("articles", "NewsAPI, GDELT, Event Registry"),
    ("items", "Google Reader, JSON Feed"),
    ("entries", "feedparser"),
    ("hits", "Elasticsearch"),
    ("stories", "Media Cloud"),
    ("docs", "Solr, New York Times"),
    ("documents", "APIs"),
    ("results", "Guardian, APIs"),
    ("response", "Guardian, Solr"),
    ("records", "APIs"),
    ("rows", "CouchDB"),
    ("posts", "APIs"),
    ("news", "APIs"),
    ("statuses", "Twitter"),
    ("tweets", "Twitter"),
    ("children", "Reddit"),
    ("orderedItems", "ActivityPub"),
    ("@graph", "schema.org"),
    ("db", "Ghost"),
    ("data", "Reddit, APIs"),
    ("feed", "RSS as JSON"),
)


@lru_cache(4096)  # records repeat their names; hostile ones do not
def plain_name(name: str) -> str:
    """Return a name without its case and without what divides its words."""
    return _APART.sub("", name).casefold()


@cache
def known(role: Role, late: bool) -> tuple[tuple[str, Known], ...]:
    """Return the fields of a role that are asked at first, or late, the first to be asked first, by plain names."""
    return tuple((plain_name(row.path.steps[0].key), row) for row in KNOWN if (row.role, row.late) == (role, late))


WRAPPER_NAMES: Final = tuple(plain_name(name) for name, _ in WRAPPERS)
LIST_NAMES: Final = frozenset(plain_name(name) for name, _ in LISTS)
