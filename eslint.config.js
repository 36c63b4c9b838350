import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["corpusalign/review/browser/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "max-len": ["error", { code: 110 }],
      "no-implicit-globals": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text enters the page as text nodes only." },
        { property: "outerHTML", message: "Text enters the page as text nodes only." },
        { property: "insertAdjacentHTML", message: "Text enters the page as text nodes only." },
      ],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
