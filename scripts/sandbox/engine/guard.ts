import type { Properties } from "../values/value.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import type { Goal } from "./goal.ts";
import type { PolicyPack } from "./policy.ts";
import { PolicyError } from "./policy-error.ts";
import { type AnalyzedResource, type PolicyAnswer, recordedResource } from "./policy-messages.ts";
import { propertyChanges } from "./changes.ts";
import { NO_DIFFERENCE } from "./provider-client.ts";
import { nameOf, parseProviderReference, typeOf } from "../protocol/urn.ts";
import type { ResourceState } from "../state/resource.ts";

export interface Judgement {
  /** The inputs to go on with. */
  readonly inputs: Properties;
  readonly refused: boolean;
}

/** Remediates, then judges one resource before anything is done to it. */
export async function checkPolicies(context: Context, goal: Goal, inputs: Properties): Promise<Judgement> {
  if (!context.packs.any) return { inputs, refused: false };
  const packs = await loaded(context);
  let current = inputs;
  let refused = false;
  try {
    for (const pack of packs) current = await remediate(context, goal, current, pack);
    for (const pack of packs) refused = (await judge(context, goal, current, pack)) || refused;
  } catch (error) {
    if (error instanceof PolicyError) throw new Bail(goal.urn, error.message);
    throw error;
  }
  return { inputs: current, refused };
}

/** Nothing is judged, and so nothing made, before every pack can speak. One that does not load is told once. */
async function loaded(context: Context): Promise<readonly PolicyPack[]> {
  try {
    return await context.packs.loaded();
  } catch (error) {
    if (error instanceof PolicyError) throw new Bail("", error.message);
    throw error;
  }
}

async function remediate(context: Context, goal: Goal, inputs: Properties, pack: PolicyPack): Promise<Properties> {
  let current = inputs;
  for (const { policy, properties: after, diagnostic } of await pack.remediate(analyzed(context, goal, inputs))) {
    if (diagnostic !== "") {
      context.report.finding({
        pack: pack.name,
        policy,
        level: "advisory",
        urn: goal.urn,
        message: diagnostic,
        severity: "",
      });
    } else if (after !== undefined) {
      const changes = propertyChanges(current, after, NO_DIFFERENCE, []);
      context.report.remediated({ policy, urn: goal.urn, before: current, after }, changes);
      current = after;
    }
  }
  return current;
}

/** A mandatory policy stops the resource; a preview goes on, and fails at its end. */
async function judge(context: Context, goal: Goal, inputs: Properties, pack: PolicyPack): Promise<boolean> {
  const answer = await pack.analyze(analyzed(context, goal, inputs));
  const violated = told(context, answer, () => goal.urn);
  if (violated && context.preview) context.report.failAtEnd();
  return violated && !context.preview;
}

/** Reports an answer. Returns whether a mandatory policy is violated. */
function told(context: Context, { findings, waiting }: PolicyAnswer, urnOf: (urn: string) => string): boolean {
  for (const finding of findings) context.report.finding({ ...finding, urn: urnOf(finding.urn) });
  for (const wait of waiting) context.report.waits(wait);
  return findings.some(({ level }) => level === "mandatory");
}

function analyzed(context: Context, goal: Goal, inputs: Properties): AnalyzedResource {
  return {
    urn: goal.urn,
    type: goal.type,
    name: goal.name,
    properties: inputs,
    parent: goal.parent,
    protect: goal.protect,
    ignoreChanges: goal.ignoreChanges,
    deleteBeforeReplace: goal.deleteBeforeReplace,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    aliases: formerUrns(context, goal.urn),
    timeouts: goal.customTimeouts,
    provider: providerOf(context, goal.provider),
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
  };
}

function formerUrns(context: Context, urn: string): string[] {
  const former = context.formerUrns.get(urn);
  return former === undefined ? [] : [former];
}

function providerOf(context: Context, reference: string): AnalyzedResource["provider"] {
  if (reference === "") return undefined;
  const { urn } = parseProviderReference(reference);
  const state = context.news.get(urn);
  return { urn, type: typeOf(urn), name: nameOf(urn), properties: state?.inputs ?? {} };
}

/** Judges everything that the stack now is. Returns whether a mandatory policy is violated. */
export async function checkStackPolicies(context: Context): Promise<boolean> {
  // What is only read is not the stack's own.
  const resources = [...context.news.values()]
    .filter((state) => !state.external)
    .map((state) => analyzedState(context, state));
  const urnOf = (urn: string): string => (context.news.has(urn) ? urn : context.stackUrn);
  let violated = false;
  for (const pack of await loaded(context))
    violated = told(context, await pack.analyzeStack(resources, context.stackUrn), urnOf) || violated;
  return violated;
}

function analyzedState(context: Context, state: ResourceState): AnalyzedResource {
  return {
    ...recordedResource(state, state.outputs, providerOf(context, state.provider)),
    deleteBeforeReplace: context.goals.get(state.urn)?.deleteBeforeReplace,
    aliases: formerUrns(context, state.urn),
  };
}
