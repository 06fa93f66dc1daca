"""The tree of categories in Wagtail's admin, with the words by which the search knows each."""

from typing import Any, ClassVar

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from directory.models import Category
from portal.slugs import slug_of

TOP = "Elle a elle-même des catégories : elle reste un rayon, au plus haut."


class CategoryForm(WagtailAdminModelForm):
    """One category. Its address is made of its first name and stays: links lead there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Category.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].required = False
        self.fields["synonyms"].required = self.fields["naf_codes"].required = False
        self.fields["synonyms"].help_text = "Séparés par des virgules : la recherche les connaît aussitôt."
        self.fields["naf_codes"].help_text = "Séparés par des virgules, par exemple 10.71C."

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and self.instance.children.exists():
            self.add_error("parent", TOP)
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name = cleaned.get("name", "")
        if name and not self.instance.pk and Category.objects.filter(slug=slug_of(name)).exists():
            self.add_error("name", f"Une catégorie a déjà ce nom, ou un nom qui se lit de même : « {name} ».")
        return cleaned

    def save(self, commit: bool = True) -> Category:
        self.instance.slug = self.instance.slug or slug_of(self.instance.name)
        self.instance.edited_at = timezone.now()
        saved: Category = super().save(commit)
        return saved


class NeverDeleted(ModelPermissionPolicy):
    """Merchants and links are filed under it: nobody deletes one here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


register_permission_policy(Category, NeverDeleted(Category))


class CategoryViewSet(ModelViewSet):
    """Shelves and trades, in the order in which pages show them."""

    model = Category
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("name", "parent", "position", "synonyms", "naf_codes")],
        base_form_class=CategoryForm,
    )
    list_display: ClassVar = [
        "name",
        "parent",
        "position",
        Column("synonyms", label="Synonymes", accessor=lambda one: ", ".join(one.synonyms)),
    ]
    list_filter: ClassVar = ["parent"]
    search_fields: ClassVar = ["name", "slug", "synonyms"]
    ordering: ClassVar = ["position"]
    icon = "tag"
    menu_label = "Catégories"
    inspect_view_enabled = False
    copy_view_enabled = False
