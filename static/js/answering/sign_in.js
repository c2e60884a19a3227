/* Signing in again without leaving the page: an emailed code, asked for and typed in a dialog. */
import { work } from "../work.js";
import { sentences } from "./status.js";

export class SignIn {
  /* `onSignedIn` is called once the server knows somebody again; it asks who. */
  constructor({ email, onSignedIn }) {
    this.dialog = document.getElementById("answering-sign-in");
    this.email = email;
    this.onSignedIn = onSignedIn;
    this.words = sentences();
    this.form = this.dialog.querySelector("form");
    this.code = this.form.querySelector("[name=code]");
    this.problem = this.dialog.querySelector("[data-problem]");
    this.sent = this.dialog.querySelector("[data-sent]");
    this.ask = this.dialog.querySelector("[data-ask]");
    this.more = this.dialog.querySelector("[data-more]");
    this.where = this.dialog.dataset.code;
    this.ask.addEventListener("click", () => this._ask());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._enter();
    });
    this.dialog.querySelector("[data-not-now]").addEventListener("click", () => this.dialog.close());
  }

  open() {
    if (this.dialog.open) return;
    this._wrong("");
    this.dialog.showModal();
  }

  async _ask() {
    await this._busy(async () => {
      const wrong = await this._post(this.dialog.dataset.signIn, { email: this.email });
      if (wrong) return this._wrong(wrong);
      const page = await this._read(await fetch(this.dialog.dataset.code, { cache: "no-store" }));
      this.sent.querySelector("[data-label]").textContent = page.querySelector(".code-label")?.textContent ?? "";
      this.where = this.dialog.dataset.code;
      this.sent.hidden = this.form.hidden = false;
      this.more.hidden = true;
      this.ask.textContent = this.words("another_code");
      this.code.value = "";
      this.code.focus();
    });
  }

  async _enter() {
    await this._busy(async () => {
      const wrong = await this._post(this.where, { code: this.code.value });
      if (wrong) {
        this.code.focus();
        return this._wrong(wrong);
      }
      if (!(await this.onSignedIn())) {
        if (await this._asksMore()) return this._askMore();
        /* After too many tries, or too late, the server asks for another code instead. */
        return this._wrong(this.words("code_ended"));
      }
      this.form.hidden = this.sent.hidden = true;
      this.dialog.close();
    });
  }

  /* Whether the sign-in page, asked now, leads to a second step. */
  async _asksMore() {
    const page = await this._read(await fetch(this.dialog.dataset.signIn, { cache: "no-store" }));
    return Boolean(page.querySelector("[data-second-step]"));
  }

  _askMore() {
    this.where = this.dialog.dataset.second;
    this.sent.hidden = true;
    this.more.hidden = false;
    this.code.value = "";
    this.code.focus();
  }

  async _busy(act) {
    if (this.isBusy) return;
    this.isBusy = true;
    this._wrong("");
    try {
      await act();
    } catch {
      this._wrong(this.words("sign_in_unreached"));
    }
    this.isBusy = false;
  }

  _wrong(words) {
    this.problem.textContent = words;
    this.problem.hidden = !words;
    if (words) this.code.setAttribute("aria-invalid", "true");
    else this.code.removeAttribute("aria-invalid");
  }

  /* Send one of the site's own forms; what its page says is wrong, or nothing where it leads on.

     The page's token may be gone with its session: the sign-in page has one of now. */
  async _post(url, values) {
    const page = await this._read(await fetch(this.dialog.dataset.signIn, { cache: "no-store" }));
    const token = page.querySelector("main [name=csrfmiddlewaretoken]");
    /* Signed in meanwhile, in another tab: there is nothing to ask. */
    if (!token) return "";
    const reply = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": token.value },
      body: new URLSearchParams(values),
      redirect: "manual",
    });
    if (reply.type === "opaqueredirect") return "";
    const told = await this._read(reply);
    const box = told.querySelector("[data-work]");
    if (box && !values["signing-work"] && globalThis.crypto?.subtle) {
      this._wrong(this.words("one_moment"));
      const done = await work(box);
      this._wrong("");
      return this._post(url, { ...values, ...done });
    }
    const said = told.querySelector("[data-error-summary] li") || (reply.ok ? null : told.querySelector("main > .lead"));
    return said ? said.textContent.trim() : this.words("sign_in_unreached");
  }

  async _read(reply) {
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  }
}
