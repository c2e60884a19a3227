/* The page of a question: it saves what is typed, says what is true of it, and loses nothing. */
import { clockOf } from "../clock.js";
import { Hours } from "./hours.js";
import { Journal } from "./journal.js";
import { Notes } from "./notes.js";
import { openPage } from "./open_page.js";
import { deliver, live, recover, written } from "./recovering.js";
import { Saver } from "./saver.js";
import { Server, Unreached } from "./server.js";
import { SignIn } from "./sign_in.js";
import { Status } from "./status.js";
import { Fields } from "./text.js";

const start = () => {
  const LONG_UNSAVED = 45_000; // milliseconds, after which the encrypted file is offered
  const PATIENCE = 8000; // of somebody who pressed a button

  const page = document.querySelector("[data-question]");
  /* Without a secure context nothing can be compared or encrypted: the plain form saves. */
  if (!page || !globalThis.crypto || !crypto.subtle || !globalThis.indexedDB) return;
  const { person, email, question, questions } = page.dataset;
  const form = page.querySelector("[data-answering]");
  const number = Number(question);
  const base = new URL("../", new URL(questions, location.href));
  const enrolment = base.pathname.split("/").filter(Boolean).pop();
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

  const server = new Server(base, token);
  const journal = new Journal();
  const status = new Status(page.querySelector("[data-save-state]"), clockOf(page.dataset));
  const { words } = status;
  const ids = { person, enrolment, submission: page.dataset.submission || null, question: number };

  const notes = new Notes(page.querySelector("[data-save-notes]"), status);

  /* --- Whose page this is ----------------------------------------------------------------------- */

  /* Nothing that the page held is shown to somebody else, or as an answer to something else. */
  let isVeiled = false;
  const veil = (isOn) => {
    isVeiled = isOn;
    page.classList.toggle("answering-veiled", isOn);
    if (isOn) status.show({ what: "checking" });
    else if (form) show();
  };
  let isOver = false;
  const end = (what) => {
    isOver = true;
    status.root.hidden = false;
    if (form) {
      saver.held = true;
      saver.stage(what);
      saver.fields.put({});
      saver.fields.open(false);
    }
    for (const each of page.querySelectorAll(".answer-text")) each.remove();
    veil(false);
    status.show({ what });
    status.tell(words(what));
  };

  /* Whether the reply is about this person and this attempt. */
  const isOurs = ({ status: code, told }) => {
    if (code === 401) return null;
    const isOther = code !== 200 || told.person !== person;
    const isAnother = ids.submission && told.submission && told.submission !== ids.submission;
    if (isOther || isAnother) end(isOther ? "other" : "attempt");
    return !isOther && !isAnother;
  };

  const signIn = new SignIn({
    email,
    onSignedIn: async () => {
      const reply = await server.state();
      const ours = isOurs(reply);
      if (ours === null) return false;
      if (ours) {
        if (form) saver.resume();
        begin();
      }
      return true;
    },
  });

  /* --- Saving ----------------------------------------------------------------------------------- */

  const baseField = form?.elements.base_revision;
  let unsavedSince = null;
  const show = () => {
    if (isOver || isVeiled) return;
    status.show(saver.claim());
    baseField.value = saver.acknowledged.revision;
    unsavedSince = saver.isSaved ? null : (unsavedSince ?? performance.now());
    const isLong = unsavedSince !== null && performance.now() - unsavedSince > LONG_UNSAVED;
    page.querySelector("[data-save-file]").hidden = !isLong || saver.kept.text === null;
  };
  const saver =
    form &&
    new Saver({
      ...{ server, journal, fields: new Fields(form), ids, revision: Number(form.elements.base_revision.value) },
      ...{ onChange: () => show(), onSignedOut: () => signIn.open() },
    });

  /* The key, and what it opens. Asked for until the server answers; typing and saving do not wait for it. */
  let isBegun = false;
  let tries = 0;
  const begin = async () => {
    if (isBegun || isOver) return;
    isBegun = true;
    try {
      const reply = await server.journal();
      const ours = isOurs(reply.status === 409 ? await server.state() : reply);
      if (ours === null) {
        isBegun = false;
        await unread("device_signed_out");
        if (form) saver.problem = { what: "signed_out" };
        return signIn.open();
      }
      if (!ours) return;
      veil(false);
      if (reply.status === 200) {
        ids.submission = reply.told.submission;
        if (reply.told.key) await journal.unlock(ids.submission, reply.told.key);
        else await journal.clear({ person, submission: ids.submission });
        await (form ? putBack(reply.told) : hand());
      }
      hours.take(reply.told.now ? reply.told : {});
    } catch (error) {
      if (!(error instanceof Unreached)) console.warn(error.name);
      isBegun = false;
      await unread("device_offline");
      tries += 1;
      setTimeout(begin, Math.min(15_000, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    }
    if (!saver) return;
    if (!isOver) saver.held = ids.submission === null;
    if (saver.isSaved) return;
    saver.kept.keep();
    if (saver.inFlight) saver.resume();
    else saver.changed();
  };

  /* Words are here that cannot be read yet. */
  const unread = async (why) => {
    if (notes.has("unread")) return;
    const found = await journal.entries({ person, question: number }).catch(() => []);
    if (found.some((entry) => !saver || entry.device !== saver.device)) notes.add("warning", words(why)).dataset.note = "unread";
  };

  const putBack = async ({ revisions }) => {
    const revision = revisions[number] || 0;
    const wasTyped = !saver.isSaved;
    /* This page is older than what is saved by now, so it is fetched anew. */
    if (revision !== saver.acknowledged.revision && !wasTyped) return location.reload();
    const { isBack, beside } = await recover({ journal, server, saver, revision });
    notes.drop("unread");
    if (isBack) notes.add("good", words("put_back"));
    for (const one of beside) showBeside(one);
  };

  /* The server went on without this text: both are here, and the person says which. */
  const showBeside = ({ mine, newest }) => {
    const choose = notes.button("see_both", () => {
      /* Nothing goes out by itself any more: the person chooses on the next page. */
      saver.held = true;
      saver.fields.put(newest.values);
      saver.acknowledged.text = null;
      baseField.value = newest.entry.base;
      submitPlainly(null);
    });
    const leave = notes.button("keep_saved", async () => {
      await journal.clear(mine);
      box.remove();
      saver.fields.all[0].focus();
    });
    const said = notes.text(saver.fields.said(newest.values), words("beside_label"));
    const box = notes.add("warning", words("beside"), said, notes.row(choose, leave));
  };

  /* Answering is closed here: what was not sent is given to the server, which keeps it for its author. */
  const hand = async () => {
    for (const entries of await written(journal, { person, submission: ids.submission, question: number })) {
      const { told } = await deliver(server, entries);
      if (!["saved", "closed", "submitted"].includes(told.state)) continue;
      const { device } = entries[0].entry;
      await journal.clear({ person, submission: ids.submission, question: number, device });
      notes.add("info", words(told.state === "saved" ? "handed_saved" : "handed_late"));
    }
  };

  /* --- Leaving and coming back -------------------------------------------------------------------- */

  let isGoing = false;
  const submitPlainly = (submitter) => {
    isGoing = true;
    /* Not within the event of the first submission, where a browser takes no second one. */
    if (submitter) return void setTimeout(() => form.requestSubmit(submitter));
    const then = document.createElement("input");
    Object.assign(then, { type: "hidden", name: "then", value: "here" });
    form.append(then);
    form.submit();
  };

  const wire = () => {
    live(saver.device);
    form.addEventListener("input", ({ target, isComposing }) => {
      if (!isComposing && saver.fields.all.includes(target)) saver.fields.layOut(target);
      saver.changed();
    });
    form.addEventListener("change", (event) => saver.changed(event.target.matches("[type=radio], [type=checkbox]")));
    form.addEventListener("focusout", () => saver.isSaved || saver.later(0));
    form.addEventListener("submit", async (event) => {
      if (isGoing) return;
      event.preventDefault();
      const { submitter } = event;
      const then = submitter ? submitter.value : "next";
      if (saver.problem && saver.problem.what === "conflict") return submitPlainly(submitter);
      if (await saver.flush(!["list", "here", "clear"].includes(then), PATIENCE)) return submitPlainly(submitter);
      if (saver.problem && ["conflict", "refused"].includes(saver.problem.what)) return submitPlainly(submitter);
      status.tell(words("stayed", status.said));
      if (saver.problem && saver.problem.what === "signed_out") signIn.open();
    });
    window.addEventListener("online", () => saver.resume());
    window.addEventListener("offline", () => show());
    setInterval(show, 5000);
    page.querySelector("[data-sign-in-again]").addEventListener("click", () => signIn.open());
    page.querySelector("[data-see-both]").addEventListener("click", () => submitPlainly(null));
    page.querySelector("[data-save-file]").addEventListener("click", async () => {
      const found = await journal.entries({ person, submission: ids.submission });
      if (found.length) Journal.save(found);
    });
    document.addEventListener("visibilitychange", () => document.hidden && saver.part());
    window.addEventListener("pagehide", () => saver.part());
    window.addEventListener("beforeunload", (event) => {
      if (!isGoing && !isOver && !saver.isSafe) event.preventDefault();
    });
    Object.assign(openPage, { flush: () => saver.flush(null, 3000), leave: () => (isGoing = true) });
  };

  window.addEventListener("pageshow", async (event) => {
    isGoing = false;
    const [entry] = performance.getEntriesByType("navigation");
    if (!event.persisted && entry && entry.type !== "back_forward") return;
    veil(true);
    if (event.persisted) hours.ask();
  });

  /* --- The day ------------------------------------------------------------------------------------ */

  const hours = new Hours({
    server,
    words,
    place: page.querySelector("[data-closes-in]"),
    tell: (said) => status.tell(said),
    onState: (reply) => {
      if (isOver) return;
      const ours = isOurs(reply);
      if (ours === null && saver && !saver.problem) {
        saver.stage("signed_out");
        signIn.open();
      }
      if (!ours) return;
      veil(false);
      if (!saver) return;
      begin();
      stage(reply.told);
    },
    onClosing: async () => {
      await saver?.flush(null, 25_000);
      hours.ask();
    },
  });

  const stage = async ({ stage: now, revisions }) => {
    if (now === "closed") {
      if (!saver.isSaved) await saver.flush(null, 25_000);
      saver.fields.open(false);
      if (saver.problem?.what !== "closed") saver.stage("closed");
    } else if (now === "submitted" || now === "finished") {
      saver.fields.open(false);
      if (saver.isSaved) saver.stage("submitted");
    } else if (now === "answering") {
      if (saver.problem && saver.problem.what === "closed") saver.fields.open(true);
      saver.stage(null);
      const revision = revisions[number] || 0;
      if (saver.isSaved && revision > saver.acknowledged.revision && !notes.has("newer")) {
        notes.add("warning", words("newer"), notes.row(notes.button("reload", () => location.reload()))).dataset.note = "newer";
      }
    }
  };

  if (form) {
    wire();
    show();
  } else status.root.hidden = true;
  begin();
};

start();
