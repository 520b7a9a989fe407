import type { EnvironmentName } from "./stacks.ts";

/** How many NAT gateways a network has; the words are awsx's. */
export type NatGateways = "None" | "Single" | "OnePerAz";

/** One choice, side by side. Where the environments differ, `why` says what the difference buys. */
export interface Choice<T> {
  readonly production: T;
  readonly staging: T;
  readonly preview: T;
  readonly why: string;
}

const perEnvironment = <T>(choice: Choice<T>): Choice<T> => choice;
const everywhere = <T>(value: T, why: string): Choice<T> => ({
  production: value,
  staging: value,
  preview: value,
  why,
});

/** Of what a preview does not build: it borrows staging's. */
const borrowed = <T>({ production, staging, why }: Omit<Choice<T>, "preview">): Choice<T> => ({
  production,
  staging,
  preview: staging,
  why,
});

/**
 * Every choice of the program that is not an account's own fact (those stand in the stack files).
 * Durations carry their unit in the name.
 */
export const environments = {
  protection: {
    protectStateful: perEnvironment({
      production: true,
      staging: false,
      preview: false,
      why: "What holds customers' data is never deleted by a change to the program; staging can be built anew.",
    }),
  },
  network: {
    availabilityZones: everywhere(2, "Two zones survive the loss of one, and staging must show the same routing."),
    natGateways: borrowed<NatGateways>({
      production: "OnePerAz",
      staging: "Single",
      why: "A gateway costs about 33 USD a month. Production keeps its way out when a zone fails; staging may lose it.",
    }),
    flowLogRetentionDays: borrowed({
      production: 90,
      staging: 30,
      why: "An intrusion is often found weeks later, in production.",
    }),
  },
  secrets: {
    recoveryWindowDays: perEnvironment({
      production: 30,
      staging: 7,
      preview: 0,
      why: "Days in which a deleted secret can be restored. A preview holds generated values alone, so it goes at once.",
    }),
    keyDeletionWindowDays: perEnvironment({
      production: 30,
      staging: 7,
      preview: 7,
      why: "Days in which a deleted key can be restored; 7 is the shortest that KMS allows.",
    }),
  },
  media: {
    localOrigins: perEnvironment<readonly string[]>({
      production: [],
      staging: ["http://localhost:3000", "http://localhost:5173"],
      preview: ["http://localhost:3000", "http://localhost:5173"],
      why: "Developers upload from storefront (3000) and admin (5173) on their own machines, never to production.",
    }),
    noncurrentVersionDays: perEnvironment({
      production: 30,
      staging: 7,
      preview: 1,
      why: "Days in which an overwritten or deleted image can be restored: the brief's 30 in production.",
    }),
    deleteObjectsWithBucket: perEnvironment({
      production: false,
      staging: false,
      preview: true,
      why: "A preview's images are copies; everywhere else a bucket that still holds images must not go.",
    }),
    cacheSeconds: everywhere(
      604_800,
      "One week at the edge, from the brief: an image's key never changes its content.",
    ),
  },
} as const satisfies Record<string, Record<string, Choice<unknown>>>;

type Table = typeof environments;

/** The choices of one environment, in the shape of the table. */
export type Choices = {
  readonly [Area in keyof Table]: {
    readonly [Key in keyof Table[Area]]: Table[Area][Key] extends Choice<infer T> ? T : never;
  };
};

export function choicesOf(environment: EnvironmentName): Choices {
  const pick = (area: Readonly<Record<string, Choice<unknown>>>) =>
    Object.fromEntries(Object.entries(area).map(([key, choice]) => [key, choice[environment]]));
  return Object.fromEntries(Object.entries(environments).map(([area, choices]) => [area, pick(choices)])) as Choices;
}
