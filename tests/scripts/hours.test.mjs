/* The room's hours on a page: by the server's clock, whatever the device's own says. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, load, ours } from "./browser.mjs";

class WrongDate extends Date {
  static now() {
    throw new Error("the device's own clock was asked");
  }
}

/* A page that asks a server whose replies a test decides, at noon by that server's clock. */
const open = async ({ replies = [] } = {}) => {
  const clock = new Clock();
  const noon = Date.parse("2026-05-04T12:00:00Z") - clock.now;
  const listening = [];
  const page = { clock, replies, asked: 0, closings: 0, states: [], said: [], place: { hidden: true, textContent: "" } };
  page.document = { hidden: false, addEventListener: (_name, act) => listening.push(act) };
  page.shown = () => listening.forEach((act) => void act());
  /* What the server says now: how many seconds are left. */
  page.told = (left, more = {}) => {
    const now = noon + clock.now;
    const closesAt = left === null ? null : new Date(now + left * 1000).toISOString();
    return { now: new Date(now).toISOString(), closes_at: closesAt, stage: "answering", ...more };
  };
  const { Hours, Unreached } = await load(["hours", "server"], { ...clock.globals, document: page.document, Date: WrongDate });
  page.hours = new Hours({
    server: {
      state: async () => {
        page.asked += 1;
        const reply = await (page.replies.shift() ?? (() => ({ status: 200, told: page.told(null) })))();
        if (reply === null) throw new Unreached();
        return reply;
      },
    },
    place: page.place,
    words: (name, value = "") => `${name} ${value}`.trim(),
    tell: (said) => page.said.push(said),
    onState: (reply) => page.states.push(ours(reply.told)),
    onClosing: () => {
      page.closings += 1;
    },
  });
  return page;
};
const shown = ({ place }) => (place.hidden ? null : place.textContent);

test("countdown shows the last five minutes, second by second, by the server's clock", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  page.hours.take(page.told(302));
  assert.equal(shown(page), null);
  await page.clock.pass(2000);
  assert.equal(shown(page), "closes_in 5:00");
  await page.clock.pass(1000);
  assert.equal(shown(page), "closes_in 4:59");
  await page.clock.pass(290_000);
  assert.equal(shown(page), "closes_in 0:09");
  await page.clock.pass(8000);
  assert.equal(shown(page), "closes_in 0:01");
  assert.equal(page.closings, 0);
  await page.clock.pass(1000);
  assert.equal(shown(page), null);
  assert.equal(page.closings, 1);
  await page.clock.pass(30_000);
  assert.equal(page.closings, 1);
});

test("five minutes and one are said aloud, each once", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  page.hours.take(page.told(320));
  await page.clock.pass(315_000);
  assert.deepEqual(page.said, ["closes_in_five", "closes_in_one"]);
});

test("device that slept past a mark is not told what is no longer true", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  page.hours.take(page.told(320));
  page.clock.jump(120_000);
  await page.clock.pass(1000);
  assert.deepEqual(page.said, []);
  assert.equal(shown(page), "closes_in 3:19");
  await page.clock.pass(140_000);
  assert.deepEqual(page.said, ["closes_in_one"]);
});

test("device that slept past the end learns of it at once, and once", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  page.hours.take(page.told(600));
  page.clock.jump(3_600_000);
  await page.clock.pass(5000);
  assert.equal(page.closings, 1);
  assert.equal(shown(page), null);
  assert.deepEqual(page.said, []);
});

test("extra minutes take the countdown away, and are announced in their turn", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  page.hours.take(page.told(65));
  await page.clock.pass(10_000);
  assert.deepEqual(page.said, ["closes_in_one"]);
  page.hours.take(page.told(55 + 600));
  assert.equal(shown(page), null);
  await page.clock.pass(650_000);
  assert.equal(page.closings, 0);
  assert.deepEqual(page.said, ["closes_in_one", "closes_in_five", "closes_in_one"]);
  await page.clock.pass(6000);
  assert.equal(page.closings, 1);
});

test("same end told again is not announced again", async () => {
  const page = await open();
  page.hours.ask = async () => {};
  const told = page.told(58);
  page.hours.take(told);
  await page.clock.pass(3000);
  page.hours.take({ ...page.told(55), closes_at: told.closes_at });
  await page.clock.pass(3000);
  assert.deepEqual(page.said, ["closes_in_one"]);
});

test("nothing is counted where nobody said when, or answers are not taken", async () => {
  for (const told of [{ closes_at: null }, { stage: "closed" }, { stage: "submitted" }]) {
    const page = await open();
    page.hours.ask = async () => {};
    page.hours.take(page.told(30, told));
    await page.clock.pass(60_000);
    assert.equal(shown(page), null);
    assert.equal(page.closings, 0);
  }
});

test("server is asked about every ten seconds, and its replies are handed on", async () => {
  const page = await open();
  await page.clock.pass(7900);
  assert.equal(page.asked, 0);
  await page.clock.pass(4100);
  assert.equal(page.asked, 1);
  assert.deepEqual(page.states, [page.told(null, { now: page.states[0].now })]);
  await page.clock.pass(60_000);
  assert.ok(page.asked >= 5 && page.asked <= 9, `${page.asked} times`);
});

test("server that cannot be reached is asked ever more rarely, and about every ten seconds once it can", async () => {
  const page = await open({ replies: Array(60).fill(() => null) });
  await page.clock.pass(600_000);
  const before = page.asked;
  await page.clock.pass(600_000);
  assert.ok(page.asked - before >= 8 && page.asked - before <= 13, `${page.asked - before} times`);
  assert.deepEqual(page.states, []);
  page.replies.length = 0;
  await page.clock.pass(72_000);
  const since = page.asked;
  await page.clock.pass(120_000);
  assert.ok(page.asked - since >= 9, `${page.asked - since} times`);
});

test("page that is hidden does not ask, and asks at once when it is seen again", async () => {
  const page = await open();
  page.document.hidden = true;
  await page.clock.pass(600_000);
  page.shown();
  assert.equal(page.asked, 0);
  page.document.hidden = false;
  page.shown();
  assert.equal(page.asked, 1);
  await page.clock.pass(24_000);
  assert.ok(page.asked >= 2);
});

test("reply of somebody else's page, or of none, changes nothing of the countdown", async () => {
  const page = await open({ replies: [() => ({ status: 401, told: { state: "signed_out" } })] });
  page.hours.take(page.told(199.4));
  await page.hours.ask();
  assert.equal(shown(page), "closes_in 3:20");
  assert.deepEqual(page.states, [{ state: "signed_out" }]);
});

test("reply that was overtaken by a later one is not believed", async () => {
  const page = await open();
  const early = { status: 200, told: page.told(60) };
  const late = { status: 200, told: page.told(660) };
  let letGo;
  page.replies.push(
    () => new Promise((resolve) => (letGo = () => resolve(early))),
    () => late,
  );
  const first = page.hours.ask();
  await page.hours.ask();
  letGo();
  await first;
  assert.equal(shown(page), null);
  assert.deepEqual(page.states, [late.told]);
});

test("fault in what a page does with a reply does not end the asking", async () => {
  const page = await open();
  page.hours.onState = () => {
    page.hours.onState = () => {};
    throw new Error("a fault");
  };
  await assert.rejects(page.hours.ask(), /a fault/);
  await page.clock.pass(13_000);
  assert.equal(page.asked, 2);
});
