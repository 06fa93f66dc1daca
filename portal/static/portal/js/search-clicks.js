/**
 * <search-clicks src="/recherche/clic/" first="1"> counts which rank of a list of results is opened.
 *
 * It stands in the list's section. What it sends is what was asked and the rank: no cookie, no id, no position. Without
 * JavaScript nothing is counted.
 */
class SearchClicks extends HTMLElement {
  connectedCallback() {
    this.parentElement.addEventListener("click", (event) => this.count(event.target));
  }

  count(target) {
    const opened = target.closest("a[href]");
    const card = opened && !opened.closest(".why") && opened.closest("article");
    if (!card) return;
    const cards = [...this.parentElement.querySelectorAll("article")];
    const here = new URLSearchParams(location.search);
    const asked = ["q", "ou", "categorie"].map((name) => [name, here.get(name) ?? ""]);
    const rank = Number(this.getAttribute("first")) + cards.indexOf(card);
    navigator.sendBeacon(this.getAttribute("src"), new URLSearchParams([...asked, ["rang", rank]]));
  }
}

customElements.define("search-clicks", SearchClicks);
