import { identifyStack } from "../../infra/settings/stacks.ts";
import { parseUrn, STACK_TYPE } from "../sandbox/protocol/urn.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { UserError } from "../sandbox/user-error.ts";
import { isProperties, revealedProperties, type Value } from "../sandbox/values/value.ts";
import type { Source } from "../state-source.ts";
import type { EstimateOptions } from "./estimate.ts";
import type { CostResource, World } from "./resources/entry.ts";
import { tagsOf } from "./source-tags.ts";
import type { EnvironmentName, Usage } from "./usage.ts";

/** A stack as it is estimated. */
export interface CostSource extends Pick<EstimateOptions, "resources" | "world" | "placeOf"> {
  /** As shown to people. */
  readonly from: string;
  readonly environment: EnvironmentName;
}

/** Throws a UserError where the state is empty, of another project, or of no stack that the project knows. */
export function costSourceOf(
  { from, resources: states }: Source,
  project: string,
  usages: Readonly<Record<EnvironmentName, Usage>>,
): CostSource {
  const { stack, environment } = identityOf(from, states, project);
  const resources = states.map(costResourceOf);
  const componentOf = componentsOf(states, project);
  return {
    from,
    environment,
    resources,
    world: worldOf({ stack, environment, usage: usages[environment], resources, states }),
    placeOf: (resource) => ({ component: componentOf(resource.urn), tags: tagsOf(resource) }),
  };
}

function identityOf(from: string, states: readonly ResourceState[], project: string) {
  const [first] = states;
  if (first === undefined)
    throw new UserError(`${from} holds no resource: export a stack that is deployed, or preview it`, 2);
  const foreign = states.find((state) => parseUrn(state.urn).project !== project);
  if (foreign !== undefined)
    throw new UserError(
      `${from} is of project ${parseUrn(foreign.urn).project}, not of ${project}: export one of ${project}'s stacks`,
      2,
    );
  const { stack } = parseUrn(first.urn);
  const identity = identifyStack(stack);
  if (identity === undefined)
    throw new UserError(
      `${from} is of stack "${stack}", for which there are no usage assumptions: stacks are production, staging, and preview-<slug>`,
      2,
    );
  return { stack, environment: identity.environment };
}

const costResourceOf = ({ urn, type, inputs, outputs }: ResourceState): CostResource => ({
  urn,
  type,
  name: parseUrn(urn).name,
  inputs: revealedProperties(inputs),
  outputs: revealedProperties(outputs),
});

interface WorldParts extends Pick<World, "stack" | "environment" | "usage"> {
  readonly resources: readonly CostResource[];
  readonly states: readonly ResourceState[];
}

function worldOf({ stack, environment, usage, resources, states }: WorldParts): World {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const byType = Map.groupBy(resources, ({ type }) => type);
  const dependencies = new Map(states.map((state) => [state.urn, state.propertyDependencies]));
  const byIdentifier = identifiersOf(states, byUrn);
  return {
    stack,
    environment,
    usage,
    ofType: (type) => byType.get(type) ?? [],
    byUrn: (urn) => byUrn.get(urn),
    references: (resource, property) => {
      const urns = dependencies.get(resource.urn)?.[property] ?? [];
      // An imported resource names others by their identifiers alone.
      return urns.length > 0
        ? urns.flatMap((urn) => byUrn.get(urn) ?? [])
        : textsIn(resource.inputs[property]).flatMap((text) => byIdentifier.get(text) ?? []);
    },
  };
}

/** Ids and ARNs, by which a cloud's resources name each other. */
function identifiersOf(states: readonly ResourceState[], byUrn: ReadonlyMap<string, CostResource>) {
  const found = new Map<string, CostResource>();
  for (const { urn, id, custom } of states) {
    const resource = byUrn.get(urn);
    if (!custom || resource === undefined) continue;
    const arn = resource.outputs["arn"];
    for (const text of [id, arn]) if (typeof text === "string" && text !== "") found.set(text, resource);
  }
  return found;
}

function textsIn(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isProperties(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** URN to the nearest component of the program itself: `Service` of `groundwork:hosting:Service`; "" in none. */
function componentsOf(states: readonly ResourceState[], project: string): (urn: string) => string {
  const byUrn = new Map(states.map((state) => [state.urn, state]));
  const known = new Map<string, string>();
  const nearest = (urn: string): string => {
    const before = known.get(urn);
    if (before !== undefined) return before;
    const state = byUrn.get(urn);
    const found =
      state === undefined || state.type === STACK_TYPE
        ? ""
        : state.type.startsWith(`${project}:`)
          ? lastPartOf(state.type)
          : nearest(state.parent);
    known.set(urn, found);
    return found;
  };
  return nearest;
}

const lastPartOf = (type: string): string => type.slice(type.lastIndexOf(":") + 1);
