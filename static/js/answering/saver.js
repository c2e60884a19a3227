/* Saving one answer: one save at a time, sent again as it was until it is answered, then the newest text.

   It holds the facts, and derives from them what the page may claim. `saved` is claimed only while the text on the
   page is the very text whose SHA-256 the server named; `kept` only while the journal holds it. */
import { Keeping } from "./keeping.js";
import { Unreached } from "./server.js";
import { canonical, sha256 } from "./text.js";

const PAUSE = 1000; // milliseconds without typing
const PAUSE_IN_CONFLICT = 20_000;
const SLOW = 4000; // after which an unanswered save is no longer called on its way
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/* Sent again, these would be refused again: until the text or the day changes, nothing is sent. */
const ENDS = ["closed", "submitted", "finished", "not_open", "gone", "other"];

export class Saver {
  /* `ids` names person, enrolment, submission and question; `revision` is what the fields were filled from. */
  constructor({ server, journal, fields, ids, revision, onChange, onSignedOut }) {
    Object.assign(this, { server, journal, fields, ids, onChange, onSignedOut });
    this.device = crypto.randomUUID();
    this.sequence = 0;
    /* A text that was refused comes back on a page too, and is not saved. */
    const text = fields.form.hasAttribute("data-refused") ? null : fields.text(true);
    this.acknowledged = { text, revision, savedAt: null };
    this.inFlight = null;
    this.kept = new Keeping(this);
    this.problem = null;
    this.finished = null;
    this.tries = 0;
    this.parted = 0;
    this.late = null; // the text that came too late, and that the server keeps for its author
    this.held = true; // nothing goes out before it is known whose page this is
  }

  /* --- Facts ------------------------------------------------------------------------------- */

  get text() {
    return this.fields.text();
  }

  /* Nothing else is on its way either, that could come to stand in its place. */
  get isSaved() {
    return !this.inFlight && this.text === this.acknowledged.text;
  }

  /* The server has it, be it as the answer or, after closing, beside it. */
  get isWithServer() {
    return this.isSaved || this.text === this.late;
  }

  get isSafe() {
    return this.isWithServer || this.text === this.kept.text;
  }

  /* What is true now, as { what, message, savedAt }. */
  claim() {
    const { text, problem } = this;
    const message = problem?.message;
    const isKept = text === this.kept.text;
    const isHeld = isKept || this.kept.isPossible;
    if (problem && problem.what === "conflict") return { what: isHeld || text === problem.text ? "conflict" : "unkept" };
    if (problem && ENDS.includes(problem.what)) return { what: problem.what, message, isKept, isWithServer: text === this.late };
    if (this.isSaved) {
      const { savedAt } = this.acknowledged;
      if (problem && problem.what === "signed_out") return { what: "signed_out_saved" };
      return savedAt ? { what: "saved", savedAt } : { what: text ? "as_loaded" : "idle" };
    }
    if (!problem) return { what: "saving" };
    if (!isKept && this.kept.isPossible) return { what: "keeping" };
    if (problem.what === "refused") return { what: isKept ? "refused" : "unkept", message };
    if (!isKept) return { what: problem.what === "signed_out" ? "signed_out_unkept" : "unkept" };
    return { what: problem.what };
  }

  /* --- What happens on the page ------------------------------------------------------------ */

  /* Something was typed or chosen. */
  changed(now = false) {
    if (this.problem && this.problem.what === "refused") this.problem = null;
    if (this.isSaved) this.kept.forget(this.text);
    else this.kept.keep();
    this.later(now ? 0 : this.problem && this.problem.what === "conflict" ? PAUSE_IN_CONFLICT : PAUSE);
    this.onChange();
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  /* The page is hidden or left: all there is goes out at once, since nothing may run afterwards. */
  part() {
    if (this.held || (this.problem && [...ENDS, "signed_out"].includes(this.problem.what))) return;
    clearTimeout(this.timer);
    if (!this.inFlight) return void this.send(true);
    if (this.text === this.inFlight.text) return;
    /* Beside the one in flight: the server takes a later save of the same page that builds on the same. */
    const beside = this._payload();
    this.parted = beside.sequence;
    this.server.save(this.ids.question, beside).catch(() => {});
    this.kept.keep();
  }

  /* Send what is there; true once it is acknowledged, false where it cannot be, or not within `patience`. */
  async flush(finished, patience) {
    this.finished = this.isSaved ? null : finished;
    const until = performance.now() + patience;
    this.send(true);
    while ((!this.isSaved || this.finished !== null) && performance.now() < until) {
      if (this.problem && !["unreachable", "offline"].includes(this.problem.what)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.finished = null;
    return this.isSaved;
  }

  /* The line is back, or they are signed in again. */
  resume() {
    if (this.problem && ["signed_out", "unreachable", "offline"].includes(this.problem.what)) {
      this._trouble(this.problem.what === "signed_out" ? null : this.problem.what);
    }
    this.tries = 0;
    this._attempt();
  }

  /* Answering closed, or was opened again. */
  stage(what, message) {
    if (what) this._trouble(what, message);
    else if (this.problem && ["closed", "not_open"].includes(this.problem.what)) {
      this._trouble(null);
      this.isLast = false;
      this.send(true);
    }
  }

  /* Go on as the page that wrote `entries`: an unanswered save of it goes out again exactly as it was. */
  adopt(device, { sent, typed, revision }) {
    this.device = device;
    this.sequence = Math.max(...[sent, typed].filter(Boolean).map((each) => each.entry.sequence));
    this.acknowledged.revision = revision;
    if (sent) {
      const { sequence, base, finished } = sent.entry;
      this.inFlight = {
        payload: { ...this._names(), sequence, base, values: sent.values, finished },
        text: canonical(sent.values, this.fields.isPlain),
      };
    }
  }

  /* --- Sending ------------------------------------------------------------------------------ */

  _names() {
    return { submission: this.ids.submission, device: this.device };
  }

  _payload() {
    this.sequence += 1;
    return {
      ...this._names(),
      sequence: this.sequence,
      base: this.acknowledged.revision,
      values: this.fields.values(),
      finished: this.finished,
    };
  }

  /* Send the newest text, unless a save is unanswered: then that one comes first. */
  send(soon = false) {
    clearTimeout(this.timer);
    if (this.held || !this.ids.submission) return;
    if (this.problem && [...ENDS, "refused", "signed_out"].includes(this.problem.what)) return;
    if (this.inFlight) {
      if (soon) this._attempt();
      return;
    }
    const { text } = this;
    if (this.isSaved && this.finished === null) return;
    if (this.problem && this.problem.what === "conflict" && text === this.problem.text) return;
    const payload = this._payload();
    this.inFlight = { payload, text };
    this.kept.keepSent(payload, text);
    this._attempt();
  }

  async _attempt() {
    clearTimeout(this.retry);
    if (!this.inFlight) return this.send();
    if (this.isAsking || this.held) return;
    this.isAsking = true;
    const { payload, text } = this.inFlight;
    const slow = setTimeout(() => this.problem || this._trouble("unreachable"), SLOW);
    this.onChange();
    try {
      const [reply, digest] = await Promise.all([
        this.server.save(this.ids.question, payload),
        sha256(text),
      ]);
      this.isAsking = false;
      this._answered(reply, text, digest);
    } catch (error) {
      this.isAsking = false;
      if (!(error instanceof Unreached)) throw error;
      this._trouble(navigator.onLine ? "unreachable" : "offline");
      this._again();
    } finally {
      clearTimeout(slow);
    }
  }

  /* Ever later, and not all of a room at the same moment. */
  _again() {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries) * (0.5 + Math.random() / 2);
    this.tries += 1;
    this.retry = setTimeout(() => this._attempt(), wait);
  }

  _answered({ status, told }, text, digest) {
    if (status === 200 && told.state === "saved") return this._saved(told, text, digest);
    if (status === 401) {
      this._trouble("signed_out");
      return this.onSignedOut();
    }
    if (told.state === "csrf") {
      this._trouble("unreachable");
      return this._again();
    }
    this.inFlight = null;
    if (told.state === "conflict") {
      this._trouble("conflict", told.message);
      this.problem.text = text;
      if (this.text !== text) this.later(PAUSE_IN_CONFLICT);
    } else if (["closed", "submitted", "finished", "not_open"].includes(told.state)) {
      if (told.kept) this.late = text;
      this._trouble(told.state, told.message);
      /* Kept by the server for its author: this device need not. What came since goes the same way. */
      if (told.kept || told.state === "closed" || told.state === "submitted") this._late(text);
    } else if (told.state === "refused" || told.state === "too_large" || told.state === "unreadable") {
      this._trouble("refused", told.message);
      if (this.text !== text) this.changed();
    } else this._trouble("gone");
    this.finished = null;
    this.onChange();
  }

  _saved(told, text, digest) {
    const { sequence } = this.inFlight.payload;
    this.inFlight = null;
    if (told.sha256 !== digest) {
      /* The server holds something else than what was sent: never call that saved. */
      this.acknowledged = { text: null, revision: told.revision, savedAt: null };
      this._trouble("unreachable");
      return this._again();
    }
    this.acknowledged = { text, revision: told.revision, savedAt: told.saved_at };
    /* What went out beside it, when the page was hidden, may stand there by now. */
    if (sequence < this.parted) this.acknowledged.text = null;
    this.tries = 0;
    this.finished = null;
    this._trouble(null);
    this.kept.forget(text);
    if (!this.isSaved) {
      this.kept.keep();
      this.later(0);
    }
    this.onChange();
  }

  async _late(text) {
    await this.kept.forget(text);
    if (this.text === text || this.isLast) return;
    this.isLast = true;
    const last = this.text;
    const reply = await this.server.save(this.ids.question, this._payload()).catch(() => null);
    if (!reply?.told.kept) return;
    this.late = last;
    this.kept.forget(last);
    this.onChange();
  }

  _trouble(what, message = "") {
    this.problem = what ? { what, message } : null;
    this.onChange();
  }
}
