"""Choosers of the admin: a town among 4,034, a category among 106, a user account."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.views import View
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from portal.slugs import slug_of


class TownFilterForm(BaseFilterForm):
    q = forms.CharField(
        label="Commune", widget=forms.TextInput(attrs={"placeholder": "Nom ou code postal"}), required=False
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        if not self.is_searching:
            return objects
        return objects.filter(
            Q(slug__contains=slug_of(self.search_query)) | Q(postal_codes__contains=[self.search_query])
        ).order_by("-population", "pk")


class CategoryFilterForm(BaseFilterForm):
    q = forms.CharField(label="Catégorie", widget=forms.TextInput(attrs={"placeholder": "Nom"}), required=False)

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return objects.filter(Q(name__icontains=self.search_query) | Q(slug__contains=slug_of(self.search_query)))


class TownListMixin(BaseChooseView):
    filter_form_class = TownFilterForm


class TownChooseView(TownListMixin, ChooseView):
    pass


class TownChooseResultsView(TownListMixin, ChooseResultsView):
    pass


class TownChooserViewSet(ChooserViewSet):
    model = "directory.Town"
    choose_view_class = TownChooseView
    choose_results_view_class = TownChooseResultsView
    icon = "site"
    page_title = "Choisir une commune"
    choose_one_text = "Choisir une commune"
    choose_another_text = "Choisir une autre commune"
    per_page = 20


class CategoryListMixin(BaseChooseView):
    filter_form_class = CategoryFilterForm


class CategoryChooseView(CategoryListMixin, ChooseView):
    pass


class CategoryChooseResultsView(CategoryListMixin, ChooseResultsView):
    pass


class CategoryChooserViewSet(ChooserViewSet):
    model = "directory.Category"
    choose_view_class = CategoryChooseView
    choose_results_view_class = CategoryChooseResultsView
    icon = "tag"
    page_title = "Choisir une catégorie"
    choose_one_text = "Choisir une catégorie"
    choose_another_text = "Choisir une autre catégorie"
    per_page = 20


class UserFilterForm(BaseFilterForm):
    q = forms.CharField(label="Compte", widget=forms.TextInput(attrs={"placeholder": "E-mail ou nom"}), required=False)

    def filter(self, objects: QuerySet) -> QuerySet:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return objects.filter(Q(email__icontains=self.search_query) | Q(last_name__icontains=self.search_query))


class AccessGiversOnly(View):
    """Accounts are personal data: only who may give an access to a merchant's page may look one up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("directory.add_merchantmanager"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserListMixin(AccessGiversOnly, BaseChooseView):
    filter_form_class = UserFilterForm


class UserChooseView(UserListMixin, ChooseView):
    pass


class UserChooseResultsView(UserListMixin, ChooseResultsView):
    pass


class UserChosenView(AccessGiversOnly, ChosenView):
    pass


class UserChosenMultipleView(AccessGiversOnly, ChosenMultipleView):
    pass


class UserChooserViewSet(ChooserViewSet):
    model = "portal.User"
    choose_view_class = UserChooseView
    choose_results_view_class = UserChooseResultsView
    chosen_view_class = UserChosenView
    chosen_multiple_view_class = UserChosenMultipleView
    icon = "user"
    page_title = "Choisir un compte"
    choose_one_text = "Choisir un compte"
    choose_another_text = "Choisir un autre compte"
    per_page = 20


town_chooser = TownChooserViewSet("town_chooser")
category_chooser = CategoryChooserViewSet("category_chooser")
user_chooser = UserChooserViewSet("user_chooser")
