import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, type CapturedResource } from "./capture.ts";
import { environmentStack } from "./environment-stack.ts";
import { qualifiedName } from "./naming.ts";
import { projectDefaults, stackFileConfig } from "./settings/config-file.ts";
import { type Effect, effects } from "./settings/effects.cases.ts";
import { environments } from "./settings/environments.ts";
import { resolveSettings, type Settings } from "./settings/settings.ts";
import { stackKeys } from "./settings/stack-config.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const fileOf = (stack: string) => stackFileConfig(`Pulumi.${stack}.yaml`, read(`Pulumi.${stack}.yaml`), "groundwork");
const files = {
  defaults: projectDefaults("Pulumi.yaml", read("Pulumi.yaml")),
  staging: fileOf("staging"),
  production: fileOf("production"),
};
const stack = "production";
const prefix = qualifiedName({ project: "groundwork", stack }, "");

const rows = new Map<string, Effect>(Object.entries(effects));
const rowOf = (path: string): Effect => rows.get(path)!;
const isChoice = (path: string): boolean => path.includes(".");

/** Production's settings, with the other values of some rows. */
function settingsWith(paths: readonly string[]): Settings {
  const keys = paths.filter((path) => !isChoice(path)).map((key) => [key, rowOf(key).to] as const);
  const given = { ...files.production, ...Object.fromEntries(keys) } as Record<string, string>;
  const settings: Record<string, unknown> = { ...resolveSettings({ project: "groundwork", stack, given, files }) };
  for (const path of paths.filter(isChoice)) {
    const [area = "", key = ""] = path.split(".");
    settings[area] = { ...(settings[area] as object), [key]: rowOf(path).to };
  }
  return settings as Settings;
}

/** `media` for all that the component `groundwork-production-media` holds; what is in none stands for itself. */
function areaOf({ type, name, component }: CapturedResource): string {
  if (component !== "") return component.slice(prefix.length);
  return type.startsWith("pulumi:providers:") ? `provider ${name}` : name.replace(prefix, "");
}

type Areas = ReadonlyMap<string, string>;

/** What each area of the program registers. */
async function areasWith(paths: readonly string[]): Promise<Areas> {
  const { resources } = await capture(
    () => {
      environmentStack(settingsWith(paths));
    },
    { stack },
  );
  const areas = new Map<string, string[]>();
  for (const resource of resources) {
    const area = areaOf(resource);
    const { type, name, inputs, provider, protect } = resource;
    areas.set(area, [...(areas.get(area) ?? []), JSON.stringify([type, name, inputs, provider, protect])]);
  }
  return new Map([...areas].map(([area, texts]) => [area, texts.sort().join("\n")]));
}

function changesBetween(before: Areas, after: Areas): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((area) => before.get(area) !== after.get(area))
    .sort();
}

/** A run of the program for each setting takes too long: these are changed in one, each in components of its own. */
type Group = readonly string[];

/** The first group that takes it, for each setting. */
function grouped(mayMeet: (one: string, other: string) => boolean): Group[] {
  const apart = (one: string, other: string) =>
    [one, other].every((path) => rowOf(path).alone !== true) &&
    !rowOf(one).changes.some((area) => rowOf(other).changes.includes(area));
  const groups: string[][] = [];
  for (const path of rows.keys()) {
    const group = groups.find((others) => others.every((other) => apart(path, other) && mayMeet(path, other)));
    if (group === undefined) groups.push([path]);
    else group.push(path);
  }
  return groups;
}

/**
 * Each setting is in two groups, and meets no other twice. Whatever it does beyond its row shows: outside of its
 * group's components at once, and inside of them because another's component is not the same in that one's two groups.
 */
const once = grouped(() => true);
const again = grouped((one, other) => !once.some((group) => group.includes(one) && group.includes(other)));
const groups = [...once, ...again];

describe("a change of a setting", function () {
  this.timeout(120_000);
  const { stackTraceLimit } = Error;
  const results = new Map<Group, Areas>();
  let unchanged: Areas;
  before(async () => {
    // Pulumi writes down a stack trace for every promise, which takes most of the time.
    Error.stackTraceLimit = 0;
    unchanged = await areasWith([]);
    for (const group of groups) results.set(group, await areasWith(group));
  });
  after(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const changedIn = (group: Group): string[] => changesBetween(unchanged, results.get(group)!);
  const expectedIn = (group: Group): string[] => group.flatMap((path) => rowOf(path).changes).sort();
  const groupsOf = (path: string): Areas[] =>
    groups.filter((group) => group.includes(path)).map((group) => results.get(group)!);
  /** Components that the setting leaves otherwise in one company than in the other. */
  const unlike = (path: string): string[] => {
    const [one, other] = groupsOf(path);
    return rowOf(path).changes.filter((area) => one!.get(area) !== other!.get(area));
  };

  const isAsExpected = (group: Group): boolean =>
    JSON.stringify(changedIn(group)) === JSON.stringify(expectedIn(group)) &&
    group.every((path) => unlike(path).length === 0);

  for (const [path, { changes }] of rows)
    it(`${path} changes ${changes.join(", ") || "no resource"}, and nothing else`, async () => {
      if (groups.filter((group) => group.includes(path)).every(isAsExpected)) return;
      // One of a group does something else: alone, it shows which.
      assert.deepEqual(changesBetween(unchanged, await areasWith([path])), [...changes].sort());
    });

  it("does the same whatever else is changed", () => {
    for (const group of groups) assert.deepEqual(changedIn(group), expectedIn(group), group.join(", "));
    for (const path of rows.keys()) assert.deepEqual(unlike(path), [], path);
  });

  it("has a row: every choice and every key of the stack files, and nothing else", () => {
    const choices = Object.entries(environments).flatMap(([area, keys]) =>
      Object.keys(keys).map((key) => `${area}.${key}`),
    );
    assert.deepEqual([...rows.keys()].sort(), [...choices, ...stackKeys].sort());
  });

  it("is another value than production has", () => {
    const settings = settingsWith([]) as unknown as Record<string, Record<string, unknown>>;
    for (const path of [...rows.keys()].filter(isChoice)) {
      const [area = "", key = ""] = path.split(".");
      assert.notDeepEqual(rowOf(path).to, settings[area]![key], path);
    }
  });
});
