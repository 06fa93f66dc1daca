"""schema.org data of the site itself and of its stories."""

from email.utils import parseaddr

from django.conf import settings
from django.templatetags.static import static

from home.models import StoryPage
from portal.jsonld import absolute, without_empty

NAME = "J’achète dans ma région"
PUBLISHER = {"@type": "Organization", "name": NAME}


def organization() -> dict:
    """Return who runs the portal."""
    return {
        **PUBLISHER,
        "@id": absolute("/#organisation"),
        "url": absolute("/"),
        "logo": absolute(static("portal/img/marque.svg")),
        "areaServed": {"@type": "AdministrativeArea", "name": "Auvergne-Rhône-Alpes"},
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "customer support",
            "email": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            "availableLanguage": "fr",
        },
    }


def website() -> dict:
    """Return the site and how to search it."""
    return {
        "@type": "WebSite",
        "@id": absolute("/#site"),
        "name": NAME,
        "url": absolute("/"),
        "inLanguage": "fr",
        "publisher": {"@id": absolute("/#organisation")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": absolute("/recherche/?q={search_term_string}")},
            "query-input": "required name=search_term_string",
        },
    }


def article(story: StoryPage, picture: str) -> dict:
    """Return the Article of a story. picture: the address of its social picture."""
    author = {**PUBLISHER, "url": absolute("/")}
    address = absolute(story.public_path)
    return without_empty(
        {
            "@type": "Article",
            "@id": f"{address}#article",
            "headline": story.title,
            "description": story.intro,
            "url": address,
            "mainEntityOfPage": address,
            "image": absolute(picture),
            "inLanguage": "fr",
            "datePublished": story.first_published_at and story.first_published_at.isoformat(),
            "dateModified": story.last_published_at and story.last_published_at.isoformat(),
            "author": author,
            "publisher": author,
        }
    )
