/* Passkeys: the browser makes or asks one for the form around the button; without a script it stays hidden. */

const start = () => {
  const area = document.querySelector("[data-passkey]");
  if (!area || !window.webauthnJSON?.supported()) return;
  const button = area.querySelector("button[data-passkey-button]");
  const problem = area.querySelector("[data-problem]");
  const form = button.form;
  const options = () => JSON.parse(document.getElementById("passkey-options").textContent);
  /* An empty value is written as JSON's, "null", and a browser may bring an old one back. */
  form.elements[area.dataset.passkey].value = "";
  area.hidden = false;
  for (const each of document.querySelectorAll("[data-passkey-none]")) each.hidden = true;

  form.addEventListener("submit", async (event) => {
    /* What the browser made is sent like any form; without it, it is asked first. */
    if (form.elements[area.dataset.passkey].value) return;
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      const act = area.dataset.makes === "yes" ? window.webauthnJSON.create : window.webauthnJSON.get;
      form.elements[area.dataset.passkey].value = JSON.stringify(await act(options()));
      form.submit();
    } catch {
      problem.hidden = false;
      problem.focus();
    } finally {
      button.disabled = false;
    }
  });
};

start();
