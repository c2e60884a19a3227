/* Signing in again without leaving the page: an emailed code, asked for and typed in a dialog. */
(() => {
  "use strict";

  class SignIn {
    /* `onSignedIn` is called once the server knows somebody again; it asks who. */
    constructor({ email, onSignedIn }) {
      this.dialog = document.getElementById("answering-sign-in");
      this.email = email;
      this.onSignedIn = onSignedIn;
      this.words = AIMcert.sentences();
      this.form = this.dialog.querySelector("form");
      this.code = this.form.querySelector("[name=code]");
      this.problem = this.dialog.querySelector("[data-problem]");
      this.sent = this.dialog.querySelector("[data-sent]");
      this.ask = this.dialog.querySelector("[data-ask]");
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
        const { told } = await this._post(this.dialog.dataset.signIn, { email: this.email });
        if (!told.location) return this._wrong(this._errors(told));
        this.sent.hidden = this.form.hidden = false;
        this.ask.textContent = this.words("another_code");
        this.code.value = "";
        this.code.focus();
      });
    }

    async _enter() {
      await this._busy(async () => {
        const { told } = await this._post(this.dialog.dataset.code, { code: this.code.value });
        if (!told.location) {
          this.code.focus();
          return this._wrong(this._errors(told));
        }
        /* After too many tries, or too late, the server asks for another code instead. */
        if (!(await this.onSignedIn())) return this._wrong(this.words("code_ended"));
        this.form.hidden = this.sent.hidden = true;
        this.dialog.close();
      });
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

    _errors(told) {
      const fields = told.form ? Object.values(told.form.fields) : [];
      const errors = [...(told.form ? told.form.errors : []), ...fields.flatMap((field) => field.errors)];
      return errors.join(" ") || this.words("sign_in_unreached");
    }

    /* The page's token may be gone with its session: the sign-in page has one of now. */
    async _post(url, values) {
      const page = await fetch(this.dialog.dataset.signIn, { cache: "no-store" });
      const read = new DOMParser().parseFromString(await page.text(), "text/html");
      const token = read.querySelector("main [name=csrfmiddlewaretoken]");
      if (!token) return { told: { location: page.url } };
      const reply = await fetch(url, {
        method: "POST",
        headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": token.value },
        body: new URLSearchParams(values),
      });
      return { told: await reply.json() };
    }
  }

  globalThis.AIMcert = { ...globalThis.AIMcert, SignIn };
})();
