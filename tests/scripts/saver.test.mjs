/* Saving one answer through everything that happens to a line, a page and a day.

   Real beside the saver: the fields' text, the journal, what is kept in it, and how the server is asked. In every test the
   page may say "saved" only while the server holds the very text that stands on it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { Clock, crypto, field, formOf, load, ours, rest } from "./browser.mjs";
import { Answer } from "./server.mjs";

const KEY = Buffer.alloc(32, 7).toString("base64");
const IDS = { person: "p", enrolment: "e", submission: "s", question: 1 };
const SCRIPTS = ["text", "server", "journal", "keeping", "saver"];

/* A tab that shows the answer as the server has it. `key`: null where it was destroyed. */
const open = async (answer, { storage = new IDBFactory(), clock = new Clock(), key = KEY, isRefused = false, isHeld = false } = {}) => {
  const tab = { answer, storage, clock, navigator: { onLine: true }, said: [], signedOut: 0, area: field("text", answer.text) };
  const { Fields, Journal, Saver, Server } = await load(SCRIPTS, {
    ...clock.globals,
    ...{ crypto, TextEncoder, TextDecoder, btoa, atob, URL, AbortController, navigator: tab.navigator, indexedDB: storage },
    fetch: (...given) => answer.fetch(...given),
    document: { querySelectorAll: () => [] },
  });
  const journal = new Journal();
  if (key) await journal.unlock(IDS.submission, key);
  const form = { ...formOf(tab.area), hasAttribute: (name) => isRefused && name === "data-refused" };
  const saver = new Saver({
    server: new Server(new URL("https://aimcert.example/my/e/"), "token"),
    ...{ journal, fields: new Fields(form), ids: { ...IDS }, revision: answer.revision },
    onChange: () => {
      const { what } = saver.claim();
      if (what === "saved") assert.equal(answer.text, saver.text, "said to be saved, and is not");
      if (what !== tab.said.at(-1)) tab.said.push(what);
    },
    onSignedOut: () => {
      tab.signedOut += 1;
    },
  });
  saver.held = isHeld;
  return Object.assign(tab, {
    ...{ saver, journal },
    claim: () => saver.claim().what,
    type: async (text) => {
      tab.area.value = text;
      saver.changed();
      await rest();
    },
    /* What this device keeps of it, as slot and words. */
    kept: async () => {
      const found = {};
      for (const entry of await journal.entries({ person: "p", device: saver.device })) found[entry.slot] = (await journal.read(entry))?.text;
      return found;
    },
  });
};
const texts = (answer) => answer.sent.map(({ values }) => values.text);

test("text is saved a second after the last key, once, and its device need keep nothing", async () => {
  const tab = await open(new Answer());
  await tab.type("W");
  await tab.clock.pass(900);
  await tab.type("Wo");
  await tab.clock.pass(900);
  assert.deepEqual(tab.answer.sent, []);
  assert.deepEqual(await tab.kept(), { typed: "Wo" });
  await tab.clock.pass(200);
  assert.deepEqual(tab.answer.sent, [{ submission: "s", device: tab.saver.device, sequence: 1, base: 0, values: { text: "Wo" }, finished: null }]);
  assert.deepEqual(tab.saver.claim().savedAt, "2026-05-04T12:00:00Z");
  assert.deepEqual(tab.said, ["saving", "saved"]);
  assert.deepEqual(await tab.kept(), {});
});

test("text that is typed while a save is on its way is not called saved, and follows", async () => {
  const tab = await open(new Answer());
  tab.answer.hold();
  await tab.type("one");
  await tab.clock.pass(1000);
  await tab.type("one two");
  await tab.answer.letGo();
  assert.equal(tab.claim(), "saving");
  assert.deepEqual((await tab.kept()).typed, "one two");
  await tab.clock.pass(0);
  await tab.answer.letGo();
  assert.equal(tab.claim(), "saved");
  assert.deepEqual(
    tab.answer.sent.map(({ sequence, base }) => [sequence, base]),
    [[1, 0], [2, 1]],
  );
});

test("text that goes back to what is saved needs no save", async () => {
  const tab = await open(new Answer("As it was"));
  await tab.type("As it was, and");
  await tab.type("As it was");
  await tab.clock.pass(5000);
  assert.deepEqual(tab.answer.sent, []);
  assert.equal(tab.claim(), "as_loaded");
  assert.deepEqual(await tab.kept(), {});
});

test("text that goes back to what was saved is not saved while another is on its way", async () => {
  const tab = await open(new Answer("As it was"));
  tab.answer.hold();
  await tab.type("As it was, and");
  await tab.clock.pass(1000);
  await tab.type("As it was");
  assert.deepEqual([tab.answer.text, tab.saver.isSaved, tab.claim()], ["As it was, and", false, "saving"]);
  tab.answer.letAllGo();
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.claim()], ["As it was", "saved"]);
});

test("page that was filled with a refused text does not take it for saved", async () => {
  const tab = await open(new Answer("refused"), { isRefused: true });
  assert.equal(tab.saver.isSaved, false);
  const loaded = await open(new Answer("loaded"));
  assert.equal(loaded.saver.isSaved, true);
  assert.equal((await open(new Answer())).claim(), "idle");
});

test("line ends of whatever kind are one text to both sides", async () => {
  const tab = await open(new Answer());
  await tab.type("one\r\ntwo\rthree\v👍🏽");
  await tab.clock.pass(1000);
  assert.equal(tab.answer.text, "one\ntwo\nthree\n👍🏽");
  assert.equal(tab.saver.isSaved, true);
});

/* --- The line ------------------------------------------------------------------------------------- */

test("save whose reply was lost goes out again exactly as it was, and is no conflict", async () => {
  const tab = await open(new Answer());
  tab.answer.line = "deaf";
  await tab.type("words");
  await tab.clock.pass(1000);
  assert.equal(tab.answer.text, "words");
  assert.equal(tab.claim(), "unreachable");
  assert.deepEqual(await tab.kept(), { sent: "words", typed: "words" });
  tab.answer.line = "whole";
  await tab.clock.pass(1000);
  assert.equal(tab.claim(), "saved");
  assert.deepEqual(tab.answer.sent[1], tab.answer.sent[0]);
  assert.deepEqual([tab.answer.revision, tab.answer.beside], [1, []]);
});

test("words typed after a save whose reply was lost wait for its reply, and build on it", async () => {
  const tab = await open(new Answer());
  tab.answer.line = "deaf";
  await tab.type("one");
  await tab.clock.pass(1000);
  await tab.type("one two");
  await tab.clock.pass(20_000);
  assert.deepEqual([...new Set(texts(tab.answer))], ["one"]);
  tab.answer.line = "whole";
  await tab.clock.pass(20_000);
  assert.deepEqual([tab.answer.text, tab.answer.revision, tab.answer.beside], ["one two", 2, []]);
  assert.equal(tab.claim(), "saved");
});

test("echo of another text is never called saved, and the text goes out again", async () => {
  const answer = new Answer();
  const tab = await open(answer);
  answer.instead.push([200, { state: "saved", revision: 1, saved_at: "2026-05-04T12:00:00Z", sha256: "0".repeat(64) }]);
  answer.revision = 1;
  await tab.type("words");
  await tab.clock.pass(1000);
  assert.notEqual(tab.claim(), "saved");
  assert.equal(tab.said.includes("saved"), false);
  assert.deepEqual(await tab.kept(), { sent: "words", typed: "words" });
  await tab.clock.pass(1000);
  assert.deepEqual([answer.text, tab.claim()], ["words", "saved"]);
  assert.deepEqual([answer.sent[1].sequence, answer.sent[1].base], [2, 1]);
});

test("page that is hidden sends the newest text beside the one on its way, and believes no reply that came out of order", async () => {
  const tab = await open(new Answer());
  tab.answer.hold();
  await tab.type("one");
  await tab.clock.pass(1000);
  await tab.type("one two");
  tab.saver.part();
  await rest();
  assert.deepEqual(texts(tab.answer), ["one", "one two"]);
  await tab.type("one");
  await tab.answer.letGo(1);
  await tab.answer.letGo();
  /* "one" was acknowledged, and "one two" stands there since. */
  assert.notEqual(tab.claim(), "saved");
  tab.answer.held = null;
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.claim()], ["one", "saved"]);
  assert.deepEqual(tab.answer.beside, []);
});

test("page that is hidden sends what was just typed without waiting", async () => {
  const tab = await open(new Answer());
  await tab.type("last words");
  tab.saver.part();
  await rest();
  assert.equal(tab.answer.text, "last words");
});

test("save that takes long is not said to be on its way any more", async () => {
  const tab = await open(new Answer());
  tab.answer.hold();
  await tab.type("words");
  await tab.clock.pass(1000 + 3900);
  assert.equal(tab.claim(), "saving");
  await tab.clock.pass(200);
  assert.equal(tab.claim(), "unreachable");
  await tab.answer.letGo();
  assert.equal(tab.claim(), "saved");
});

test("save without a reply is given up after fifteen seconds, and sent again", async () => {
  const tab = await open(new Answer());
  tab.answer.hold();
  await tab.type("words");
  await tab.clock.pass(1000 + 15_000 + 500);
  assert.equal(tab.answer.sent.length, 2);
  assert.deepEqual(tab.answer.sent[1], tab.answer.sent[0]);
  await tab.answer.letGo(1);
  assert.equal(tab.claim(), "saved");
});

test("offline, words are kept on the device; online again, they are saved at once", async () => {
  const tab = await open(new Answer());
  tab.answer.line = "cut";
  tab.navigator.onLine = false;
  await tab.type("one");
  await tab.clock.pass(1500);
  assert.equal(tab.claim(), "offline");
  await tab.type("one two");
  assert.equal(tab.claim(), "offline");
  assert.equal((await tab.kept()).typed, "one two");
  await tab.clock.pass(300_000);
  tab.answer.line = "whole";
  tab.navigator.onLine = true;
  tab.saver.resume();
  await tab.clock.pass(0);
  assert.deepEqual([tab.answer.text, tab.claim(), await tab.kept()], ["one two", "saved", {}]);
});

test("server that is down is asked ever more rarely, at most every fifteen seconds", async () => {
  const tab = await open(new Answer());
  tab.answer.instead = Array.from({ length: 200 }, () => [503, "down"]);
  await tab.type("words");
  await tab.clock.pass(60_000);
  const before = tab.answer.sent.length;
  await tab.clock.pass(120_000);
  const asked = tab.answer.sent.length - before;
  assert.ok(asked >= 8 && asked <= 16, `${asked} times`);
  assert.equal(new Set(tab.answer.sent.map(({ sequence }) => sequence)).size, 1);
});

for (const [what, reply] of [
  ["an error page", [500, "<h1>Server error</h1>"]],
  ["the sign-in page of a hotel's wifi", [200, "<h1>Welcome</h1>"]],
  ["another's JSON", [200, { ok: true }]],
  ["a limit on requests", [429, { state: "saved" }]],
]) {
  test(`${what} is no reply of the server's`, async () => {
    const tab = await open(new Answer());
    tab.answer.instead.push(reply);
    await tab.type("words");
    await tab.clock.pass(1000);
    assert.equal(tab.claim(), "unreachable");
    await tab.clock.pass(1000);
    assert.deepEqual([tab.answer.text, tab.claim()], ["words", "saved"]);
    assert.deepEqual(tab.answer.sent[1], tab.answer.sent[0]);
  });
}

test("page with an old token asks for the new one, and sends the same save with it", async () => {
  const tab = await open(new Answer());
  tab.answer.token = "renewed";
  await tab.type("words");
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.claim(), tab.answer.sent.length], ["words", "saved", 2]);
  assert.deepEqual(tab.answer.sent[1], tab.answer.sent[0]);
});

/* --- The device ----------------------------------------------------------------------------------- */

test("machine that slept in the middle of it all saves when it wakes", async () => {
  const tab = await open(new Answer());
  tab.answer.line = "cut";
  await tab.type("words");
  await tab.clock.pass(1500);
  tab.clock.jump(8 * 3_600_000);
  tab.answer.line = "whole";
  await tab.clock.pass(1000);
  assert.equal(tab.claim(), "saved");
});

for (const [what, storage] of [
  ["lets nothing be kept", { open: () => { throw new DOMException("not here", "InvalidStateError"); } }],
  ["has no room", { open: () => { const request = { error: new DOMException("no room", "QuotaExceededError") }; setImmediate(() => request.onerror()); return request; } }],
]) {
  test(`browser that ${what} saves all the same, and never says that words are kept`, async () => {
    const tab = await open(new Answer(), { storage });
    await tab.type("one");
    await tab.clock.pass(1000);
    assert.equal(tab.claim(), "saved");
    tab.answer.line = "cut";
    await tab.type("one two");
    await tab.clock.pass(1500);
    assert.equal(tab.claim(), "unkept");
    assert.equal(tab.saver.isSafe, false);
    for (const what of ["unreachable", "offline"]) assert.equal(tab.said.includes(what), false, what);
    tab.answer.line = "whole";
    await tab.clock.pass(20_000);
    assert.deepEqual([tab.answer.text, tab.claim()], ["one two", "saved"]);
  });
}

test("page whose key was destroyed says that it keeps nothing", async () => {
  const tab = await open(new Answer(), { key: null });
  tab.answer.line = "cut";
  await tab.type("words");
  await tab.clock.pass(1500);
  assert.equal(tab.claim(), "unkept");
  assert.deepEqual(await tab.kept(), {});
});

test("two tabs that wrote are told so, and neither text is lost", async () => {
  const answer = new Answer();
  const one = await open(answer);
  const other = await open(answer, { storage: one.storage, clock: one.clock });
  await one.type("of one");
  await one.clock.pass(1000);
  await other.type("of the other");
  await one.clock.pass(1000);
  assert.deepEqual([answer.text, answer.beside], ["of one", ["of one", "of the other"]]);
  assert.deepEqual([one.claim(), other.claim()], ["saved", "conflict"]);
  assert.deepEqual([await one.kept(), (await other.kept()).typed], [{}, "of the other"]);
  await one.clock.pass(120_000);
  other.saver.part();
  other.saver.resume();
  await rest();
  assert.equal(answer.sent.length, 2);
});

test("text that is typed on in a conflict is kept, and goes to the server beside the other, not over it", async () => {
  const answer = new Answer("of one");
  const tab = await open(answer);
  Object.assign(answer, { text: "of one, changed", revision: 2 });
  await tab.type("mine");
  await tab.clock.pass(1000);
  assert.equal(tab.claim(), "conflict");
  await tab.type("mine, longer");
  assert.deepEqual((await tab.kept()).typed, "mine, longer");
  await tab.clock.pass(19_000);
  assert.equal(answer.sent.length, 1);
  await tab.clock.pass(1500);
  assert.deepEqual([answer.text, answer.beside.at(-1), tab.claim()], ["of one, changed", "mine, longer", "conflict"]);
});

test("conflict of a browser that keeps nothing is told as words that only stand here", async () => {
  const answer = new Answer();
  const tab = await open(answer, { key: null });
  Object.assign(answer, { text: "other", revision: 1 });
  await tab.type("mine");
  await tab.clock.pass(1000);
  assert.equal(tab.claim(), "conflict"); // the server has both
  await tab.type("mine, longer");
  assert.equal(tab.claim(), "unkept");
});

test("page that goes on for one that crashed sends its unanswered save exactly as it was", async () => {
  const answer = new Answer();
  const before = await open(answer);
  answer.line = "deaf";
  await before.type("sent");
  await before.clock.pass(1000);
  await before.type("sent, and typed");
  answer.line = "whole";
  const tab = await open(new Answer(), { storage: before.storage });
  Object.assign(tab, { answer });
  const entries = [];
  for (const entry of await tab.journal.entries(IDS)) entries.push({ entry, values: await tab.journal.read(entry) });
  const [sent, typed] = entries;
  tab.saver.adopt(before.saver.device, { sent, typed, revision: 0 });
  assert.deepEqual(ours(tab.saver.inFlight.payload), answer.sent[0]);
  assert.equal(tab.saver.inFlight.text, "sent");
  assert.ok(ours(tab.saver._payload()).sequence > typed.entry.sequence);
});

/* --- The person ----------------------------------------------------------------------------------- */

test("signed out, words are kept and nothing more is sent; signed in again, the same save goes out", async () => {
  const tab = await open(new Answer());
  tab.answer.instead.push([401, { state: "signed_out" }]);
  await tab.type("one");
  await tab.clock.pass(1000);
  assert.deepEqual([tab.claim(), tab.signedOut], ["signed_out", 1]);
  await tab.type("one two");
  await tab.clock.pass(60_000);
  assert.equal(tab.answer.sent.length, 1);
  assert.equal((await tab.kept()).typed, "one two");
  tab.saver.resume();
  await tab.clock.pass(1000);
  assert.deepEqual(tab.answer.sent[1], tab.answer.sent[0]);
  assert.deepEqual([tab.answer.text, tab.claim()], ["one two", "saved"]);
});

test("nothing goes out before it is known whose page this is, and all is kept until then", async () => {
  const tab = await open(new Answer(), { isHeld: true });
  await tab.type("words");
  await tab.clock.pass(10_000);
  tab.saver.part();
  await rest();
  assert.deepEqual(tab.answer.sent, []);
  assert.deepEqual(await tab.kept(), { typed: "words" });
  tab.saver.held = false;
  tab.saver.changed();
  await tab.clock.pass(1000);
  assert.equal(tab.claim(), "saved");
});

test("text that is refused says why, is kept, and is not sent again before it changes", async () => {
  const tab = await open(new Answer());
  await tab.type("long ".repeat(30));
  await tab.clock.pass(60_000);
  assert.deepEqual([tab.claim(), tab.saver.claim().message, tab.answer.sent.length], ["refused", "Too long.", 1]);
  await tab.type("short");
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.claim()], ["short", "saved"]);
});

test("pressing a button sends at once, says that they went on, and waits until it is saved", async () => {
  const tab = await open(new Answer());
  await tab.type("words");
  const flushed = tab.saver.flush(true, 8000);
  await tab.clock.pass(100);
  assert.equal(await flushed, true);
  assert.equal(tab.answer.sent[0].finished, true);
  await tab.type("words, more");
  await tab.clock.pass(1000);
  assert.equal(tab.answer.sent[1].finished, null);
});

test("pressing a button without a line gives up when patience ends, and keeps the words", async () => {
  const tab = await open(new Answer());
  tab.answer.line = "cut";
  await tab.type("words");
  let became = "waits";
  tab.saver.flush(true, 8000).then((isSaved) => {
    became = isSaved;
  });
  await tab.clock.pass(7900);
  assert.equal(became, "waits");
  await tab.clock.pass(200);
  assert.equal(became, false);
  assert.equal(tab.claim(), "unreachable");
});

test("pressing a button in a conflict does not wait", async () => {
  const answer = new Answer();
  const tab = await open(answer);
  Object.assign(answer, { text: "other", revision: 1 });
  await tab.type("mine");
  const flushed = tab.saver.flush(true, 8000);
  await tab.clock.pass(100);
  assert.equal(await flushed, false);
});

/* --- The day -------------------------------------------------------------------------------------- */

test("words that come after closing are the server's to keep, those typed since too, and then nothing is sent", async () => {
  const tab = await open(new Answer("In time."));
  tab.answer.isClosed = true;
  tab.answer.hold();
  await tab.type("In time. Late.");
  await tab.clock.pass(1000);
  await tab.type("In time. Late. Later.");
  tab.answer.letAllGo();
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.answer.beside], ["In time.", ["In time. Late.", "In time. Late. Later."]]);
  assert.deepEqual([tab.claim(), tab.saver.claim().message], ["closed", "Closed."]);
  assert.deepEqual(await tab.kept(), {});
  await tab.clock.pass(60_000);
  assert.equal(tab.answer.sent.length, 2);
});

test("words that came too late are the server's, and what was typed since is not said to be", async () => {
  const tab = await open(new Answer("In time."));
  tab.answer.isClosed = true;
  await tab.type("In time. Late.");
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.beside, await tab.kept()], [["In time. Late."], {}]);
  assert.deepEqual([tab.saver.claim().isWithServer, tab.saver.isSafe], [true, true]);
  await tab.type("In time. Late. Later.");
  assert.deepEqual([tab.saver.claim().isWithServer, tab.saver.claim().isKept], [false, true]);
});

for (const [what, reply] of [
  ["refuses", [422, { state: "refused", message: "Too long." }]],
  ["takes for signed out", [401, { state: "signed_out" }]],
  ["does not find", [404, { state: "gone" }]],
]) {
  test(`last words after closing that the server ${what} stay on the device`, async () => {
    const tab = await open(new Answer("In time."));
    tab.answer.isClosed = true;
    tab.answer.hold();
    await tab.type("In time. Late.");
    await tab.clock.pass(1000);
    await tab.type("Last words.");
    tab.answer.instead.push(reply);
    tab.answer.letAllGo();
    await tab.clock.pass(1000);
    assert.equal((await tab.kept()).typed, "Last words.");
    assert.equal(tab.saver.claim().isKept, true);
  });
}

test("words typed while the last ones are on their way stay on the device", async () => {
  const tab = await open(new Answer("In time."));
  tab.answer.isClosed = true;
  tab.answer.hold();
  await tab.type("Late.");
  await tab.clock.pass(1000);
  await tab.type("Late. Later.");
  await tab.answer.letGo();
  await tab.type("Late. Later. Last.");
  await tab.answer.letGo();
  assert.equal((await tab.kept()).typed, "Late. Later. Last.");
});

test("extra minutes open the page again, and its next closing takes last words as the first did", async () => {
  const tab = await open(new Answer("In time."));
  const late = async (text, more) => {
    tab.answer.isClosed = true;
    tab.answer.hold();
    await tab.type(text);
    await tab.clock.pass(1000);
    await tab.type(more);
    tab.answer.letAllGo();
    await tab.clock.pass(1000);
    assert.deepEqual([tab.claim(), await tab.kept()], ["closed", {}]);
    assert.deepEqual(tab.answer.beside.splice(0), [text, more]);
  };
  await late("Late.", "Late, and more.");
  tab.answer.isClosed = false;
  tab.saver.stage(null);
  await tab.clock.pass(1000);
  assert.deepEqual([tab.answer.text, tab.claim()], ["Late, and more.", "saved"]);
  await late("Late again.", "Late again, and more.");
});

test("page that is told of closing sends nothing more by itself", async () => {
  const tab = await open(new Answer());
  tab.saver.stage("closed", "Closed.");
  await tab.type("words");
  await tab.clock.pass(60_000);
  tab.saver.part();
  await rest();
  assert.deepEqual([tab.answer.sent, tab.claim()], [[], "closed"]);
  assert.deepEqual(await tab.kept(), { typed: "words" });
});
