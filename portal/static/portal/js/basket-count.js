/**
 * <basket-count src="/boutique/panier/nombre/"> shows how many articles wait in the basket.
 *
 * The pages are the same for everyone; the shop only asks once a basket exists, which its cookie `panier` tells.
 * Without it, or without JavaScript, the link around it simply says « Mon panier ».
 */
class BasketCount extends HTMLElement {
  async connectedCallback() {
    if (!document.cookie.split("; ").some((cookie) => cookie.startsWith("panier="))) return;
    const answer = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { count } = await answer.json();
    if (!count) return;
    this.textContent = count;
    this.hidden = false;
    this.closest("a").setAttribute(
      "aria-label",
      `Mon panier, ${count} ${count > 1 ? "articles" : "article"}`,
    );
  }
}

customElements.define("basket-count", BasketCount);
