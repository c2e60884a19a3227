/* The register: each choice is saved as it is made, and says so. Where it cannot be, the form still sends all. */
import { Server, Unreached } from "./answering/server.js";

const WAIT = 500; // milliseconds: whoever goes through the choices by arrow keys means the last one

class Row {
  constructor(item, register) {
    this.register = register;
    this.take(item);
  }

  /* `item` is the row from now on: it listens there, whatever stood there before. */
  take(item) {
    this.item = item;
    item.addEventListener("change", (event) => {
      if (event.target.type === "radio") this.chosen();
    });
    item.querySelector("[data-send]")?.addEventListener("click", () => this.send());
    const reason = item.querySelector("[data-reason]");
    if (reason && !reason.value) reason.value = this.register.reason;
  }

  get choice() {
    return this.item.querySelector("input[type=radio]:checked")?.value ?? "";
  }

  chosen() {
    clearTimeout(this.timer);
    this.isUnsaved = true;
    this.say(this.register.words.saving);
    this.timer = setTimeout(() => this.send(), WAIT);
  }

  /* One request at a time for each person: what was chosen meanwhile goes with the next. */
  async send() {
    clearTimeout(this.timer);
    if (this.underway) return;
    this.underway = true;
    const choice = this.choice;
    try {
      const told = await this.register.ask(this.item);
      const isLatest = this.choice === choice;
      if (isLatest) this.isUnsaved = told.state !== "saved";
      if (told.html) this.put(told.html, isLatest);
      else this.say(told.message || this.register.words.unsaved, true);
      if (told.said && isLatest) this.register.tell(told);
      this.underway = false;
      if (!isLatest) await this.send();
    } catch (error) {
      if (!(error instanceof Unreached)) throw error;
      this.say(this.register.words.unsaved, true);
      this.register.tell({ said: this.register.words.unsaved });
    } finally {
      this.underway = false;
    }
  }

  put(html, isLatest) {
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    const fresh = parsed.content.querySelector("li");
    if (!isLatest) {
      /* Another choice was made meanwhile: only what now stands is taken over. */
      for (const field of fresh.querySelectorAll("input[type=hidden]")) {
        const here = this.item.querySelector(`input[name="${field.name}"]`);
        if (here) here.value = field.value;
      }
      return;
    }
    const focused = this.item.contains(document.activeElement) ? document.activeElement.id : "";
    this.item.replaceWith(fresh);
    this.take(fresh);
    const reason = fresh.querySelector("[data-reason]");
    if (focused) (reason ?? document.getElementById(focused))?.focus({ preventScroll: !reason });
  }

  say(words, isWrong = false) {
    const line = this.item.querySelector("[data-said]");
    line.textContent = words;
    line.classList.toggle("register-unsaved", isWrong);
  }
}

class Register {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.reason = ""; // that was given last: whoever corrects several people often has one
    this.server = new Server(location.href, form.querySelector("[name=csrfmiddlewaretoken]").value);
    const rows = [...form.querySelectorAll("[data-row]")].map((item) => new Row(item, this));
    let isSending = false;
    form.addEventListener("submit", () => (isSending = true));
    window.addEventListener("beforeunload", (event) => {
      if (!isSending && rows.some((row) => row.isUnsaved)) event.preventDefault();
    });
  }

  async ask(item) {
    const sent = new URLSearchParams();
    for (const field of item.querySelectorAll("input[type=hidden], input[type=radio]:checked")) sent.append(field.name, field.value);
    const reason = (item.querySelector("[data-reason]") ?? this.form.elements.reason)?.value ?? "";
    sent.append("reason", reason);
    if (reason.trim()) this.reason = reason;
    const reply = await this.server.ask(new URL(item.dataset.row, location.href), {
      method: "POST",
      headers: { "X-CSRFToken": this.server.token, "Content-Type": "application/x-www-form-urlencoded" },
      body: sent.toString(),
    });
    return reply.told;
  }

  tell({ said, taken }) {
    document.querySelector("[data-register-said]").textContent = said;
    if (taken) document.querySelector("[data-taken]").textContent = taken;
  }
}

const start = () => {
  const form = document.querySelector("[data-register]");
  if (form) new Register(form);
};

start();
