import type { Properties } from "../../values/value.ts";
import { mapAt, numberAt, textAt } from "../fields.ts";
import { Refusal } from "../service.ts";

/** The largest disk in GB of each size; what is not listed has the last one's. Source: Atlas, cluster tiers on AWS. */
const LARGEST: Readonly<Record<string, number>> = { M10: 128, M20: 256, M30: 512, R30: 512, M40: 1024, R40: 1024 };
const LARGEST_OF_ALL = 4096;

/** What a standard volume gives to everyone, and per GB where that is more. */
const STANDARD_IOPS = 3000;
const IOPS_PER_GB = 3;

const KINDS = ["electableSpecs", "readOnlySpecs", "analyticsSpecs"];

/** What Atlas says of the disks that a region's nodes ask for. */
export const diskRefusal = (region: Properties): Refusal | undefined =>
  textAt(region, "providerName") === "AWS"
    ? KINDS.map((kind) => nodeRefusal(mapAt(region, kind))).find((refusal) => refusal !== undefined)
    : undefined;

function nodeRefusal(nodes: Properties): Refusal | undefined {
  const size = textAt(nodes, "instanceSize") ?? "";
  const gigabytes = numberAt(nodes, "diskSizeGb") ?? 0;
  const largest = LARGEST[size.replace(/_.*$/, "")] ?? LARGEST_OF_ALL;
  if (gigabytes > largest)
    return new Refusal(
      "CLUSTER_DISK_SIZE_INVALID",
      `Invalid disk size: ${gigabytes} GB. The disk of ${size} has at most ${largest} GB.`,
    );
  const type = textAt(nodes, "ebsVolumeType") ?? "STANDARD";
  if (type === "PROVISIONED" && /^M[12]0$/.test(size))
    return new Refusal(
      "INVALID_CLUSTER_CONFIGURATION",
      `The specified cluster configuration is not valid. ${size} has no volumes of type PROVISIONED: take M30 or larger.`,
    );
  const iops = numberAt(nodes, "diskIops");
  return iops === undefined || allows(size, type, iops, gigabytes)
    ? undefined
    : new Refusal(
        "CLUSTER_DISK_IOPS_INVALID",
        `The cluster's disk IOPS of ${iops} is invalid on instance size ${size} with a volume type of ${type}.`,
      );
}

function allows(size: string, type: string, iops: number, gigabytes: number): boolean {
  if (size.endsWith("_NVME")) return false;
  if (type !== "STANDARD" || size.endsWith("_GEN_2")) return true;
  return iops <= Math.max(STANDARD_IOPS, IOPS_PER_GB * gigabytes);
}
