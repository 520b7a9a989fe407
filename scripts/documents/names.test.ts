import assert from "node:assert/strict";
import { environments } from "../../infra/settings/environments.ts";
import { parseMarkdown } from "./markdown.ts";
import { documents, files, read } from "./repository.ts";
import { commandsOf } from "./shell.ts";

interface Written {
  readonly place: string;
  readonly text: string;
}

const code: readonly Written[] = documents.flatMap((document) =>
  parseMarkdown(read(document)).code.map(({ text, line }) => ({ place: `${document}:${line}`, text })),
);

/** Paths of the API's routes, from their contracts. */
async function routePaths(): Promise<ReadonlySet<string>> {
  const contracts = files.filter((file) => /^api\/src\/[^/]+\/contract\.ts$/.test(file));
  const modules = await Promise.all(
    contracts.map((file) => import(`../../${file}`) as Promise<Record<string, unknown>>),
  );
  const paths = modules
    .flatMap((exported) => Object.values(exported))
    .flatMap((value) => (typeof value === "object" && value !== null && "path" in value ? [String(value.path)] : []));
  return new Set(paths);
}

/** The path of an address of the API, as documents write it. */
const apiPath = (word: string): string | undefined =>
  /^https?:\/\/(?:api\.DOMAIN|127\.0\.0\.1:3000)(\/[^?#]*)/.exec(word)?.[1];

describe("names in documents", () => {
  it("are settings that there are", () => {
    const areas: Readonly<Record<string, object>> = environments;
    const wrong = code.filter(({ text }) => {
      const [, area = "", setting = ""] = /^([a-z]\w*)\.([a-z]\w*)$/i.exec(text) ?? [];
      return (
        Object.hasOwn(areas, area) &&
        !/^(ts|json|ya?ml|md)$/.test(setting) &&
        !Object.hasOwn(areas[area] ?? {}, setting)
      );
    });
    assert.deepEqual(wrong, []);
  });

  it("are routes of the API", async () => {
    const paths = await routePaths();
    assert.ok(paths.has("/heartbeat"));
    const asked = code.flatMap(({ place, text }) =>
      [
        ...[/^(?:GET|POST|PUT|DELETE) (\/\S*)$/.exec(text)?.[1]],
        ...commandsOf(text).flatMap((words) => words.map(apiPath)),
      ].flatMap((path) => (path === undefined ? [] : [{ place, path }])),
    );
    assert.ok(asked.length > 5);
    assert.deepEqual(
      asked.filter(({ path }) => !paths.has(path)),
      [],
    );
  });
});

describe("prose in documents", () => {
  it("has no dash between its words", () => {
    const dashes = documents.flatMap((document) =>
      parseMarkdown(read(document)).prose.flatMap((line, index) =>
        /\s[–—-]\s/.test(line.replace(/^\s*(?:[-*+]|\d+\.)\s/, "")) || /[–—]/.test(line)
          ? [`${document}:${index + 1}`]
          : [],
      ),
    );
    assert.deepEqual(dashes, []);
  });
});
