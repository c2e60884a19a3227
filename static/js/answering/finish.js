/* Before answers are declared: what this device still keeps of them goes to the server first. After: nothing is kept. */
import { Journal } from "./journal.js";
import { deliver, written } from "./recovering.js";
import { Server, Unreached } from "./server.js";
import { sentences } from "./status.js";
import { canonical, sha256 } from "./text.js";

const start = () => {
  const page = document.querySelector("[data-finishing]");
  if (!page || !globalThis.crypto || !crypto.subtle || !globalThis.indexedDB) return;
  const { person, questions, submission, finishing } = page.dataset;
  const base = new URL("../", new URL(questions, location.href));
  const journal = new Journal();
  const notes = page.querySelector("[data-save-notes]");
  const words = sentences();
  const mine = { person, ...(submission && { submission }) };
  const TICKED = "aimcert-ticked"; // names of boxes of blanks, from one loading of this page to the next

  if (finishing === "submitted") {
    journal.clear(mine).catch(() => {});
    return;
  }

  const form = page.querySelector("form[method=post]");
  for (const name of JSON.parse(sessionStorage.getItem(TICKED) ?? "[]")) {
    const box = page.querySelector(`[type=checkbox][name="${CSS.escape(name)}"]`);
    if (box) box.checked = true;
  }
  sessionStorage.removeItem(TICKED);
  const server = new Server(base, document.querySelector("[name=csrfmiddlewaretoken]").value);
  const tell = (tone, said, waiting = []) => {
    const box = document.createElement("div");
    box.className = `notice notice-${tone}`;
    const line = document.createElement("p");
    line.textContent = said;
    box.append(line);
    if (waiting.length) {
      const list = document.createElement("ul");
      for (const number of waiting) {
        const link = document.createElement("a");
        link.href = new URL(`questions/${number}/`, base);
        link.textContent = words("open_question", number);
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
      box.append(list);
    }
    notes.replaceChildren(box);
  };

  /* Send all that is kept here. Returns the numbers of questions that wait, and whether anything went. */
  const send = async () => {
    const kept = await journal.entries(mine).catch(() => []);
    if (!kept.length) return { waiting: [], isNew: false };
    const all = [...new Set(kept.map((entry) => entry.question))].sort((one, other) => one - other);
    const opened = await server.journal();
    if (opened.status !== 200 || opened.told.person !== person) return { waiting: all, isNew: false };
    const { submission: current, key } = opened.told;
    if (!key) {
      await journal.clear({ person, submission: current });
      return { waiting: [], isNew: false };
    }
    await journal.unlock(current, key);
    const waiting = [];
    let isNew = false;
    for (const entries of await written(journal, { person, submission: current })) {
      const { values, entry } = entries[entries.length - 1];
      const { told } = await deliver(server, entries);
      const isPlain = Object.keys(values).join() === "text";
      const isSaved = told.state === "saved" && told.sha256 === (await sha256(canonical(values, isPlain)));
      if (isSaved) isNew = true;
      if (isSaved || told.state === "closed" || told.state === "submitted") {
        await journal.clear({ person, submission: current, question: entry.question, device: entry.device });
      } else waiting.push(entry.question);
    }
    return { waiting: [...new Set(waiting)], isNew };
  };

  let isSent = false;
  const check = async () => {
    try {
      const { waiting, isNew } = await send();
      if (waiting.length) tell("attention", words("finish_waits"), waiting);
      else if (isNew) {
        /* What stands on this page is older than what was just saved. A blank stays ticked; a declaration does not. */
        tell("good", words("finish_sent"));
        sessionStorage.setItem(TICKED, JSON.stringify([...page.querySelectorAll("[name^=blank_]:checked")].map(({ name }) => name)));
        location.reload();
      } else {
        notes.replaceChildren();
        isSent = true;
      }
    } catch (error) {
      if (!(error instanceof Unreached)) throw error;
      const kept = await journal.entries(mine).catch(() => []);
      tell("attention", words("finish_unreached"), [...new Set(kept.map((entry) => entry.question))]);
    }
    return isSent;
  };

  if (form) {
    let isGoing = false;
    form.addEventListener("submit", async (event) => {
      if (isGoing) return;
      event.preventDefault();
      isSent = false;
      if (!(await check())) return notes.scrollIntoView({ block: "center" });
      isGoing = true;
      setTimeout(() => form.requestSubmit(event.submitter));
    });
    window.addEventListener("pageshow", () => (isGoing = false));
    window.addEventListener("online", check);
  }
  check();
};

start();
