"""Takes the person out of applications that were decided: the decision stays as the record of what the Region did."""

from django.db.models import QuerySet


def empty_applications(applications: QuerySet) -> int:
    """Rid applications of what was typed and found; number, SIRET, decision and reasons stay. Return how many."""
    return applications.update(declared={}, found={}, signals=[], applicant=None)
