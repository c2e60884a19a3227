/* The two things that a page cannot do without a script: read an error summary out when a page
   comes back with one, and close the account menu when one leaves it. */

const focusSummary = (root) => {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
};
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

const menu = document.querySelector(".account-menu");
if (menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}
