/* How many words an answer has. */

const start = () => {
  const form = document.querySelector("[data-answering]");
  if (!form) return;
  const texts = [...form.querySelectorAll("textarea")];
  const count = form.querySelector("[data-words]");
  const tell = () => {
    const words = texts.reduce((sum, text) => sum + (text.value.match(/\S+/g) || []).length, 0);
    count.textContent = words === 1 ? count.dataset.one : count.dataset.many.replace("%s", words);
  };
  tell();
  form.addEventListener("input", tell);
};

start();
