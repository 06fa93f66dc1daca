"""The departments of the region, as its folder tells them (regions/)."""

from django.conf import settings

from portal.region import Department

DEPARTMENTS: tuple[Department, ...] = settings.REGION.departments
BY_CODE = {department.code: department for department in DEPARTMENTS}
BY_SLUG = {department.slug: department for department in DEPARTMENTS}
