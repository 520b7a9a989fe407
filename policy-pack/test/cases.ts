import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../policies/all.ts";
import type { Json, Level, RunningPack } from "./analyzer.ts";
import type { Case } from "./case.ts";

const POLICIES = join(import.meta.dirname, "../policies");

/** Every `<service>.cases.ts` beside the rules. */
export const cases: readonly Case[] = (
  await Promise.all(
    readdirSync(POLICIES, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".cases.ts"))
      .sort()
      .map((file) => import(`../policies/${file}`) as Promise<{ cases: readonly Case[] }>),
  )
).flatMap((file) => file.cases);

/** What the pack says of a case's resource or stack, with the case's own rule alone. */
export async function judge(pack: RunningPack, example: Case): Promise<Judgement> {
  await alone(pack, example);
  return ask(pack, example);
}

const onlyRule = new WeakMap<RunningPack, string>();

/** Turns all other rules off: they may judge the same resource, and a case is about its own rule. */
async function alone(pack: RunningPack, { rule, config }: Case): Promise<void> {
  const wanted = JSON.stringify([rule, config]);
  if (onlyRule.get(pack) === wanted) return;
  await pack.configure(
    Object.fromEntries(
      rules.map(({ name }) => [name, name === rule ? configured(rule, config ?? {}) : { level: "disabled" as const }]),
    ),
  );
  onlyRule.set(pack, wanted);
}

async function ask(pack: RunningPack, { rule, given }: Case): Promise<Judgement> {
  const { diagnostics, waiting } = await ("type" in given ? pack.analyze(given) : pack.analyzeStack(given));
  return { found: diagnostics, waits: waiting.get(rule) };
}

const configured = (rule: string, config: NonNullable<Case["config"]>) => ({
  level: levelOf(rule),
  ...settingsOf(config),
});

const levelOf = (name: string): Level => rules.find((rule) => rule.name === name)?.level ?? "mandatory";

export const settingsOf = (config: Case["config"] = {}): Record<string, Json> =>
  Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

export interface Judgement {
  readonly found: readonly { readonly level: string; readonly message: string; readonly urn: string }[];
  /** What it waits for, if it does. */
  readonly waits: string | undefined;
}
