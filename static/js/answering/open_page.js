/* What the page of a question does for whoever leaves it, while one is open: page.js says, leaving.js asks. */

export const openPage = {
  /* Whether everything that was typed is saved, once what is underway has been waited for. */
  flush: async () => true,
  /* From here on the page may be left without asking. */
  leave: () => {},
};
