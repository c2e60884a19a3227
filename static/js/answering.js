/* While an answer is typed: how many words it has, and a warning before leaving without saving. */
(() => {
  "use strict";

  const form = document.querySelector("[data-answering]");
  if (!form) return;
  const texts = [...form.querySelectorAll("textarea")];
  const count = form.querySelector("[data-words]");
  const stands = () => [...new FormData(form)].filter(([name]) => !name.startsWith("csrf")).join("\n");
  const before = stands();
  let leaving = false;

  const tell = () => {
    const words = texts.reduce((sum, text) => sum + (text.value.match(/\S+/g) || []).length, 0);
    count.textContent = words === 1 ? count.dataset.one : count.dataset.many.replace("%s", words);
  };
  tell();
  form.addEventListener("input", tell);
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && stands() !== before) event.preventDefault();
  });
})();
