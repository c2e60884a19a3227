/* Signing out at a device that still keeps words: asked first. Nothing of theirs stays on it afterwards.

   Also on pages that answer nothing: at the sign-in page it says that words wait here for their author, and on any
   other it forgets what the server has destroyed the key of. */
import { Journal } from "./journal.js";
import { openPage } from "./open_page.js";
import { Server } from "./server.js";

const start = () => {
  if (!globalThis.indexedDB) return;
  const { person } = document.body.dataset;
  const journal = new Journal();

  const tellThatWordsWait = async () => {
    const place = document.querySelector("[data-device-keeps]");
    if (place && (await journal.entries({})).length) place.hidden = false;
  };

  /* Twenty-four hours after the course nobody can read them any more. */
  const forgetDestroyed = async () => {
    if (document.querySelector("[data-question], [data-finishing]")) return;
    const kept = await journal.entries({ person });
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const enrolment of new Set(kept.map((entry) => entry.enrolment))) {
      const { status, told } = await new Server(new URL(`/my/${enrolment}/`, location.href), token).journal();
      if (status === 200 && told.person === person && told.key === null) {
        await journal.clear({ person, submission: told.submission });
      }
    }
  };

  /* Resolves to what they chose: to stay, or to discard. The file can be saved first. */
  const ask = (kept) =>
    new Promise((resolve) => {
      const dialog = document.getElementById("leaving").content.firstElementChild.cloneNode(true);
      document.body.append(dialog);
      for (const button of dialog.querySelectorAll("button")) {
        button.addEventListener("click", () => (button.value === "file" ? save() : dialog.close(button.value)));
      }
      const file = dialog.querySelector("[value=file]");
      file.hidden = !kept.length;
      const save = () => {
        for (const submission of new Set(kept.map((entry) => entry.submission))) {
          Journal.save(kept.filter((entry) => entry.submission === submission));
        }
        dialog.querySelector("[data-saved]").hidden = false;
      };
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue || "stay");
      });
      dialog.showModal();
    });

  const leave = async (form) => {
    /* What stands on this page may still be on its way. */
    const isSaved = await openPage.flush();
    const kept = await journal.entries({ person }).catch(() => []);
    if ((kept.length || !isSaved) && (await ask(kept)) !== "discard") return;
    await journal.clear({ person }).catch(() => {});
    openPage.leave();
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(form);
    });
  }
  (person ? forgetDestroyed() : tellThatWordsWait()).catch(() => {});
};

start();
