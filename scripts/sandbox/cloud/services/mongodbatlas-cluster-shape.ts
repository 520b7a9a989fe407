import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, Refusal } from "../service.ts";
import { diskRefusal } from "./mongodbatlas-cluster-disks.ts";
import { firstOf, isAtlasRegion } from "./mongodbatlas-lookup.ts";

/** Dedicated sizes from the smallest up; the families R, NVMe, low CPU, and second generation follow the same order. */
const SIZES = ["M10", "M20", "M30", "M40", "M50", "M60", "M80", "M140", "M200", "M300", "M400", "M600", "M700"];

const FAMILY = /^([MR]\d+)(_NVME|_LOW_CPU|_GEN_2)?$/;

/** Where the size stands among its like; undefined where Atlas has no such size. */
export function rankOf(size: string): number | undefined {
  const base = FAMILY.exec(size)?.[1];
  if (base === undefined) return undefined;
  const rank = SIZES.indexOf(base.replace("R", "M"));
  return rank === -1 ? undefined : rank;
}

const SHARED = ["TENANT", "FLEX"];

export const regionsOf = (inputs: Properties): Properties[] =>
  mapsAt(inputs, "replicationSpecs").flatMap((spec) => mapsAt(spec, "regionConfigs"));

/** On shared hardware: the free size, or Flex. */
export const isShared = (inputs: Properties): boolean =>
  regionsOf(inputs).some((region) => SHARED.includes(textAt(region, "providerName") ?? ""));

/** What the provider checks by itself, in preview too. */
export function shapeFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "replicationSpecs").flatMap((spec, index) => {
    const priorities = mapsAt(spec, "regionConfigs").map((region) => numberAt(region, "priority"));
    const rises = priorities.some((priority, at) => {
      const before = at === 0 ? undefined : priorities[at - 1];
      return priority !== undefined && before !== undefined && priority > before;
    });
    return rises
      ? [
          {
            property: `replicationSpecs[${index}].regionConfigs`,
            reason: `priority values in region_configs must be in descending order, but are ${priorities.join(", ")}`,
          },
        ]
      : [];
  });
}

const invalid = (message: string): Refusal => new Refusal("INVALID_CLUSTER_CONFIGURATION", message);

/** What Atlas says of nodes, regions, sizes, and auto-scaling. */
export function shapeRefusal(inputs: Properties): Refusal | undefined {
  const specs = mapsAt(inputs, "replicationSpecs");
  if (specs.length === 0 || (textAt(inputs, "clusterType") === "REPLICASET" && specs.length !== 1))
    return new Refusal("REPLICATION_SPECS_INVALID", "A replica set has exactly one item in replicationSpecs.");
  for (const spec of specs) {
    const regions = mapsAt(spec, "regionConfigs");
    const refusal = firstOf(
      () => kindRefusal(inputs),
      () => (isShared(inputs) ? sharedShape(regions) : dedicatedShape(regions)),
      () => regions.map(regionRefusal).find((found) => found !== undefined),
    );
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Sizes that run a replica set alone. */
const UNSHARDED = ["M10", "M20"];

function kindRefusal(inputs: Properties): Refusal | undefined {
  if (textAt(inputs, "clusterType") === "REPLICASET") return undefined;
  const small = regionsOf(inputs)
    .map(sizeOf)
    .find((size) => size !== undefined && UNSHARDED.includes(size));
  return small === undefined
    ? undefined
    : new Refusal("SHARDING_NOT_SUPPORTED", `Sharding is not supported for the selected instance size ${small}.`);
}

const electable = (region: Properties): number => numberAt(mapAt(region, "electableSpecs"), "nodeCount") ?? 0;
const sizeOf = (region: Properties): string | undefined => textAt(mapAt(region, "electableSpecs"), "instanceSize");

function sharedShape(regions: readonly Properties[]): Refusal | undefined {
  const [region = {}] = regions;
  if (textAt(region, "backingProviderName") === undefined)
    return new Refusal("MISSING_ATTRIBUTE", "The required attribute backingProviderName was not specified.");
  if (numberAt(region, "priority") !== 7) return invalid("The priority of a shared cluster's region must be 7.");
  const size = sizeOf(region);
  return textAt(region, "providerName") === "TENANT" && size !== "M0"
    ? new Refusal("INVALID_ENUM_VALUE", `An invalid enumeration value ${size ?? ""} was specified.`)
    : undefined;
}

function dedicatedShape(regions: readonly Properties[]): Refusal | undefined {
  const voting = regions.filter((region) => electable(region) > 0);
  const nodes = voting.reduce((sum, region) => sum + electable(region), 0);
  if (![3, 5, 7].includes(nodes))
    return new Refusal(
      "CLUSTER_REPLICATION_FACTOR_INVALID",
      `The cluster's replication factor must be either 3, 5, or 7, not ${nodes}.`,
    );
  const wrong = voting.findIndex((region, index) => numberAt(region, "priority") !== 7 - index);
  if (wrong !== -1)
    return invalid(
      `The region with the highest priority must have 7, and each further one with electable nodes one less: ${textAt(voting[wrong] ?? {}, "regionName") ?? ""} should have ${7 - wrong}.`,
    );
  if (new Set([...voting.map(sizeOf), ...regions.flatMap(readOnlySize)]).size > 1)
    return invalid("All electable and read-only nodes of a replication spec must have the same instance size.");
  return alikeRefusal(regions);
}

const readOnlySize = (region: Properties): string[] => {
  const specs = mapAt(region, "readOnlySpecs");
  const size = textAt(specs, "instanceSize");
  return size === undefined || (numberAt(specs, "nodeCount") ?? 0) === 0 ? [] : [size];
};

function alikeRefusal(regions: readonly Properties[]): Refusal | undefined {
  const names = regions.map(
    (region) => `${textAt(region, "providerName") ?? ""} ${textAt(region, "regionName") ?? ""}`,
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return invalid(`The region ${twice} is given twice in one replication spec.`);
  const scalings = ["autoScaling", "analyticsAutoScaling"].find((scaling) =>
    regions.some((region) => !isDeepStrictEqual(mapAt(region, scaling), mapAt(regions[0] ?? {}, scaling))),
  );
  return scalings === undefined ? undefined : invalid(`${scalings} must be the same in every region of the cluster.`);
}

function regionRefusal(region: Properties): Refusal | undefined {
  const provider = textAt(region, "providerName") ?? "";
  const name = textAt(region, "regionName") ?? "";
  if (provider === "AWS" && !isAtlasRegion(name))
    return new Refusal("INVALID_REGION", `No region ${name} exists for provider ${provider}.`);
  if (SHARED.includes(provider)) return undefined;
  if (region["backingProviderName"] !== undefined)
    return new Refusal(
      "INVALID_ATTRIBUTE",
      `Invalid attribute backingProviderName specified: it is of TENANT and FLEX clusters, not of ${provider}.`,
    );
  const size = sizeOf(region);
  const unknown = [size, ...Object.values(boundsOf(region))].find(
    (one) => one !== undefined && rankOf(one) === undefined,
  );
  return unknown === undefined
    ? (scalingRefusal(region, size) ?? diskRefusal(region))
    : new Refusal("INVALID_ENUM_VALUE", `An invalid enumeration value ${unknown} was specified.`);
}

function boundsOf(region: Properties): { min: string | undefined; max: string | undefined } {
  const scaling = mapAt(region, "autoScaling");
  return { min: textAt(scaling, "computeMinInstanceSize"), max: textAt(scaling, "computeMaxInstanceSize") };
}

function scalingRefusal(region: Properties, size: string | undefined): Refusal | undefined {
  const scaling = mapAt(region, "autoScaling");
  const down = flagAt(scaling, "computeScaleDownEnabled") === true;
  if (flagAt(scaling, "computeEnabled") !== true)
    return down
      ? new Refusal(
          "COMPUTE_AUTO_SCALING_SCALE_DOWN_ENABLED_INVALID",
          "Compute auto-scaling must be enabled to enable down-scaling.",
        )
      : undefined;
  const { min, max } = boundsOf(region);
  if (max === undefined)
    return new Refusal(
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED",
      "Compute auto-scaling max instance size required.",
    );
  if (down && min === undefined)
    return new Refusal(
      "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_REQUIRED",
      "Compute auto-scaling min instance size required.",
    );
  const ranked = (text: string | undefined): number => (text === undefined ? 0 : (rankOf(text) ?? 0));
  if (min !== undefined && ranked(min) >= ranked(max))
    return new Refusal(
      "COMPUTE_AUTO_SCALING_INSTANCE_SIZE_RANGE_INVALID",
      `The min instance size (${min}) must be less than the max instance size (${max}).`,
    );
  if (size !== undefined && ranked(size) > ranked(max))
    return new Refusal(
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID",
      `The max instance size (${max}) must be greater than or equal to proposed instance size (${size}).`,
    );
  if (size !== undefined && min !== undefined && ranked(min) > ranked(size))
    return new Refusal(
      "COMPUTE_AUTO_SCALING_MIN_INSTANCE_SIZE_INVALID",
      `The min instance size (${min}) must be less than or equal to proposed instance size (${size}).`,
    );
  return undefined;
}
