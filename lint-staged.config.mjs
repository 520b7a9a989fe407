/** What the pre-commit hook runs on staged files. Types are checked whole: a changed file breaks its callers. */
export default {
  "*.{ts,mjs}": ["prettier --write", "eslint --no-warn-ignored"],
  "*.ts": () => "tsc --noEmit",
  "*.{json,md,yaml,yml}": "prettier --write",
};
