"""Recalls in the back office: all of them, one that a merchant asks for, and one that staff begins."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from portal.typography import no_break
from shop import wording
from shop.backoffice.lists import ListView, ListViewSet
from shop.backoffice.rights import may, require
from shop.models import Recall
from shop.products import Product
from shop.recalls import acts
from shop.recalls.forms import RecallForm

CHANGED = "Entre-temps, quelqu’un a décidé de ce rappel : rien n’a été fait."
LONGEST_LIST = 500


class AnswerForm(forms.Form):
    """Why there is no recall: its merchant reads it."""

    answer = forms.CharField(
        label="Pourquoi l’écarter",
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Écrivez pourquoi : le commerçant le lit."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Recall an article of which nobody has asked it."""
    require(request, Recall, "change")
    product = get_object_or_404(Product.objects.filter(details__isnull=False, stockrecords__isnull=False), pk=pk)
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recall = acts.publish_new(product, request.user, form.told)
        except acts.AlreadyRecalled:
            messages.error(request, no_break("Un rappel de cet article est déjà demandé ou publié."))
            return redirect("articles:article", product.pk)
        messages.success(request, no_break("Rappel publié ; les acheteurs des six derniers mois vont être prévenus."))
        return redirect("shop_recalls:recall", recall.pk)
    context = {"page_title": f"Rappeler : {product.title}", "recall": None, "form": form, "may_act": True}
    return render(request, "shop/backoffice/recall.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """One recall: publish or dismiss it; once published, who was told and who could not be reached."""
    require(request, Recall)
    found = get_object_or_404(Recall.objects.select_related("product", "storefront__merchant"), pk=pk)
    is_open = found.state == Recall.State.ASKED
    dismisses = "ecarter" in request.POST
    if request.method == "POST":
        require(request, Recall, "change")
    form = RecallForm(None if dismisses else request.POST or None, initial=RecallForm.of(found))
    answer_form = AnswerForm(request.POST if dismisses else None)
    if request.method == "POST" and (answer_form if dismisses else form).is_valid():
        try:
            if dismisses:
                acts.dismiss(found, request.user, answer_form.cleaned_data["answer"])
            else:
                acts.publish(found, request.user, form.told)
        except acts.AlreadyRecalled:
            messages.error(request, no_break(CHANGED))
        else:
            messages.success(request, no_break("C’est noté ; le commerçant est prévenu."))
        return redirect(request.path)
    context = {
        "page_title": str(found),
        "recall": found,
        "form": form,
        "answer_form": answer_form,
        "may_act": is_open and may(request.user, Recall, "change"),
        "told": found.letters.exclude(sent_at=None).count(),
        "waiting": found.letters.filter(sent_at=None, unreached_at=None).count(),
        "unreached": acts.unreached(found)[:LONGEST_LIST],
    }
    return render(request, "shop/backoffice/recall.html", context)


class RecallFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="État", choices=Recall.State.choices)

    class Meta:
        model = Recall
        fields: ClassVar = ["state"]


class RecallListView(ListView):
    def get_base_queryset(self) -> QuerySet:
        return Recall.objects.order_by("-pk")


class RecallViewSet(ListViewSet):
    """Recalls, those that merchants ask for among them."""

    model = Recall
    index_view_class = RecallListView
    filterset_class = RecallFilterSet
    exclude_form_fields: ClassVar = ["product"]
    icon = "warning"
    menu_label = "Rappels"
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "title",
            label="Article",
            get_url=lambda one: reverse("shop_recalls:recall", args=[one.pk]),
            accessor=lambda one: one.title,
        ),
        Column("seller", label="Vendeur"),
        Column("asked_at", label="Demandé le", accessor=lambda one: wording.written_moment(one.asked_at)),
        Column("state", label="État", accessor=lambda one: one.get_state_display()),
    ]
    search_fields: ClassVar = ["title", "seller"]
    pages: ClassVar = [
        path("<int:pk>/", recall, name="recall"),
        path("article/<int:pk>/", begin, name="begin"),
    ]
