/* The journal of a device: encrypted, in order, and gone only where that was meant. */
import assert from "node:assert/strict";
import { createDecipheriv } from "node:crypto";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { Clock, crypto, load, ours } from "./browser.mjs";

const KEY = Buffer.alloc(32, 7).toString("base64");
const OTHER_KEY = Buffer.alloc(32, 8).toString("base64");
const PERSON = "8d6b0e4c-6a8e-4f0e-9b0a-000000000001";
const SUBMISSION = "5f0c1c9a-2d2b-4c5d-8e1f-000000000002";
const MINE = { person: PERSON, submission: SUBMISSION };
const ENTRY = { ...MINE, enrolment: "e", question: 3, device: "d1", slot: "typed", sequence: 1, base: 0, finished: null };
const WORDS = "Zoë’s secret\n👍🏽";

/* A page of this device; `storage` is what its browser keeps. */
const open = async ({ storage = new IDBFactory(), key = KEY, clock = new Clock(), more = {} } = {}) => {
  const { Journal } = await load(["journal"], { ...clock.globals, ...{ indexedDB: storage, crypto, TextEncoder, TextDecoder, btoa, atob }, ...more });
  const journal = new Journal();
  if (key) await journal.unlock(SUBMISSION, key);
  return Object.assign(journal, { Journal, storage, clock });
};
const put = (journal, text = WORDS, more = {}) => journal.put({ ...ENTRY, ...more, values: { text } });
const texts = async (journal, like = MINE) => {
  const found = [];
  for (const entry of await journal.entries(like)) found.push((await journal.read(entry))?.text);
  return found;
};

test("entry says in clear whose it is and which save, and of its words nothing", async () => {
  const journal = await open();
  await put(journal, WORDS, { sequence: 4, base: 2, finished: true });
  const [entry] = ours(await journal.entries(MINE));
  const { iv, data, ...clear } = entry;
  assert.deepEqual(clear, { ...ENTRY, id: `${PERSON}/${SUBMISSION}/3/d1/typed`, sequence: 4, base: 2, finished: true });
  const raw = Buffer.from(data, "base64");
  assert.equal(raw.includes("secret"), false);
  /* As docs/unsent-file.md has it, and the server reads it. */
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(KEY, "base64"), Buffer.from(iv, "base64"));
  decipher.setAAD(Buffer.from(`${SUBMISSION}/3`));
  decipher.setAuthTag(raw.subarray(-16));
  const text = decipher.update(raw.subarray(0, -16)).toString("utf8") + decipher.final("utf8");
  assert.deepEqual(JSON.parse(text), { values: { text: WORDS } });
});

test("same words are never encrypted twice alike", async () => {
  const journal = await open();
  await put(journal, WORDS, { slot: "sent" });
  await put(journal, WORDS);
  const [one, other] = await journal.entries(MINE);
  assert.notEqual(one.iv, other.iv);
  assert.notEqual(one.data, other.data);
});

test("another page of the same device reads what the first one kept", async () => {
  const first = await open();
  await put(first);
  const second = await open({ storage: first.storage });
  assert.deepEqual(await texts(second), [WORDS]);
});

test("newest text of a page stands in the place of its older one, and of no other's", async () => {
  const journal = await open();
  await put(journal, "old");
  await put(journal, "of another tab", { device: "d2", sequence: 2 });
  await put(journal, "of another question", { question: 4, sequence: 3 });
  await put(journal, "sent", { slot: "sent", sequence: 4 });
  await put(journal, "new", { sequence: 5 });
  assert.deepEqual(await texts(journal), ["of another tab", "of another question", "sent", "new"]);
  assert.deepEqual(await texts(journal, { ...MINE, question: 3, device: "d1" }), ["sent", "new"]);
  assert.deepEqual(await texts(journal, { person: "somebody else" }), []);
});

test("entry of another key, or moved elsewhere, does not open", async () => {
  const journal = await open();
  await put(journal);
  const [entry] = await journal.entries(MINE);
  const other = await open({ storage: journal.storage, key: OTHER_KEY });
  assert.deepEqual(await texts(other), [undefined]);
  assert.equal(await journal.read({ ...entry, question: 4 }), null);
  assert.equal(await journal.read({ ...entry, submission: "another" }), null);
  const flipped = Buffer.from(entry.data, "base64");
  flipped[0] ^= 1;
  assert.equal(await journal.read({ ...entry, data: flipped.toString("base64") }), null);
});

test("without a key nothing is kept or read, and all can be counted and taken away", async () => {
  const journal = await open();
  await put(journal);
  const destroyed = await open({ storage: journal.storage, key: null });
  await assert.rejects(put(destroyed, "more"), /no key/);
  assert.deepEqual(await texts(destroyed), [undefined]);
  await destroyed.clear(MINE);
  assert.deepEqual(await journal.entries({}), []);
});

test("key opens one submission alone", async () => {
  const journal = await open();
  await assert.rejects(put(journal, WORDS, { submission: "the next attempt" }), /no key/);
});

test("key cannot be read out of the page again", async () => {
  const journal = await open();
  assert.equal(journal.key.extractable, false);
});

test("clearing takes what it names, and nothing beside", async () => {
  const journal = await open();
  await put(journal, "sent", { slot: "sent" });
  await put(journal, "typed", { sequence: 2 });
  await put(journal, "of another tab", { device: "d2", sequence: 3 });
  await journal.clear({ ...MINE, question: 3, device: "d1", slot: "sent" });
  assert.deepEqual(await texts(journal), ["typed", "of another tab"]);
  await journal.clear({ ...MINE, device: "d1" });
  await journal.clear({ ...MINE, device: "d1" });
  assert.deepEqual(await texts(journal), ["of another tab"]);
});

test("what is kept after clearing was asked for stays", async () => {
  const journal = await open();
  await put(journal, "acknowledged");
  await Promise.all([journal.clear(MINE), put(journal, "typed since", { sequence: 2 })]);
  assert.deepEqual(await texts(journal), ["typed since"]);
});

test("texts are kept in the order in which they were asked for", async () => {
  const journal = await open();
  const kept = [1, 2, 3, 4, 5].map((sequence) => put(journal, `text ${sequence}`, { sequence }));
  const read = texts(journal);
  await Promise.all(kept);
  assert.deepEqual(await read, ["text 5"]);
});

test("text is said to be kept only once it is on the disk", async () => {
  const journal = await open();
  await put(journal, "first");
  const transactions = [];
  const db = await journal._opened();
  const begin = db.transaction.bind(db);
  db.transaction = (...given) => {
    const transaction = begin(...given);
    transactions.push({ given: ours(given), isDone: false });
    transaction.addEventListener("complete", () => Object.assign(transactions[0], { isDone: true }));
    return transaction;
  };
  await put(journal, "second");
  assert.deepEqual(transactions, [{ given: ["entries", "readwrite", { durability: "strict" }], isDone: true }]);
});

/* A browser whose disk is full: it takes the request, and gives the transaction up. */
const full = (db) => {
  const begin = db.transaction.bind(db);
  db.transaction = (...given) => {
    const transaction = begin(...given);
    if (given[1] === "readwrite") setImmediate(() => transaction.abort());
    return transaction;
  };
  return () => {
    db.transaction = begin;
  };
};

test("full disk refuses the newest text, leaves the one before, and takes texts again once there is room", async () => {
  const journal = await open();
  await put(journal, "before");
  const emptied = full(await journal._opened());
  await assert.rejects(put(journal, "too much", { sequence: 2 }));
  emptied();
  assert.deepEqual(await texts(journal), ["before"]);
  await put(journal, "fits", { sequence: 3 });
  assert.deepEqual(await texts(journal), ["fits"]);
});

test("browser that lets nothing be kept says so each time, and is asked again", async () => {
  const storage = new IDBFactory();
  let isRefusing = true;
  const journal = await open({
    storage: {
      open: (...given) => {
        if (isRefusing) throw new DOMException("not here", "InvalidStateError");
        return storage.open(...given);
      },
    },
  });
  await assert.rejects(put(journal), /not here/);
  await assert.rejects(journal.entries({}), /not here/);
  isRefusing = false;
  await put(journal);
  assert.deepEqual(await texts(journal), [WORDS]);
});

test("browser that never answers is given up after four seconds", async () => {
  const clock = new Clock();
  const journal = await open({ storage: { open: () => ({}) }, clock });
  let became = "waits";
  put(journal).then(
    () => (became = "kept"),
    () => (became = "given up"),
  );
  await clock.pass(3900);
  assert.equal(became, "waits");
  await clock.pass(200);
  assert.equal(became, "given up");
});

test("storage that another page empties is let go, and taken again", async () => {
  const journal = await open();
  await put(journal, "before");
  const emptied = new Promise((resolve, reject) => {
    const request = journal.storage.deleteDatabase("aimcert-answers");
    Object.assign(request, { onsuccess: resolve, onblocked: reject });
  });
  await emptied;
  await put(journal, "after", { sequence: 2 });
  assert.deepEqual(await texts(journal), ["after"]);
});

test("storage that the browser closed is opened again", async () => {
  const journal = await open();
  await put(journal, "before");
  const db = await journal._opened();
  db.close();
  db.onclose();
  await put(journal, "after", { sequence: 2 });
  assert.deepEqual(await texts(journal), ["after"]);
});

test("file has the entries of one submission, encrypted as they are, and nobody's name", async () => {
  const journal = await open();
  await put(journal);
  const [entry] = ours(await journal.entries(MINE));
  const pressed = [];
  const page = await open({
    more: {
      Blob,
      URL: { createObjectURL: (blob) => pressed.push(blob) && "blob:1", revokeObjectURL: (url) => pressed.push(url) },
      document: { createElement: () => ({ click() { pressed.push(this.download); } }) },
    },
  });
  page.Journal.save([entry, { ...entry, submission: "another" }]);
  const [file, name] = pressed;
  assert.equal(name, "answers-not-sent-5f0c1c9a.json");
  const { question, device, sequence, base, iv, data } = entry;
  assert.deepEqual(JSON.parse(await file.text()), {
    ...{ format: "aimcert-unsent-1", submission: SUBMISSION },
    entries: [{ question, device, sequence, base, iv, data }],
  });
  await page.clock.pass(60_000);
  assert.equal(pressed[2], "blob:1");
});
