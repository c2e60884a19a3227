/* The journal of this device: what was typed and is not acknowledged yet, encrypted.

   Each entry is one text of one page: `sent`, a save as it went out and was not answered, and `typed`, the newest.
   The key comes from the server and lives in the page's memory alone, so an entry can be counted, deleted and
   written into a file by anybody at this device, and read by its signed-in author only. See docs/unsent-file.md. */

const NAME = "aimcert-answers";
const STORE = "entries";
const FORMAT = "aimcert-unsent-1";
const PATIENCE = 4000; // milliseconds, for a browser that never says whether it lets anything be kept

const toBase64 = (bytes) => {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
};
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const about = (submission, question) => new TextEncoder().encode(`${submission}/${question}`);

const isLike = (entry, like) => Object.keys(like).every((name) => entry[name] === like[name]);

const opened = () =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no journal")), PATIENCE);
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Journal {
  constructor() {
    this.key = null;
    this.submission = null;
    this.queue = Promise.resolve();
  }

  /* The key of one submission; it cannot be read out of the page again. */
  async unlock(submission, base64) {
    this.key = await crypto.subtle.importKey("raw", fromBase64(base64), "AES-GCM", false, ["encrypt", "decrypt"]);
    this.submission = submission;
  }

  /* Keep one text. It is on the disk once this is done. */
  put({ person, enrolment, submission, question, device, slot, sequence, base, finished, values }) {
    return this._inTurn(async () => {
      if (!this.key || this.submission !== submission) throw new Error("no key");
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: about(submission, question) },
        this.key,
        new TextEncoder().encode(JSON.stringify({ values })),
      );
      await this._write((store) =>
        store.put({
          ...{ id: `${person}/${submission}/${question}/${device}/${slot}`, person, enrolment, submission, question },
          ...{ device, slot, sequence, base, finished: finished ?? null, iv: toBase64(iv), data: toBase64(data) },
        }),
      );
    });
  }

  /* The values of an entry; null where this key does not open it. */
  async read(entry) {
    if (!this.key || entry.submission !== this.submission) return null;
    try {
      const clear = await crypto.subtle.decrypt(
        {
          name: "AES-GCM",
          iv: fromBase64(entry.iv),
          additionalData: about(entry.submission, entry.question),
        },
        this.key,
        fromBase64(entry.data),
      );
      return JSON.parse(new TextDecoder().decode(clear)).values;
    } catch {
      return null;
    }
  }

  /* Entries that are as `like` says, such as { person, submission }; in the order in which each page wrote them. */
  entries(like) {
    return this._inTurn(async () => {
      const db = await this._opened();
      const all = await new Promise((resolve, reject) => {
        const request = db.transaction(STORE).objectStore(STORE).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      return all.filter((entry) => isLike(entry, like)).sort((one, other) => one.sequence - other.sequence);
    });
  }

  /* Take entries away that are as `like` says. In one turn: what is put afterwards stays. */
  clear(like) {
    return this._inTurn(() =>
      this._write((store) => {
        const request = store.getAll();
        request.onsuccess = () => {
          for (const entry of request.result) if (isLike(entry, like)) store.delete(entry.id);
        };
      }),
    );
  }

  /* Give `entries` of one submission to the person as a file, as they are: encrypted. */
  static save(entries) {
    const submission = entries[0].submission;
    const told = entries
      .filter((entry) => entry.submission === submission)
      .map(({ question, device, sequence, base, iv, data }) => ({ question, device, sequence, base, iv, data }));
    const file = new Blob([JSON.stringify({ format: FORMAT, submission, entries: told })], {
      type: "application/json",
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `answers-not-sent-${submission.slice(0, 8)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /* One after the other, as they were asked for. */
  _inTurn(act) {
    const done = this.queue.then(act);
    this.queue = done.catch(() => {});
    return done;
  }

  _opened() {
    this.db ??= opened().then((db) => {
      const forget = () => {
        this.db = null;
      };
      /* Not told as a close: it is this page that closes. */
      db.onversionchange = () => {
        db.close();
        forget();
      };
      db.onclose = forget;
      return db;
    });
    this.db.catch(() => (this.db = null));
    return this.db;
  }

  async _write(act) {
    const db = await this._opened();
    return new Promise((resolve, reject) => {
      /* Strict: on the disk, not only on its way, so that a flat battery does not take it. */
      const transaction = db.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore(STORE));
    });
  }
}
