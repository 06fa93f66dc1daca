"""The twelve departments of the region. Source: INSEE; "69" covers the Rhône and the Métropole de Lyon."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Department:
    """A department. slug: its public address; no town's looks like it, for they end in a number."""

    code: str
    name: str
    slug: str

    def get_absolute_url(self) -> str:
        return f"/commerces/{self.slug}/"

    @property
    def url(self) -> str:
        return self.get_absolute_url()


DEPARTMENTS = (
    Department("01", "Ain", "ain"),
    Department("03", "Allier", "allier"),
    Department("07", "Ardèche", "ardeche"),
    Department("15", "Cantal", "cantal"),
    Department("26", "Drôme", "drome"),
    Department("38", "Isère", "isere"),
    Department("42", "Loire", "loire"),
    Department("43", "Haute-Loire", "haute-loire"),
    Department("63", "Puy-de-Dôme", "puy-de-dome"),
    Department("69", "Rhône", "rhone"),
    Department("73", "Savoie", "savoie"),
    Department("74", "Haute-Savoie", "haute-savoie"),
)
BY_CODE = {department.code: department for department in DEPARTMENTS}
BY_SLUG = {department.slug: department for department in DEPARTMENTS}
