import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Scenario, ScenarioStep, StepResult } from "../../conformance/expectation.ts";
import { FIXTURES, playScenario } from "../../conformance/scenario.ts";
import type { JsonObject } from "../../state/deployment.ts";
import { isDefaultProvider, nameOf, typeOf } from "../../protocol/urn.ts";

const PROGRAMS = fileURLToPath(new URL("fixtures", import.meta.url));

/** Runs a program of this folder step by step. `provider` is a script of this folder, or the recorded scenarios' own. */
export function play(
  name: string,
  steps: readonly ScenarioStep[],
  { config, provider }: { readonly config?: Scenario["config"]; readonly provider?: string } = {},
): Promise<StepResult[]> {
  return playScenario(
    name,
    { steps, ...(config === undefined ? {} : { config }) },
    {
      programs: PROGRAMS,
      provider: provider === undefined ? join(FIXTURES, "provider.mjs") : join(PROGRAMS, provider),
    },
  );
}

export const up = (...args: string[]): ScenarioStep => ({ command: "up", args });
export const preview = (...args: string[]): ScenarioStep => ({ command: "preview", args });

const isShown = (urn: string): boolean => typeOf(urn) !== "pulumi:pulumi:Stack" && !isDefaultProvider(urn);

/** `op name`, with `[diffs]` and `!keys`, in the order of the names; without the stack and default providers. */
export function operations(step: StepResult | undefined): string[] {
  return (step?.operations ?? [])
    .filter(({ urn }) => isShown(urn))
    .map(({ op, urn, diffs = [], keys = [] }) => ({
      name: nameOf(urn),
      text: `${op} ${nameOf(urn)}${diffs.length === 0 ? "" : ` [${diffs.join()}]`}${keys.length === 0 ? "" : ` !${keys.join()}`}`,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ text }) => text);
}

/** Only the operations that are not `same`. */
export const changes = (step: StepResult | undefined): string[] =>
  operations(step).filter((text) => !text.startsWith("same "));

/** `Call name id`, sorted, of the calls named. */
export function calls(step: StepResult | undefined, ...kinds: string[]): string[] {
  return (step?.calls ?? [])
    .map((call) => [call["call"], call["name"], call["id"]].filter((part) => typeof part === "string"))
    .filter(([kind]) => kind !== undefined && kinds.includes(kind))
    .map((parts) => parts.join(" "))
    .sort();
}

/** `name: first line` for each error, "" for those of no resource; sorted. */
export const errors = (step: StepResult | undefined): string[] =>
  (step?.errors ?? [])
    .map(({ urn, message }) => `${urn === undefined ? "" : nameOf(urn)}: ${message.trim().split("\n")[0] ?? ""}`)
    .sort();

/** The exported resources of a name: there may be several while one waits for its deletion. */
export const resources = (step: StepResult | undefined, name: string): JsonObject[] =>
  (step?.resources ?? []).filter(({ urn }) => typeof urn === "string" && nameOf(urn) === name);

export const text = (value: JsonObject[string] | undefined): string => (typeof value === "string" ? value : "");

export const resource = (step: StepResult | undefined, name: string): JsonObject => resources(step, name)[0] ?? {};

/** Every exported resource by name, but for the stack and default providers. */
export const names = (step: StepResult | undefined): string[] =>
  (step?.resources ?? []).flatMap(({ urn }) => (typeof urn === "string" && isShown(urn) ? [nameOf(urn)] : [])).sort();
