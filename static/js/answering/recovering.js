/* What a page that is gone left in the journal: put back where it builds on what is saved, else shown beside it. */
import { canonical, sha256 } from "./text.js";

const lockOf = (device) => `answering-${device}`;

/* Held as long as the page lives: what it writes is its own until then. */
export const live = (device) => {
  if (navigator.locks) navigator.locks.request(lockOf(device), () => new Promise(() => {}));
};

/* Whether this page may go on for the one that was `device`; of two that ask, one may. */
const taken = new Set();
const takeOver = (device) =>
  new Promise((resolve) => {
    if (!navigator.locks || taken.has(device)) return resolve(true);
    navigator.locks.request(lockOf(device), { ifAvailable: true }, (lock) => {
      if (lock) taken.add(device);
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
  });

/* Entries by the page that wrote them, each with what it says. What this key does not open is left alone. */
export const written = async (journal, like) => {
  const pages = new Map();
  for (const entry of await journal.entries(like)) {
    const values = await journal.read(entry);
    if (values === null) continue;
    const of = `${entry.question}/${entry.device}`;
    if (!pages.has(of)) pages.set(of, []);
    pages.get(of).push({ entry, values });
  }
  return [...pages.values()];
};

const bodyOf = ({ entry, values }) => {
  const { submission, device, sequence, base, finished } = entry;
  return { submission, device, sequence, base, finished, values };
};

/* Send a page's entries exactly as they were or would have been sent; the last reply is what became of them. */
export const deliver = async (server, entries) => {
  let reply;
  for (const one of entries) reply = await server.save(one.entry.question, bodyOf(one));
  return reply;
};

/* Put back what is not saved of this question. Returns the pages whose text the server has moved on from. */
export const recover = async ({ journal, server, saver, revision }) => {
  const { ids, fields } = saver;
  const { person, submission, question } = ids;
  const beside = [];
  let isBack = false;
  for (const entries of await written(journal, { person, submission, question })) {
    const { device } = entries[0].entry;
    if (device === saver.device || !(await takeOver(device))) continue;
    const sent = entries.find((each) => each.entry.slot === "sent");
    const typed = entries.find((each) => each.entry.slot === "typed");
    const newest = entries[entries.length - 1];
    const mine = { person, submission, question, device };
    const text = canonical(newest.values, fields.isPlain);
    if (text === fields.text()) {
      await journal.clear(mine);
      continue;
    }
    if ((sent || typed).entry.base !== revision) {
      /* Perhaps it was only the reply that was lost: sent again as it was, it has the same. */
      const { status, told } = await deliver(server, entries);
      if (status === 200 && told.sha256 === (await sha256(text))) {
        await journal.clear(mine);
        /* Saved by now; or it was, and was changed since by somebody who had read it. */
        if (told.revision < revision) continue;
        if (!saver.isSaved) continue;
        fields.put(newest.values);
        saver.acknowledged = { text, revision: told.revision, savedAt: told.saved_at };
        isBack = true;
      } else beside.push({ mine, newest });
    } else if (saver.isSaved && !isBack) {
      isBack = true;
      saver.adopt(device, { sent, typed, revision });
      fields.put(newest.values);
      if (typed) saver.kept.text = text;
    } else {
      await deliver(server, entries);
      beside.push({ mine, newest });
    }
  }
  return { isBack, beside };
};
