/* Asking the server by script: what it says as JSON, or that it cannot be reached. */

const PATIENCE = 15_000; // milliseconds
const KEEPALIVE_MOST = 60_000; // bytes that a browser still sends for a page that is gone

/* No answer came, or one that is not the server's: a cut line, a crash, the sign-in page of a hotel's wifi. */
export class Unreached extends Error {}

export class Server {
  constructor(base, token) {
    this.base = base;
    this.token = token;
  }

  state() {
    return this.ask(new URL("state/", this.base), { method: "GET" });
  }

  journal() {
    return this._post("journal/", null);
  }

  save(question, body) {
    return this._post(`questions/${question}/save/`, body);
  }

  /* A page that was open for long has an old token: ask for the new one, and try once more. */
  async _post(path, body) {
    const sent = body === null ? "" : JSON.stringify(body);
    const ask = () =>
      this.ask(new URL(path, this.base), {
        method: "POST",
        headers: { "X-CSRFToken": this.token, ...(sent && { "Content-Type": "application/json" }) },
        body: sent,
        keepalive: new TextEncoder().encode(sent).length < KEEPALIVE_MOST,
      });
    const reply = await ask();
    if (reply.status !== 403 || reply.told.state !== "csrf") return reply;
    const state = await this.state();
    return state.status === 200 ? ask() : state;
  }

  async ask(url, options) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const reply = await fetch(url, {
        ...options,
        headers: { Accept: "application/json", ...options.headers },
        credentials: "same-origin",
        cache: "no-store",
        redirect: "error",
        signal: patience.signal,
      });
      if (reply.status >= 500 || reply.status === 429) throw new Unreached();
      const told = await reply.json().catch(() => {
        if ([403, 404].includes(reply.status)) return { state: "gone" };
        throw new Unreached();
      });
      if (typeof told.state !== "string") throw new Unreached();
      if (told.csrf) this.renew(told.csrf);
      return { status: reply.status, told };
    } catch (error) {
      throw error instanceof Unreached ? error : new Unreached(String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /* The token of now, also in the page's own forms. */
  renew(token) {
    this.token = token;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  }
}
