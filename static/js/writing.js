/* Writing: buttons above each text that put Markdown into it, only the fields of the figure that was chosen,
   and what was typed kept where it cannot be saved. Without this the signs are typed by hand, as the page's
   help says, every field is there, and saving is the browser's own. */

const words = document.querySelector("[data-prose-words]");

/* Put `text` in the place of what is selected, so that the browser can undo it, and select a part of it. */
const replace = (area, start, end, text, from, to) => {
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, start, end, "end");
  area.setSelectionRange(start + from, start + to);
};

const around = (sign) => (area) => {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || words.dataset.sample;
  const text = sign + chosen + sign;
  replace(area, area.selectionStart, area.selectionEnd, text, sign.length, text.length - sign.length);
};

const beforeLines = (sign) => (area) => {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const text = area.value
    .slice(start, area.selectionEnd)
    .split("\n")
    .map((line) => sign + (line || words.dataset.sample))
    .join("\n");
  replace(area, start, area.selectionEnd, text, sign.length, text.length);
};

const table = (area) => {
  const column = words.dataset.column;
  const before = area.selectionStart && !area.value.slice(0, area.selectionStart).endsWith("\n\n") ? "\n\n" : "";
  const text = `${before}| ${column} | ${column} |\n| --- | --- |\n|  |  |\n`;
  const from = before.length + 2;
  replace(area, area.selectionStart, area.selectionStart, text, from, from + column.length);
};

const buttons = {
  bold: around("**"),
  italic: around("*"),
  heading: beforeLines("# "),
  list: beforeLines("- "),
  table,
};

const toolbarFor = (area) => {
  const bar = document.createElement("div");
  bar.className = "prose-toolbar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `${words.dataset.toolbar}: ${area.labels[0].textContent.trim()}`);
  for (const [name, act] of Object.entries(buttons)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-small";
    button.textContent = words.dataset[name];
    button.setAttribute("aria-controls", area.id);
    button.addEventListener("click", () => act(area));
    bar.append(button);
  }
  area.before(bar);
};

if (words) for (const area of document.querySelectorAll("textarea[data-prose]")) toolbarFor(area);

const figures = document.querySelectorAll("[data-figure]");
const showFigure = () => {
  const chosen = document.querySelector("input[name=figure_kind]:checked");
  for (const fields of figures) fields.hidden = !chosen || fields.dataset.figure !== chosen.value;
};
if (figures.length) {
  showFigure();
  for (const radio of document.querySelectorAll("input[name=figure_kind]")) radio.addEventListener("change", showFigure);
}

/* Saving asks first whether it can be done. Where one is signed out by now, or there is no network, what
   was typed stays on the page: a page of errors in its place would have lost it. */
const guarded = document.querySelector("form[data-keeps-typed]");
if (guarded) {
  const notices = document.querySelectorAll("[data-not-saved]");
  let isChanged = "isUnsaved" in guarded.dataset;
  let isAsking = false;
  let isReady = false;

  const say = (why) => {
    for (const notice of notices) {
      notice.hidden = notice.dataset.notSaved !== why;
      if (!notice.hidden) notice.focus();
    }
  };

  /* Why nothing can be saved now; "" where it can, and the form then holds the token of who is signed in. */
  const obstacle = async () => {
    try {
      // A page that whoever may write this version can open: a passage may itself be gone.
      const answer = await fetch(guarded.dataset.keepsTyped, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") return "signed-out";
      if (!answer.ok) return "refused";
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector("form[data-keeps-typed] [name=csrfmiddlewaretoken]");
      if (token) guarded.elements.csrfmiddlewaretoken.value = token.value;
      return "";
    } catch {
      return "offline";
    }
  };

  guarded.addEventListener("input", () => {
    isChanged = true;
  });
  guarded.addEventListener("submit", async (event) => {
    if (isReady) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    const why = await obstacle();
    isAsking = false;
    say(why);
    if (why) return;
    isReady = true;
    guarded.requestSubmit(event.submitter);
  });
  for (const link of guarded.querySelectorAll("a[href]")) link.addEventListener("click", () => (isChanged = false));
  addEventListener("beforeunload", (event) => {
    if (isChanged && !isReady) event.preventDefault();
  });
  /* Back from the next page, the form is one that was not sent. */
  addEventListener("pageshow", () => {
    isReady = false;
  });
}
