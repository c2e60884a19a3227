/* Marking: each judgement is saved as it is made, and says so only once the server said what it holds.

   Without this script the form sends all of them. What was not saved stays on the page, and is said. */
import { Server, Unreached } from "./answering/server.js";

const PAUSE = 800; // milliseconds without typing
const WAIT = 400; // milliseconds: whoever goes through the choices by arrow keys means the last one
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
const STAY = 60_000;
const PATIENCE = 20_000; // for what is under way, before the page is left
const SAID = ["judged", "note", "oral_question", "oral_answer", "settled"];
const CHOICES = ["judged", "settled"];
const KEYS = { 1: "met", 2: "partly_met", 3: "not_met" };

/* A text as the server lays it out, near enough to see that it is the same. */
const laidOut = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
const same = (one, other) => SAID.every((name) => laidOut(one[name]) === laidOut(other[name]));

class Judgement {
  constructor(item, page) {
    this.item = item;
    this.page = page;
    this.name = item.dataset.criterion;
    this.line = item.querySelector("[data-said]");
    this.place = item.querySelector("[data-refused]");
    this.tries = 0;
    /* What came back beside another judgement is not saved, nor anything of a form with mistakes. */
    const isSaved = !page.form.hasAttribute("data-nothing-saved") && !this.place.children.length;
    this.acknowledged = isSaved ? this.values(true) : null;
    this.item.addEventListener("change", (event) => this.changed(event));
    this.item.addEventListener("input", (event) => this.typed(event));
    this.item.addEventListener("focusout", () => this.isWaiting && this.send());
    this.item.addEventListener("click", (event) => this.pressed(event));
  }

  /* --- What stands on the page ---------------------------------------------------------------- */

  field(name) {
    return this.item.querySelector(`[name="${name}_${this.name}"]`);
  }

  choices(name) {
    return [...this.item.querySelectorAll(`[name="${name}_${this.name}"]`)];
  }

  values(asLoaded = false) {
    const found = {};
    for (const name of SAID) {
      if (CHOICES.includes(name)) {
        const chosen = this.choices(name).find((one) => (asLoaded ? one.defaultChecked : one.checked));
        found[name] = chosen?.value ?? "";
      } else {
        const field = this.field(name);
        found[name] = (asLoaded ? field?.defaultValue : field?.value) ?? "";
      }
    }
    return found;
  }

  put(values) {
    for (const name of SAID) {
      if (CHOICES.includes(name)) for (const one of this.choices(name)) one.checked = one.value === values[name];
      else if (this.field(name)) this.field(name).value = values[name];
    }
  }

  /* As the server has it. */
  get isMarked() {
    return (this.acknowledged?.judged ?? this.item.dataset.judged) !== "";
  }

  /* The page came with two judgements to choose from: the form sends which one counts. */
  get isForTheForm() {
    return this.place.children.length > 0 && !this.refused;
  }

  get isSaved() {
    return !this.underway && this.acknowledged !== null && same(this.values(), this.acknowledged);
  }

  /* --- What happens on the page --------------------------------------------------------------- */

  changed(event) {
    if (CHOICES.some((name) => event.target.name === `${name}_${this.name}`)) this.soon(WAIT);
  }

  typed(event) {
    if (event.target.tagName !== "TEXTAREA" || event.target.name.startsWith("because_")) return;
    this.soon(PAUSE);
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.isWaiting = true;
    this.say(this.page.words.saving);
    this.timer = setTimeout(() => this.send(), pause);
  }

  pressed(event) {
    if (event.target.closest("button[data-undo]")) this.undo();
    if (event.target.closest("[data-decide]")) this.decide();
  }

  undo() {
    if (!this.before) return;
    this.put(this.before);
    this.before = null;
    this.isUndoing = true;
    this.send();
    this.item.querySelector(".judgements input:checked, .judgements input")?.focus();
  }

  /* Which of two judgements counts, once both were seen. */
  decide() {
    const use = this.choices("use").find((one) => one.checked)?.value;
    if (!use) return this.choices("use")[0].focus();
    if (use === "saved") {
      this.put(this.refused.mark);
      this.settle(this.refused);
      return this.say(this.page.words.saved);
    }
    const because = this.field("because");
    if (because && !because.value.trim()) return because.focus();
    this.because = because?.value ?? "";
    /* It builds on the one that was shown beside it. */
    this.field("base").value = this.refused.base;
    this.acknowledged = null;
    this.place.replaceChildren();
    return this.send();
  }

  /* --- Sending: one at a time, again as it was until it is answered, then what stands by then -- */

  send() {
    clearTimeout(this.timer);
    this.isWaiting = false;
    if (this.underway || this.place.children.length) return;
    const values = this.values();
    if (this.acknowledged && same(values, this.acknowledged)) return this.say(this.hasSaved ? this.page.words.saved : "");
    this.underway = { values, body: this.body(values) };
    this.attempt();
  }

  body(values) {
    const sent = new URLSearchParams();
    for (const name of SAID) sent.append(`${name}_${this.name}`, values[name]);
    sent.append(`base_${this.name}`, this.field("base").value);
    sent.append(`because_${this.name}`, this.because ?? "");
    for (const [name, value] of Object.entries(this.page.stamp())) sent.append(name, value);
    return sent.toString();
  }

  async attempt() {
    clearTimeout(this.retry);
    const { underway } = this;
    if (!underway || this.isAsking) return;
    this.isAsking = true;
    this.say(this.page.words.saving);
    try {
      const reply = await this.page.ask(this.name, underway.body);
      this.isAsking = false;
      this.answered(reply, underway.values);
    } catch (error) {
      this.isAsking = false;
      if (!(error instanceof Unreached)) throw error;
      this.again(this.page.words.unreached);
    }
  }

  again(words) {
    this.say(words, true);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries) * (0.5 + Math.random() / 2);
    this.tries += 1;
    this.retry = setTimeout(() => this.attempt(), wait);
  }

  answered({ status, told }, values) {
    if (status === 401) return this.again(this.page.words.signedOut);
    this.underway = null;
    this.tries = 0;
    if (told.state === "saved") return this.saved(told, values);
    this.acknowledged = null;
    /* Meanwhile something else stands there: that is what is asked about now. */
    if (!told.html && !same(this.values(), values)) return this.send();
    if (told.html) {
      this.refused = told;
      const parsed = document.createElement("template");
      parsed.innerHTML = told.html;
      this.place.replaceChildren(parsed.content);
    }
    this.say(told.html ? this.page.words.undecided : told.message || this.page.words.lost, true);
    this.page.tell(told.message || this.page.words.lost);
    return undefined;
  }

  saved(told, values) {
    const before = this.acknowledged;
    const isChoice = before && CHOICES.some((name) => before[name] !== values[name]);
    const now = this.values();
    this.settle(told);
    this.because = "";
    /* The server may lay a text out otherwise: what is shown is what it holds, unless somebody types there. */
    if (same(now, values)) {
      if (!same(told.mark, values)) this.put(told.mark);
    } else return this.send();
    if (isChoice && !this.isUndoing) this.before = before;
    this.hasSaved = true;
    const words = this.isUndoing ? this.page.words.undone : this.page.words.saved;
    this.say(words);
    this.page.tell(`${this.item.querySelector("legend").textContent.replace(/\s+/g, " ").trim()}: ${words}`);
    this.isUndoing = false;
    if (this.before) this.offer();
    return undefined;
  }

  settle({ mark, base, had }) {
    this.acknowledged = { ...mark };
    this.field("base").value = base;
    this.field("had").value = had;
    this.place.replaceChildren();
    this.refused = null;
    this.page.count();
    /* What was counted from the marks as they were when the page was opened. */
    for (const shown of document.querySelectorAll("[data-as-loaded]")) shown.hidden = true;
  }

  offer() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-link";
    button.dataset.undo = "";
    button.textContent = this.page.words.undo;
    this.line.append(" ", button);
  }

  say(words, isWrong = false) {
    if (this.line.textContent === words && !isWrong) return;
    this.line.textContent = words;
    this.line.classList.toggle("criterion-unsaved", isWrong);
  }
}

class Page {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.device = crypto.randomUUID();
    this.sequence = 0;
    this.server = new Server(location.href, form.querySelector("[name=csrfmiddlewaretoken]").value);
    this.judgements = [...form.querySelectorAll("[data-criterion]")].map((item) => new Judgement(item, this));
    for (const shown of document.querySelectorAll("[data-by-script]")) shown.hidden = false;
    for (const needless of form.querySelectorAll("[data-without-script]")) needless.hidden = true;
    form.addEventListener("keydown", (event) => this.pressed(event));
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => this.resume());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.part() : this.resume()));
    window.addEventListener("pagehide", () => this.part());
    window.addEventListener("beforeunload", (event) => {
      if (!this.isLeaving && this.unsaved.length) event.preventDefault();
    });
    this.count();
    if (this.words.stay) setInterval(() => this.stay(), STAY);
  }

  /* The answer stays theirs while it is looked at. */
  stay() {
    if (document.hidden) return;
    const headers = { "X-CSRFToken": this.server.token };
    this.server.ask(new URL(this.words.stay, location.href), { method: "POST", headers }).catch(() => {});
  }

  get firstUnmarked() {
    return this.judgements.find((one) => !one.isMarked);
  }

  get unsaved() {
    return this.judgements.filter((one) => !one.isSaved);
  }

  stamp() {
    this.sequence += 1;
    /* Who marks by question is not told which attempt it is: the address of the answer says it. */
    const submission = this.form.elements.submission?.value ?? "";
    return { submission, device: this.device, sequence: this.sequence };
  }

  async ask(name, body) {
    const url = new URL(this.words.judge.replace(/0\/0\/$/, `${name.replace("_", "/")}/`), location.href);
    const send = () =>
      this.server.ask(url, {
        method: "POST",
        headers: { "X-CSRFToken": this.server.token, "Content-Type": "application/x-www-form-urlencoded" },
        body,
        keepalive: true,
      });
    const reply = await send();
    if (reply.told.state !== "csrf") return reply;
    /* They signed in again, which made another token: this page, asked for anew, has it. */
    const page = await fetch(location.href).then((answer) => answer.text());
    const parsed = new DOMParser().parseFromString(page, "text/html");
    const token = parsed.querySelector("[data-marks] [name=csrfmiddlewaretoken]")?.value;
    if (!token) return { status: 401, told: {} };
    this.server.renew(token);
    return send();
  }

  /* The page is hidden or left: nothing waits for a pause any more. */
  part() {
    for (const one of this.judgements) if (one.isWaiting) one.send();
  }

  resume() {
    for (const one of this.judgements) one.attempt();
  }

  count() {
    const marked = this.judgements.filter((one) => one.isMarked).length;
    for (const place of document.querySelectorAll("[data-marked]")) place.textContent = marked;
  }

  tell(words) {
    document.querySelector("[data-marks-said]").textContent = words;
  }

  /* Nothing is left before all of it is acknowledged. */
  async submitted(event) {
    if (this.isLeaving || this.unsaved.every((one) => one.isForTheForm)) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    const { submitter } = event;
    if (this.isSubmitting) return;
    this.isSubmitting = true;
    for (const one of this.judgements) one.send();
    const until = performance.now() + PATIENCE;
    while (this.unsaved.some((one) => one.underway) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.isSubmitting = false;
    const first = this.unsaved.find((one) => !one.isForTheForm);
    if (first) {
      this.tell(this.words.left);
      first.item.scrollIntoView();
      first.item.querySelector("[data-refused] input, .judgements input")?.focus({ preventScroll: true });
      return;
    }
    this.isLeaving = true;
    this.form.requestSubmit(submitter);
  }

  /* Only where a judgement has the focus, so that no other key press is taken. */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".judgements")) return;
    const here = this.judgements.find((one) => one.item.contains(event.target));
    if (KEYS[event.key]) this.judge(here, KEYS[event.key], event);
    else if (event.key === "n") this.write(here, "note", event);
    else if (event.key === "o") this.write(here, "oral_question", event);
    else if (event.key === "u" && here.before) {
      event.preventDefault();
      here.undo();
    }
  }

  judge(here, value, event) {
    const choice = here.item.querySelector(`.judgements input[value="${value}"]`);
    if (!choice) return;
    event.preventDefault();
    if (!choice.checked) {
      choice.checked = true;
      here.send();
    }
    const next = this.judgements[this.judgements.indexOf(here) + 1];
    const target = next
      ? next.item.querySelector(".judgements input:checked, .judgements input")
      : this.form.querySelector(".save-bar button");
    target?.focus();
  }

  write(here, name, event) {
    const field = here.field(name);
    if (!field) return;
    event.preventDefault();
    field.closest("details").open = true;
    field.focus();
  }
}

const begin = ({ item }) => {
  item.scrollIntoView({ block: "nearest" });
  item.querySelector(".judgements input").focus({ preventScroll: true });
};

const start = () => {
  const form = document.querySelector("[data-marks]");
  if (!form) return;
  const page = new Page(form);
  /* As the page stands now: without this script the link leads to what was unmarked when it was opened. */
  document.querySelector("[data-first-unmarked]")?.addEventListener("click", (event) => {
    if (!page.firstUnmarked) return;
    event.preventDefault();
    begin(page.firstUnmarked);
  });
  /* Who came by *Next* goes on where a judgement is missing: one action for each, and one for the answer. */
  if (location.hash === "#on" && page.firstUnmarked) begin(page.firstUnmarked);
};

start();
