/* The custom elements of all pages; joined into one file when static files are collected (portal/staticfiles.py). */
import "./basket-count.js";
import "./near-me.js";
import "./offline-reading.js";
import "./search-clicks.js";
import "./search-suggestions.js";
