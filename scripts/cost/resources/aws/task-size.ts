import { isProperties } from "../../../sandbox/values/value.ts";
import { type Amount, amount } from "../../money.ts";
import { between, type Range } from "../../range.ts";
import type { CostResource } from "../entry.ts";
import { asAmount, blockOf, isUnknown, type Known, rangeOf, textOf } from "../read.ts";

export interface TaskSize {
  readonly chip: "arm" | "x86";
  readonly windows: boolean;
  readonly vcpu: Range;
  readonly memoryGb: Range;
  /** All of it, of which 20 GB are free. */
  readonly storageGb: Amount;
  /** What could not be read. */
  readonly assumption?: string;
}

/** From the smallest that Fargate runs to a large one. */
const anyVcpu = between("0.25", "0.5", 2);
const anyMemoryGb = between("0.5", 1, 4);

/** Every Fargate task has so much, free of charge. */
export const freeStorageGb = 20;

/** ECS counts a vCPU as 1024 units and memory in MiB; both may be written with their unit: `.5 vCPU`, `1 GB`. */
const perUnit = 1024;

/** What a task definition asks Fargate for. `undefined`: it is not part of the stack, or not known yet. */
export function taskSizeOf(task: CostResource | undefined): TaskSize {
  const vcpu = task === undefined ? undefined : sized(textOf(task, "cpu", ""));
  const memoryGb = task === undefined ? undefined : sized(textOf(task, "memory", ""));
  const platform = task === undefined ? {} : blockOf(task, "runtimePlatform");
  const known = isUnknown(platform) ? {} : platform;
  const family = known["operatingSystemFamily"];
  const system = typeof family === "string" ? family : "LINUX";
  const unread = [
    vcpu === undefined ? "vCPUs" : undefined,
    memoryGb === undefined ? "memory" : undefined,
    isUnknown(platform) || isUnknown(known["cpuArchitecture"]) ? "architecture (x86 is assumed)" : undefined,
  ].filter((one) => one !== undefined);
  return {
    chip: known["cpuArchitecture"] === "ARM64" ? "arm" : "x86",
    windows: system.startsWith("WINDOWS"),
    vcpu: vcpu === undefined ? anyVcpu : rangeOf(vcpu, anyVcpu),
    memoryGb: memoryGb === undefined ? anyMemoryGb : rangeOf(memoryGb, anyMemoryGb),
    storageGb: storageOf(task),
    ...(unread.length > 0 && { assumption: `The task's ${unread.join(", ")} cannot be read: a span of sizes.` }),
  };
}

function sized(text: Known<string>): Amount | undefined {
  if (isUnknown(text)) return undefined;
  const match = /^\s*(\d*\.?\d+)\s*(vcpu|gb)?\s*$/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined ? amount(match[1]).dividedBy(perUnit) : amount(match[1]);
}

function storageOf(task: CostResource | undefined): Amount {
  const block = task?.inputs["ephemeralStorage"];
  return (isProperties(block) ? asAmount(block["sizeInGib"]) : undefined) ?? amount(freeStorageGb);
}
