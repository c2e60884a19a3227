/* Parts of a page are asked for, or pressed, without the rest of it. Where the server refuses that, does not answer,
   or answers with another page, the part stays as it is and says so; a part that asks by itself goes on asking. */

const start = () => {
  const words = document.querySelector("[data-part-words]");
  if (!words) return;
  const said = (name) => words.content.querySelector(`[data-word="${name}"]`).textContent.trim();
  const read = (html) => new DOMParser().parseFromString(html, "text/html");
  const moved = new WeakSet();

  const noteOf = (part) => part.querySelector("[data-part-note]");

  const say = (part, text, isPressed) => {
    let note = noteOf(part);
    if (!note) {
      note = document.createElement("p");
      note.className = "part-note";
      note.dataset.partNote = "";
      note.setAttribute("role", isPressed ? "alert" : "status");
      // What was pressed is answered beside its button; of what grew old it is said first.
      if (isPressed) part.append(note);
      else part.prepend(note);
    }
    if (note.textContent !== text) note.textContent = text;
  };

  /* The words of a page that says no: every one has them in its lead. */
  const refusal = (xhr) => read(xhr.responseText).querySelector("main .lead")?.textContent.trim() ?? "";

  const why = (xhr) => {
    if (moved.has(xhr)) return said("moved");
    if (xhr.status === 0) return said("unreachable");
    return refusal(xhr) || said("failed");
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    // Somebody who was signed out meanwhile is sent to another page, which is not this part.
    if (detail.shouldSwap && detail.target.id && !read(detail.xhr.responseText).getElementById(detail.target.id)) {
      moved.add(detail.xhr);
      detail.shouldSwap = false;
      detail.isError = true;
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const { target: part, xhr, successful, requestConfig } = event.detail;
    if (!part) return;
    if (successful) {
      noteOf(part)?.remove();
    } else if (requestConfig.verb !== "get") {
      say(part, why(xhr), true);
    } else if (!part.hasAttribute("data-says-itself")) {
      say(part, xhr.status === 0 ? said("old") : `${said("old")} ${why(xhr)}`, false);
    }
  });
};

start();
