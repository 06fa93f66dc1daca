"""schema.org data of the site itself, of its stories and of the dates in its campaigns."""

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone

from home.models import CampaignPage, StoryPage
from home.site_settings import site_settings
from portal.jsonld import absolute, without_empty
from portal.phone import international

NAME = "J’achète dans ma région"
PUBLISHER = {"@type": "Organization", "name": NAME}


def organization() -> dict:
    """Return who runs the portal."""
    stored = site_settings()
    return {
        **PUBLISHER,
        "@id": absolute("/#organisation"),
        "url": absolute("/"),
        "logo": absolute(static("portal/img/marque.svg")),
        "areaServed": {"@type": "AdministrativeArea", "name": settings.REGION.name},
        "contactPoint": without_empty(
            {
                "@type": "ContactPoint",
                "contactType": "customer support",
                "email": stored.email,
                "telephone": international(stored.phone),
                "availableLanguage": "fr",
            }
        ),
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
    publisher = {**PUBLISHER, "url": absolute("/")}
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
            "author": {"@type": "Person", "name": story.author} if story.author else publisher,
            "publisher": publisher,
            "contentLocation": {"@type": "Place", "name": story.town.name} if story.town else None,
        }
    )


def events(campaign: CampaignPage) -> list[dict]:
    """Return an Event for each date to come of a campaign."""
    address = absolute(campaign.public_path)
    return [
        {
            "@type": "Event",
            "@id": f"{address}#{key}",
            "name": event["title"],
            "startDate": timezone.localtime(event["start"]).isoformat(),
            "endDate": timezone.localtime(event["end"]).isoformat(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": {"@type": "Place", "name": event["place"], "address": event["place"]},
            "organizer": {**PUBLISHER, "url": absolute("/")},
            "url": address,
        }
        for key, event in campaign.events().items()
        if event["end"] > timezone.now()
    ]
