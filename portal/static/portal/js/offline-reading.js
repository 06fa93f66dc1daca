/**
 * <offline-reading src="/service-worker.js" hidden><button></button> <span role="status"></span></offline-reading>
 * keeps the pages one reads for when there is no network, once one asks for it, and forgets them on a second press.
 *
 * The browser remembers the choice: it is the registration of the worker. Nothing is stored before the first press.
 */
class OfflineReading extends HTMLElement {
  async connectedCallback() {
    if (!navigator.serviceWorker) return;
    this.button = this.querySelector("button");
    this.show(Boolean(await navigator.serviceWorker.getRegistration()));
    this.button.addEventListener("click", () => (this.isOn ? this.forget() : this.keep()));
    this.hidden = false;
  }

  async keep() {
    await navigator.serviceWorker.register(this.getAttribute("src"));
    const { active } = await navigator.serviceWorker.ready;
    // This page and its pieces came before the worker.
    active.postMessage([location.pathname, ...performance.getEntriesByType("resource").map(({ name }) => name)]);
    this.show(true, "C’est fait. Les communes et commerces que vous lirez resteront lisibles sans réseau.");
  }

  async forget() {
    await (await navigator.serviceWorker.getRegistration())?.unregister();
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    this.show(false, "C’est fait. Plus aucune page n’est gardée sur cet appareil.");
  }

  show(isOn, said = "") {
    this.isOn = isOn;
    this.button.textContent = isOn ? "Ne plus garder les pages lues" : "Garder les pages lues hors connexion";
    this.querySelector("[role=status]").textContent = said;
  }
}

customElements.define("offline-reading", OfflineReading);
