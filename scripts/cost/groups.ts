import { didYouMean } from "../sandbox/project/nearest.ts";
import { UserError } from "../sandbox/user-error.ts";
import type { CostLine, StackCost } from "./model.ts";
import { type Amount, amount, sum } from "./money.ts";
import { type Range, sumRanges } from "./range.ts";
import { shareOf } from "./report-rounding.ts";

/** What is not a tag but divides the spend as one: the component of the program, and its stack. */
const ofLines: Readonly<Record<string, (line: CostLine, stack: string) => string>> = {
  Component: ({ component }) => component,
  Stack: ({ tags }, stack) => tags["Stack"] ?? stack,
};

/** What a report is divided by where nothing is asked for. */
export const usualTags = ["CostCenter", "Environment", "Service", "Owner", "Component"] as const;

/**
 * Whether a group's spend bears the tags (`attributed`), could bear them and does not (`untagged`), or is billed without
 * tags whatever the program does (`untaggable`).
 */
export type GroupKind = "attributed" | "untagged" | "untaggable";

export interface Group {
  /** One tag, or several at once. */
  readonly by: readonly string[];
  /** The tags' values in that order; empty where it is not attributed. */
  readonly values: readonly string[];
  readonly kind: GroupKind;
  readonly monthly: Range;
  /** Of all that is expected to be spent, between 0 and 1. */
  readonly share: Amount;
  /** In the report's order of stacks. */
  readonly stacks: readonly { readonly stack: string; readonly monthly: Range }[];
}

/** Groups of the lines by these tags: the dearest first, then what has no tag, then what can have none. */
export function groupsBy(by: readonly string[], stacks: readonly StackCost[]): readonly Group[] {
  const placed = stacks.flatMap(({ stack, lines }) =>
    lines.map((line) => ({ stack, line, ...placeOf(line, stack, by) })),
  );
  const whole = sum(stacks.map(({ monthly }) => monthly.expected));
  return [...Map.groupBy(placed, ({ key }) => key).values()]
    .map((members): Group => {
      const [{ kind, values }] = members as [(typeof members)[number]];
      const monthly = sumRanges(members.map(({ line }) => line.monthly));
      const ofStack = Map.groupBy(members, ({ stack }) => stack);
      return {
        by,
        values,
        kind,
        monthly,
        share: shareOf(monthly.expected, whole),
        stacks: stacks.map(({ stack }) => ({
          stack,
          monthly: sumRanges((ofStack.get(stack) ?? []).map(({ line }) => line.monthly)),
        })),
      };
    })
    .toSorted(inOrder);
}

const order: readonly GroupKind[] = ["attributed", "untagged", "untaggable"];

const inOrder = (a: Group, b: Group): number =>
  order.indexOf(a.kind) - order.indexOf(b.kind) ||
  b.monthly.expected.comparedTo(a.monthly.expected) ||
  (a.values.join() < b.values.join() ? -1 : 1);

interface GroupPlace {
  readonly kind: GroupKind;
  readonly values: readonly string[];
  readonly key: string;
}

function placeOf(line: CostLine, stack: string, by: readonly string[]): GroupPlace {
  const values = by.map((tag) => ofLines[tag]?.(line, stack) ?? valueOf(line.tags, tag));
  if (values.every((value) => value !== ""))
    return { kind: "attributed", values, key: `attributed ${JSON.stringify(values)}` };
  const kind = line.taggable ? "untagged" : "untaggable";
  return { kind, values: [], key: kind };
}

/** Datadog writes every tag in lower case, so the spelling of a key does not tell two tags apart. */
const valueOf = (tags: CostLine["tags"], tag: string): string =>
  tags[tag] ?? Object.entries(tags).find(([key]) => plain(key) === plain(tag))?.[1] ?? "";

/** How much of what is expected to be spent bears its tags; each between 0 and 1, by spend and not by count. */
export interface Attribution {
  /** Of what can bear tags: the target is over 0.98. */
  readonly attributedShare: Amount;
  /** Of everything: what could bear the tags and does not. */
  readonly untaggedShare: Amount;
  /** Of everything: data transfer, capacity units, and what else is billed without tags. */
  readonly untaggableShare: Amount;
}

/** Share of spend that is attributed from which finance can work. */
export const attributionTarget = amount("0.98");

export function attributionOf(by: readonly string[], stacks: readonly StackCost[]): Attribution {
  const groups = groupsBy(by, stacks);
  const of = (kind: GroupKind): Amount =>
    sum(groups.filter((group) => group.kind === kind).map(({ monthly }) => monthly.expected));
  const [attributed, untagged, untaggable] = [of("attributed"), of("untagged"), of("untaggable")];
  const taggable = attributed.plus(untagged);
  const whole = taggable.plus(untaggable);
  return {
    // Where nothing can bear a tag, nothing lacks one.
    attributedShare: taggable.isZero() ? amount(1) : attributed.dividedBy(taggable),
    untaggedShare: shareOf(untagged, whole),
    untaggableShare: shareOf(untaggable, whole),
  };
}

/** Tags by their own spelling, from a list as it was given. Throws a UserError with the nearest for one that no line bears. */
export function tagsNamed(given: string, stacks: readonly StackCost[]): readonly string[] {
  const known = new Set([
    ...Object.keys(ofLines),
    ...usualTags,
    ...stacks.flatMap(({ lines }) => lines.flatMap(({ tags }) => Object.keys(tags))),
  ]);
  return [
    ...new Set(
      given.split(",").map((word) => {
        const name = word.trim();
        const tag = known.has(name) ? name : [...known].find((one) => plain(one) === plain(name));
        if (tag === undefined)
          throw new UserError(`--group-by ${JSON.stringify(name)}: ${didYouMean(name, [...known])}`, 2);
        return tag;
      }),
    ),
  ];
}

/** `cost-centre` and `CostCenter` are one tag. */
function plain(tag: string): string {
  return tag
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace("centre", "center");
}
