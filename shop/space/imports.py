"""A merchant's articles from and to a file: sent, looked at, applied, undone; and exported."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.models import MerchantPage
from directory.space.navigation import links
from portal.typography import no_break
from shop.importing import exporting, formats, sheets, storing
from shop.importing.plan import Kind, Plan
from shop.importing.sheets import MOST_BYTES, MOST_ROWS, Unreadable
from shop.models import Storefront
from shop.product_imports import UNDONE_FOR, ProductImport

SHOWN = 200  # rows of a kind that the page lists
SECTIONS = (
    (Kind.FAULTY, "À corriger", "Ces lignes ne seront pas reprises."),
    (Kind.CHANGED, "Changés", ""),
    (Kind.ADDED, "Nouveaux", ""),
    (Kind.SKIPPED, "Laissés de côté", ""),
    (Kind.SAME, "Sans changement", ""),
)


class FileForm(forms.Form):
    """The file; read, it leaves ``sheet_format`` and ``rows``."""

    file = forms.FileField(
        label="Votre fichier",
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
        help_text=f"CSV ou Excel (.xlsx), {MOST_ROWS} lignes et {MOST_BYTES // 1_000_000} Mo au plus.",
        error_messages={"empty": "Ce fichier est vide.", "required": "Choisissez un fichier."},
    )
    label = ""
    rows: list[formats.Row]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        try:
            if upload.size > MOST_BYTES:
                raise Unreadable(f"Ce fichier pèse plus de {MOST_BYTES // 1_000_000} Mo : coupez-le.")
            known, self.rows = formats.recognised(sheets.read(upload.read()))
        except Unreadable as error:
            raise forms.ValidationError(no_break(str(error))) from error
        self.label = known.label
        return upload


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a file; what it says is shown on a page of its own before anything is written."""
    merchant = _merchant(request, pk)
    storefront = get_object_or_404(Storefront, merchant=merchant)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        rows = [vars(row) for row in form.rows]
        name = form.cleaned_data["file"].name[-120:]
        one = ProductImport.objects.create(storefront=storefront, file_name=name, format=form.label, rows=rows)
        return redirect("product_import", pk, one.pk)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "form": form,
        "recent": storefront.imports.filter(applied_at__gte=timezone.now() - UNDONE_FOR).order_by("-applied_at"),
    }
    return render(request, "shop/space/import.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int, import_pk: int) -> HttpResponse:
    """What a file would do, with the button that does it; once applied, the one that takes it back."""
    merchant = _merchant(request, pk)
    one = get_object_or_404(
        ProductImport.objects.select_related("storefront__merchant__category__parent"),
        storefront__merchant=merchant,
        pk=import_pk,
    )
    if request.method == "POST":
        return _act(request, one)
    plan = None if one.applied_at else storing.plan_of(one)
    context = {
        "merchant": merchant,
        "space_links": links(merchant, "products"),
        "one": one,
        "fingerprint": plan.fingerprint if plan else "",
        "sections": _sections(plan) if plan else [],
        "has_changes": bool(plan and (plan.of(Kind.ADDED) or plan.of(Kind.CHANGED))),
        "absent": [title for _, title in plan.absent[:SHOWN]] if plan else [],
        "absent_count": len(plan.absent) if plan else 0,
        "may_undo": _may_undo(one),
    }
    return render(request, "shop/space/import_plan.html", context)


def _act(request: HttpRequest, one: ProductImport) -> HttpResponse:
    pk = one.storefront.merchant_id
    if "annuler" in request.POST and _may_undo(one):
        kept = storing.undo(one, request.user)
        messages.success(request, "L’import est annulé : vos articles sont comme avant.")
        if kept:
            names = ", ".join(kept[:10])
            messages.info(request, f"Changés ou commandés depuis, et donc laissés tels quels : {names}.")
        return redirect("merchant_products", pk)
    if "abandonner" in request.POST and one.applied_at is None:
        one.delete()
        messages.info(request, "Rien n’a été changé.")
        return redirect("import_products", pk)
    if "appliquer" in request.POST:
        try:
            plan = storing.apply(
                one, request.POST.get("plan", ""), request.user, withdraws_absent="retirer_absents" in request.POST
            )
        except storing.ChangedMeanwhile:
            messages.error(request, "Vos articles ont changé depuis cet aperçu, et rien n’a été repris : relisez-le.")
        else:
            added, changed = len(plan.of(Kind.ADDED)), len(plan.of(Kind.CHANGED))
            messages.success(request, f"C’est fait. Ajoutés : {added}. Changés : {changed}.")
    return redirect("product_import", pk, one.pk)


def _sections(plan: Plan) -> list[dict[str, Any]]:
    found = [(kind, title, words, plan.of(kind)) for kind, title, words in SECTIONS]
    return [
        {
            "key": str(kind),
            "title": title,
            "words": words,
            "count": len(rows),
            "rows": rows[:SHOWN] if kind != Kind.SAME else [],
            "hidden": max(0, len(rows) - SHOWN) if kind != Kind.SAME else 0,
        }
        for kind, title, words, rows in found
        if rows
    ]


def _may_undo(one: ProductImport) -> bool:
    return one.applied_at is not None and one.undone_at is None and timezone.now() < one.ends_at


@never_cache
@login_required
@require_safe
def export(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All articles of a shop as a file that imports again."""
    merchant = _merchant(request, pk)
    storefront = get_object_or_404(Storefront, merchant=merchant)
    if kind == "csv":
        response = HttpResponse(exporting.csv_of(storefront), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(
            exporting.xlsx_of(storefront),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    response.headers["Content-Disposition"] = f'attachment; filename="{merchant.slug}-articles.{kind}"'
    return response


def _merchant(request: HttpRequest, pk: int) -> MerchantPage:
    return get_object_or_404(
        MerchantPage.objects.managed_by(request.user).select_related("category__parent", "town"), pk=pk
    )
