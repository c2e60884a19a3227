/* One answer as the server keeps it (docs/adr/0009-a-save-is-acknowledged.md), at the end of a line that can be cut. */
import { createHash } from "node:crypto";

import { rest } from "./browser.mjs";

const hashOf = (text) => createHash("sha256").update(text).digest("hex");

export class Answer {
  constructor(text = "") {
    Object.assign(this, { text, revision: text ? 1 : 0 });
    this.known = new Map(); // by page and save, what was replied
    this.beside = []; // texts that are no part of the answer, kept for their author
    this.sent = []; // bodies of the saves that arrived
    this.line = "whole"; // "cut": nothing arrives. "deaf": all arrives, no reply comes back.
    this.instead = []; // replies that a save has instead, first come first served, each [status, body]
    this.isClosed = false;
    this.token = "token";
    this.held = null; // while a list: replies that wait to be let go
  }

  /* Hold replies back from now on; each is let go by a call of what is in `held`. */
  hold() {
    this.held = [];
  }

  /* Let one reply go, the first or the one at `place`. */
  async letGo(place = 0) {
    this.held.splice(place, 1)[0]();
    await rest();
  }

  /* Let go what is held, and hold nothing more. */
  letAllGo() {
    for (const letGo of this.held) letGo();
    this.held = null;
  }

  /* What stands for `fetch` in a page. */
  async fetch(url, { body, headers, signal }) {
    if (this.line === "cut") throw new TypeError("Failed to fetch");
    const [status, told] = url.pathname.endsWith("/save/") ? this._save(JSON.parse(body), headers) : [200, { state: "here", csrf: this.token }];
    if (this.line === "deaf") throw new TypeError("Failed to fetch");
    if (this.held) {
      await new Promise((resolve, reject) => {
        this.held.push(resolve);
        signal.addEventListener("abort", reject);
      });
    }
    return new Response(typeof told === "string" ? told : JSON.stringify(told), { status });
  }

  _save(body, headers) {
    this.sent.push(body);
    if (this.instead.length) return this.instead.shift();
    if (headers["X-CSRFToken"] !== this.token) return [403, { state: "csrf" }];
    const { device, sequence, base, values } = body;
    const save = `${device}/${sequence}`;
    if (this.known.has(save)) return [200, this.known.get(save)];
    const { text } = values;
    if (text.length > 100) return [422, { state: "refused", message: "Too long." }];
    if (text !== this.text && this.isClosed) {
      this.beside.push(text);
      return [409, { state: "closed", message: "Closed.", kept: true }];
    }
    if (text !== this.text) {
      const own = [...this.known].filter(([of, { revision }]) => of.startsWith(device) && revision > base);
      const isOnlyOwn = own.length > 0 && own.every(([of]) => Number(of.split("/")[1]) < sequence) && this.revision - own.length === base;
      if (this.revision !== base && !isOnlyOwn) {
        this.beside.push(this.text, text);
        const saved = { revision: this.revision, saved_at: "2026-05-04T12:00:00Z", values: { text: this.text } };
        return [409, { state: "conflict", message: "Changed.", saved, mine: values }];
      }
      Object.assign(this, { text, revision: this.revision + 1 });
    }
    const told = { state: "saved", revision: this.revision, saved_at: "2026-05-04T12:00:00Z", sha256: hashOf(text) };
    this.known.set(save, told);
    return [200, told];
  }
}
