import type { Properties } from "../values/value.ts";
import { Bail, Violation } from "./bail.ts";
import type { Context } from "./context.ts";
import type { Goal } from "./goal.ts";

import { type AnalyzedResource, PolicyError } from "./policy.ts";
import { propertyChanges } from "./changes.ts";
import { NO_DIFFERENCE } from "./provider-client.ts";
import { nameOf, parseProviderReference, typeOf } from "./urn.ts";
import type { ResourceState } from "../state/resource.ts";

/** Remediates, then judges one resource before anything is done to it. Returns the inputs to go on with. */
export async function checkPolicies(context: Context, goal: Goal, inputs: Properties): Promise<Properties> {
  if (context.packs.length === 0) return inputs;
  let current = inputs;
  try {
    for (const pack of context.packs) {
      for (const remediation of await pack.remediate(analyzed(context, goal, current))) {
        if (remediation.properties === undefined) {
          if (remediation.diagnostic !== "") context.report.log("warning", goal.urn, remediation.diagnostic);
          continue;
        }
        const { policy, properties: after } = remediation;
        const changes = propertyChanges(current, after, NO_DIFFERENCE, []);
        context.report.remediated({ policy, urn: goal.urn, before: current, after }, changes);
        current = after;
      }
    }
    for (const pack of context.packs) await judge(context, goal, current, pack);
  } catch (error) {
    if (error instanceof PolicyError) throw new Bail(goal.urn, error.message);
    throw error;
  }
  return current;
}

async function judge(context: Context, goal: Goal, inputs: Properties, pack: Context["packs"][number]): Promise<void> {
  let violated = false;
  for (const finding of await pack.analyze(analyzed(context, goal, inputs))) {
    context.report.finding(finding);
    violated ||= finding.level === "mandatory";
  }
  if (!violated) return;
  if (context.preview) context.report.failAtEnd();
  else throw new Violation(goal.urn);
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
    aliases: goal.aliases,
    timeouts: goal.customTimeouts,
    provider: providerOf(context, goal.provider),
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
  };
}

function providerOf(context: Context, reference: string): AnalyzedResource["provider"] {
  if (reference === "") return undefined;
  const { urn } = parseProviderReference(reference);
  const state = context.news.get(urn);
  return { urn, type: typeOf(urn), name: nameOf(urn), properties: state?.inputs ?? {} };
}

/** Judges everything that the stack now is. Returns whether a mandatory policy is violated. */
export async function checkStackPolicies(context: Context): Promise<boolean> {
  const resources = [...context.news.values()].map((state) => analyzedState(context, state));
  let violated = false;
  for (const pack of context.packs) {
    for (const finding of await pack.analyzeStack(resources, context.stackUrn)) {
      context.report.finding(finding);
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
    aliases: goal?.aliases ?? [],
    timeouts: state.customTimeouts,
    provider: providerOf(context, state.provider),
    dependencies: state.dependencies,
    propertyDependencies: state.propertyDependencies,
  };
}
