/* The four things that a page cannot do without a script: read an error summary out when a page comes
   back with one, close the account menu when one leaves it, print, and copy an address. */

const focusSummary = (root) => {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
};
const offerPrinting = (root) => {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
};
focusSummary(document);
offerPrinting(document);
document.addEventListener("htmx:afterSwap", (event) => {
  focusSummary(event.target);
  offerPrinting(event.target);
});

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

// A browser gives its clipboard to pages over https and of this machine alone.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const note = button.parentElement.querySelector("[role=status]");
    const { copy, copied, notCopied } = button.dataset;
    // Emptied first: what is said a second time is read out a second time.
    note.textContent = "";
    try {
      await navigator.clipboard.writeText(copy);
      note.textContent = copied;
    } catch {
      note.textContent = notCopied;
    }
  });
}
