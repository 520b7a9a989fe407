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

/** What the pack says of a case's resource or stack for the case's own rule; the other rules judge it too. */
export async function judge(pack: RunningPack, example: Case): Promise<Judgement> {
  const { rule, config } = example;
  if (config !== undefined) await pack.configure({ [rule]: configured(rule, config) });
  const judgement = await ask(pack, example);
  if (config !== undefined) await pack.configure({});
  return judgement;
}

const others = new WeakMap<RunningPack, string>();

/** Turns all other rules off, for the many variants of one case. */
export async function alone(pack: RunningPack, { rule, config }: Case): Promise<void> {
  const wanted = JSON.stringify([rule, config]);
  if (others.get(pack) === wanted) return;
  await pack.configure(
    Object.fromEntries(
      rules.map(({ name }) => [name, name === rule ? configured(rule, config ?? {}) : { level: "disabled" as const }]),
    ),
  );
  others.set(pack, wanted);
}

export async function ask(pack: RunningPack, { rule, given }: Case): Promise<Judgement> {
  const { diagnostics, waiting } = await ("type" in given ? pack.analyze(given) : pack.analyzeStack(given));
  // Other rules may judge the same resource: a new one must not make these cases say more than they are about.
  const found = diagnostics.filter(({ policy }) => policy === rule);
  return { found, waits: waiting.get(rule) };
}

const configured = (rule: string, config: NonNullable<Case["config"]>) => ({
  level: levelOf(rule),
  ...settingsOf(config),
});

const levelOf = (name: string): Level => rules.find((rule) => rule.name === name)?.level ?? "mandatory";

const settingsOf = (config: NonNullable<Case["config"]>): Record<string, Json> =>
  Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

export interface Judgement {
  readonly found: readonly { readonly level: string; readonly message: string; readonly urn: string }[];
  /** What it waits for, if it does. */
  readonly waits: string | undefined;
}
