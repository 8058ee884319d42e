// The page's own words, in the language that the reader chooses. The choice is kept where the browser allows it.
window.pageLanguage = (() => {
  "use strict";
  const { texts, terms, patterns } = window.pageWords;
  const KEY = "pacts-language";
  const listeners = [];
  let language = "en";

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  /** One of the page's texts, with its gaps filled. */
  const text = (key, values = {}) => fill(texts[language][key] ?? texts.en[key] ?? key, values);
  /** What a word of the data that the page knows is in the reader's language, or nothing. */
  function translated(words) {
    if (Object.hasOwn(terms[language] || {}, words)) return terms[language][words];
    for (const [before, after, template] of patterns[language] || []) {
      if (words.length > before.length + after.length && words.startsWith(before) && words.endsWith(after)) {
        return template.replace("{}", () => words.slice(before.length, words.length - after.length));
      }
    }
    return null;
  }
  const term = (words) => translated(words) ?? words;
  const known = (words) => language === "en" || translated(words) !== null;

  const SCRIPTS = [["hi", /\p{Script=Devanagari}/u], ["ru", /\p{Script=Cyrillic}/u], ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
    ["zh", /\p{Script=Han}/u], ["ko", /\p{Script=Hangul}/u], ["ar", /\p{Script=Arabic}/u]];
  /** The language of a name or a title, guessed from its script, so that it is pronounced right. */
  const tongue = (words) => (/^[\u0000-\u024f\u2000-\u206f]*$/u.test(words) ? "en" : (SCRIPTS.find(([, script]) => script.test(words)) || ["en"])[0]);

  function remembered() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function apply() {
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll("[data-text]")) {
      element.textContent = text(element.dataset.text, JSON.parse(element.dataset.values || "{}"));
    }
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.dataset.label));
    for (const element of document.querySelectorAll("[data-term]")) {
      element.textContent = term(element.dataset.term);
      element.lang = known(element.dataset.term) ? language : "en";
    }
    for (const element of document.querySelectorAll("[data-hindi]")) {
      element.dataset.english ??= element.textContent;
      element.textContent = language === "hi" ? element.dataset.hindi : element.dataset.english;
      element.lang = language;
    }
    const button = document.getElementById("language");
    button.textContent = language === "en" ? "हिन्दी" : "English";
    button.lang = language === "en" ? "hi" : "en";
    button.hidden = false;
    for (const listener of listeners) listener();
  }

  function use(wanted) {
    if (!Object.hasOwn(texts, wanted) || wanted === language) return;
    language = wanted;
    try { localStorage.setItem(KEY, language); } catch { /* a private window: it holds for this page */ }
    apply();
  }

  const saved = remembered();
  if (saved && Object.hasOwn(texts, saved)) language = saved;
  document.getElementById("language").addEventListener("click", () => use(language === "en" ? "hi" : "en"));
  apply();
  return { text, term, known, tongue, use, current: () => language, onChange: (listener) => listeners.push(listener) };
})();
