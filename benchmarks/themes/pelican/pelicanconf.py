"""Pelican's settings for the benchmark: the same lists as Backfile writes, relative links, no cache."""

SITENAME = "Archive"
SITEURL = ""
RELATIVE_URLS = True
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
PLUGINS: list[str] = []
DEFAULT_PAGINATION = 100
PAGINATED_TEMPLATES = {"author": None, "category": None, "tag": None}
DIRECT_TEMPLATES = ["index", "authors", "categories", "tags"]
ARTICLE_URL = ARTICLE_SAVE_AS = "{date:%Y}/{date:%m}/{slug}.html"
SLUGIFY_SOURCE = "basename"
YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"
MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/index.html"
DAY_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/{date:%d}/index.html"
FEED_ALL_ATOM = "feed.xml"
FEED_MAX_ITEMS = 30
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
MARKDOWN = {"output_format": "html5"}
LOG_FILTER: list[tuple[int, str]] = []
