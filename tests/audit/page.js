// What the audit asks of an open page. Installed by tests/audit before the page loads, as window.audit.
window.audit = {
  path(element) {
    const parts = [];
    for (let node = element; node?.nodeType === 1 && parts.length < 4; node = node.parentElement) {
      const name = node.getAttribute("class")?.trim().split(/\s+/)[0];
      parts.unshift(node.id ? `#${node.id}` : node.localName + (name ? `.${name}` : ""));
      if (node.id) break;
    }
    return parts.join(" > ");
  },

  isVisible(element) {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && !element.closest("[inert]");
  },

  visible(selector) {
    return [...document.querySelectorAll(selector)].filter(this.isVisible);
  },

  name(element) {
    const text = node => node?.textContent.trim() ?? "";
    const labelledBy = (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).map(id => text(document.getElementById(id)));
    return [
      element.getAttribute("aria-label"), labelledBy.join(" ").trim(), [...(element.labels ?? [])].map(text).join(" "),
      text(element), [...element.querySelectorAll("img")].map(image => image.alt).join(" ").trim(), element.title, element.alt,
      ["submit", "reset", "button"].includes(element.type) ? element.value || element.type : "",
    ].find(Boolean)?.replace(/\s+/g, " ").slice(0, 60) ?? "";
  },

  controls() {
    return this.visible("a[href],button,input,select,textarea,summary,[tabindex],[contenteditable=true]")
      .filter(element => !element.disabled && element.tabIndex >= 0);
  },

  overflow() {
    const excess = document.documentElement.scrollWidth - innerWidth;
    if (excess <= 0) return [];
    const scrolls = element => element && element !== document.body && (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const widest = this.visible("body *").filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element.parentElement));
    return [`${excess} px too wide: ${widest.slice(0, 3).map(this.path).join("; ")}`];
  },

  // The end of a breadcrumb may give way: it says what the title says.
  clipped() {
    const title = document.querySelector("h1")?.textContent.trim();
    return this.visible("body *").filter(element => element.textContent.trim() !== title)
      .filter(element => !element.children.length && element.textContent.trim() && element.clientWidth > 2)
      .filter(element => /hidden|clip/.test(getComputedStyle(element).overflow))
      .filter(element => element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 2)
      .map(this.path);
  },

  // A target is large enough when a finger hits it over 44 px each way; links within a sentence are exempt. The marks of
  // a map, which at 44 px would hide one another and do what the list beside them does, keep to WCAG 2.5.8: 24 px.
  smallTargets() {
    const half = 21, least = element => element.closest("svg") ? 24 : 43.5;
    const inSentence = element => getComputedStyle(element).display === "inline"
      && [...element.parentElement.childNodes].some(node => node.nodeType === 3 && /\w/.test(node.textContent));
    const hits = (element, x, y) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (element.contains(hit) || hit.contains(element) && hit.localName === "label"
        || [...(element.labels ?? [])].some(label => label.contains(hit)));
    };
    return this.controls().filter(element => element.localName !== "main" && !inSentence(element)).flatMap(element => {
      element.scrollIntoView({ block: "center", inline: "center" });
      const boxes = [element, ...(element.labels ?? [])].map(each => each.getBoundingClientRect());
      if (boxes.some(box => box.width >= least(element) && box.height >= least(element))) return [];
      const box = boxes[0], x = box.x + box.width / 2, y = box.y + box.height / 2;
      const missed = [];
      const spans = [[-half, half], [0, 2 * half], [-2 * half, 0]]; // a card's link need not be in its middle
      const isWide = spans.some(ends => ends.every(end => hits(element, x + end, y)));
      const isHigh = spans.some(ends => ends.every(end => hits(element, x, y + end)));
      if (box.width < 43.5 && !isWide) missed.push("width");
      if (box.height < 43.5 && !isHigh) missed.push("height");
      return missed.length ? [`${this.path(element)} "${this.name(element)}" ${Math.round(box.width)} × ${Math.round(box.height)}`] : [];
    });
  },

  unseenControls() {
    return this.visible("button,input:not([type=hidden],[type=checkbox],[type=radio],[type=file]),select,textarea")
      .filter(element => {
        const style = getComputedStyle(element);
        return parseFloat(style.borderTopWidth) === 0 && parseFloat(style.borderBottomWidth) === 0 && style.outlineStyle === "none"
          && !(parseFloat(getComputedStyle(element.parentElement).borderTopWidth) > 0);
      }).map(this.path);
  },

  moving() {
    return document.getAnimations().filter(each => each.playState === "running" && each.effect.getTiming().duration > 1)
      .map(each => this.path(each.effect.target));
  },

  loneErrors() {
    const summaries = this.visible("[role=alert] a[href^='#']").map(link => link.hash.slice(1));
    return this.visible("[aria-invalid=true]").flatMap(field => {
      const group = field.type === "radio" ? field.closest("fieldset") : null; // which carries the error of all its choices
      const told = [field, group].map(each => each?.getAttribute("aria-describedby") ?? "").join(" ");
      const words = told.split(/\s+/).map(id => document.getElementById(id)?.textContent.trim());
      const faults = [];
      if (!words.some(Boolean)) faults.push(`${this.path(field)}: its error is not tied to it`);
      if (!summaries.some(id => document.getElementById(id)?.contains(field))) faults.push(`${this.path(field)}: no link of the summary leads to it`);
      return faults;
    });
  },

  // [criterion of the RGAA, what is wrong]
  structure() {
    const found = [], note = (criterion, text, elements) => elements.forEach(element => { found.push([criterion, `${text}: ${this.path(element)}`]); });
    const all = selector => [...document.querySelectorAll(selector)];
    if (document.documentElement.lang !== "fr") found.push(["8.3", "the page does not say that it is in French"]);
    if (this.visible("main").length !== 1) found.push(["9.2", "not exactly one visible <main>"]);
    if (all("h1").length !== 1) found.push(["9.1", "not exactly one <h1>"]);
    const levels = all("h1,h2,h3,h4,h5,h6").map(heading => +heading.localName[1]);
    if (levels.some((level, i) => i && level > levels[i - 1] + 1)) found.push(["9.1", `a heading level is skipped: ${levels.join("")}`]);
    for (const landmark of ["header", "nav", "footer"]) if (!all(landmark).length) found.push(["9.2", `no <${landmark}>`]);
    if (/user-scalable\s*=\s*(no|0)|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content ?? "")) found.push(["10.4", "zooming is forbidden"]);
    note("10.1", "presentation in the markup", all("[style],[bgcolor],[align],font,center,big,tt,marquee"));
    note("13.1", "refreshes by itself", all("meta[http-equiv=refresh i]"));
    note("13.2", "opens a window without saying so", all("a[target=_blank]").filter(link => !/nouvel/i.test(this.name(link) + link.title)));
    note("4.10", "plays by itself", all("video[autoplay],audio[autoplay]"));
    note("2.1", "frame without title", all("iframe").filter(frame => !frame.title.trim()));
    note("1.1", "image without alt", all("img:not([alt])"));
    note("6.2", "link without words", this.visible("a[href]").filter(link => !this.name(link)));
    const fields = this.visible("input:not([type=hidden],[type=submit],[type=button]),select,textarea");
    note("11.1", "field without label", fields.filter(field => !this.name(field)));
    note("11.10", "required, and does not say so", fields.filter(field => field.required && field.type !== "radio"
      && !/obligatoire/i.test(this.name(field) + (field.form?.textContent ?? ""))));
    const personal = { email: /e-?mail|courriel/i, tel: /téléphone/i, name: /^nom|prénom/i };
    note("11.13", "personal, without autocomplete", fields.filter(field => /^(text|email|tel)$/.test(field.type) && !field.autocomplete
      && Object.values(personal).some(pattern => pattern.test(this.name(field)))));
    return found;
  },

  // What decides whether a part of the RGAA applies.
  contents() {
    return {
      frames: document.querySelectorAll("iframe,frame,object,embed").length,
      media: document.querySelectorAll("video,audio").length,
      tables: document.querySelectorAll("table").length,
      forms: this.visible("input:not([type=hidden]),select,textarea").length,
      documents: document.querySelectorAll("a[href^='/documents/']").length,
    };
  },
};
