/* The short sum that a device does before more codes are asked for than strangers may: see accounts/proof_of_work.py.

   For each puzzle, a number is sought for which the SHA-256 of the token, the puzzle and it begins with so many
   zero bits. The browser's own SHA-256 does it, some hundreds at a time, so that the page stays at hand. */

const BATCH = 256;

const begins = (digest, bits) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0;

const search = async (token, puzzle, bits) => {
  const encoder = new TextEncoder();
  for (let first = 0; ; first += BATCH) {
    const tried = Array.from({ length: BATCH }, (_each, place) => first + place);
    const digests = await Promise.all(
      tried.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${token}:${puzzle}:${number}`))),
    );
    const found = digests.findIndex((digest) => begins(digest, bits));
    if (found >= 0) return first + found;
  }
};

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/* What `box` carries to be handed in, once it may be. */
export const work = async (box) => {
  const began = performance.now();
  const token = box.querySelector("[name=signing-work]").value;
  const answers = [];
  for (let puzzle = 0; puzzle < Number(box.dataset.puzzles); puzzle += 1) {
    answers.push(await search(token, puzzle, Number(box.dataset.bits)));
  }
  await pause(Math.max(0, 1000 * Number(box.dataset.wait) - (performance.now() - began)));
  return { "signing-work": token, "signing-answers": answers.join(",") };
};

const handIn = async (box) => {
  box.querySelector("[data-work-plain]").hidden = true;
  box.querySelector("[data-work-doing]").hidden = false;
  const done = await work(box);
  box.querySelector("[name=signing-answers]").value = done["signing-answers"];
  box.closest("form").requestSubmit();
};

/* A browser that cannot do it leaves the page as it is: to wait, then to press. */
const box = document.querySelector("[data-work]");
if (box && globalThis.crypto?.subtle) handIn(box);
