/**
 * <order-desk src="/espace/12/commandes/nouvelles/" newest="345"> on a merchant's list of orders.
 *
 * It asks now and then whether an order came since the page was shown: each minute while the page is looked at, each
 * five minutes while it is not, ever more rarely while the network fails. It tells by the title, a sentence and, once
 * somebody has asked for it, a sound. A button of an order that meets no network is pressed again by itself: the server
 * does each act once, however often it is asked (shop/orders.py). Without JavaScript the page works as any other.
 */
const MINUTE = 60_000;
const SEEN = MINUTE;
const UNSEEN = 5 * MINUTE;
const LONGEST = 15 * MINUTE;
const TRIES = 8;
const LONGEST_TRY = 30_000;

class OrderDesk extends HTMLElement {
  connectedCallback() {
    this.title_ = document.title;
    this.failures = 0;
    this.told = 0;
    this.querySelector("button")?.addEventListener("click", (event) => this.allowSound(event.target));
    this.list = this.closest("[data-desk]") ?? document;
    this.list.addEventListener("submit", (event) => this.send(event));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.ask();
    });
    this.hidden = false;
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  /** How long to wait before the next question, in milliseconds. */
  get pause() {
    const usual = document.hidden ? UNSEEN : SEEN;
    return Math.min(usual * 2 ** this.failures, Math.max(usual, LONGEST));
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.pause);
  }

  async ask() {
    clearTimeout(this.timer);
    try {
      const answer = await fetch(`${this.getAttribute("src")}?depuis=${this.getAttribute("newest")}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      this.failures = 0;
      this.tell((await answer.json()).count);
    } catch {
      this.failures += 1;
    }
    this.wait();
  }

  tell(count) {
    if (!count) return;
    const words = count > 1 ? `${count} nouvelles commandes` : "1 nouvelle commande";
    document.title = `(${count}) ${this.title_}`;
    const status = this.querySelector("[role=status]");
    const link = Object.assign(document.createElement("a"), {
      href: location.pathname,
      textContent: "Afficher",
    });
    status.replaceChildren(`${words}. `, link);
    if (count > this.told) this.ring();
    this.told = count;
  }

  allowSound(button) {
    this.sound = new AudioContext();
    button.hidden = true;
    this.ring();
  }

  ring() {
    if (!this.sound) return;
    const now = this.sound.currentTime;
    const volume = this.sound.createGain();
    volume.gain.setValueAtTime(0.2, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.8);
    const tone = this.sound.createOscillator();
    tone.frequency.setValueAtTime(880, now);
    tone.frequency.setValueAtTime(1175, now + 0.2);
    tone.connect(volume).connect(this.sound.destination);
    tone.start(now);
    tone.stop(now + 0.8);
  }

  /** Show where an act led: this list, as it is shown, or the page that asks for more. */
  go(url) {
    if (url === location.pathname) location.reload();
    else location.assign(url);
  }

  /** Send an order's form; where there is no network, try again by itself. */
  async send(event) {
    const form = event.target;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    form.append(told);
    const body = new URLSearchParams(new FormData(form, event.submitter));
    for (let tried = 0; tried < TRIES; tried += 1) {
      try {
        const headers = { Accept: "application/json" };
        const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
        if (answer.type === "opaqueredirect") location.reload();
        else if (answer.ok) this.go((await answer.json()).url);
        else form.submit();
        return;
      } catch {
        const pause = Math.min(1000 * 2 ** tried, LONGEST_TRY);
        told.textContent = "Pas de réseau\u00a0: nous réessayons. Gardez cette page ouverte.";
        await new Promise((resolve) => {
          setTimeout(resolve, pause);
          addEventListener("online", resolve, { once: true });
        });
      }
    }
    told.textContent = "Toujours pas de réseau\u00a0: rien n’a été envoyé. Appuyez de nouveau quand il est revenu.";
    delete form.dataset.sending;
  }
}

customElements.define("order-desk", OrderDesk);
