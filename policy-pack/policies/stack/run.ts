import { MOST_DAYS_AHEAD, isAbout, isStanding, type Exemption } from "../../support/exemption.ts";
import type { Rule, Violation } from "../../support/rule.ts";
import type { Run } from "../../support/run.ts";
import type { Stack } from "../../support/stack.ts";
import { environmentOf } from "../../support/urn.ts";

const FILE = "policy-pack/exemptions.ts";

/** The exemptions that are about this stack's environment: a run says nothing of the others. */
const ofEnvironment = ({ exemptions }: Run, { name }: Stack): readonly Exemption[] =>
  exemptions.filter(({ environments }) => environments.includes(environmentOf(name)));

const finding = ({ rule, urn }: Exemption, wrong: string, fix: string): Violation => ({
  property: FILE,
  wrong: `the exemption of ${urn} from ${rule} ${wrong}`,
  fix,
});

/** Exemptions that no longer count, or that would count for too long. */
function notStanding(run: Run, stack: Stack): readonly Violation[] {
  return ofEnvironment(run, stack)
    .filter((exemption) => !isStanding(exemption, run.now))
    .map((exemption) => {
      const over = Date.parse(exemption.expires) < run.now.getTime();
      return finding(
        exemption,
        over
          ? `expired on ${exemption.expires}`
          : `ends on ${exemption.expires}, which is no day within ${String(MOST_DAYS_AHEAD)} days`,
        `ask ${exemption.owner} to mend the resource and remove the exemption, or give it a new last day and say why`,
      );
    });
}

/** Exemptions that covered no finding, where the run has judged all that they could be about. */
function unused(run: Run, stack: Stack): readonly Violation[] {
  if (!isFull(run, stack)) return [];
  return ofEnvironment(run, stack)
    .filter(
      (exemption) => isStanding(exemption, run.now) && !run.covered.has(exemption) && !mayStillCover(run, exemption),
    )
    .map((exemption) =>
      finding(exemption, "covers nothing, since there is no such resource or it has no such finding", "remove it"),
    );
}

/** Exemptions whose pattern is about resources of the stack that need none. */
function tooWide(run: Run, stack: Stack): readonly Violation[] {
  return ofEnvironment(run, stack).flatMap((exemption) => {
    const covered = run.covered.get(exemption);
    if (covered === undefined) return [];
    const others = stack.resources.filter(
      ({ urn }) => isAbout(exemption, urn) && !covered.has(urn) && run.waiting.get(exemption.rule)?.has(urn) !== true,
    );
    if (others.length === 0) return [];
    return [
      finding(
        exemption,
        `is also about ${others.map(({ name }) => name).join(", ")}, without such a finding`,
        "name the whole URN of the resource, with * for the stack's name alone",
      ),
    ];
  });
}

const PROVIDED = /^(aws|cloudflare|datadog|mongodbatlas):/;

// A run with targets judges only those.
const isFull = ({ judged }: Run, { resources }: Stack): boolean =>
  resources.every(({ type, urn }) => !PROVIDED.test(type) || judged.has(urn));

const mayStillCover = ({ waiting }: Run, exemption: Exemption): boolean =>
  [...(waiting.get(exemption.rule) ?? [])].some((urn) => isAbout(exemption, urn));

const MOST_NAMED = 5;

/** Checks that could not decide yet, in one line: a run says what it has not looked at. */
function undecided({ waiting }: Run): readonly Violation[] {
  const counts = [...waiting].map(([rule, urns]) => ({ rule, count: urns.size })).filter(({ count }) => count > 0);
  if (counts.length === 0) return [];
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const named = counts
    // By name where the counts are the same: engines judge in any order, and the words must not change with it.
    .sort((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1))
    .slice(0, MOST_NAMED)
    .map(({ rule, count }) => `${rule} ${String(count)}`);
  const more = counts.length - named.length;
  return [
    {
      property: "unknown values",
      wrong: `${total === 1 ? "1 check waits" : `${String(total)} checks wait`} for them: ${named.join(", ")}${more > 0 ? `, and ${String(more)} more rules` : ""}`,
      fix: "go on to up, which runs each of them before it makes the resource",
    },
  ];
}

const about = { severity: "high", level: "mandatory", standards: [] } as const;

export const rules: readonly Rule[] = [
  {
    ...about,
    name: "exemption-current",
    description: "No exemption is past its last day, or lasts longer than 90 days.",
    why: "An exemption without an end is a hole that nobody looks at again.",
    mend: "mend the resource and remove the exemption, or give it a new last day within 90 days and say why",
    run: notStanding,
  },
  {
    ...about,
    name: "exemption-used",
    description: "Every exemption of the environment covers a finding.",
    why: "One that covers nothing hides the next mistake of the same kind.",
    mend: "remove the exemption",
    // So that every resource counts as judged.
    resources: [{ types: (type) => PROVIDED.test(type), unknown: "defer", find: () => [] }],
    run: unused,
  },
  {
    ...about,
    name: "exemption-narrow",
    description: "An exemption is about the resource that needs it, and no other.",
    why: "A wide pattern exempts resources that nobody has looked at.",
    mend: "name the whole URN of the resource, with * for the stack's name alone",
    run: tooWide,
  },
  {
    name: "checks-decided",
    description: "Every check could read the values that it asks about.",
    why: "What is not known at preview has not been judged yet.",
    mend: "go on to up, which runs each of them before it makes the resource",
    severity: "low",
    level: "advisory",
    standards: [],
    run: undecided,
  },
];
