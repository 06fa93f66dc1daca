"""Opening hours: pure functions on OpenStreetMap's ``opening_hours`` text and local times."""

from django.core.exceptions import ValidationError
from opening_hours import OpeningHours, ParserError


def validate_opening_hours(value: str) -> None:
    """Raise ValidationError unless ``value`` follows OSM's opening_hours specification."""
    try:
        OpeningHours(value)
    except ParserError as error:
        raise ValidationError(
            "Ces horaires ne se lisent pas. Écrivez par exemple : Tu-Sa 08:00-12:30,15:00-19:00; PH off"
        ) from error
