"""What stands under « Boutiques » in the admin's menu."""

from wagtail.admin.viewsets.base import ViewSetGroup

from shop.backoffice.lists import CallViewSet, OrderViewSet, ProductViewSet, ShopViewSet
from shop.backoffice.message_lists import ExchangeViewSet
from shop.backoffice.recall_pages import RecallViewSet
from shop.backoffice.review_lists import ReviewViewSet
from shop.backoffice.withdrawal_lists import OverdueViewSet, WithdrawalViewSet


class Shops(ViewSetGroup):
    """All of it, under one heading."""

    items = (
        CallViewSet("shop_calls", url_prefix="boutiques/a-appeler"),
        OrderViewSet("shop_orders", url_prefix="boutiques/commandes"),
        OverdueViewSet("shop_refunds", url_prefix="boutiques/a-rembourser"),
        WithdrawalViewSet("shop_withdrawals", url_prefix="boutiques/retractations"),
        ExchangeViewSet("shop_messages", url_prefix="boutiques/messages"),
        ReviewViewSet("shop_reviews", url_prefix="boutiques/avis"),
        RecallViewSet("shop_recalls", url_prefix="boutiques/rappels"),
        ShopViewSet("shops", url_prefix="boutiques"),
        ProductViewSet("articles", url_prefix="boutiques/articles"),
    )
    menu_label = "Boutiques"
    menu_icon = "home"
