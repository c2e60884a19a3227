/* The text of an answer: the same as the server's, to the byte, and put back as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { choice, crypto, field, formOf, load, ours } from "./browser.mjs";

const { Fields, canonical, sha256 } = await load(["text"], { crypto, TextEncoder });

const NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/* What is typed, what is kept of it, and the SHA-256 that the server's own code makes of that: the last two come from
   `laid_out` and `is_seen` of aimcert/foundation/typed.py, and from `sha256_of` of the actions of answering. */
const KEPT = [
  ["Two\r\nlines\rand\nthree", "Two\nlines\nand\nthree", "c9d35e2e6eafef8439c12e5e210d02a3fe397937eb0e691c4e2a5436758d9903"],
  ["  spaces around  \n", "  spaces around  \n", "80e276200c582694ccc3398af6c4acc20f9335c51b567a25a91dd3aa857b1bfb"],
  ["👍🏽 emoji 👩‍👩‍👧 and Zoë", "👍🏽 emoji 👩‍👩‍👧 and Zoë", "b368d9e5a8b3fb4a4644c3a3a630f58314a55f93785712adbe9e7de2e74d552b"],
  [
    ...["line\u2028and\u2029paragraph\vtab\fpage\x85end", "line\nand\nparagraph\ntab\npage\nend"],
    "a2abe60feb40ec48f4686bcd40e31032845fc4ffa9a62a672332d919690aeaf1",
  ],
  ["nul\x00bell\x07escape\x1b", "nulbellescape", "2d0423fdf29480919347eec02886ee562cc94f44985762b36ebac47ef3a1e00f"],
  [
    ...['a tab\there, and <b>&amp;</b> "quoted" \\ back', 'a tab\there, and <b>&amp;</b> "quoted" \\ back'],
    "707188d87f8adbf983064b09876fa74436fc39d4ca0dd4feefa34aab5c13e118",
  ],
  [
    ...["\u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629\u202e", "\u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629\u202e"],
    "b406679fcf01823b9fae10eb6b62e50e567daf5d9f16f46cdf7f5a5a9cfa108a",
  ],
  ["e\u0301 and \u00e9", "e\u0301 and \u00e9", "640d342bb66cce2d4363ef09e0138ab7b261b1f0782ffec9d270d0b2d7db97bd"],
  [
    ...["half \ud83d of a pair \udc4d", "half \ufffd of a pair \ufffd"],
    "5d0a218038dad65b702a93877eb39f609cfbaad370a3d3faee7f18dd453f0179",
  ],
  ["\r\r\n\n\n\r", "", NOTHING],
  ["\ufeff", "", NOTHING],
  ["\u3000\u2003\u00a0\n", "", NOTHING],
  ["\u180e\u200b", "", NOTHING],
  ["\u3164\u2800 \u0301", "", NOTHING],
  ["\u{e0041}\ufe0f\u{1d173}", "", NOTHING],
  ["", "", NOTHING],
];
/* Of several fields: keys sorted, none that is blank, nothing escaped that need not be. */
const SEVERAL = [
  [
    ...[{ b: "two\r\nlines", a: '"quoted" \\ and \u2028 \t tab' }, '{"a":"\\"quoted\\" \\\\ and \\n \\t tab","b":"two\\nlines"}'],
    "b1105305f1aa4fdf127b4510339534d2b94de983b7d7ccba8ed27150d09aa4f4",
  ],
  [
    { "strand-10": "later", "strand-9": "earlier", Zulu: "capitals first" },
    '{"Zulu":"capitals first","strand-10":"later","strand-9":"earlier"}',
    "df8cc3d6aafd2f17bfaf382e0bea01e3c6abf0c46de567c7aa3c1dfc2e83e0fc",
  ],
  [{ a: "👍🏽", b: "\x7f\x1f del" }, '{"a":"👍🏽","b":" del"}', "988530ddf3232a4b4b1f221d8eafe44de46e9268dcd0b6ca7f3b86293de46d0b"],
  [{ a: "\u200b", b: "" }, "", NOTHING],
];

for (const [typed, kept, hash] of KEPT) {
  test(`text ${JSON.stringify(typed)} is what the server keeps`, async () => {
    assert.equal(canonical({ text: typed }, true), kept);
    assert.equal(await sha256(canonical({ text: typed }, true)), hash);
    assert.equal(canonical({ text: kept }, true), kept);
  });
}

for (const [values, kept, hash] of SEVERAL) {
  test(`values ${JSON.stringify(values)} are what the server keeps`, async () => {
    assert.equal(canonical(values, false), kept);
    assert.equal(await sha256(canonical(values, false)), hash);
  });
}

test("text that has one visible letter among what nobody sees stays whole", () => {
  for (const typed of ["\u200b\u3000x\ufeff", "\u0301\u05d0\u202e", " \u{e0041}\u{1f3f4}"]) {
    assert.equal(canonical({ text: typed }, true), typed);
  }
});

test("fields are read by their own names, choices in the order offered", () => {
  const fields = new Fields(
    formOf(
      ...[field("answer-reasons", "Because"), choice("answer-choice", "first"), choice("answer-choice", "second"), choice("answer-choice", "third")],
      ...[choice("answer-level", "low", "radio"), choice("answer-level", "high", "radio"), field("base_revision", "7")],
    ),
  );
  assert.deepEqual(ours(fields.values()), { reasons: "Because", choice: "", level: "" });
  for (const place of [3, 1]) fields.all[place].checked = true;
  fields.all[5].checked = true;
  assert.deepEqual(ours(fields.values()), { reasons: "Because", choice: "first third", level: "high" });
  assert.equal(fields.text(), '{"choice":"first third","level":"high","reasons":"Because"}');
});

test("what was typed before the script came is not taken for what the server wrote", () => {
  const fields = new Fields(formOf(field("answer-reasons", "Saved"), choice("answer-choice", "first", "radio", true), choice("answer-choice", "second", "radio")));
  fields.all[0].value = "Typed";
  Object.assign(fields.all[1], { checked: false });
  Object.assign(fields.all[2], { checked: true });
  assert.equal(fields.text(true), '{"choice":"first","reasons":"Saved"}');
  assert.equal(fields.text(), '{"choice":"second","reasons":"Typed"}');
});

test("values that are put into fields are read out of them again, and what they do not name is emptied", () => {
  const fields = new Fields(formOf(field("answer-reasons", "old"), field("answer-more", "old"), choice("answer-choice", "a", "checkbox", true), choice("answer-choice", "aa")));
  fields.put({ reasons: "new", choice: "aa" });
  assert.deepEqual(ours(fields.values()), { reasons: "new", more: "", choice: "aa" });
});

test("pasted text is laid out with the cursor where it was", () => {
  const area = field("text", "👍\r\none\v\x00two\u2028three");
  const fields = new Fields(formOf(area));
  area.setSelectionRange(9, 12);
  fields.layOut(area);
  assert.equal(area.value, "👍\none\ntwo\nthree");
  assert.deepEqual([area.selectionStart, area.selectionEnd], [7, 10]);
});

test("text that needs no laying out is not touched, so that undoing goes on", () => {
  const area = field("text", "two\r\nlines");
  const fields = new Fields(formOf(area));
  area.setSelectionRange(4, 5);
  fields.layOut(area);
  assert.equal(area.value, "two\r\nlines");
  assert.deepEqual([area.selectionStart, area.selectionEnd], [4, 5]);
});

test("fields that are closed can be read and not changed", () => {
  const fields = new Fields(formOf(field("answer-reasons", "read me"), choice("answer-choice", "a")));
  fields.open(false);
  assert.deepEqual([fields.all[0].readOnly, fields.all[0].disabled, fields.all[1].disabled], [true, false, true]);
  fields.open(true);
  assert.deepEqual([fields.all[0].readOnly, fields.all[1].disabled], [false, false]);
});

test("values are said with their labels, choices by the words that were read", () => {
  const several = new Fields(formOf(field("answer-reasons", "", { labels: [{ textContent: "Your reasons " }] }), choice("answer-choice", "first"), choice("answer-choice", "second")));
  assert.equal(several.said({ reasons: "Because", choice: "second" }), "Your reasons:\nBecause\n\nThe second one");
  assert.equal(new Fields(formOf(field("text"))).said({ text: "As it is" }), "As it is");
});
