/* Of two versions of an answer one was chosen. The server holds both, so this device need keep neither. */
import { Journal } from "./journal.js";
import { Fields } from "./text.js";

const start = () => {
  const form = document.querySelector("[data-choosing]");
  if (!form || !globalThis.indexedDB) return;
  const { person, submission, question } = form.dataset;
  const fields = new Fields(form);
  const before = fields.text();
  let isGoing = false;
  form.addEventListener("submit", async (event) => {
    if (isGoing) return;
    event.preventDefault();
    await new Journal().clear({ person, submission, question: Number(question) }).catch(() => {});
    isGoing = true;
    setTimeout(() => form.requestSubmit(event.submitter));
  });
  window.addEventListener("pageshow", () => (isGoing = false));
  window.addEventListener("beforeunload", (event) => {
    if (!isGoing && fields.text() !== before) event.preventDefault();
  });
};

start();
