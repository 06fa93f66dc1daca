/**
 * <near-me href="/recherche/" hidden><button>…</button></near-me> searches around the visitor, once they ask for it.
 *
 * What for stands in its form, or in the attribute `what`.
 * The position is rounded to a hundredth of a degree, a kilometre or so, before it leaves the browser.
 */
class NearMe extends HTMLElement {
  connectedCallback() {
    if (!navigator.geolocation) return;
    this.hidden = false;
    const button = this.querySelector("button");
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.search(coords),
        () => this.refuse(button),
        { maximumAge: 600_000, timeout: 10_000 },
      );
    });
  }

  search({ latitude, longitude }) {
    const typed = (this.closest("form")?.elements.q?.value ?? this.getAttribute("what") ?? "").trim();
    const asked = new URLSearchParams(typed ? { q: typed } : {});
    asked.set("autour", `${latitude.toFixed(2)},${longitude.toFixed(2)}`);
    location.assign(`${this.getAttribute("href")}?${asked}`);
  }

  refuse(button) {
    button.disabled = false;
    const status = this.querySelector("[role=status]");
    status.textContent = "Votre position n’est pas disponible. Tapez le nom de votre commune.";
  }
}

customElements.define("near-me", NearMe);
