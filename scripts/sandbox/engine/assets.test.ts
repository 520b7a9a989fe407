import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { type JsonObject, valueFromJson } from "../state/deployment.ts";
import { Archive, Asset, OutputValue, Secret, UNKNOWN, type Value } from "../values/value.ts";
import { withHashes } from "./assets.ts";

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");
const text = (content: string): Asset => new Asset("", { text: content });
const archive = (assets: Record<string, Asset | Archive>): Archive => new Archive("", { assets });

async function hashOf(blob: Asset | Archive, main = "/nowhere"): Promise<string> {
  const { blob: hashed } = await withHashes({ blob }, main);
  assert.ok(hashed instanceof Asset || hashed instanceof Archive);
  return hashed.hash;
}

const EXPECTED = new URL("../conformance/fixtures/expected/assets.json", import.meta.url);

/** The archive whose hashes Pulumi's own engine made. */
function recorded(): Archive {
  const { steps } = JSON.parse(readFileSync(EXPECTED, "utf8")) as { steps: { resources: JsonObject[] }[] };
  const resource = steps[0]?.resources.find((one) => one["id"] === "b-1");
  const zip = valueFromJson((resource?.["inputs"] as JsonObject)["zip"]!, () => "null");
  assert.ok(zip instanceof Archive);
  return zip;
}

const unhashed = (blob: Asset | Archive): Asset | Archive =>
  blob instanceof Asset
    ? new Asset("", blob.source)
    : archive(Object.fromEntries(Object.entries(blob.source.assets ?? {}).map(([key, item]) => [key, unhashed(item)])));

describe("the hash of an asset", () => {
  it("is the SHA-256 of its text", async () => {
    assert.equal(await hashOf(text("step 1")), sha256("step 1"));
    assert.equal(await hashOf(text("")), sha256(""));
    assert.equal(await hashOf(text("äöü")), sha256("äöü"));
  });

  it("is kept where it is known", async () => {
    assert.equal(await hashOf(new Asset("known", { path: "gone" })), "known");
    assert.equal(await hashOf(new Archive("known", { path: "gone" })), "known");
  });

  it("is made wherever the asset is hidden, and nothing else is touched", async () => {
    const hashed = new Asset(sha256("a"), { text: "a" });
    const inputs = {
      list: [text("a"), 1],
      map: { deep: text("a") },
      secret: new Secret(text("a")),
      output: new OutputValue(text("a"), true, ["urn"]),
      late: new OutputValue(undefined, false, []),
      plain: UNKNOWN,
    };
    assert.deepEqual(await withHashes(inputs, "/nowhere"), {
      ...inputs,
      list: [hashed, 1],
      map: { deep: hashed },
      secret: new Secret(hashed),
      output: new OutputValue(hashed, true, ["urn"]),
    });
  });

  it("costs nothing where there is no asset", async () => {
    const inputs = { a: [{ b: new Secret(1) }] };
    assert.equal(await withHashes(inputs, "/nowhere"), inputs);
  });
});

describe("the hash of an archive", () => {
  it("is that of Pulumi's own engine, at every level", async () => {
    const expected = recorded();
    assert.deepEqual(await withHashes({ zip: unhashed(expected) }, "/nowhere"), { zip: expected });
  });

  it("does not depend on the order of its files, and does on each name and content", async () => {
    const anyFiles = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,120}){0,2}$/), fc.string(), {
      minKeys: 2,
      maxKeys: 5,
      noNullPrototype: true,
    });
    const hash = (files: [string, string][]): Promise<string> =>
      hashOf(archive(Object.fromEntries(files.map(([name, content]) => [name, text(content)]))));
    await fc.assert(
      fc.asyncProperty(anyFiles, async (files) => {
        const entries = Object.entries(files);
        const [[name, content], ...rest] = entries as [[string, string], ...[string, string][]];
        const whole = await hash(entries);
        assert.equal(await hash(entries.toReversed()), whole);
        assert.notEqual(await hash([[name, `${content}!`], ...rest]), whole);
        assert.notEqual(await hash([[`${name}!`, content], ...rest]), whole);
      }),
    );
  });

  for (const [title, name] of [
    ["of any length", `${"folder/".repeat(40)}file`],
    ["longer than a header holds in one part", "n".repeat(150)],
    ["beyond ASCII", "ä".repeat(60)],
  ] as const)
    it(`depends on a name ${title} to its last letter`, async () => {
      assert.notEqual(
        await hashOf(archive({ [`${name}1`]: text("x") })),
        await hashOf(archive({ [`${name}2`]: text("x") })),
      );
    });

  it("is the same nested and by whole paths", async () => {
    const nested = archive({ a: archive({ b: archive({ "c.txt": text("1") }) }), "d.txt": text("2") });
    assert.equal(await hashOf(nested), await hashOf(archive({ "a/b/c.txt": text("1"), "d.txt": text("2") })));
  });
});

describe("assets on disk", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "assets-"));
    for (const [name, content] of [
      ["site/index.html", "<html>"],
      ["site/css/main.css", "body{}"],
      ["bundle.zip", "not really a zip"],
    ] as const) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
  });
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  const file = (path: string): Asset => new Asset("", { path });
  const folder = (path: string): Archive => new Archive("", { path });

  it("are found from the program's folder, whether that or its entry file is named", async () => {
    for (const main of [directory, join(directory, "index.ts"), join(directory, "index.js")])
      assert.equal(await hashOf(file("site/index.html"), main), sha256("<html>"));
    assert.equal(await hashOf(file(join(directory, "site/index.html"))), sha256("<html>"));
  });

  it("have the hash of the same content given as text", async () => {
    const asText = archive({ "index.html": text("<html>"), css: archive({ "main.css": text("body{}") }) });
    const expected = await hashOf(asText);
    assert.equal(await hashOf(folder("site"), directory), expected);
    const mixed = archive({ css: folder("site/css"), "index.html": file("site/index.html") });
    assert.equal(await hashOf(mixed, directory), expected);
  });

  it("that are a packed archive have the hash of its bytes, and may be part of another", async () => {
    assert.equal(await hashOf(folder("bundle.zip"), directory), sha256("not really a zip"));
    const inside = await hashOf(archive({ "b.zip": folder("bundle.zip") }), directory);
    assert.equal(inside, await hashOf(archive({ "b.zip": text("not really a zip") })));
  });

  const refused: [string, Value, RegExp][] = [
    ["a file that is not there", file("gone.txt"), /gone\.txt/],
    [
      "a remote asset",
      new Asset("", { uri: "https://example.com/a" }),
      /https:\/\/example\.com\/a is remote: .* use a file/,
    ],
    ["a remote archive", new Archive("", { uri: "https://example.com/a" }), /is remote: .* use a folder/],
    ["a remote archive in another", archive({ a: new Archive("", { uri: "u" }) }), /is remote/],
    ["an asset of nothing", new Asset("", {}), /without text or path/],
    ["an archive of nothing", new Archive("", {}), /without content/],
  ];
  for (const [title, value, message] of refused)
    it(`are refused where there is ${title}`, async () => {
      await assert.rejects(withHashes({ value }, directory), { message });
    });
});
