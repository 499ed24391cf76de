"""Pelican's settings: folders, addresses and the plugin that makes the shop's pages. No logic stands here."""

PATH = "content"
OUTPUT_PATH = "build/output"
THEME = "themes/twocomms"
PLUGIN_PATHS = ["."]
PLUGINS = ["sitegen"]

SITENAME = "TwoComms"
SITEURL = ""
TIMEZONE = "Europe/Kyiv"
DEFAULT_LANG = "uk"
LOCALE = ["C"]

# content/catalog belongs to the database's importer: with Pelican's own defaults it would become articles.
ARTICLE_PATHS = ["journal"]
PAGE_PATHS = ["pages", "legal"]
STATIC_PATHS: list[str] = []
THEME_STATIC_PATHS: list[str] = []

# delivery.md is the Ukrainian page, delivery.en.md the English one; articles begin with their day.
FILENAME_METADATA = r"(?:(?P<date>\d{4}-\d{2}-\d{2})-)?(?P<slug>[a-z0-9-]+)(?:\.(?P<lang>[a-z]{2}))?$"
SLUGIFY_SOURCE = "basename"
USE_FOLDER_AS_CATEGORY = False

PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
PAGE_LANG_URL = "{lang}/{slug}/"
PAGE_LANG_SAVE_AS = "{lang}/{slug}/index.html"
ARTICLE_URL = "journal/{slug}/"
ARTICLE_SAVE_AS = "journal/{slug}/index.html"
ARTICLE_LANG_URL = "{lang}/journal/{slug}/"
ARTICLE_LANG_SAVE_AS = "{lang}/journal/{slug}/index.html"
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""

# Nothing of Pelican's own: no lists by tag, author, category or month, no feeds.
DIRECT_TEMPLATES: list[str] = []
TAG_SAVE_AS = AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

MARKDOWN = {
    "extensions": ["markdown.extensions.extra", "markdown.extensions.meta"],
    "output_format": "html",
}
FORMATTED_FIELDS: list[str] = []
CACHE_CONTENT = LOAD_CONTENT_CACHE = False
DELETE_OUTPUT_DIRECTORY = False
RELATIVE_URLS = False
