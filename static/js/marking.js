/* Keyboard marking, a live count, and a warning before marks that are not saved are left. Saving needs none of it. */

const start = () => {
  const form = document.querySelector("[data-marks]");
  if (!form) return;
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  const values = { 1: "met", 2: "partly_met", 3: "not_met" };
  const isMarked = (criterion) => criterion.querySelector(".judgements input:checked") !== null;

  const count = () => {
    const marked = criteria.filter(isMarked).length;
    for (const place of document.querySelectorAll("[data-marked]")) place.textContent = marked;
  };

  /* Only where a judgement has the focus, so that no other key press is taken. */
  form.addEventListener("keydown", (event) => {
    const value = values[event.key];
    if (!value || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".judgements")) return;
    const here = event.target.closest("[data-criterion]");
    const choice = here.querySelector(`.judgements input[value="${value}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    const next = criteria[criteria.indexOf(here) + 1];
    const target = next ? next.querySelector(".judgements input:checked, .judgements input") : form.querySelector(".save-bar button");
    if (target) target.focus();
  });

  /* As the page stands now: without this script the link leads to what was unmarked when it was opened. */
  document.querySelector("[data-first-unmarked]")?.addEventListener("click", (event) => {
    const next = criteria.find((criterion) => !isMarked(criterion));
    if (!next) return;
    event.preventDefault();
    next.scrollIntoView();
    next.querySelector(".judgements input").focus({ preventScroll: true });
  });

  let unsaved = false;
  form.addEventListener("change", count);
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("change", () => (unsaved = true));
  form.addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  count();
};

start();
