"""Choosers of the admin: a town among 4,034, a category among 106, a user account."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.views import View
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView

from portal.choosers import SearchedChooserViewSet, SearchForm
from portal.slugs import slug_of


class TownSearchForm(SearchForm):
    label = "Commune"
    placeholder = "Nom ou code postal"

    def matching(self, objects: QuerySet, typed: str) -> QuerySet:
        found = objects.filter(Q(slug__contains=slug_of(typed)) | Q(postal_codes__contains=[typed]))
        return found.order_by("-population", "pk")


class TownChooserViewSet(SearchedChooserViewSet):
    model = "directory.Town"
    filter_form_class = TownSearchForm
    icon = "site"
    page_title = "Choisir une commune"
    choose_one_text = "Choisir une commune"
    choose_another_text = "Choisir une autre commune"


class CategorySearchForm(SearchForm):
    label = "Catégorie"
    placeholder = "Nom"

    def matching(self, objects: QuerySet, typed: str) -> QuerySet:
        return objects.filter(Q(name__icontains=typed) | Q(slug__contains=slug_of(typed)))


class CategoryChooserViewSet(SearchedChooserViewSet):
    model = "directory.Category"
    filter_form_class = CategorySearchForm
    icon = "tag"
    page_title = "Choisir une catégorie"
    choose_one_text = "Choisir une catégorie"
    choose_another_text = "Choisir une autre catégorie"


class UserSearchForm(SearchForm):
    label = "Compte"
    placeholder = "E-mail ou nom"

    def matching(self, objects: QuerySet, typed: str) -> QuerySet:
        return objects.filter(Q(email__icontains=typed) | Q(last_name__icontains=typed))


class AccessGiversOnly(View):
    """Accounts are personal data: only who may give an access to a merchant's page may look one up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("directory.add_merchantmanager"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UserChooseView(AccessGiversOnly, ChooseView):
    pass


class UserChooseResultsView(AccessGiversOnly, ChooseResultsView):
    pass


class UserChosenView(AccessGiversOnly, ChosenView):
    pass


class UserChosenMultipleView(AccessGiversOnly, ChosenMultipleView):
    pass


class UserChooserViewSet(SearchedChooserViewSet):
    model = "portal.User"
    filter_form_class = UserSearchForm
    choose_view_class = UserChooseView
    choose_results_view_class = UserChooseResultsView
    chosen_view_class = UserChosenView
    chosen_multiple_view_class = UserChosenMultipleView
    icon = "user"
    page_title = "Choisir un compte"
    choose_one_text = "Choisir un compte"
    choose_another_text = "Choisir un autre compte"


town_chooser = TownChooserViewSet("town_chooser")
category_chooser = CategoryChooserViewSet("category_chooser")
user_chooser = UserChooserViewSet("user_chooser")
