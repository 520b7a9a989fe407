import assert from "node:assert/strict";
import fc from "fast-check";
import { identifyStack, isSlug, slugOfBranch, stackOfBranch } from "./stacks.ts";

describe("a branch's stack", () => {
  const cases: readonly [branch: string, stack: RegExp][] = [
    ["main", /^production$/],
    ["develop", /^staging$/],
    ["fix-login", /^preview-fix-login$/],
    ["production", /^preview-production$/],
    ["feature/login", /^preview-feature-login-[0-9a-f]{12}$/],
    ["Main", /^preview-main-[0-9a-f]{12}$/],
    ["日本", /^preview-[0-9a-f]{12}$/],
    ["a-branch-of-exactly-thirty-char", /^preview-a-branch-of-exact-[0-9a-f]{12}$/],
    ["fix-0123456789ab", /^preview-fix-0123456789ab-[0-9a-f]{12}$/],
  ];
  for (const [branch, stack] of cases) {
    it(`of ${branch} matches ${stack.source}`, () => assert.match(stackOfBranch(branch), stack));
  }

  const word = fc.string({
    unit: fc.constantFrom("a", "b", "A", "B", "0", "1", "-", "_", "/", ".", "é"),
    minLength: 1,
    maxLength: 45,
  });

  it("has a valid slug of at most 30 characters, whatever the branch", () => {
    fc.assert(
      fc.property(fc.oneof(word, fc.string({ minLength: 1, unit: "binary" })), (branch) =>
        isSlug(slugOfBranch(branch)),
      ),
    );
  });

  it("is never another branch's", () => {
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 40 }), (branches) => {
        assert.equal(new Set(branches.map(stackOfBranch)).size, branches.length);
      }),
    );
  });

  it("is not that of a branch named like its slug", () => {
    fc.assert(
      fc.property(word, (branch) => {
        const slug = slugOfBranch(branch);
        assert.ok(slug === branch || slugOfBranch(slug) !== slug);
      }),
    );
  });

  it("is a stack that the program accepts", () => {
    fc.assert(fc.property(word, (branch) => identifyStack(stackOfBranch(branch)) !== undefined));
  });
});

describe("a stack's name", () => {
  it("decides the environment", () => {
    assert.deepEqual(identifyStack("production"), { environment: "production" });
    assert.deepEqual(identifyStack("staging"), { environment: "staging" });
    assert.deepEqual(identifyStack("preview-fix-login"), { environment: "preview", slug: "fix-login" });
  });

  for (const name of [
    "",
    "prod",
    "Staging",
    "staging2",
    "preview",
    "preview-",
    "preview-A",
    "preview--a",
    "my-staging",
  ]) {
    it(`${JSON.stringify(name)} is none of this project's`, () => assert.equal(identifyStack(name), undefined));
  }

  it("of a preview may not be longer than a slug allows", () => {
    assert.equal(identifyStack(`preview-${"a".repeat(31)}`), undefined);
  });
});
