/* The room's hours, by the server's clock: a countdown near the end, and what closing means for what was typed. */
import { Unreached } from "./server.js";

const EVERY = 10_000; // milliseconds
const LONGEST_WAIT = 60_000;
const SHOWN = 5 * 60; // seconds before the end
const ALOUD = [5 * 60, 60];

export class Hours {
  /* `onState` is told of each reply; `onClosing` when time is over, before the server says so. */
  constructor({ server, place, words, tell, onState, onClosing }) {
    Object.assign(this, { server, place, words, tell, onState, onClosing });
    this.wait = EVERY;
    this.asked = 0;
    this.answered = 0;
    this.told = new Set();
    setInterval(() => this._tick(), 1000);
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    this._later();
  }

  /* What a reply says of the hours. The device's own clock is never asked, only how long ago that was. */
  take({ now, closes_at: closesAt, stage }) {
    this.left = closesAt && stage === "answering" ? (Date.parse(closesAt) - Date.parse(now)) / 1000 : null;
    this.at = performance.now();
    if (this.closesAt !== closesAt) this.told.clear();
    this.closesAt = closesAt;
    this._tick();
  }

  async ask() {
    clearTimeout(this.timer);
    this.asked += 1;
    const turn = this.asked;
    try {
      const reply = await this.server.state();
      this.wait = EVERY;
      /* A later question was answered before: what this says is past. */
      if (turn < this.answered) return;
      this.answered = turn;
      if (reply.status === 200) this.take(reply.told);
      this.onState(reply);
    } catch (error) {
      if (!(error instanceof Unreached)) throw error;
      this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    } finally {
      this._later();
    }
  }

  _later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (document.hidden ? this._later() : this.ask()), this.wait * (0.8 + Math.random() * 0.4));
  }

  _tick() {
    const left = this.left === null || this.left === undefined ? null : this.left - (performance.now() - this.at) / 1000;
    this.place.hidden = left === null || left > SHOWN || left <= 0;
    if (left === null) return;
    if (left <= 0) {
      this.left = null;
      return this.onClosing();
    }
    if (left > SHOWN) return;
    const seconds = Math.ceil(left);
    this.place.textContent = this.words("closes_in", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    for (const mark of ALOUD) {
      if (seconds > mark || this.told.has(mark)) continue;
      this.told.add(mark);
      if (seconds > mark - 30) this.tell(this.words(mark === 60 ? "closes_in_one" : "closes_in_five"));
    }
  }
}
