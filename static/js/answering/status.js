/* The line that says whether an answer is saved: always in sight, in words and with a sign, read out when it matters. */

const CALM = 1500; // milliseconds that a state lasts before it is read out
const SIGNS = {
  ...{ idle: "quiet", as_loaded: "good", checking: "busy", saving: "busy", keeping: "busy", saved: "good", kept: "device", offline: "device" },
  ...{ unreachable: "device", signed_out_saved: "attention", signed_out: "attention" },
};

/* Every sentence of the script, as the page brings it translated. */
export const sentences = () => {
  const found = {};
  const words = document.getElementById("answering-words");
  for (const one of words.content.querySelectorAll("[data-word]")) found[one.dataset.word] = one.textContent.trim();
  return (name, value = "") => (found[name] || name).replace("%s", value);
};

export class Status {
  constructor(root, clock) {
    this.root = root;
    this.words = sentences();
    this.line = root.querySelector("[data-save-words]");
    this.aloud = root.querySelector("[role=status]");
    this.buttons = [...root.querySelectorAll("[data-when]")];
    this.clock = clock;
    root.hidden = false;
  }

  show({ what, message = "", savedAt, isKept, isWithServer }) {
    const where = this.words(isWithServer ? "server_too" : isKept ? "device_too" : "device_not");
    let said = this.words(what, savedAt ? this.clock(savedAt) : message);
    if (["finished", "not_open"].includes(what)) said = message;
    if (what === "unkept" && message) said = this.words("refused_unkept", message);
    if (["finished", "not_open", "gone"].includes(what)) said = `${said} ${where}`;
    if (said === this.said) return;
    this.said = said;
    this.line.textContent = said;
    this.root.dataset.state = what;
    this.root.dataset.sign = SIGNS[what] || "attention";
    for (const button of this.buttons) button.hidden = !button.dataset.when.split(" ").includes(what);
    this._readOut(what, said);
  }

  /* Not each save of a text that grows: only that it began to be saved, or is not any more. */
  _readOut(what, said) {
    clearTimeout(this.timer);
    if (["idle", "as_loaded", "checking", "saving", "keeping"].includes(what)) return;
    this.timer = setTimeout(() => {
      if (this.lastAloud === what) return;
      this.lastAloud = what;
      this.tell(said);
    }, CALM);
  }

  /* Read something out at once, and only that. */
  tell(said) {
    this.aloud.textContent = said;
  }
}
