"""What buyers and merchants read of a proposed substitute, pages and e-mails alike."""

from decimal import Decimal

from portal.templatetags.portal import euros
from shop import wording
from shop.allergens import Allergen
from shop.models import ProductDetails, Substitution
from shop.order_history import told as told_reason
from shop.withdrawal import exceptions

State = Substitution.State

ENDED = {
    State.ACCEPTED: "Vous avez accepté ce remplacement. Votre commande est à jour.",
    State.DECLINED: "Vous avez refusé ce remplacement : l’article qui manque est retiré de votre commande.",
    State.SILENT: "Le délai de réponse est passé : rien n’a été remplacé, l’article qui manque est retiré de votre "
    "commande.",
    State.VOID: "Cette question n’a plus lieu d’être : la commande, ou l’article, a été annulé entre-temps.",
}


def told(substitution: Substitution) -> str:
    """Return "par 1 × Fouace aux noix, 4,90 €", or what it costs at most of what is sold by weight."""
    price = euros(substitution.unit_price * substitution.quantity)
    if substitution.ceiling is None:
        return f"par {substitution}, {price}"
    return f"par {substitution}, environ {price}, {euros(most_of(substitution))} au plus, prix exact à la pesée"


def most_of(substitution: Substitution) -> Decimal:
    """Return what the article costs at the very most."""
    each = substitution.unit_price if substitution.ceiling is None else substitution.ceiling
    return each * substitution.quantity


def dearer(substitution: Substitution) -> str:
    """Return by how much it can cost more than what is missing, "1,20 €", or ""."""
    return euros(most_of(substitution) - substitution.most) if substitution.is_dearer else ""


def asked(substitution: Substitution, title: str) -> str:
    """Return what stands on a ticket while the answer is awaited. title: of the line."""
    proposed = told(substitution).removeprefix("par ")
    return (
        f"Remplacement proposé : {proposed}, à la place de {substitution.missing} × {title}. Réponse avant "
        f"{wording.written_moment(substitution.answer_by)}, sinon l’article qui manque est retiré."
    )


def replaced(units: int) -> str:
    """Return what stands beside a line of which another article replaces units, or ""."""
    if not units:
        return ""
    return f"{units} remplacés" if units > 1 else "1 remplacé"


def as_told(substitution: Substitution) -> dict[str, str]:
    """Return a proposal as its page and e-mails tell it; two queries."""
    details = _details(substitution.stockrecord_id)
    before = _details(substitution.line.stockrecord_id)
    return {
        "missing": f"{substitution.missing} × {substitution.line.title}",
        "proposed": told(substitution).removeprefix("par "),
        "most": euros(substitution.most),
        "dearer": dearer(substitution),
        "allergens": details.allergens_told if details else "",
        "new_allergens": _new(details, before),
        "withdrawal": exceptions.told(details.withdrawal_exception) if details else "",
        "alcohol": "Boisson alcoolisée : une pièce d’identité sera demandée à la remise."
        if details and details.is_alcohol
        else "",
        "reason": told_reason(substitution.reason, substitution.words),
        "before": wording.written_moment(substitution.answer_by),
        "link": substitution.link,
    }


def _details(stockrecord: int | None) -> ProductDetails | None:
    return ProductDetails.objects.filter(product__stockrecords=stockrecord).first() if stockrecord else None


def _new(details: ProductDetails | None, before: ProductDetails | None) -> str:
    """Return which allergens it contains that the missing article does not, or ""."""
    if details is None:
        return ""
    known = set(before.allergens) if before else set()
    more = [allergen.label for allergen in Allergen if allergen in details.allergens and allergen not in known]
    return ", ".join(more)
