/* While an answer is typed: how many words it has, and a warning before leaving without saving. */
(() => {
  "use strict";

  const form = document.querySelector("[data-answering]");
  if (!form) return;
  const answer = form.querySelector("textarea");
  const count = form.querySelector("[data-words]");
  const before = answer.value;
  let leaving = false;

  const tell = () => {
    const words = (answer.value.match(/\S+/g) || []).length;
    count.textContent = words === 1 ? count.dataset.one : count.dataset.many.replace("%s", words);
  };
  tell();
  answer.addEventListener("input", tell);
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && answer.value !== before) event.preventDefault();
  });
})();
