import prettier from "eslint-config-prettier";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Imports point one way: scripts -> infra, policy-pack, api. Folder to what it must not import, and why. */
const directions = [
  ["infra", ["**/scripts/**", "**/policy-pack/**"], "the program must not know what runs it"],
  ["policy-pack", ["**/infra/**", "**/scripts/**", "**/api/**"], "the pack judges any program, so it knows none"],
  ["api", ["**/infra/**", "**/scripts/**", "**/policy-pack/**"], "the workload knows only its environment"],
  [
    "scripts/sandbox",
    ["**/infra/**", "**/policy-pack/**", "**/api/src/**"],
    "the sandbox could be published by itself",
  ],
];

export default defineConfig(
  // The reference programs are kept as they were recorded.
  { ignores: ["**/node_modules/**", "coverage/**", ".sandbox/**", "**/fixtures/**"] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  prettier,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Both spellings of an index are used: properties["x"] says that the key is data, not a declared field.
      "@typescript-eslint/dot-notation": "off",
      // It overflows the stack on types that hold themselves, as JSON does (typescript-eslint 8.73).
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // Property values are data: their keys are known only when they run.
      "@typescript-eslint/no-dynamic-delete": "off",
      // Whether an index signature reads better as a record depends on the other members beside it.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // `Record<never, never>` is how a union says "none of these".
      "@typescript-eslint/no-generated-empty-object-type": "off",
      // Numbers in messages are as clear as String(number).
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // An arrow that only calls may return nothing.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Arguments of callbacks whose shape another library sets; what is left out of a rest.
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      // `Input<T>` unions of the SDKs reduce to any in places that are typed where they are used.
      "@typescript-eslint/no-redundant-type-constituents": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: {
      // A test asserts on what the type says cannot be, and mocha's describe and it return nothing to await.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: ["describe", "it"] }],
    },
  },
  { files: ["**/*.mjs", "**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
  ...directions.map(([folder, group, reason]) => ({
    files: [`${folder}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group, message: `${folder}: ${reason}.` }] }] },
  })),
);
