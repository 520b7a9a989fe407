import { OutputValue, type Properties, ResourceReference, Unknown, type Value } from "../../values/value.ts";
import { type ConstructRequest, type ConstructResponse, type Registered, idOf, outputOf } from "../construct.ts";
import { type VpcArgs, invalid, plain, readVpcArgs } from "./args.ts";
import { COMPONENT, type Planned, type PlannedProperties, PlannedOutput, PlannedReference } from "./plan.ts";
import { chooseZones, planVpc, zonesWanted } from "./vpc.ts";

const GET_ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

/**
 * Makes `awsx:ec2:Vpc`. What the arguments alone forbid is refused before anything is registered.
 * Children are registered as soon as what they need is there, the rest side by side.
 */
export async function constructVpc(request: ConstructRequest): Promise<ConstructResponse> {
  const args = readVpcArgs(request.inputs);
  const plan = planVpc(request.name, args, chooseZones(args, await availableZones(request, args)));
  const component = await request.registerComponent();

  const registered = new Map<string, Promise<Registered>>([[COMPONENT, Promise.resolve(component)]]);
  for (const resource of plan.resources) {
    const register = async (): Promise<Registered> => {
      const keys = new Set([resource.parent, ...resource.dependsOn, ...keysIn(Object.values(resource.inputs))]);
      const known = await settled(registered, keys);
      return request.register(resource.type, resource.name, resolveAll(resource.inputs, known, request.preview), {
        parent: at(known, resource.parent).urn,
        dependsOn: resource.dependsOn.map((key) => at(known, key).urn),
      });
    };
    registered.set(resource.key, register());
  }

  // All must come to an end before the first failure is thrown: the engine still answers the others.
  await Promise.allSettled(registered.values());
  const state = resolveAll(plan.outputs, await settled(registered, registered.keys()), request.preview);
  // As in the real component, the outputs are the answer's: it registers none of its own.
  await request.registerOutputs(component.urn, {});
  return { urn: component.urn, state };
}

async function availableZones(request: ConstructRequest, args: VpcArgs): Promise<readonly string[]> {
  if (zonesWanted(args) === undefined) return [];
  const region = args.inputs["region"];
  const answer = await request.invoke(GET_ZONES, region === undefined ? {} : { region: plain(region, "region") });
  const names = answer instanceof Unknown ? undefined : answer["names"];
  if (!Array.isArray(names))
    throw invalid(
      "availabilityZoneNames",
      "is left out, and the region's zones are not known yet: name them, or give the provider a region that is known",
    );
  return names.filter((name) => typeof name === "string");
}

async function settled(
  registered: ReadonlyMap<string, Promise<Registered>>,
  keys: Iterable<string>,
): Promise<Map<string, Registered>> {
  const found = await Promise.all(
    [...keys].map(async (key) => {
      const resource = await registered.get(key);
      return resource === undefined ? [] : [[key, resource] as const];
    }),
  );
  return new Map(found.flat());
}

function at(registered: ReadonlyMap<string, Registered>, key: string): Registered {
  const resource = registered.get(key);
  if (resource === undefined) throw new RangeError(`${key} is used before it is planned`);
  return resource;
}

function keysIn(planned: Planned[]): string[] {
  return planned.flatMap((value) => {
    if (value instanceof PlannedOutput || value instanceof PlannedReference) return [value.key];
    return Array.isArray(value) ? keysIn(value) : [];
  });
}

function resolveAll(
  planned: PlannedProperties,
  registered: ReadonlyMap<string, Registered>,
  preview: boolean,
): Properties {
  const resolved: Properties = {};
  for (const [key, value] of Object.entries(planned)) {
    const one = resolve(value, registered, preview);
    if (one !== undefined) resolved[key] = one;
  }
  return resolved;
}

/** Undefined where a resource does not have the output: the input is then left out, and its dependency with it. */
function resolve(planned: Planned, registered: ReadonlyMap<string, Registered>, preview: boolean): Value | undefined {
  if (planned instanceof PlannedOutput) return resolveOutput(planned, at(registered, planned.key), preview);
  if (planned instanceof PlannedReference) {
    const { urn, id } = at(registered, planned.key);
    return new ResourceReference(urn, id, "");
  }
  if (Array.isArray(planned)) return planned.map((item) => resolve(item, registered, preview) ?? null);
  return planned;
}

function resolveOutput(planned: PlannedOutput, resource: Registered, preview: boolean): Value | undefined {
  const output = planned.output === "id" ? idOf(resource) : outputOf(resource, planned.output, preview);
  if (output.value === undefined) return output;
  const value = planned.derive === undefined ? output.value : planned.derive(output.value);
  return value === undefined || value === null ? undefined : new OutputValue(value, output.secret, output.dependencies);
}
