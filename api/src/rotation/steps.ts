import { type SigningKey, accepts, advanced, parseKeySet } from "../auth/key-set.ts";

/** In the order in which Secrets Manager asks for them. Each may come again after a failure. */
const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type Step = (typeof steps)[number];

/** What Secrets Manager sends. `ClientRequestToken` is the id of the version that the rotation makes. */
export interface RotationEvent {
  readonly Step: Step;
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

/** One secret, as the steps see it. */
export interface SecretStore {
  /** Version id to staging labels. */
  stages(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Undefined where the version has no value yet. */
  value(versionId: string): Promise<string | undefined>;
  /** Gives the version its value, as AWSPENDING. */
  stage(versionId: string, value: string): Promise<void>;
  /** Moves AWSCURRENT from one version to another, in one call. */
  promote(versionId: string, from: string): Promise<void>;
}

export interface Rotation {
  /** The only secret that is rotated. */
  readonly secretArn: string;
  readonly store: SecretStore;
  readonly newKey: () => SigningKey;
}

export type Outcome = "made" | "kept" | "nothing to set" | "tested" | "switched" | "in force already";

/** Throws an Error where the event is none of Secrets Manager's. */
export function parseEvent(event: unknown): RotationEvent {
  const { Step, SecretId, ClientRequestToken } = (typeof event === "object" && event !== null ? event : {}) as Record<
    string,
    unknown
  >;
  const step = steps.find((name) => name === Step);
  if (step === undefined || typeof SecretId !== "string" || typeof ClientRequestToken !== "string")
    throw new Error(`no rotation event: Step must be one of ${steps.join(", ")}, with SecretId and ClientRequestToken`);
  return { Step: step, SecretId, ClientRequestToken };
}

/**
 * One step of a rotation. Every step looks at what is there before it changes anything, so all of them can be repeated,
 * also after they failed in the middle or finished unheard.
 * Throws where the secret is another one, the version is not staged, or a value is no key set.
 */
export async function rotate(event: RotationEvent, { secretArn, store, newKey }: Rotation): Promise<Outcome> {
  const { Step: step, SecretId: secretId, ClientRequestToken: pending } = event;
  if (secretId !== secretArn) throw new Error(`refused: this function rotates ${secretArn}, not ${secretId}`);
  const stages = await store.stages();
  const labels = stages[pending];
  if (labels === undefined) throw new Error(`refused: the secret has no version ${pending}`);
  if (labels.includes("AWSCURRENT")) return "in force already";
  if (!labels.includes("AWSPENDING")) throw new Error(`refused: version ${pending} is not staged as AWSPENDING`);
  const current = Object.keys(stages).find((id) => stages[id]?.includes("AWSCURRENT"));
  if (current === undefined) throw new Error("the secret has no value to rotate");
  const versions = { store, pending, current };
  switch (step) {
    case "createSecret":
      return create(versions, newKey);
    case "setSecret":
      // Nothing beside the secret knows the keys.
      return "nothing to set";
    case "testSecret":
      return test(versions);
    case "finishSecret":
      await test(versions);
      await store.promote(pending, current);
      return "switched";
  }
}

interface Versions {
  readonly store: SecretStore;
  readonly pending: string;
  readonly current: string;
}

async function create({ store, pending, current }: Versions, newKey: () => SigningKey): Promise<Outcome> {
  if ((await store.value(pending)) !== undefined) return "kept";
  const set = parseKeySet(await valueOf(store, current));
  await store.stage(pending, JSON.stringify(advanced(set, newKey())));
  return "made";
}

/**
 * Whoever holds either version accepts what the holder of the other signs. Equal versions pass: Secrets Manager tests a
 * new rotation with a copy of the value.
 */
async function test({ store, pending, current }: Versions): Promise<Outcome> {
  const [to, from] = [parseKeySet(await valueOf(store, pending)), parseKeySet(await valueOf(store, current))];
  if (!accepts(to, from.current)) throw new Error("the new version does not accept tokens that are valid now");
  if (!accepts(from, to.current)) throw new Error("the new version signs with a key that nobody knows yet");
  return "tested";
}

async function valueOf(store: SecretStore, versionId: string): Promise<string> {
  const value = await store.value(versionId);
  if (value === undefined) throw new Error(`version ${versionId} has no value`);
  return value;
}
