/* What the scripts find in a browser, by hand where Node has none. Time passes only when a test lets it. */
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const SCRIPTS = new URL("../../static/js/answering/", import.meta.url);

/* Import modules in a world of their own, which has `globals` and the language; returns all that they export. */
export const load = async (names, globals = {}) => {
  const context = vm.createContext({ ...globals });
  const found = new Map();
  const moduleAt = (url) => {
    if (!found.has(url.href)) {
      found.set(url.href, new vm.SourceTextModule(readFileSync(url, "utf8"), { context, identifier: url.href }));
    }
    return found.get(url.href);
  };
  const exported = {};
  for (const name of names) {
    const module = moduleAt(new URL(`${name}.js`, SCRIPTS));
    /* One that another imported is linked, and evaluated, with it. */
    if (module.status === "unlinked") await module.link((specifier, { identifier }) => moduleAt(new URL(specifier, identifier)));
    await module.evaluate();
    Object.assign(exported, module.namespace);
  }
  return exported;
};

/* A value of that world as one of ours, to be compared. */
export const ours = (value) => structuredClone(value);

/* What is underway in Node itself: it ends by itself, whatever the clock says. */
let underway = 0;
const counted = async (promise) => {
  underway += 1;
  try {
    return await promise;
  } finally {
    underway -= 1;
  }
};

/* Node's own WebCrypto. */
export const crypto = {
  randomUUID: () => webcrypto.randomUUID(),
  getRandomValues: (bytes) => webcrypto.getRandomValues(bytes),
  subtle: new Proxy(webcrypto.subtle, { get: (subtle, name) => (...given) => counted(subtle[name](...given)) }),
};

/* Until everything that was begun has come to rest, but for what waits for the clock. */
export const rest = async () => {
  for (let quiet = 0; quiet < 20; quiet = underway ? 0 : quiet + 1) await new Promise(setImmediate);
};

export class Clock {
  constructor() {
    this.now = 1000; // milliseconds since the page was opened
    this.timers = new Map();
    this.count = 0;
    const set = (act, wait, every) => {
      this.count += 1;
      this.timers.set(this.count, { act, at: this.now + (wait || 0), every });
      return this.count;
    };
    this.globals = {
      performance: { now: () => this.now },
      setTimeout: (act, wait) => set(act, wait),
      setInterval: (act, wait) => set(act, wait, wait),
      clearTimeout: (id) => this.timers.delete(id),
    };
  }

  /* Timer after timer, and what each began. */
  async pass(milliseconds) {
    const until = this.now + milliseconds;
    await rest();
    for (let due = this._due(until); due; due = this._due(until)) {
      const [id, timer] = due;
      this.now = Math.max(this.now, timer.at);
      if (timer.every) timer.at = this.now + timer.every;
      else this.timers.delete(id);
      timer.act();
      await rest();
    }
    this.now = until;
  }

  /* As when the machine sleeps: time went, and no timer ran. */
  jump(milliseconds) {
    this.now += milliseconds;
  }

  _due(until) {
    return [...this.timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at)[0];
  }
}

/* A field as a page has it. */
export const field = (name, value = "", more = {}) => ({
  ...{ name, value, defaultValue: value, type: "textarea", readOnly: false, disabled: false, labels: [] },
  ...{ selectionStart: 0, selectionEnd: 0 },
  setSelectionRange(start, end) {
    Object.assign(this, { selectionStart: start, selectionEnd: end });
  },
  ...more,
});

/* One of several choices. */
export const choice = (name, value, type = "checkbox", isChosen = false) =>
  field(name, value, { type, checked: isChosen, defaultChecked: isChosen, labels: [{ textContent: ` The ${value} one ` }] });

/* The form of an answer: with one field called text, else of several parts. */
export const formOf = (...fields) => ({
  querySelector: () => (fields.some(({ name }) => name === "text") ? null : {}),
  querySelectorAll: () => [field("csrfmiddlewaretoken", "token"), ...fields],
  hasAttribute: () => false,
});
