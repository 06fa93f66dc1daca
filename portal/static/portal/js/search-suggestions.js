/**
 * <search-suggestions src="/recherche/suggestions?q="> around a field proposes what begins as typed.
 *
 * The combobox pattern of the ARIA guide: arrows choose, Enter takes, Escape closes. With the attribute `fills`, what is
 * taken goes into the field; without it, it leads to its page, and a search keeps what « Où ? » holds unless it says
 * where itself. Without JavaScript it is the plain field that it wraps.
 */
const PAUSE = 120; // milliseconds without a key before asking

class SearchSuggestions extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", this.list.id],
      ["aria-expanded", "false"],
      ["autocomplete", "off"],
    ])
      this.input.setAttribute(name, value);

    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    });
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  async ask() {
    const typed = this.input.value;
    const answer = await fetch(this.getAttribute("src") + encodeURIComponent(typed)).catch(() => null);
    if (!answer?.ok || typed !== this.input.value || document.activeElement !== this.input) return;
    const { suggestions } = await answer.json();
    this.list.replaceChildren(...suggestions.map((suggestion, index) => this.option(suggestion, index)));
    this.choose(null);
    this.open(suggestions.length > 0);
    this.status.textContent = suggestions.length
      ? `${suggestions.length} ${suggestions.length > 1 ? "suggestions" : "suggestion"}`
      : "";
  }

  option({ kind, label, detail, url }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.className = "suggestions__option";
    option.dataset.label = label;
    option.dataset.url = url;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.textContent = label;
    const what = document.createElement("span");
    what.className = "suggestions__kind";
    what.textContent = detail ? `${kind}, ${detail}` : kind;
    option.append(name, " ", what);
    return option;
  }

  press(event) {
    const options = [...this.list.children];
    const at = options.indexOf(this.chosen);
    if (event.key === "Escape") {
      if (!this.list.hidden) event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.chosen) {
      event.preventDefault();
      this.take(this.chosen);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      this.open(true);
      const next = event.key === "ArrowDown" ? at + 1 : (at < 0 ? options.length : at) - 1;
      this.choose(options[next] ?? null);
    }
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  take(option) {
    this.close();
    if (this.hasAttribute("fills")) this.input.value = option.dataset.label;
    else location.assign(this.address(option.dataset.url));
  }

  address(url) {
    const { action, elements } = this.input.form;
    const leads = new URL(url, location);
    const where = elements.ou?.value.trim();
    if (leads.pathname === new URL(action).pathname && where && !leads.searchParams.has("ou"))
      leads.searchParams.set("ou", where);
    return leads;
  }

  open(is) {
    this.list.hidden = !is;
    this.input.setAttribute("aria-expanded", String(is));
  }

  close() {
    clearTimeout(this.timer);
    this.choose(null);
    this.open(false);
  }
}

customElements.define("search-suggestions", SearchSuggestions);
