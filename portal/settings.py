"""Settings of the portal, read top to bottom; the environment is read once, typed, and sealed.

README.md lists each variable. Code never asks which environment it is in: it reads a named switch from here.
"""

import logging
import os
from pathlib import Path
from urllib.parse import urlparse

import dj_database_url
import dj_email_url
import structlog
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from environs import Env, EnvError, validate

from portal.log_masks import mask_keys
from portal.oscar_settings import *  # noqa: F403
from portal.oscar_settings import OSCAR_APPS
from portal.region import Region, read

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
for file in env.list("ENV_FILES", [".env"]):
    env.read_env(BASE_DIR / file, recurse=False)
if "ENV_FILES" not in os.environ and "SECRET_KEY" not in os.environ:
    # Left by make demo and make services, so that manage.py works by hand beside them. A portal that somebody has
    # configured has a key, and takes nothing from what a demo left behind.
    env.read_env(BASE_DIR / ".services/env", recurse=False)


@env.parser_for("postgresql")
def postgresql(value: str) -> dict:
    """Return Django's settings of the database; only PostgreSQL has our triggers, locks and full-text search."""
    try:
        database = dj_database_url.parse(value, conn_max_age=600, conn_health_checks=True)
    except ValueError as error:
        raise EnvError("Not a postgresql:// address.") from error
    if database["ENGINE"] != "django.db.backends.postgresql":
        raise EnvError("Not a postgresql:// address.")
    # Statements asked several times over a connection are prepared: PostgreSQL then plans them once. Planning the joins
    # of a product's page cost ten times what running them did.
    prepared = {"server_side_binding": True, "prepare_threshold": 3}
    return {**database, "OPTIONS": {**database.get("OPTIONS", {}), **prepared}}


@env.parser_for("mail_server")
def mail_server(value: str) -> dict:
    """Return Django's settings of what e-mails leave by; the parser alone takes any scheme for granted."""
    try:
        server = dj_email_url.parse(value)
    except ValueError as error:
        raise EnvError("Not an address of a mail server.") from error
    if "EMAIL_BACKEND" not in server:
        raise EnvError(f"Not one of {', '.join(f'{scheme}:' for scheme in sorted(dj_email_url.SCHEMES))}")
    return server


@env.parser_for("region")
def region(value: str) -> Region:
    """Return what a folder of regions/ tells; its name is the region's."""
    try:
        return read(value)
    except ValueError as error:
        raise EnvError(str(error)) from error


# --- Switches -------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "only-for-debugging") if DEBUG else env.str("SECRET_KEY")
SITE = env.url("SITE_URL", urlparse("http://127.0.0.1:8000"))
REGION: Region = env.region("REGION", "auvergne-rhone-alpes")  # a folder of regions/: names, places, words
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
SERVE_MEDIA = env.bool("SERVE_MEDIA", DEBUG)  # a laptop has no nginx in front
HTTPS = env.bool("HTTPS", not DEBUG)  # secure cookies, HSTS and redirects
HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)  # asks browsers' makers to know the domain for years: rarely undone
TRUSTED_PROXIES = env.int(
    "TRUSTED_PROXIES", 0, validate=validate.Range(min=0)
)  # front servers that write X-Forwarded-For
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", True)  # of staff; false for a demo whose password is printed
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", 8, validate=validate.Range(min=1))  # then staff log in again

# --- Stores ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.postgresql("DATABASE_URL")}
# The default cache counts failed logins, so every worker must share it: Redis, else a table.
# Pages can live in each worker's own memory: what makes one untrue is looked up in the database (portal/page_cache.py).
CACHES = {
    "default": env.dj_cache_url("CACHE_URL", "db://portal_cache"),
    "pages": env.dj_cache_url("PAGE_CACHE_URL", "locmem://pages?max_entries=500"),  # about 5 MB
}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache":
    CACHES["default"]["BACKEND"] = "portal.database_cache.SharedCache"
# Beyond so many, Django drops what counts attempts, too: a stranger who fills it would be forgotten. The worker deletes
# what has expired.
CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 1_000_000)
PAGE_SECONDS = env.int("PAGE_SECONDS", 0 if DEBUG else 60)  # that a public page may be old; 0: each is made again
ELASTICSEARCH_URL: list[str] = env.list("ELASTICSEARCH_URL", [])  # empty: the search runs on PostgreSQL alone
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", "")
ELASTICSEARCH_CA = env.str("ELASTICSEARCH_CA", "")
ELASTICSEARCH_PREFIX = env.str("ELASTICSEARCH_PREFIX", "portal")
ELASTICSEARCH_SHARDS = env.int("ELASTICSEARCH_SHARDS", 1)  # pieces an index is cut into; `reindex` applies both
ELASTICSEARCH_REPLICAS = env.int("ELASTICSEARCH_REPLICAS", 1)  # copies of each piece, as far as there are other nodes
ELASTICSEARCH_TIMEOUT = 0.3  # seconds a visitor waits before PostgreSQL answers instead

MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "media")
MEDIA_URL = "/media/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "static")
STATIC_URL = "/static/"

DOCUMENT_KEYS: list[str] = env.list("DOCUMENT_KEYS", [])  # seal merchants' documents; empty: none is taken in
INDEXNOW_KEY = env.str("INDEXNOW_KEY", "")  # empty: search engines come by themselves

# Public registers that merchants are looked up in; empty: nobody is asked, and applications wait to be checked.
REGISTER_URL = env.str("REGISTER_URL", "https://recherche-entreprises.api.gouv.fr")
BODACC_URL = env.str("BODACC_URL", "https://bodacc-datadila.opendatasoft.com")

EMAIL = env.mail_server("EMAIL_URL", "console:")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "J’achète dans ma région <bonjour@jachete.example>")
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)

env.seal()

SITE_URL = SITE.geturl().rstrip("/")
EMAIL_BACKEND = "portal.mail.QueueBackend"
MAIL_TRANSPORT = EMAIL["EMAIL_BACKEND"]  # what the worker sends the queue by
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
SERVER_EMAIL = OSCAR_FROM_EMAIL = DEFAULT_FROM_EMAIL

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "directory",
    "shop",
    "search.apps.RegionalSearchConfig",
    "home",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *OSCAR_APPS,
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RequestLog",
    "portal.middleware.bounded_bodies",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "directory.audience.middleware.CountViews",
    "portal.page_cache.PageCache",  # keeps all headers that come below it
    "portal.middleware.ContentSecurityPolicy",
    "portal.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.typography.no_break_pages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.staff.staff_doors",
    "portal.privacy.consultations.noted",
    "portal.middleware.OddQueries",
    "home.closing.middleware.ClosingDoors",
    "shop.middleware.BasketMiddleware",
    "directory.middleware.GoneMerchants",
    "directory.people.mandates.NoteMandatedActs",
    "portal.redirects.Redirects",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # Oscar's migrations read it: never change it
PGTRIGGER_PRUNE_ON_INSTALL = False  # it would drop what is declared for libraries' tables (portal/watch.py)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", REGION.folder / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["portal.template_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.site",
                "oscar.core.context_processors.metadata",
            ],
            "builtins": ["portal.templatetags.portal", "django.templatetags.static"],
        },
    }
]

# --- Language, time -------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fr", "Français")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
TIME_ZONE = "Europe/Paris"
WAGTAIL_USER_TIME_ZONES = ["Europe/Paris"]
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------------------------
STATICFILES_DIRS = [REGION.folder / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.staticfiles.BundledStaticFilesStorage"
    },
}

# --- Accounts: one door for shoppers, merchants and staff -----------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.passwords.VarietyValidator"},
]
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.account_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an e-mail address changes; a new password asks for the old one
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new address, the old one is told; of a new password or factor, the account
ACCOUNT_FORMS = {"login": "portal.staff.LoginForm"}
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # allauth's pages do both
MFA_ADAPTER = "portal.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "J’achète dans ma région"
MFA_TOTP_TOLERANCE = 1  # periods before and after: telephones' clocks differ, and people type slowly
MFA_ALLOW_UNVERIFIED_EMAIL = True  # else nobody with a second factor could ever change their address
MFA_FORMS = {
    "authenticate": "portal.second_factor.forms.AuthenticateForm",
    "reauthenticate": "portal.second_factor.forms.ReauthenticateForm",
    "activate_totp": "portal.second_factor.forms.ActivateTOTPForm",
    "add_webauthn": "portal.second_factor.forms.AddPasskeyForm",
    "edit_webauthn": "portal.second_factor.forms.RenamePasskeyForm",
}

# --- Wagtail --------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "J’achète dans ma région"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False  # reviews are the editors' work
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "portal.rich_text.RichTextArea"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False  # it would call a third party
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True  # what was approved is what goes live
WAGTAILEMBEDS_FINDERS: list[dict] = []  # no third-party embed
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}  # editors' lists only
WAGTAILIMAGES_IMAGE_MODEL = "portal.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.forms.PictureForm"
WAGTAILIMAGES_WEBP_QUALITY = 55  # two fifths lighter than Wagtail's 80, and nobody sees it at these sizes
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 12 * 1024 * 1024  # bytes, as portal.picture_intake.MOST_BYTES
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "jfif", "png", "webp", "avif", "heic", "heif"]  # what its scripts let pass
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.forms.DocumentForm"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024  # a film of two minutes
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ics", "mp4", "ods", "odt", "pdf", "vtt", "webm", "xlsx"]  # none that runs
TAGGIT_CASE_INSENSITIVE = True

SITE_ID = 1
INDEXABLE_FROM = 3  # live merchants from which a town's page, or a category's in it, is worth indexing

# --- Orders: deadlines and limits, with the reasons in docs/orders.md -------------------------------------------------
MINUTES_TO_CONFIRM = 60  # that a guest's goods are held until they have opened the link of the e-mail
# Opening hours of the shop, since it knows of an order that it has not answered:
HOURS_TO_REMIND = 2  # it is reminded
HOURS_TO_CALL = 4  # the Region's staff finds it on the list of whom to call
HOURS_TO_ANSWER = 16  # the order is cancelled, or at its last closing time before the end of DAYS_TO_PREPARE
DAYS_TO_PREPARE = 7  # whole days a merchant has to prepare an order, then it is cancelled
DAYS_TO_COLLECT = 7  # whole days an order waits at the shop, then its goods are on sale again
DAYS_OF_CONTACT = 30  # after an order is over, its merchant reads no telephone nor e-mail of its buyer any more
DAYS_TO_ASK_FOR_REVIEW = 3  # whole days after the last order of a purchase is handed over, its buyer is asked once
DAYS_TO_GIVE_UP_ASKING = 14  # nobody is asked of what they hardly remember
REMINDER_DAYS = 2  # before the last day to collect, the buyer is reminded
MAX_UNITS_PER_LINE = 20
WEIGHT_CEILING_PERCENT = 10  # what is sold by weight never costs more than this above its estimate
MAX_LINES_PER_BASKET = 60
MAX_OPEN_PURCHASES = 5  # not yet collected, of one e-mail address, one telephone or one account
MAX_UNCOLLECTED = 3  # orders that one of these let wait in vain, in the last UNCOLLECTED_DAYS
UNCOLLECTED_DAYS = 90
MAX_UNCONFIRMED_PURCHASES = 3  # of these, waiting for the link
MAX_UNCONFIRMED_UNITS = 200  # in them, all articles together
MAX_UNCONFIRMED_PURCHASES_PER_VISITOR = 10  # of one network address, whatever e-mails it writes
MAX_UNCONFIRMED_UNITS_PER_VISITOR = 600

# --- Security -------------------------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OSCAR_BASKET_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS and HSTS_PRELOAD
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preload: the operator's decision, see HSTS_PRELOAD
LARGEST_BODY = 12 * 1024 * 1024  # bytes of a request, refused before they are read; a photo has up to 10 MB
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
OSCAR_URL_SCHEMA = SITE.scheme

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the tab's icon is in the page
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# A page may ask where the visitor is, when they want merchants near them; it may use nothing else of the device.
PERMISSIONS_POLICY = ", ".join(
    [
        "geolocation=(self)",
        *(
            f"{power}=()"
            for power in (
                "accelerometer", "browsing-topics", "camera", "display-capture", "gyroscope", "hid",
                "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
            )
        ),
    ]
)  # fmt: skip
# Wagtail's admin writes inline scripts and styles, none with a nonce; it is staff only.
OFFICE_PREFIXES = ("/gestion/",)
OFFICE_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# --- Logs: one JSON line an event, without names, addresses or search words -----------------------------------------
shared_processors: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    mask_keys,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *shared_processors,
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": shared_processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"level": "ERROR"},
        "elastic_transport": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},  # one line a saved page
        "wagtail": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},  # several lines a job
    },
}
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

# The packages' tasks.py are read by the worker alone (portal/jobs.py); requests defer jobs by name.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
