"""Choosers of the admin whose list is searched by a question of our own, not by Wagtail's index."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.viewsets.chooser import ChooserViewSet


class SearchForm(BaseFilterForm):
    """The box above a chooser's list. ``matching`` is asked once something is typed in it."""

    label = ""
    placeholder = ""
    q = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = self.label
        self.fields["q"].widget.attrs["placeholder"] = self.placeholder

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return self.matching(objects, self.search_query) if self.is_searching else objects

    def matching(self, objects: QuerySet, typed: str) -> QuerySet:
        raise NotImplementedError


class SearchedChooserViewSet(ChooserViewSet):
    filter_form_class: type[SearchForm]
    per_page = 20

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(filter_form_class=self.filter_form_class, **kwargs)
