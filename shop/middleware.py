"""The shopper's basket on each request, and its two cookies."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, empty
from oscar.apps.basket.middleware import BasketMiddleware as OscarBasketMiddleware
from oscar.core.loading import get_model

from portal.oscar_settings import OSCAR_BASKET_COOKIE_OPEN

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")


class ShopRequest(HttpRequest):
    """A request as Oscar's middleware leaves it."""

    basket: Any
    _basket_cache: Any
    cookies_to_delete: list[str]


MARKER = "panier"  # tells basket-count.js that asking for the count is worth it


def cookie_basket_id(request: HttpRequest) -> int | None:
    """Return the id of the basket that an anonymous shopper's signed cookie names, or None."""
    try:
        return int(Signer().unsign(request.COOKIES[OSCAR_BASKET_COOKIE_OPEN]))
    except (KeyError, BadSignature, ValueError):
        return None


class BasketMiddleware(OscarBasketMiddleware):
    """Oscar's, with cookies that exist only while there is something in the basket.

    ``oscar_open_basket`` names an anonymous basket and no script can read it; ``panier`` holds nothing but the fact
    that there is one. A page that leaves ``request.basket`` alone sets neither and needs no session.
    """

    def apply_offers_to_basket(self, request: ShopRequest, basket: Any) -> None:
        """Apply none: the portal has no offers."""

    def get_cookie_basket(self, cookie_key: str, request: ShopRequest, manager: Any) -> Any:
        """Return the open basket that the cookie names; a cookie that names none is deleted, as Oscar does."""
        if cookie_key not in request.COOKIES:
            return None
        basket = Basket.open.filter(pk=cookie_basket_id(request) or 0, owner=None).first()
        if basket is None:
            request.cookies_to_delete.append(cookie_key)
        return basket

    def get_basket(self, request: ShopRequest) -> Any:
        """Return the shopper's basket; who logs in finds in it what was chosen before, and is told so.

        Oscar does that too, but says it in English: its message has no translation.
        """
        if request._basket_cache is None and request.user.is_authenticated:
            self._bring_in(request)
        return super().get_basket(request)

    def _bring_in(self, request: ShopRequest) -> None:
        chosen = self.get_cookie_basket(self.get_cookie_key(request), request, Basket.open)
        if chosen is None:
            return
        own = Basket.open.filter(owner=request.user).order_by("pk").first()
        count = chosen.num_items
        self.merge_baskets(own or Basket.open.create(owner=request.user), chosen)
        if count:
            messages.success(
                request,
                "L’article choisi avant votre connexion est dans votre panier."
                if count == 1
                else f"Les {count} articles choisis avant votre connexion sont dans votre panier.",
            )

    def process_response(self, request: ShopRequest, response: Any) -> Any:
        basket = request.basket
        if isinstance(basket, SimpleLazyObject) and basket._wrapped is empty:
            return response

        has_lines = bool(
            basket.id is not None and basket.can_be_edited and Line.objects.filter(basket=basket.id).exists()
        )
        is_named = has_lines and not request.user.is_authenticated
        name = is_named and self.get_basket_hash(basket.id)
        self._keep(request, response, OSCAR_BASKET_COOKIE_OPEN, name, again=request.method == "POST")
        self._keep(request, response, MARKER, has_lines and "1", httponly=False, again=request.method == "POST")
        return response

    def _keep(
        self, request: ShopRequest, response: Any, name: str, value: Any, httponly: bool = True, again: bool = False
    ) -> None:
        """Make the browser hold ``value`` under ``name``, or nothing, saying so only when that changes.

        again: say it anyhow: a basket that is changed is kept thirty days from then.
        """
        if value and (again or request.COOKIES.get(name) != value):
            response.set_cookie(
                name,
                value,
                max_age=settings.OSCAR_BASKET_COOKIE_LIFETIME,
                secure=settings.OSCAR_BASKET_COOKIE_SECURE,
                httponly=httponly,
                samesite="Lax",
            )
        elif not value and name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
