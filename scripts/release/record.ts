import { z } from "zod";
import { smokeReport } from "../smoke/report.ts";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hexadecimal digits");
const gitId = z.string().regex(/^[0-9a-f]{40}$/, "must be 40 hexadecimal digits");
const version = z.string().regex(/^[0-9A-Za-z.+-]{1,64}$/, "must be a version such as 1.4.0");

/** Which code and which image: what a rollback brings back. */
const releaseName = z.object({ version, commit: gitId, imageDigest: digest });

const migrationFacts = z.object({
  fileName: z.string(),
  /** Why an older release cannot run on what it leaves; left out where it can be undone. */
  irreversible: z.string().optional(),
});

/** What can fail once a release has begun to change something. */
export const releaseSteps = ["migrate", "up", "smoke"] as const;

export const releaseRecord = releaseName.extend({
  environment: z.enum(["staging", "production"]),
  /** The git tree of the commit: a merge commit that was never on staging has the tree that was. */
  tree: gitId,
  /** Of the environment's resolved settings without the release itself. */
  settingsHash: z.string().regex(/^[0-9a-f]{64}$/),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  durationSeconds: z.number().min(0),
  result: z.enum(["good", "failed"]),
  /** Of a failed one: where, and why in one line. */
  failure: z.object({ step: z.enum(releaseSteps), reason: z.string() }).optional(),
  /** Left out where it did not come to that. */
  smoke: smokeReport.optional(),
  /** Those of the release's code, in their order. */
  migrations: z.array(migrationFacts),
  /** The last known good when it began. */
  previousGood: releaseName.optional(),
  /** Of a rollback: what it took away. */
  rolledBackFrom: releaseName.optional(),
});

export type ReleaseName = Readonly<z.output<typeof releaseName>>;
export type ReleaseRecord = Readonly<z.output<typeof releaseRecord>>;
export type ReleaseEnvironment = ReleaseRecord["environment"];
export type ReleaseStep = (typeof releaseSteps)[number];

export const nameOf = ({ version: of, commit, imageDigest }: ReleaseName): ReleaseName => ({
  version: of,
  commit,
  imageDigest,
});

/** The config with which the program runs it. */
export const configOf = ({ version: of, commit, imageDigest }: ReleaseName): Readonly<Record<string, string>> => ({
  imageDigest,
  version: of,
  commit,
});

/** The same code in the same image, whatever it is called. */
export const isSameRelease = (one: ReleaseName, other: ReleaseName): boolean =>
  one.commit === other.commit && one.imageDigest === other.imageDigest;

/** `1.4.0 (commit 4f9c2d7a1b3c)` */
export const releaseText = ({ version: of, commit }: ReleaseName): string => `${of} (commit ${commit.slice(0, 12)})`;
