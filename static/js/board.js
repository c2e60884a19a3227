/* The live board says whether it is live: an old board that looks new would mislead a trainer. */
import { clockOf } from "./clock.js";

const start = () => {
  const line = document.querySelector("[data-board-live]");
  if (!line) return;
  const note = line.textContent;
  let asked = new Date();
  const clock = clockOf(line.dataset);

  const say = (words, isLost) => {
    if (line.textContent !== words) line.textContent = words;
    line.classList.toggle("board-lost", isLost);
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.target?.id !== "board") return;
    if (event.detail.successful) {
      asked = new Date();
      say(`${line.dataset.live} ${note}`, false);
    } else {
      say(line.dataset.lost.replace("%s", clock(asked)), true);
    }
  });
};

start();
