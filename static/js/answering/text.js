/* What an answer says: read from its fields, put back into them, and the one text that the server keeps of it. */

const PREFIX = "answer-";
/* What nobody can see, as aimcert/foundation/typed.py has it, so that both sides agree on what is blank. */
const BLANK =
  /^[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\p{M}]*$/u;

/* As aimcert/foundation/typed.py lays a text out, to the byte: what breaks a line is LF, other controls but tabs
   go, and half of a surrogate pair is the sign that a browser sends for it. */
const laidOut = (text) =>
  text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/\r\n|[\r\v\f\x85\u2028\u2029]/g, "\n")
    .replace(/[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g, "");
const kept = (text) => (BLANK.test(laidOut(text)) ? "" : laidOut(text));

/* The text that is kept of `values`: of a written answer the text, else JSON with sorted keys (docs/adr/0006). */
export const canonical = (values, isPlain) => {
  if (isPlain) return kept(values.text || "");
  const filled = {};
  for (const name of Object.keys(values).sort()) {
    const value = kept(values[name]);
    if (value) filled[name] = value;
  }
  return Object.keys(filled).length ? JSON.stringify(filled) : "";
};

export const sha256 = async (text) => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

/* The fields of one answer on a page. */
export class Fields {
  constructor(form) {
    this.form = form;
    this.isPlain = form.querySelector("[name=fields]") === null;
    this.all = [...form.querySelectorAll("textarea, input")].filter(
      (field) => field.name === "text" || field.name.startsWith(PREFIX),
    );
  }

  /* What stands in each field, by its own name; of choices the chosen ones, in the order offered.

     `asLoaded` is what the server wrote there, whatever was typed before this script came. */
  values(asLoaded = false) {
    const found = {};
    for (const field of this.all) {
      const name = this.isPlain ? field.name : field.name.slice(PREFIX.length);
      const isChosen = asLoaded ? field.defaultChecked : field.checked;
      if (!isChoice(field)) found[name] = laidOut(asLoaded ? field.defaultValue : field.value);
      else if (isChosen) found[name] = found[name] ? `${found[name]} ${field.value}` : field.value;
      else found[name] ??= "";
    }
    return found;
  }

  text(asLoaded = false) {
    return canonical(this.values(asLoaded), this.isPlain);
  }

  /* Put `values` into the fields. */
  put(values) {
    for (const field of this.all) {
      const value = values[this.isPlain ? field.name : field.name.slice(PREFIX.length)] || "";
      if (isChoice(field)) field.checked = value.split(" ").includes(field.value);
      else field.value = value;
    }
  }

  /* Show a text as it is kept, with the cursor where it was: pasted out of Word, its lines run together. */
  layOut(field) {
    const text = laidOut(field.value);
    if (isChoice(field) || text === field.value.replace(/\r\n?/g, "\n")) return;
    const [start, end] = [field.selectionStart, field.selectionEnd].map((at) => laidOut(field.value.slice(0, at)).length);
    field.value = text;
    field.setSelectionRange(start, end);
  }

  /* Whether they can be changed; what stands in them can be read and copied all the same. */
  open(isOpen) {
    for (const field of this.all) {
      if (isChoice(field)) field.disabled = !isOpen;
      else field.readOnly = !isOpen;
    }
  }

  /* `values` in words, to be read beside the fields. */
  said(values) {
    if (this.isPlain) return values.text || "";
    const lines = [];
    for (const field of this.all) {
      const value = values[field.name.slice(PREFIX.length)] || "";
      const label = field.labels[0] ? field.labels[0].textContent.trim() : "";
      if (isChoice(field) ? value.split(" ").includes(field.value) : value) {
        lines.push(isChoice(field) ? label : `${label}:\n${value}`);
      }
    }
    return lines.join("\n\n");
  }
}
