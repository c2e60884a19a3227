/* What the script of a question says beside the answer, with what can be done about it. */

const made = (tag, name, text = "") => {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
};

export class Notes {
  /* `status` has the words, and reads aloud. */
  constructor(root, status) {
    this.root = root;
    this.status = status;
  }

  add(tone, words, ...more) {
    const box = made("div", `notice notice-${tone}`);
    box.append(made("p", "", words), ...more);
    this.root.append(box);
    this.status.tell(words);
    return box;
  }

  has(name) {
    return this.root.querySelector(`[data-note="${name}"]`) !== null;
  }

  drop(name) {
    for (const each of this.root.querySelectorAll(`[data-note="${name}"]`)) each.remove();
  }

  button(word, act) {
    const button = made("button", "btn btn-secondary btn-small", this.status.words(word));
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  row(...buttons) {
    const row = made("div", "button-row");
    row.append(...buttons);
    return row;
  }

  /* A text to be read and copied. */
  text(said, label) {
    const block = made("div", "answer-text", said);
    block.dir = "auto";
    block.tabIndex = 0;
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", label);
    return block;
  }
}
