/* Writing: buttons above each text that put Markdown into it, and only the fields of the figure that
   was chosen. Without this the signs are typed by hand, as the page's help says, and every field is there. */
(() => {
  "use strict";

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
})();
