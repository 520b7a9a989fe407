import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, type CapturedResource } from "./capture.ts";
import { effects } from "./settings/effects.cases.ts";
import { environmentStack } from "./environment-stack.ts";
import { qualifiedName } from "./naming.ts";
import { projectDefaults, stackFileConfig } from "./settings/config-file.ts";
import { environments } from "./settings/environments.ts";
import { resolveSettings, type Settings } from "./settings/settings.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const fileOf = (stack: string) =>
  stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork");
const files = {
  defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
  staging: fileOf("staging"),
  production: fileOf("production"),
};
const settings = resolveSettings({ project: "groundwork", stack: "production", given: files.production, files });
const prefix = qualifiedName(settings, "");

/** The settings with one value put in the place of another: `network.natGateways`. */
function changed(path: string, value: unknown): Settings {
  const [area = "", key] = path.split(".");
  const known: Readonly<Record<string, unknown>> = { ...settings };
  const inner = key === undefined ? value : { ...(known[area] as object), [key]: value };
  return { ...settings, [area]: inner } as Settings;
}

/** What each area of the program registers: `media` for all of `groundwork-production-media...`. */
async function areasOf(stack: Settings): Promise<Map<string, string>> {
  const { resources } = await capture(
    () => {
      environmentStack(stack);
    },
    { stack: stack.stack },
  );
  const areas = new Map<string, string[]>();
  for (const resource of resources) {
    const area = areaOf(resource, resources);
    areas.set(area, [...(areas.get(area) ?? []), JSON.stringify(resource)]);
  }
  return new Map([...areas].map(([area, texts]) => [area, texts.sort().join("\n")]));
}

/** The longest component's name that the resource's name holds; providers stand for themselves. */
function areaOf({ name }: CapturedResource, all: readonly CapturedResource[]): string {
  const owners = all
    .filter(({ type, name: owner }) => type.startsWith("groundwork:") && owner.startsWith(prefix) && name.includes(owner))
    .map((owner) => owner.name.slice(prefix.length));
  return owners.sort((a, b) => b.length - a.length)[0] ?? name;
}

describe("a change of a setting", function () {
  this.timeout(20_000);
  let unchanged: Map<string, string>;
  before(async () => {
    unchanged = await areasOf(settings);
  });

  for (const [path, { to, changes }] of Object.entries(effects))
    it(`${path} changes ${changes.join(", ")}, and nothing else`, async () => {
      const after = await areasOf(changed(path, to));
      const different = [...new Set([...unchanged.keys(), ...after.keys()])].filter(
        (area) => unchanged.get(area) !== after.get(area),
      );
      assert.deepEqual(different.sort(), [...changes].sort());
    });

  it("has a row for every choice of the environments, and for no other", () => {
    const choices = Object.entries(environments).flatMap(([area, keys]) =>
      Object.keys(keys).map((key) => `${area}.${key}`),
    );
    const rows = Object.keys(effects).filter((path) => path.includes("."));
    assert.deepEqual(rows.sort(), choices.sort());
  });
});
