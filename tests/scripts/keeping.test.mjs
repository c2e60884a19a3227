/* What one page keeps of its words: the newest text, and never a claim that the journal does not hold. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { load, ours, rest } from "./browser.mjs";

/* A page of which `type` changes the text; its journal writes when `write` lets it, or refuses. */
const open = async ({ isWaiting = false } = {}) => {
  const { Keeping } = await load(["keeping"]);
  const page = { puts: [], waiting: [], held: new Map(), isFull: false, changes: 0 };
  const step = () => (isWaiting ? new Promise((resolve) => page.waiting.push(resolve)) : Promise.resolve());
  page.saver = {
    ids: { person: "p", enrolment: "e", submission: "s", question: 1 },
    device: "d",
    sequence: 4,
    acknowledged: { text: "", revision: 2 },
    inFlight: null,
    text: "",
    fields: { values: () => ({ text: page.saver.text }) },
    get isSaved() {
      return !this.inFlight && this.text === this.acknowledged.text;
    },
    get isWithServer() {
      return this.isSaved;
    },
    onChange: () => {
      page.changes += 1;
    },
    journal: {
      put: async (entry) => {
        page.puts.push(ours(entry));
        await step();
        if (page.isFull) throw new DOMException("no room", "QuotaExceededError");
        page.held.set(entry.slot, entry.values.text);
      },
      clear: async ({ slot }) => {
        await step();
        if (page.isFull) throw new DOMException("no room", "QuotaExceededError");
        page.held.delete(slot);
      },
    },
  };
  page.kept = new Keeping(page.saver);
  page.type = (text) => {
    page.saver.text = text;
    page.kept.keep();
  };
  page.write = async () => {
    page.waiting.shift()();
    await rest();
  };
  return page;
};

test("text is kept as the save that it would be", async () => {
  const page = await open();
  page.type("words");
  await rest();
  assert.deepEqual(page.puts, [
    {
      ...{ person: "p", enrolment: "e", submission: "s", question: 1, device: "d", slot: "typed" },
      ...{ sequence: 5, base: 2, finished: null, values: { text: "words" } },
    },
  ]);
  assert.equal(page.kept.text, "words");
  assert.equal(page.changes, 1);
});

test("text is called kept only once the journal holds it", async () => {
  const page = await open({ isWaiting: true });
  page.type("words");
  await rest();
  assert.equal(page.kept.text, null);
  await page.write();
  assert.equal(page.kept.text, "words");
});

test("of what is typed while the journal writes, the newest follows", async () => {
  const page = await open({ isWaiting: true });
  for (const text of ["a", "ab", "abc"]) page.type(text);
  await rest();
  assert.equal(page.waiting.length, 1);
  await page.write();
  assert.equal(page.kept.text, "a");
  await page.write();
  assert.deepEqual(
    page.puts.map(({ values }) => values.text),
    ["a", "abc"],
  );
  assert.equal(page.kept.text, "abc");
  assert.equal(page.waiting.length, 0);
});

test("what is saved meanwhile need not be written", async () => {
  const page = await open({ isWaiting: true });
  page.type("a");
  page.type("ab");
  page.saver.acknowledged.text = "ab";
  await rest();
  await page.write();
  assert.equal(page.puts.length, 1);
});

test("text that is kept is not written again", async () => {
  const page = await open();
  page.type("words");
  await rest();
  page.type("words");
  await rest();
  assert.equal(page.puts.length, 1);
});

test("full disk is told, claims nothing of the new text, and is tried again with the next", async () => {
  const page = await open();
  page.type("fits");
  await rest();
  page.isFull = true;
  page.type("too much");
  await rest();
  assert.deepEqual([page.kept.isPossible, page.kept.text], [false, "fits"]);
  page.isFull = false;
  page.type("fits again");
  await rest();
  assert.deepEqual([page.kept.isPossible, page.kept.text], [true, "fits again"]);
  assert.equal(page.changes, 3);
});

test("save that goes out is kept exactly so", async () => {
  const page = await open();
  const payload = { submission: "s", device: "d", sequence: 5, base: 2, finished: true, values: { text: "words" } };
  page.saver.text = "words";
  page.saver.inFlight = { payload, text: "words" };
  await page.kept.keepSent(payload, "words");
  const { slot, sequence, base, finished, values } = page.puts[0];
  assert.deepEqual({ slot, sequence, base, finished, values }, { slot: "sent", sequence: 5, base: 2, finished: true, values: { text: "words" } });
  assert.equal(page.kept.text, "words");
});

test("save that was answered before it was kept is not called kept", async () => {
  const page = await open({ isWaiting: true });
  const payload = { submission: "s", device: "d", sequence: 5, base: 2, finished: null, values: { text: "words" } };
  page.saver.inFlight = { payload, text: "words" };
  const keeping = page.kept.keepSent(payload, "words");
  page.saver.inFlight = null;
  await page.write();
  await keeping;
  assert.equal(page.kept.text, null);
});

test("save that goes out does not stand for the newer text that is kept", async () => {
  const page = await open();
  const payload = { submission: "s", device: "d", sequence: 5, base: 2, finished: null, values: { text: "old" } };
  page.saver.inFlight = { payload, text: "old" };
  page.type("newer");
  await rest();
  await page.kept.keepSent(payload, "old");
  assert.equal(page.kept.text, "newer");
});

test("save that cannot be kept is told", async () => {
  const page = await open();
  page.isFull = true;
  await page.kept.keepSent({ sequence: 5, base: 2, finished: null, values: { text: "words" } }, "words");
  assert.deepEqual([page.kept.isPossible, page.kept.text, page.changes], [false, null, 1]);
});

test("text that was acknowledged goes, with the save that carried it", async () => {
  const page = await open();
  page.type("words");
  await rest();
  page.held.set("sent", "words");
  page.saver.acknowledged.text = "words";
  await page.kept.forget("words");
  assert.deepEqual([...page.held], []);
  assert.equal(page.kept.text, null);
});

test("newer text stays when the older one is acknowledged", async () => {
  const page = await open();
  page.held.set("sent", "old");
  page.type("newer");
  await rest();
  page.saver.acknowledged.text = "old";
  await page.kept.forget("old");
  assert.deepEqual([...page.held], [["typed", "newer"]]);
  assert.equal(page.kept.text, "newer");
});

test("what is typed while the acknowledged text goes is kept again", async () => {
  const page = await open({ isWaiting: true });
  page.type("words");
  await rest();
  await page.write();
  page.saver.acknowledged.text = "words";
  const forgetting = page.kept.forget("words");
  await page.write();
  page.saver.text = "words and more";
  await page.write();
  await forgetting;
  await page.write();
  assert.deepEqual([...page.held], [["typed", "words and more"]]);
  assert.equal(page.kept.text, "words and more");
});

test("text that is being written is not taken away under the hand that writes it", async () => {
  const page = await open({ isWaiting: true });
  page.type("words");
  const forgetting = page.kept.forget("words");
  await rest();
  assert.equal(page.waiting.length, 2);
  page.waiting.reverse();
  await page.write();
  await forgetting;
  await page.write();
  assert.deepEqual([...page.held], [["typed", "words"]]);
  assert.equal(page.kept.text, "words");
});

test("storage that is gone breaks nothing when something is acknowledged", async () => {
  const page = await open();
  page.isFull = true;
  await page.kept.forget("");
  assert.equal(page.puts.length, 0);
});
