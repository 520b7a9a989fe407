import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lint, ruleNames } from "./rules.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const base = `example.org/node:24.1.0-alpine@${digest}`;
/** Nothing wrong with it; each row below breaks one thing. */
const sound = [
  `ARG IMAGE=${base}`,
  "FROM --platform=$BUILDPLATFORM ${IMAGE} AS built",
  "WORKDIR /app",
  "COPY package.json ./",
  "FROM ${IMAGE}",
  "ENV NODE_ENV=production",
  "COPY --from=built /app /app",
  "USER 1000:1000",
  'HEALTHCHECK CMD ["node", "-e", "0"]',
  'CMD ["node", "main.js"]',
].join("\n");

const rows: readonly [rule: string, from: string, to: string, line: number][] = [
  ["syntax", "USER 1000:1000", "USR 1000:1000", 8],
  ["syntax", "WORKDIR /app", "WORKDIR", 3],
  ["base-version", base, `example.org/node@${digest}`, 2],
  ["base-version", base, `example.org/node:latest@${digest}`, 2],
  ["base-version", base, `example.org/node:24@${digest}`, 2],
  ["base-version", base, `example.org:5000/node@${digest}`, 2],
  ["base-digest", `@${digest}`, "", 2],
  ["numeric-user", "USER 1000:1000", "USER node", 8],
  ["numeric-user", "USER 1000:1000", "USER 0:0", 8],
  ["numeric-user", "USER 1000:1000", "USER 1000:0", 8],
  ["numeric-user", "USER 1000:1000\n", "", 0],
  ["no-add", "COPY package.json", "ADD package.json", 4],
  ["explicit-copy", "package.json ./", ". .", 4],
  ["explicit-copy", "package.json ./", "*.json ./", 4],
  ["exec-form", '["node", "main.js"]', "node main.js", 10],
  ["command", '\nCMD ["node", "main.js"]', "", 0],
  ["healthcheck", 'HEALTHCHECK CMD ["node", "-e", "0"]\n', "", 0],
  ["healthcheck", '["node", "-e", "0"]', "node -e 0", 9],
  ["healthcheck", '["node", "-e", "0"]', '["curl", "localhost"]', 9],
  ["no-secret", "NODE_ENV=production", "NODE_ENV=production DB_PASSWORD=x", 6],
  ["no-secret", "ENV NODE_ENV=production", "ARG NPM_TOKEN", 6],
  ["no-platform", "$BUILDPLATFORM", "linux/amd64", 2],
  ["absolute-workdir", "WORKDIR /app", "WORKDIR app", 3],
];

describe("the rules for a Dockerfile", () => {
  it("find nothing in a sound one", () => {
    assert.deepEqual(lint(sound), []);
  });

  for (const [rule, from, to, line] of rows)
    it(`${rule}: ${JSON.stringify(to)} instead of ${JSON.stringify(from)}`, () => {
      assert.ok(sound.includes(from));
      assert.deepEqual(
        lint(sound.replace(from, () => to))
          .filter((finding) => finding.rule === rule)
          .map((finding) => finding.line)
          .slice(0, 1),
        [line],
      );
    });

  it("have each a row that breaks it", () => {
    assert.deepEqual([...new Set(rows.map(([rule]) => rule))].sort(), [...ruleNames].sort());
  });

  it("find nothing in api/Dockerfile", () => {
    assert.deepEqual(lint(readFileSync(join(import.meta.dirname, "../../api/Dockerfile"), "utf8")), []);
  });
});
