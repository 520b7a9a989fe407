import type { Properties } from "../values/value.ts";
import { Bail } from "./bail.ts";
import type { Context } from "./context.ts";
import type { Goal } from "./goal.ts";

import { type AnalyzedResource, PolicyError, type PolicyPack } from "./policy.ts";
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
  let violated = false;
  for (const finding of await pack.analyze(analyzed(context, goal, inputs))) {
    context.report.finding({ ...finding, urn: goal.urn });
    violated ||= finding.level === "mandatory";
  }
  if (violated && context.preview) context.report.failAtEnd();
  return violated && !context.preview;
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
  let violated = false;
  for (const pack of await loaded(context)) {
    for (const finding of await pack.analyzeStack(resources, context.stackUrn)) {
      const urn = context.news.has(finding.urn) ? finding.urn : context.stackUrn;
      context.report.finding({ ...finding, urn });
      violated ||= finding.level === "mandatory";
    }
  }
  return violated;
}

function analyzedState(context: Context, state: ResourceState): AnalyzedResource {
  const goal = context.goals.get(state.urn);
  return {
    urn: state.urn,
    type: state.type,
    name: nameOf(state.urn),
    properties: state.outputs,
    parent: state.parent,
    protect: state.protect,
    ignoreChanges: state.ignoreChanges,
    deleteBeforeReplace: goal?.deleteBeforeReplace,
    additionalSecretOutputs: state.additionalSecretOutputs,
    aliases: formerUrns(context, state.urn),
    timeouts: state.customTimeouts,
    provider: providerOf(context, state.provider),
    dependencies: state.dependencies,
    propertyDependencies: state.propertyDependencies,
  };
}
