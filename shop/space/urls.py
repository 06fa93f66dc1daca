"""Addresses of the merchant's shop, below /espace/<merchant>/."""

from django.urls import path

from shop.enquiries import space as enquiries
from shop.leaving import views as leaving
from shop.messages import views as exchanges
from shop.recalls import space as recalls
from shop.receipts import views as receipts
from shop.reviews import space as reviews
from shop.space import (
    collection,
    delivery,
    exports,
    imports,
    new_terms,
    products,
    promotions,
    proposals,
    quick_add,
    refusals,
    rounds,
    shop,
    statistics,
    today,
    views,
)
from shop.substitution.space import propose_substitute
from shop.weighing.space import weigh_order
from shop.withdrawal import space as withdrawals

urlpatterns = [
    path("", today.today, name="merchant_today"),
    path("commandes/", views.merchant_orders, name="merchant_orders"),
    path("commandes.csv", exports.orders_table, name="orders_table"),
    path("commandes/nouvelles/", views.new_orders, name="new_orders"),
    path("commandes/a-preparer/", views.packing_list, name="packing_list"),
    path("commandes/<slug:number>/", views.change_order, name="change_order"),
    path("commandes/<slug:number>/annuler/", refusals.cancel_order, name="cancel_order"),
    path("commandes/<slug:number>/manque/", refusals.missing_items, name="missing_items"),
    path("commandes/<slug:number>/remplacer/<int:line>/", propose_substitute, name="propose_substitute"),
    path("commandes/<slug:number>/peser/", weigh_order, name="weigh_order"),
    path("commandes/<slug:number>/horaire/", proposals.propose_time, name="propose_time"),
    path("retraits/", collection.collection_settings, name="collection_settings"),
    path("tournee/", rounds.rounds_sheet, name="rounds_sheet"),
    path("tournee.csv", rounds.rounds_table, name="rounds_table"),
    path("livraison/", delivery.delivery_settings, name="delivery_settings"),
    path("livraison/pause/", delivery.pause, name="pause_delivery"),
    path("commandes/<slug:number>/messages/", exchanges.of_merchant, name="merchant_messages"),
    path("demandes/", enquiries.listed, name="merchant_enquiries"),
    path("demandes/reglage/", enquiries.change_setting, name="enquiry_setting"),
    path("demandes/<int:enquiry_pk>/", enquiries.answer, name="answer_enquiry"),
    path("avis/", reviews.listed, name="merchant_reviews"),
    path("recus/", receipts.listed, name="merchant_receipts"),
    path("recus/mandat/", receipts.mandate, name="receipt_mandate"),
    path("recus/<int:receipt_pk>.pdf", receipts.of_merchant, name="merchant_receipt"),
    path("recus/annee-<int:year>.csv", receipts.year_table, name="receipts_of_year"),
    path("retractations/", withdrawals.listed, name="merchant_withdrawals"),
    path("retractations/<int:withdrawal_pk>/", withdrawals.change, name="change_withdrawal"),
    path("statistiques/", statistics.statistics, name="merchant_statistics"),
    path("boutique/", shop.merchant_shop, name="merchant_shop"),
    path("boutique/conditions/nouvelles/", new_terms.read, name="new_terms"),
    path("boutique/conditions/", shop.accept_terms, name="accept_shop_terms"),
    path("boutique/essai/", shop.rehearse, name="rehearse_shop"),
    path("boutique/pause/", shop.pause, name="pause_shop"),
    path("produits/", products.listed, name="merchant_products"),
    path("produits/nouveau/", products.edit, name="new_product"),
    path("produits/vite/", quick_add.quick_add, name="quick_product"),
    path("produits/prix/", products.prices, name="product_prices"),
    path("produits/importer/", imports.send, name="import_products"),
    path("produits/importer/<int:import_pk>/", imports.show, name="product_import"),
    path("produits/articles.csv", imports.export, {"kind": "csv"}, name="export_products"),
    path("produits/articles.xlsx", imports.export, {"kind": "xlsx"}, name="export_products_workbook"),
    path("produits/<int:product_pk>/rappel/", recalls.ask, name="ask_recall"),
    path("produits/<int:product_pk>/promotion/", promotions.promote, name="promote_product"),
    path("produits/<int:product_pk>/", products.edit, name="edit_product"),
    path("quitter/", leaving.leave, name="leave"),
    path("quitter/archive-<int:archive_pk>.zip", leaving.fetch, name="merchant_archive"),
    path("mes-donnees.json", exports.merchant_data, name="merchant_data"),
]
