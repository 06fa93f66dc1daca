"""Where the audit goes: at least one page, in one state, for each template that a person can meet."""

from collections.abc import Callable
from dataclasses import dataclass

MERCHANT = r"^/commercants/[\w-]+/$"
PRODUCT = r"^/boutique/produits/[\w-]+_\d+/$"
TOWN = r"^/commerces/[\w-]+-\d+/$"
PURCHASE = r"^/boutique/commande/merci/"
WITHDRAWAL = r"^/boutique/renoncer/[\w-]+/"
ORDERS = r"^/espace/\d+/commandes/$"
PRODUCTS = r"^/espace/\d+/produits/$"
HOURS = r"^/espace/\d+/horaires/$"
PROFILE = r"^/espace/\d+/fiche/$"
PASSWORD = "picodon-clairette-noix"  # as home/demo/accounts.py has it; not imported, for the audit needs no Django
VISITOR, BUYER, SHOPPER, SELLER = "visitor", "buyer", "shopper", "seller"  # a buyer is a visitor with a basket


@dataclass(frozen=True)
class Stop:
    """A page to audit.

    way: an address, then patterns: of each page on the way, the first link that matches is followed. act: what is done
    there before looking, with Playwright's page.
    """

    template: str
    way: tuple[str, ...]
    who: str = VISITOR
    state: str = ""
    act: Callable | None = None
    is_landing: bool = False  # Lighthouse weighs it

    @property
    def name(self):
        return f"{self.template} ({self.state})" if self.state else self.template


def send_empty(page):
    """Send the page's last form with nothing in it, as its server must be able to answer."""
    typed = "main form input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=file])"
    for field in page.locator(typed).all():
        if field.is_editable():
            field.fill("")
    page.locator("main form button:not([name]), main form button[name=verifier]").last.click()
    page.wait_for_load_state()


def give_password(page):
    """Confirm who one is, on the way to a page that touches the account's security; not twice in a short time."""
    if not page.locator("main form [name=password]").count():
        return
    page.locator("main form [name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_load_state()


def send_bad_phone(page):
    page.get_by_label("Téléphone").fill("04 75")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_load_state()


def send_articles(page):
    content = "Nom;Prix;Stock\nFaisselle;1,90;4\nTomme;gratuit;2\n"
    file = {"name": "articles.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("Votre fichier").set_input_files(file)
    page.get_by_role("button", name="Voir ce que cela changera").click()
    page.wait_for_load_state()


def read_back(page):
    page.get_by_role("button", name="Relire avant de mettre en ligne").click()
    page.wait_for_load_state()


def give_one_up(page):
    page.locator("main form input[type=number]").first.fill("1")
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_load_state()


STOPS = (
    Stop("home/home_page.html", ("/",), is_landing=True),
    Stop("home/story_index_page.html", ("/histoires/",)),
    Stop("home/story_page.html", ("/histoires/", r"^/histoires/[\w-]+/$"), is_landing=True),
    Stop("home/campaign_page.html", ("/noel/",)),
    Stop("home/accessibility.html", ("/accessibilite/",)),
    Stop("home/legal/notices.html", ("/mentions-legales/",)),
    Stop("home/legal/privacy.html", ("/donnees-personnelles/",)),
    Stop("home/legal/terms.html", ("/cgu/",)),
    Stop("home/legal/platform.html", ("/infos-plateforme/",)),
    Stop("directory/freshness/contract.html", ("/fraicheur/",)),
    Stop("home/legal/authorities.html", ("/contact-autorites/",)),
    Stop("home/legal/algorithms.html", ("/algorithmes/",)),
    Stop("home/transparency.html", ("/transparence/",)),
    Stop("shop/recalls/list.html", ("/rappels/",)),
    Stop("shop/terms/version.html", ("/conditions-commercants/",)),
    Stop("home/legal/accessibility_scheme.html", ("/accessibilite/schema/",)),
    Stop("home/agenda/page.html", ("/agenda/",)),
    Stop("home/results/page.html", ("/resultats/",)),
    Stop("home/open_data/page.html", ("/donnees/",)),
    Stop("home/api/documentation.html", ("/api/",)),
    Stop("home/notice.html", ("/signaler/",)),
    Stop("home/notice.html", ("/signaler/",), state="with errors", act=send_empty),
    Stop("directory/directory_page.html", ("/commercants/",)),
    Stop("directory/merchant_page.html", ("/commercants/", MERCHANT), state="first of the list"),
    Stop("directory/merchant_page.html", ("/recherche/?q=fromage", PRODUCT, MERCHANT), is_landing=True),
    Stop("directory/trail.html", ("/recherche/?q=fromage", PRODUCT, MERCHANT, r"^/commercants/[\w-]+/verification/$")),
    Stop("shop/merchant_conditions.html", ("/recherche/?q=fromage", PRODUCT, r"^/commercants/[\w-]+/conditions/$")),
    Stop(
        "shop/merchant_products.html",
        ("/recherche/?q=La+Ch%C3%A8vre+et+le+Glandasse", MERCHANT, r"^/commercants/[\w-]+/produits/$"),
    ),
    Stop("directory/towns.html", ("/commerces/",)),
    Stop("directory/department.html", ("/commerces/drome/",)),
    Stop("directory/area.html", ("/commerces/", "/commerces/vercors/"), is_landing=True),
    Stop("directory/town.html", ("/commerces/", TOWN), is_landing=True),
    Stop("directory/town_category.html", ("/commerces/", TOWN, r"^/commerces/[\w-]+-\d+/[\w-]+/$")),
    Stop("directory/categories.html", ("/metiers/",)),
    Stop("directory/category.html", ("/metiers/fromagerie-cremerie/",)),
    Stop("directory/markets.html", ("/marches/samedi/",)),
    Stop("search/search.html", ("/recherche/?q=fromage&ou=Die",)),
    # Results are closed to search engines, which costs Lighthouse's mark for that: it weighs the one page that is not.
    Stop("search/search.html", ("/recherche/",), state="nothing asked", is_landing=True),
    Stop("search/search.html", ("/recherche/?q=xyzzy",), state="nothing found"),
    Stop("search/search.html", ("/recherche/?q=boulangrie",), state="misspelt"),
    Stop("search/alerts/ask.html", ("/recherche/?q=xyzzy",), state="with errors", act=send_empty),
    Stop("search/alerts/alert.html", ("/recherche/alerte/perdue/",), state="over"),
    Stop("search/ranking.html", ("/classement/",)),
    Stop("search/unplaced.html", ("/recherche/?q=fromage&ou=xyzzy",)),
    Stop("search/unplaced.html", ("/recherche/?q=fromage&ou=Paris",), state="outside the region"),
    Stop("search/unplaced.html", ("/recherche/?q=fromage&ou=ici",), state="around the visitor"),
    Stop("search/unreadable.html", ("/recherche/?q=pain&page=100000",)),
    Stop("shop/product.html", ("/recherche/?q=fromage", PRODUCT), is_landing=True),
    Stop("shop/reviews/rules.html", ("/boutique/avis/",)),
    Stop(
        "shop/reviews/of_merchant.html",
        ("/recherche/?q=La+Ch%C3%A8vre+et+le+Glandasse", MERCHANT, r"^/commercants/[\w-]+/avis/$"),
    ),
    Stop("shop/reviews/space.html", ("/espace/", ORDERS, r"^/espace/\d+/avis/$"), SELLER),
    Stop("shop/receipts/space.html", ("/espace/", ORDERS, r"^/espace/\d+/recus/$"), SELLER),
    Stop(
        "shop/space/promotion.html",
        ("/espace/", PRODUCTS, r"^/espace/\d+/produits/\d+/$", r"^/espace/\d+/produits/\d+/promotion/$"),
        SELLER,
    ),
    Stop(
        "shop/space/recall.html",
        ("/espace/", PRODUCTS, r"^/espace/\d+/produits/\d+/$", r"^/espace/\d+/produits/\d+/rappel/$"),
        SELLER,
    ),
    Stop("shop/basket.html", ("/boutique/panier/",), state="empty"),
    Stop("shop/basket.html", ("/boutique/panier/",), BUYER),
    Stop("shop/shopping_list.html", ("/boutique/panier/", r"^/boutique/panier/liste/$"), BUYER),
    Stop("shop/checkout.html", ("/boutique/commande/",), BUYER),
    Stop("shop/checkout.html", ("/boutique/commande/",), BUYER, "with errors", send_empty),
    Stop("shop/purchases.html", ("/boutique/compte/",), SHOPPER),
    Stop("shop/profile.html", ("/boutique/compte/profil/",), SHOPPER),
    Stop("shop/purchase.html", ("/boutique/compte/", PURCHASE), SHOPPER),
    Stop("shop/cancel_order.html", ("/boutique/compte/", PURCHASE, r"^/boutique/commande/annuler/"), SHOPPER),
    Stop("shop/messages/exchange.html", ("/boutique/compte/", PURCHASE, r"^/boutique/commande/messages/"), SHOPPER),
    Stop("shop/withdrawal/find.html", ("/boutique/renoncer/",)),
    Stop("shop/withdrawal/find.html", ("/boutique/renoncer/",), state="with errors", act=send_empty),
    Stop("shop/withdrawal/declare.html", ("/boutique/compte/", PURCHASE, WITHDRAWAL), SHOPPER),
    Stop("shop/withdrawal/confirm.html", ("/boutique/compte/", PURCHASE, WITHDRAWAL), SHOPPER, act=give_one_up),
    Stop("shop/withdrawal/space.html", ("/espace/", ORDERS, r"^/espace/\d+/retractations/$"), SELLER),
    Stop("directory/space/join.html", ("/espace/",)),
    Stop("shop/space/today.html", ("/espace/",), SELLER),
    Stop("shop/enquiries/space.html", ("/espace/", r"^/espace/\d+/demandes/$"), SELLER),
    Stop("directory/space/profile.html", ("/espace/", PROFILE), SELLER),
    Stop("directory/space/timetable.html", ("/espace/", HOURS), SELLER),
    Stop("directory/space/timetable.html", ("/espace/", HOURS), SELLER, "read back", read_back),
    Stop("directory/space/contacts.html", ("/espace/", r"^/espace/\d+/contacts/$"), SELLER),
    Stop(
        "directory/space/contacts.html", ("/espace/", r"^/espace/\d+/contacts/$"), SELLER, "with errors", send_bad_phone
    ),
    Stop("directory/space/pictures.html", ("/espace/", r"^/espace/\d+/photos/$"), SELLER),
    Stop("shop/leaving/leave.html", ("/espace/", PROFILE, r"^/espace/\d+/quitter/$"), SELLER),
    Stop("shop/space/statistics.html", ("/espace/", r"^/espace/\d+/statistiques/$"), SELLER),
    Stop("directory/people/people.html", ("/espace/", r"^/espace/\d+/personnes/$"), SELLER),
    Stop("directory/joining/start.html", ("/espace/inscription/",), SHOPPER),
    Stop("directory/joining/start.html", ("/espace/inscription/",), SHOPPER, "with errors", send_empty),
    Stop("directory/space/preview.html", ("/espace/", r"^/espace/\d+/apercu/$"), SELLER),
    Stop(
        "directory/posters/posters.html",
        ("/espace/", r"^/espace/\d+/apercu/$", r"^/espace/\d+/affiche/$"),
        SELLER,
    ),
    Stop(
        "directory/embedding/code.html",
        ("/espace/", r"^/espace/\d+/apercu/$", r"^/espace/\d+/carte/$"),
        SELLER,
    ),
    Stop("shop/space/shop.html", ("/espace/", r"^/espace/\d+/boutique/$"), SELLER),
    Stop("shop/space/collection.html", ("/espace/", r"^/espace/\d+/boutique/$", r"^/espace/\d+/retraits/$"), SELLER),
    Stop("shop/space/rounds.html", ("/espace/", ORDERS, r"^/espace/\d+/tournee/$"), SELLER),
    Stop("shop/space/delivery.html", ("/espace/", r"^/espace/\d+/boutique/$", r"^/espace/\d+/livraison/$"), SELLER),
    Stop("shop/space/packing_list.html", ("/espace/", ORDERS, r"/a-preparer/$"), SELLER),
    Stop("shop/space/orders.html", ("/espace/", ORDERS), SELLER),
    Stop("shop/space/cancel_order.html", ("/espace/", ORDERS, r"^/espace/\d+/commandes/[\w-]+/annuler/$"), SELLER),
    Stop("shop/space/missing_items.html", ("/espace/", ORDERS, r"^/espace/\d+/commandes/[\w-]+/manque/$"), SELLER),
    Stop("shop/space/weigh_order.html", ("/espace/", ORDERS, r"^/espace/\d+/commandes/[\w-]+/peser/$"), SELLER),
    Stop("shop/space/propose_time.html", ("/espace/", ORDERS, r"^/espace/\d+/commandes/[\w-]+/horaire/$"), SELLER),
    Stop("shop/space/prices.html", ("/espace/", PRODUCTS, r"^/espace/\d+/produits/prix/$"), SELLER),
    Stop("shop/space/quick_add.html", ("/espace/", PRODUCTS, r"^/espace/\d+/produits/vite/$"), SELLER),
    Stop(
        "shop/space/quick_add.html",
        ("/espace/", PRODUCTS, r"^/espace/\d+/produits/vite/$"),
        SELLER,
        "with errors",
        send_empty,
    ),
    Stop("shop/space/import.html", ("/espace/", PRODUCTS, r"^/espace/\d+/produits/importer/$"), SELLER),
    Stop(
        "shop/space/import_plan.html",
        ("/espace/", PRODUCTS, r"^/espace/\d+/produits/importer/$"),
        SELLER,
        act=send_articles,
    ),
    Stop("shop/space/products.html", ("/espace/", r"^/espace/\d+/produits/$"), SELLER),
    Stop("shop/space/product.html", ("/espace/", r"^/espace/\d+/produits/$", r"^/espace/\d+/produits/\d+/$"), SELLER),
    Stop("account/login.html", ("/compte/connexion/",)),
    Stop("account/login.html", ("/compte/connexion/",), state="with errors", act=send_empty),
    Stop("account/signup.html", ("/compte/inscription/",)),
    Stop("account/signup.html", ("/compte/inscription/",), state="with errors", act=send_empty),
    Stop("account/password_reset.html", ("/compte/mot-de-passe/oublie/",)),
    Stop("account/password_reset_done.html", ("/compte/mot-de-passe/oublie/envoye/",)),
    Stop("account/password_reset_from_key_done.html", ("/compte/mot-de-passe/nouveau/fait/",)),
    Stop("account/password_reset_from_key.html", ("/compte/mot-de-passe/nouveau/1-perdu/",), state="out of date"),
    Stop("account/password_change.html", ("/compte/mot-de-passe/",), SHOPPER),
    Stop("account/email.html", ("/compte/adresse/",), SHOPPER),
    Stop("account/email_confirm.html", ("/compte/adresse/verifier/perdu/",), state="out of date"),
    Stop("account/verification_sent.html", ("/compte/adresse/a-verifier/",)),
    Stop("account/account_inactive.html", ("/compte/inactif/",)),
    Stop("account/logout.html", ("/compte/deconnexion/",), SHOPPER),
    Stop("account/reauthenticate.html", ("/compte/confirmation/",), SHOPPER),
    Stop("portal/sessions.html", ("/compte/sessions/",), SHOPPER),
    Stop("portal/privacy/own.html", ("/compte/donnees/",), SHOPPER),
    Stop("portal/privacy/delete.html", ("/compte/donnees/supprimer/",), SHOPPER, act=give_password),
    Stop("portal/privacy/ask.html", ("/compte/donnees/sans-compte/",)),
    Stop("portal/privacy/ask.html", ("/compte/donnees/sans-compte/",), state="with errors", act=send_empty),
    Stop("portal/privacy/link_over.html", ("/compte/donnees/adresse/perdu/",), state="out of date"),
    Stop("portal/privacy/erased.html", ("/compte/donnees/effacees/",)),
    Stop("mfa/index.html", ("/compte/double-authentification/",), SHOPPER),
    Stop("mfa/totp/activate_form.html", ("/compte/double-authentification/application/",), SHOPPER, act=give_password),
    Stop("mfa/webauthn/authenticator_list.html", ("/compte/double-authentification/cles/",), SHOPPER),
    Stop("404.html", ("/sans-issue/",)),
    Stop("403.html", ("/gestion/login/",), SHOPPER),
)

# Templates of whole pages that no address of a sound demo shows, and what stands for them.
ELSEWHERE = {
    "home/closing/closed.html": "needs a closing, see tests/home/test_closing.py",
    "home/closing/plan.html": "needs a closing, see tests/home/test_closing.py",
    "home/closing/stopped.html": "needs a closing; the frame of 404.html",
    "shop/enquiries/ask.html": "needs a kept page that sells nothing, see tests/journeys/test_enquiries.py",
    "shop/enquiries/asked.html": "sends an e-mail; two sentences and a button",
    "shop/enquiries/enquiry.html": "needs the link of an e-mail, see tests/journeys/test_enquiries.py",
    "shop/enquiries/not_taken.html": "two sentences and a button",
    "shop/answer_substitute.html": "needs a merchant's proposal, see tests/journeys/test_whole_purchase.py",
    "shop/space/propose_substitute.html": "needs an article that lacks, see tests/journeys/test_whole_purchase.py",
    "shop/answer_proposal.html": "needs a merchant's proposal, see tests/journeys/test_collection.py",
    "400.html": "needs an address that is not ours; the frame of 404.html",
    "error_frame.html": "the frame of 404.html and its like",
    "413.html": "needs a request of 12 MB; the frame of 404.html",
    "429.html": "needs many attempts; the frame of 403.html",
    "503.html": "needs the database to be away; the frame of 404.html",
    "shop/recalls/notice.html": "the demo recalls nothing, see tests/shop/test_recalls.py",
    "shop/recalls/article.html": "the demo recalls nothing, see tests/shop/test_recalls.py",
    "shop/space/new_terms.html": "the demo has one version of the terms, see tests/shop/test_terms.py",
    "directory/embedding/card.html": "a frame for other sites, see tests/directory/embedding/test_card.py",
    "directory/people/invitation.html": "needs the link of an e-mail, see tests/directory/people/test_people.py",
    "directory/people/digest.html": "two sentences and a button, see tests/shop/test_digest.py",
    "directory/freshness/confirm.html": "needs the link of an e-mail, see tests/directory/freshness/test_contract.py",
    "directory/space/decisions.html": "needs a procedure, see tests/directory/vetting/test_procedure_pages.py",
    "directory/space/decision.html": "needs a procedure, see tests/directory/vetting/test_procedure_pages.py",
    "directory/joining/shop.html": "needs an application under way, see tests/journeys/test_joining.py",
    "directory/joining/opening.html": "needs an application under way, see tests/journeys/test_joining.py",
    "directory/joining/status.html": "needs an application under way, see tests/journeys/test_joining.py",
    "directory/joining/taken.html": "needs the SIRET of a page, which the demo's have not",
    "shop/reviews/write.html": "needs an order that was handed over, see tests/shop/test_reviews.py",
    "shop/reviews/no_reviews.html": "needs the link of an e-mail; two sentences and a button",
    "shop/confirm.html": "needs the link of an e-mail; order tickets as in shop/purchase.html",
    "403_csrf.html": "needs a forged request; the frame of 403.html",
    "500.html": "needs a failure; the frame of 404.html, see tests/portal/test_error_pages.py",
    "account/layout.html": "the frame of account/*",
    "account/password_set.html": "every account has a password; the form of password_change.html",
    "account/signup_closed.html": "signing up is open; two sentences in account/layout.html",
    "account/verified_email_required.html": "no view asks for it; two sentences in account/layout.html",
    "directory/merchant_gone.html": "the demo has lost no merchant; the cards of directory/town.html",
    "directory/space/pages.html": "the demo's merchant keeps one page",
    "home/notice_status.html": "needs the link of an e-mail, see tests/home/test_following_reports.py",
    "home/notice_received.html": "needs a report that is kept; two sentences and a button",
    "mfa/authenticate.html": "needs a second factor; the form of account/login.html",
    "mfa/recovery_codes/generate.html": "needs a second factor; a sentence and a button",
    "mfa/recovery_codes/index.html": "needs a second factor; a list of codes and three links",
    "mfa/totp/deactivate_form.html": "needs a second factor; a sentence and a button",
    "mfa/webauthn/add_form.html": "the demo's address takes no passkey; a field and a button",
    "mfa/webauthn/authenticator_confirm_delete.html": "needs a passkey; a sentence and a button",
    "mfa/webauthn/edit_form.html": "needs a passkey; a field and a button",
    "portal/gallery.html": "developers only",
    "portal/privacy/asked.html": "sends an e-mail; two sentences and a button",
    "portal/privacy/copy_asked.html": "needs the link of an e-mail; two sentences and a button",
    "portal/privacy/linked.html": "needs the link of an e-mail; lists and buttons as in portal/privacy/delete.html",
    "portal/privacy/copy.html": "a file of a person's copy, no page of the site",
    "search/alerts/asked.html": "sends an e-mail; two sentences and a button",
    "search/alerts/ended.html": "needs the link of an e-mail; two sentences and a button",
}
