"""What the gallery shows: each component of templates/components/ in its states. The tests render the same."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.templatetags.static import static

from portal.concurrent_edits import Conflict

HERE = settings.REGION.example
DEPARTMENT = next(one for one in settings.REGION.departments if one.code == HERE.department_code)
DEPARTMENTS = [(one.code, one.name) for one in settings.REGION.departments]
OPEN = {"kind": "open", "text": "Ouvert jusqu’à 12 h 30"}
SOON = {"kind": "soon", "text": "Ferme dans 20 min"}
CLOSED = {"kind": "closed", "text": "Ouvre demain à 8 h"}
EXCEPTION = {"kind": "exception", "text": "Fermé exceptionnellement"}


CONFLICT = Conflict(
    "phone", "Téléphone", "id_phone", "Entre-temps, ce champ a été changé (par Paul Serre).", "04 75 64 01 01"
)


class EmailForm(forms.Form):
    """What the component of alerts shows."""

    email = forms.EmailField(label="Votre adresse e-mail")


class SampleForm(forms.Form):
    """One field of each kind a page uses."""

    nom = forms.CharField(label="Nom et prénom", widget=forms.TextInput({"autocomplete": "name"}))
    courriel = forms.EmailField(label="Courriel", help_text="Pour le reçu et le code de retrait.")
    message = forms.CharField(label="Un mot pour le commerçant", widget=forms.Textarea, required=False)
    departement = forms.ChoiceField(label="Département", choices=DEPARTMENTS)
    paiement = forms.ChoiceField(
        label="Paiement", choices=[("retrait", "Au retrait"), ("ligne", "En ligne")], widget=forms.RadioSelect
    )
    accord = forms.BooleanField(label="J’accepte les conditions de vente")


def picture(name: str) -> Any:
    return static(f"portal/img/produits/{name}.webp")


def scene(name: str) -> Any:
    return static(f"region/scenes/{name}.svg")


def merchant(
    title: str,
    category: Any,
    town: Any,
    accent: Any,
    state: Any,
    goods: Any = (),
    image: Any = None,
    distance: Any = None,
) -> Any:
    return {
        "title": title,
        "url": "#",
        "category": category,
        "town": town,
        "accent": accent,
        "state": state,
        "goods": [picture(good) for good in goods],
        "image": image,
        "distance": distance,
    }


def product(title: str, price: str, unit: str, accent: Any, image: Any, is_available: bool = True) -> dict[str, Any]:
    return {
        "title": title,
        "url": "#",
        "price": Decimal(price),
        "unit": unit,
        "seller": f"La Chèvre et le Glandasse, {HERE.town}",
        "image": picture(image),
        "accent": accent,
        "is_available": is_available,
        "struck": None,
    }


class Factor(NamedTuple):
    text: str
    points: int
    rule: str


class Why(NamedTuple):
    """Why a result stands where it does; hashable, as what pages draw once."""

    factors: tuple[Factor, ...]
    total: int


WHY = Why(
    (
        Factor("Sa catégorie est celle que vous cherchez", 60, "mots"),
        Factor("Dans la commune demandée", 20, "commune"),
        Factor("À moins de 1 km du centre de la commune demandée", 10, "distance"),
    ),
    90,
)


def result(kind: Any, title: str, meta: Any, **facts: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("distance", "excerpt", "state", "price", "image", "pin"))
    return {"kind": kind, "title": title, "url": "#", "meta": meta, "accent": "verveine", "labels": [], "why": None} | (
        empty | facts
    )


def link(label: str, **more: Any) -> dict[str, Any]:
    return {"label": label, "url": "#", **more}


def box(kind: Any, name: str, value: Any, label: str, hint: str, count: int | None) -> dict[str, Any]:
    return {"type": kind, "name": name, "value": value, "label": label, "hint": hint, "count": count, "checked": True}


def amount(label: str, euros: str) -> dict[str, Any]:
    return {"label": label, "amount": Decimal(euros)}


def samples() -> dict[str, list[dict[str, Any]]]:
    """Return {component: list of contexts}, one context a state."""
    cheese_shop = merchant(
        "La Chèvre et le Glandasse", "Fromagerie", HERE.town, "verveine", OPEN, ("miel", "fromage", "oeufs")
    )
    picodon = product("Picodon AOP affiné", "2.40", "60 g, soit 40,00 €/kg", "verveine", "fromage")
    story = {
        "title": f"À {HERE.town}, le picodon attend jeudi",
        "url": "#",
        "kicker": f"{DEPARTMENT.name} · 6 min",
        "image": scene("fields"),
    }
    chips = [
        {"name": "Boulangeries", "url": "#", "count": 5, "active": False},
        {"name": "Ouvert maintenant", "url": "#", "count": None, "active": True},
    ]
    honey = {
        "key": "17",
        "title": HERE.product,
        "url": "#",
        "unit": "7,50 € le pot de 250 g",
        "image": picture("miel"),
        "accent": "chartreuse",
        "quantity": 2,
        "maximum": 12,
        "total": Decimal("15.00"),
        "weighed": "",
        "withdrawal": "",
    }
    tomme = honey | {
        "key": "18",
        "title": "Tomme de brebis",
        "unit": "8,72 €, env. 350 g, 24,90 €/kg, prix exact à la pesée",
        "quantity": 1,
        "total": Decimal("8.72"),
        "weighed": "Pesé à la préparation\u00a0: 9,59 € au plus",
    }
    history = [
        {"when": "5 décembre, 10\u00a0h\u00a038", "who": "vous", "what": "Commandée", "reason": ""},
        {
            "when": "5 décembre, 11\u00a0h\u00a002",
            "who": "La Chèvre et le Glandasse",
            "what": "Il manque 1 × Tomme de chèvre",
            "reason": "Il n’en reste plus",
        },
    ]
    ticket = {
        "code": "D 114",
        "code_label": "Code de retrait",
        "fee": None,
        "title": "La Chèvre et le Glandasse",
        "kind": "new",
        "status": "Nouvelle, reçue à 10 h 38",
        "when": "Aujourd’hui, 11 h 30 – 12 h 30",
        "address": f"{HERE.street}, {HERE.postal_code} {HERE.town}",
        "lines": [
            {"quantity": 2, "title": "Picodon AOP affiné", "total": Decimal("4.80"), "weighed": "", "refused": ""},
            {
                "quantity": 1,
                "title": "Tomme de brebis",
                "total": Decimal("8.29"),
                "weighed": "pesé 333 g à 24,90 €/kg",
                "refused": "",
            },
            {
                "quantity": 0,
                "title": "Tomme de chèvre",
                "total": Decimal(0),
                "weighed": "",
                "refused": "1 manque, retiré du total",
            },
        ],
        "slot": "Retrait samedi 5 décembre, 10\u00a0h – 10\u00a0h\u00a030",
        "proposal": "",
        "warning": "",
        "due": amount("À payer sur place", "13.09"),
        "history": history,
        "point": (44.7528, 5.3688),
    }
    said = {
        "pk": 12,
        "mark": 4,
        "text": "Un picodon crémeux, et le conseil d’attendre deux jours était bon.",
        "author": "Camille",
        "experienced": "21 novembre 2026",
        "published": "26 novembre 2026",
        "reply": "",
        "replied": "",
    }
    refused = SampleForm({"nom": "Camille Rey", "courriel": "camille.rey@exemple", "departement": "26"})

    return {
        "basket_group": [
            {
                "group": {
                    "title": "La Chèvre et le Glandasse",
                    "url": "#",
                    "address": f"{HERE.street}, {HERE.town}",
                    "accent": "verveine",
                    "lines": [honey, tomme],
                    "subtotal": Decimal("23.72"),
                },
                "when": "À retirer dès demain à 8\u00a0h",
                "is_blocked": False,
                "deliveries": [f"Livre à {HERE.town} : 4,00\u00a0€, offert dès 40,00\u00a0€."],
                "number": 1,
            }
        ],
        "breadcrumb": [{"crumbs": [{"title": "Accueil", "url": "/"}, {"title": HERE.town, "url": ""}]}],
        "changed_meanwhile": [{"conflict": CONFLICT}, {"conflict": replace(CONFLICT, stored="")}],
        "changes_summary": [{"conflicts": [CONFLICT]}],
        "chips": [{"links": chips, "line": False}, {"links": chips, "line": True}],
        "bar_chart": [
            {
                "chart": {
                    "title": "Pages vues",
                    "bars": [
                        {"x": 26 * week, "y": 60 - height, "width": 20, "height": height, "told": f"{height} vues"}
                        for week, height in enumerate((12, 30, 0, 60))
                    ],
                    "peak": "60",
                    "width": 104,
                    "height": 60,
                }
            }
        ],
        "choice": [
            box("checkbox", "label", "aop", "AOP", "", 12),
            box("radio", "paiement", "retrait", "Au retrait", "Carte ou espèces", None),
        ],
        "contact_list": [
            {
                "street": HERE.street,
                "town": f"{HERE.postal_code} {HERE.town}",
                "phone": "04 65 71 01 14",
                "email": "bonjour@chevre.example",
                "website": "https://chevre.example/",
                "point": (44.7528, 5.3688),
                "counted": "",
            }
        ],
        "directions": [{"point": (44.7528, 5.3688), "counted": ""}],
        "empty_state": [
            {
                "title": "Votre panier est vide",
                "text": "Il attend son premier picodon.",
                "image": picture("panier"),
                "link": link("Voir qui est ouvert"),
                "level": 3,
            }
        ],
        "alcohol_notice": [{}],
        "alert_form": [{"form": EmailForm()}],
        "error_summary": [{"form": refused}],
        "required_note": [{"form": SampleForm()}, {"form": EmailForm()}],
        "evidence": [
            {
                "facts": [
                    {
                        "what": "Activité réelle sur place",
                        "who": "Visite sur place, le 11 mars 2026.",
                        "until": "Valable jusqu’au 11 mars 2028.",
                    }
                ],
                "open": False,
            },
            {
                "facts": [{"what": "Identité de la personne responsable", "who": "Pas encore contrôlé.", "until": ""}],
                "open": True,
            },
        ],
        "facets": [
            {
                "action": "#",
                "kept": [{"name": "q", "value": "fromage"}],
                "groups": [
                    {
                        "title": "Commune",
                        "type": "radio",
                        "choices": [
                            {"name": "ou", "value": HERE.insee_code, "label": HERE.town, "count": 3, "checked": True},
                            {
                                "name": "ou",
                                "value": "26086",
                                "label": HERE.other,
                                "count": 2,
                                "checked": False,
                            },
                        ],
                    }
                ],
                "submit": "Voir les résultats",
            }
        ],
        "exceptional_hours": [
            {
                "periods": [
                    {"days": "Vendredi 25 décembre (Noël)", "hours": "fermé"},
                    {"days": "Du 28 décembre au 3 janvier", "hours": "8 h – 12 h, sur rendez-vous"},
                ]
            }
        ],
        "field": [{"field": field} for field in SampleForm(auto_id="ok_%s")]
        + [{"field": refused[name]} for name in ("courriel", "paiement", "accord")],
        "folded_chips": [{"label": "Par métier", "links": chips}],
        "hours_table": [
            {
                "week": [
                    {"day": "Lundi", "ranges": [], "today": False, "note": "Noël"},
                    {"day": "Mardi", "ranges": ["8 h – 12 h 30", "15 h – 19 h"], "today": True, "note": ""},
                    {"day": "Samedi", "ranges": ["7 h 30 – 13 h"], "today": False, "note": ""},
                ],
                "note": "Confirmés par la commerçante il y a 16 jours.",
            }
        ],
        "identity": [{"facts": [{"label": "SIREN", "value": "fictif"}, {"label": "Responsable", "value": "Maud V."}]}],
        "next_steps": [
            {
                "steps": [
                    {"title": f"Le plus proche : à {HERE.other}, 54 km", "links": [], "cards": [cheese_shop]},
                    {"title": "Vous vouliez peut-être", "links": chips[:1], "cards": []},
                    {"title": "Prévenez-moi", "links": [], "cards": [], "form": EmailForm()},
                ]
            }
        ],
        "market_board": [
            {
                "markets": [
                    {
                        "hours": "8 h – 12 h 30",
                        "name": HERE.town,
                        "url": "#",
                        "detail": "Place de la République, fromages, noix et clairette",
                        "state": OPEN,
                    },
                    {"hours": "15 h – 19 h", "name": "Mercredi", "url": "", "detail": "Place du Marché", "state": None},
                ]
            }
        ],
        "merchant_card": [
            {"card": cheese_shop, "level": 3},
            {
                "card": merchant("Atelier Vauzelle", "Coutellerie", HERE.other, "gentiane", SOON, image=scene("town")),
                "level": 3,
            },
            {"card": merchant("Pressing du Pont", "Pressing", HERE.other, "miel", None, distance=2.1), "level": 3},
        ],
        "offline_reading": [{"why": "Cet appareil peut garder les vingt dernières pages que vous lisez."}],
        "notices": [
            {
                "notices": [
                    {"title": "Les fiches ne relèvent pas « halal »", "text": "Demandez-leur.", "link": "", "url": ""},
                    {
                        "title": "La garde des pharmacies n’est pas sur ce site",
                        "text": "Appelez le 3237.",
                        "link": "3237",
                        "url": "#",
                    },
                ]
            }
        ],
        "notice": [
            {"kind": "", "title": "Information", "text": "Le marché de samedi est avancé à vendredi."},
            {"kind": "ok", "title": "", "text": "Vos horaires sont en ligne."},
            {"kind": "error", "title": "Le paiement n’est pas passé", "text": "Rien n’a été débité."},
        ],
        "open_state": [{"state": state} for state in (OPEN, SOON, CLOSED, EXCEPTION)],
        "order_history": [{"entries": history}],
        "order_ticket": [
            {"ticket": ticket, "actions": [link("Appeler", icon="phone")], "level": 3, "foot": ""},
            {
                "ticket": ticket
                | {"fee": Decimal("4.00"), "kind": "late", "status": "En retard de 10 min", "point": None},
                "actions": [],
                "level": 3,
                "foot": "",
            },
        ],
        "erasure": [
            {
                "goes": ["Votre compte", "Vos alertes"],
                "stays": ["Vos achats, sans votre nom"],
                "until": ["Jusqu’au 30 novembre 2031, pour les comptes des commerçants"],
            },
            {"goes": ["Vos alertes"], "stays": [], "until": []},
        ],
        "pagination": [{"number": 6, "total": 14, "link": "?page="}],
        "price_tag": [
            {"amount": Decimal("2.40"), "per": "", "variant": "", "struck": Decimal("3.10")},
            {"amount": Decimal("1089"), "per": "TTC la pièce", "variant": "large", "struck": None},
        ],
        "product_card": [
            {"card": picodon, "level": 3},
            {"card": product("Pain de seigle", "4.90", "De retour vendredi", "abricot", "pain", False), "level": 3},
        ],
        "quantity": [
            {"line": "17", "label": "miel", "value": 2, "maximum": 12},
            {"line": "", "label": "picodon", "value": 1, "maximum": 5},
        ],
        "region_map": [{"departments": [{"code": DEPARTMENT.code, "name": DEPARTMENT.name, "url": "#"}]}],
        "results_map": [
            {
                "map": {
                    "borders": "M160 120L600 80 1040 180 960 660 420 720 180 500Z",
                    "clusters": [
                        {
                            "x": 130,
                            "y": 120,
                            "radius": 17,
                            "count": 41,
                            "title": f"41 autres à {HERE.town}",
                            "url": "#",
                        },
                        {"x": 470, "y": 110, "radius": 13, "count": 3, "title": "3 autres", "url": ""},
                    ],
                    "pins": [
                        {"x": 240.5, "y": 150, "ranks": [1], "first": 1, "text": "1", "title": f"1, {HERE.town}"},
                        {
                            "x": 390,
                            "y": 240,
                            "ranks": [2, 3],
                            "first": 2,
                            "text": "2–3",
                            "title": f"2, 3, {HERE.other}",
                        },
                    ],
                }
            }
        ],
        "result": [
            {
                "result": result(
                    "merchant",
                    "La Chèvre et le Glandasse",
                    f"Fromagerie · {HERE.street}, {HERE.town}",
                    distance=0.3,
                    excerpt="24 fromages dont picodon",
                    state=OPEN,
                    image=picture("fromage"),
                    labels=["Picodon AOP"],
                    why=WHY,
                    pin=1,
                ),
                "level": 3,
            },
            {
                "result": result(
                    "product",
                    HERE.product,
                    "Rucher du Retord, Hauteville",
                    price=Decimal("7.50"),
                    image=picture("miel"),
                ),
                "level": 3,
            },
            {
                "result": result("story", "La ville qui aiguise", f"{DEPARTMENT.name} · 8 min", image=scene("town")),
                "level": 3,
            },
        ],
        "review": [
            {"review": said, "merchant": "La Chèvre et le Glandasse", "level": 3, "report": ""},
            {
                "review": said | {"text": "", "author": "Un client", "reply": "Merci !", "replied": "27 novembre 2026"},
                "merchant": "La Chèvre et le Glandasse",
                "level": 3,
                "report": "#",
            },
        ],
        "search_form": [
            {"q": "fromage", "ou": f"{HERE.town} ({HERE.postal_code})", "compact": True, "before": "fromage"}
        ],
        "section_head": [
            {
                "title": "Ouverts en ce moment",
                "anchor": "ouverts",
                "intro": "Horaires confirmés par les commerçants.",
                "more": link("Voir tous les commerces ouverts"),
            }
        ],
        "services": [
            {
                "services": [
                    {"icon": "delivery", "name": "Livre à domicile", "detail": f"À vélo dans {HERE.town}, le mardi."},
                    {"icon": "access", "name": "Accès de plain-pied", "detail": ""},
                ],
                "collect": True,
            }
        ],
        "slot_list": [
            {
                "legend": "Quand passez-vous ?",
                "name": "creneau",
                "slots": [
                    {"value": "1", "day": "Jeudi 26", "hours": "8 h – 12 h 30", "checked": True, "disabled": False},
                    {"value": "2", "day": "Vendredi 27", "hours": "complet", "checked": False, "disabled": True},
                ],
            }
        ],
        "space_nav": [
            {"links": [link("Aujourd’hui", icon="shop", current=True), link("Ma fiche", icon="edit", current=False)]}
        ],
        "spotlight": [
            {
                "card": {
                    "title": "La Chèvre et le Glandasse",
                    "url": "#",
                    "place": f"Fromagerie, {HERE.town}",
                    "words": "Quatre-vingts chèvres, et un picodon qui attend jeudi.",
                    "image": scene("fields"),
                },
                "level": 3,
            }
        ],
        "stat": [{"value": "412", "label": "personnes ont vu la fiche"}],
        "steps": [{"steps": [{"title": "Le registre", "text": "Un établissement ouvert ici."}], "level": 3}],
        "story_card": [{"card": story, "level": 3, "variant": variant} for variant in ("", "lead", "row")],
        "summary": [{"rows": [amount("La Chèvre et le Glandasse", "12.30")], "total": amount("Total TTC", "17.20")}],
        "town_list": [
            {
                "groups": [
                    {"name": DEPARTMENT.name, "url": "#", "towns": [{"name": HERE.town, "url": "#", "count": 61}]}
                ],
                "level": 3,
            }
        ],
        "town_map": [
            {
                "map": {
                    "borders": "M160 120L600 80 1040 180 960 660 420 720 180 500Z",
                    "outline": "M400 240L760 220 840 520 520 600Z",
                    "pins": pins,
                },
                "label": "La Chèvre et le Glandasse",
            }
            for pins in ([(300.5, 200)], [(260, 180), (340, 240)])
        ],
        "verified_badge": [
            {"text": "Local vérifié", "variant": ""},
            {"text": "Commerce local vérifié", "variant": "mark"},
            {"text": "Boutique suspendue", "variant": "suspended"},
        ],
        "promoted": [
            {
                "answer": {
                    "title": "Les marchés de Noël du pays",
                    "text": "Douze dates, du 28 au 24.",
                    "url": "#",
                }
            },
            {"answer": {"title": "Offrir local", "text": "", "url": "#"}},
        ],
        "why": [{"why": WHY}, {"why": Why((), 0)}],
    }
