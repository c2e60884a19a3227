/* One page's words in the journal: the save that is not answered, and the newest text. */

export class Keeping {
  /* Of `saver`, which knows what is typed, what is acknowledged, and when it is enough to keep nothing. */
  constructor(saver) {
    this.saver = saver;
    this.text = null; // what the journal holds for certain
    this.isPossible = true;
  }

  /* Write the newest text into the journal; while it is written, a newer one waits, and then is. */
  async keep() {
    const { saver } = this;
    if (this.isWriting) return;
    this.isWriting = true;
    try {
      for (let { text } = saver; text !== this.text && !saver.isWithServer; text = saver.text) {
        await this._put("typed", {
          sequence: saver.sequence + 1,
          base: saver.acknowledged.revision,
          finished: null,
          values: saver.fields.values(),
        });
        this.isPossible = true;
        this.text = text;
      }
    } catch {
      this.isPossible = false;
    }
    this.isWriting = false;
    saver.onChange();
  }

  /* Keep a save as it goes out, to be sent again exactly so. */
  async keepSent({ sequence, base, finished, values }, text) {
    try {
      await this._put("sent", { sequence, base, finished, values });
      const { inFlight } = this.saver;
      if (inFlight && inFlight.text === text) this.text ??= text;
    } catch {
      this.isPossible = false;
    }
    this.saver.onChange();
  }

  /* The server has `text`, and it need not be kept. */
  async forget(text) {
    const { saver } = this;
    const { person, submission, question } = saver.ids;
    const mine = { person, submission, question, device: saver.device };
    try {
      await saver.journal.clear({ ...mine, slot: "sent" });
      if (text !== saver.text || this.isWriting) return;
      this.text = null;
      await saver.journal.clear({ ...mine, slot: "typed" });
      if (!saver.isWithServer) this.keep();
    } catch {
      /* What stays is told apart at the next visit: it is what is saved. */
    }
  }

  _put(slot, more) {
    return this.saver.journal.put({ ...this.saver.ids, device: this.saver.device, slot, ...more });
  }
}
