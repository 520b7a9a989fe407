import { readdirSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../policies/all.ts";
import type { Json, Level, RunningPack } from "./analyzer.ts";
import type { Case } from "./case.ts";

const POLICIES = join(import.meta.dirname, "../policies");

/** Every `<service>.cases.ts` beside the rules. */
export const cases: readonly Case[] = (
  await Promise.all(
    readdirSync(POLICIES)
      .filter((file) => file.endsWith(".cases.ts"))
      .sort()
      .map((file) => import(`../policies/${file}`) as Promise<{ cases: readonly Case[] }>),
  )
).flatMap((file) => file.cases);

/** What the pack says of a case's resource or stack for the case's own rule. */
export async function judge(pack: RunningPack, { rule, given, config }: Case): Promise<Judgement> {
  if (config !== undefined) await pack.configure({ [rule]: { level: levelOf(rule), ...settingsOf(config) } });
  const { diagnostics, waiting } = await ("type" in given ? pack.analyze(given) : pack.analyzeStack(given));
  if (config !== undefined) await pack.configure({});
  // Other rules may judge the same resource: a new one must not make these cases say more than they are about.
  const found = diagnostics.filter(({ policy }) => policy === rule);
  return { found, waits: waiting.get(rule) };
}

const levelOf = (name: string): Level => rules.find((rule) => rule.name === name)?.level ?? "mandatory";

const settingsOf = (config: NonNullable<Case["config"]>): Record<string, Json> =>
  Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

export interface Judgement {
  readonly found: readonly { readonly level: string; readonly message: string; readonly urn: string }[];
  /** What it waits for, if it does. */
  readonly waits: string | undefined;
}
