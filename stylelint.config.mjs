/* The linter of our styles: faults, not form. Run by ops/checks.py. */
export default {
  extends: "stylelint-config-recommended",
  /* Where custom properties and animations may come from. */
  referenceFiles: ["static/css/*.css", "node_modules/bootstrap/dist/css/bootstrap.css"],
  reportNeedlessDisables: true,
  rules: {
    "no-unknown-custom-properties": true,
    "no-unknown-animations": true,
    /* Our rules stand by component, one after the other: which of two unlike elements comes first says nothing. */
    "no-descending-specificity": null,
  },
  overrides: [
    {
      files: "templates/documents/*.css",
      rules: {
        /* A document has the fonts that it brings, and must not fall back to the machine's. */
        "font-family-no-missing-generic-family-keyword": null,
        /* Paged media, as WeasyPrint reads it: https://www.w3.org/TR/css-gcpm-3/#setting-named-strings-the-string-set-pro */
        "declaration-property-value-no-unknown": [true, { ignoreProperties: { "string-set": /^.*content\(/ } }],
      },
    },
  ],
};
