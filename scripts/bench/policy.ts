import { type Judge, startJudge } from "../edits/judge.ts";
import { sandboxSource } from "../state-source.ts";
import type { ResourceState } from "../sandbox/state/resource.ts";
import { type Properties, mapProperties } from "../sandbox/values/value.ts";
import { median } from "./measure.ts";

const ROUNDS = 3;

export interface PackTimes {
  /** Of one resource before its operation, on average over a stack. */
  readonly perResourceMilliseconds: number;
  /** Of everything about a stack of 3,000 resources, against one of 300. */
  readonly growth: number;
}

/** Times the pack alone, in its own process, over a stack that is up in a sandbox. */
export async function packTimes(stateDir: string, stack: string): Promise<PackTimes> {
  const { resources } = await sandboxSource({ cwd: import.meta.dirname, stateDir }, stack);
  const custom = resources.filter((resource) => resource.custom);
  const judge = await startJudge(stack);
  try {
    // The first round compiles.
    await secondsOf(judge, [], custom);
    const each: number[] = [];
    const few: number[] = [];
    const many: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      each.push((await secondsOf(judge, [], custom)) / custom.length);
      few.push(await secondsOf(judge, copies(custom, 300), copies(custom, 300)));
      many.push(await secondsOf(judge, copies(custom, 3_000), copies(custom, 3_000)));
    }
    return { perResourceMilliseconds: median(each) * 1_000, growth: median(many) / median(few) };
  } finally {
    await judge.stop();
  }
}

async function secondsOf(
  judge: Judge,
  resources: readonly ResourceState[],
  changed: readonly ResourceState[],
): Promise<number> {
  const begun = performance.now();
  await judge.fires({ resources, changed });
  return (performance.now() - begun) / 1_000;
}

/** So many resources: the stack again and again, each time with names and ids of its own. */
function copies(resources: readonly ResourceState[], count: number): readonly ResourceState[] {
  return Array.from({ length: count }, (_, index) => {
    const source = resources[index % resources.length];
    if (source === undefined) throw new Error("the stack is empty");
    return copy(source, String(Math.floor(index / resources.length)));
  });
}

// Names that the program gives, ids of EC2, and UUIDs.
const OWN =
  /groundwork-[a-z]+-|\b(?:vpc|subnet|sg|rtb|igw|nat|eipalloc|pl|vpce)-[0-9a-f]{8,17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-/g;

function copy(source: ResourceState, number: string): ResourceState {
  if (number === "0") return source;
  const own = (text: string): string => text.replace(OWN, (name) => `${name}${number}`);
  const inside = (properties: Properties): Properties =>
    mapProperties(properties, (value) => (typeof value === "string" ? own(value) : value));
  const urnOf = (urn: string): string => `${own(urn)}-${number}`;
  const urns = (list: readonly string[]): string[] => list.map(urnOf);
  return {
    ...source,
    urn: urnOf(source.urn),
    inputs: inside(source.inputs),
    outputs: inside(source.outputs),
    dependencies: urns(source.dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(source.propertyDependencies).map(([key, list]) => [key, urns(list)]),
    ),
  };
}
