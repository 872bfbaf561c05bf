"use strict";
(() => {
  const form = document.querySelector("form");
  if (!form) return;
  form.hidden = false;
  const articles = [...document.querySelectorAll("article")].map((element) => ({ element, words: element.textContent.toLowerCase() }));
  const groups = [...document.querySelectorAll("[data-group]")];
  const shown = document.getElementById("shown");
  const apply = () => {
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const rule = form.elements.rule.value;
    const fixable = form.elements.fixable.checked;
    let count = 0;
    for (const { element, words: text } of articles) {
      const { severity, rule: code, fix } = element.dataset;
      const fits = severities.has(severity) && (!rule || rule === code) && (!fixable || fix) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      count += fits;
    }
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    shown.textContent = `${count} of ${articles.length} shown`;
    if (count < articles.length && count < 200) for (const group of groups) if (!group.hidden && group.open === false) group.open = true;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest && event.target.closest("[data-show]");
    if (!wanted) return;
    form.elements.rule.value = wanted.dataset.show;
    apply();
  });
  const open = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const group = target && target.closest("details");
    if (group) { group.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  open();
  apply();
})();
