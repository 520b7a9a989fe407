import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import { firstKeySet, keyBytes } from "../api/src/auth/key-set.ts";
import { checked } from "./checked.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { KeyRotation, type KeyRotationArgs } from "./key-rotation.ts";
import { physicalName } from "./naming.ts";
import { decryptsThroughSecretsManager, secretPolicy } from "./secrets/access.ts";
import type { SecretEntry } from "./settings/secrets.ts";

/**
 * `entries`, the names in `readers`, `rotation`, `replica`, and whether there is a `sharedKeyArn` are plain: they decide
 * which resources there are.
 */
export interface SecretsArgs {
  readonly entries: Readonly<Record<string, SecretEntry>>;
  /** Entry to the ARN of the one role that reads it. An entry that is not named is read by nobody. Default: none is. */
  readonly readers?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly accountId: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  /** Rotates the signing keys. Default: they are never rotated. */
  readonly rotation?: Pick<KeyRotationArgs, "days" | "logKeyArn" | "logRetentionDays">;
  /**
   * Another stack's key for the entries of one that lives for days: it has no key of its own, no rotation, and no copies,
   * and the policy of each entry is a part of it. Default: a key of their own.
   */
  readonly sharedKeyArn?: pulumi.Input<string>;
  /** Copies of all entries in another region, under a key there. Default: none. */
  readonly replica?: SecretReplica;
  /** Days in which a deleted secret can be restored: 7 to 30, or 0 for none. Default: 30. */
  readonly recoveryWindowDays?: pulumi.Input<number>;
  /** Days in which the deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  /** Whether a change to the program may delete secrets and keys. Default: true, it may not. */
  readonly protect?: boolean;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export interface SecretReplica {
  readonly region: pulumi.Input<string>;
  /** Works in that region. */
  readonly provider: aws.Provider;
}

/** 64 letters and digits carry 381 bits: more than any key of the system needs. */
const generatedLength = 64;

const entryName = z.string().regex(/^[a-z]+(-[a-z]+)*$/, "must be lower-case words");
const roleArn = z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, "must be the ARN of a role");

/**
 * Secrets Manager entries under a customer key, each readable by one role and no other.
 *
 * A `generated` entry gets random text; a `signing-keys` one a first key set, and `rotation` goes on from there. Both
 * are secrets in Pulumi's state and nowhere else in clear. A `provided` one is made empty: its value is put in later
 * and never passes through Pulumi.
 *
 * The policy of every entry denies its value to all but the reader and, for signing keys, the role that rotates them:
 * administrators and the deployer too. Nobody is locked out by that, since it denies nothing but reading: whoever
 * administers the account can set a value, and can change the policy, which CloudTrail records.
 *
 * Throws where an entry's name is not lower-case words with hyphens, a reader is no role's ARN or reads no entry,
 * `recoveryWindowDays` is outside the limits of Secrets Manager, or a shared key is to serve what outlives it.
 */
export class Secrets extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  /** Entry to ARN. */
  readonly arns: pulumi.Output<Record<string, string>>;
  /** The functions that rotate: what an alarm watches. */
  readonly rotationFunctionNames: pulumi.Output<string[]>;
  readonly #name: string;
  readonly #args: SecretsArgs;
  readonly #tags: Pick<SecretsArgs, "tags">;

  constructor(name: string, args: SecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:Secrets", name, {}, options);
    this.#name = name;
    this.#args = args;
    this.#tags = args.tags ? { tags: args.tags } : {};
    const names = Object.keys(args.entries);
    checked(this, "entries", names, z.array(entryName));
    const known = z.string().refine((reader) => names.includes(reader), "is no entry");
    checked(this, "readers", Object.keys(args.readers ?? {}), z.array(known));
    const recoveryWindowInDays = checked(
      this,
      "recoveryWindowDays",
      args.recoveryWindowDays ?? 30,
      z.int().refine((days) => days === 0 || (days >= 7 && days <= 30), "must be 0, or 7 to 30 days"),
    );
    const readers = Object.entries(args.readers ?? {}).map(
      ([entry, arn]) => [entry, checked(this, `readers.${entry}`, arn, roleArn)] as const,
    );

    const { sharedKeyArn } = args;
    checked(
      this,
      "sharedKeyArn",
      sharedKeyArn === undefined ? [] : Object.keys({ ...args.rotation, ...args.replica }),
      z.array(z.string()).max(0, "leaves no room for rotation and copies: they ask for a key of their own"),
    );
    const keyArn = sharedKeyArn === undefined ? this.#key(name, readers, args.region).arn : pulumi.output(sharedKeyArn);
    const replica = args.replica && {
      region: args.replica.region,
      kmsKeyId: this.#key(`${name}-replica`, readers, args.replica.region, args.replica.provider).arn,
    };
    const rotations: KeyRotation[] = [];
    const entries = Object.entries(args.entries).map(([entry, { purpose, origin }]) => {
      const reader = readers.find(([name]) => name === entry)?.[1];
      const secret = new aws.secretsmanager.Secret(
        physicalName("aws:secretsmanager/secret:Secret", name, entry, "/"),
        {
          description: purpose,
          kmsKeyId: keyArn,
          ...(sharedKeyArn !== undefined && { policy: secretPolicy(reader, undefined) }),
          recoveryWindowInDays,
          ...(replica && { replicas: [replica] }),
          ...this.#tags,
        },
        { parent: this, protect: args.protect ?? true },
      );
      const first = this.#firstValue(entry, origin, secret);
      const rotation =
        origin === "signing-keys" && first !== undefined ? this.#rotation(entry, secret, keyArn, first) : undefined;
      if (rotation !== undefined) rotations.push(rotation);
      if (sharedKeyArn === undefined)
        new aws.secretsmanager.SecretPolicy(
          `${name}-${entry}`,
          { secretArn: secret.arn, blockPublicPolicy: true, policy: secretPolicy(reader, rotation?.roleArn) },
          { parent: this },
        );
      // Known once it has the value that is made here: a task that starts before that fails.
      return [entry, pulumi.all([secret.arn, first?.id]).apply(([arn]) => arn)] as const;
    });

    this.keyArn = keyArn;
    this.arns = pulumi.output(Object.fromEntries(entries));
    this.rotationFunctionNames = pulumi.output(rotations.map(({ functionName }) => functionName));
    this.registerOutputs({
      keyArn: this.keyArn,
      arns: this.arns,
      rotationFunctionNames: this.rotationFunctionNames,
    });
  }

  #key(
    name: string,
    readers: readonly (readonly [entry: string, arn: pulumi.Input<string>])[],
    region: pulumi.Input<string>,
    provider?: aws.Provider,
  ): EncryptionKey {
    const { accountId, keyDeletionWindowDays, protect } = this.#args;
    const secretName = (entry: string) => physicalName("aws:secretsmanager/secret:Secret", this.#name, entry, "/");
    return new EncryptionKey(
      name,
      {
        description: "Secrets Manager entries of this stack",
        accountId,
        deletionWindowDays: keyDeletionWindowDays ?? 30,
        serviceStatements: readers.map(([entry, arn]) =>
          decryptsThroughSecretsManager({ accountId, region, secretName: secretName(entry), roleArn: arn }),
        ),
        ...this.#tags,
      },
      { parent: this, protect: protect ?? true, ...(provider && { provider }) },
    );
  }

  /** Undefined where the value is put in later. */
  #firstValue(
    entry: string,
    origin: SecretEntry["origin"],
    secret: aws.secretsmanager.Secret,
  ): aws.secretsmanager.SecretVersion | undefined {
    const name = `${this.#name}-${entry}`;
    const parent = { parent: this };
    if (origin === "provided") return undefined;
    if (origin === "generated") {
      const text = new random.RandomPassword(name, { length: generatedLength, special: false }, parent);
      return this.#value(name, secret, text.result);
    }
    const bytes = new random.RandomBytes(name, { length: 2 * keyBytes }, parent);
    const first = bytes.base64.apply((text) => JSON.stringify(firstKeySet(Buffer.from(text, "base64"))));
    // Rotation owns the value from here on: another first value must not take the place of what it made.
    return this.#value(name, secret, first, ["secretStringWo", "secretStringWoVersion"]);
  }

  #rotation(
    entry: string,
    secret: aws.secretsmanager.Secret,
    keyArn: pulumi.Input<string>,
    first: aws.secretsmanager.SecretVersion,
  ): KeyRotation | undefined {
    const { accountId, region, rotation } = this.#args;
    return (
      rotation &&
      new KeyRotation(
        `${this.#name}-${entry}`,
        { ...rotation, secretArn: secret.arn, keyArn, accountId, region, ...this.#tags },
        // What is rotated must have a value first.
        { parent: this, dependsOn: [first] },
      )
    );
  }

  #value(
    name: string,
    secret: aws.secretsmanager.Secret,
    value: pulumi.Input<string>,
    ignoreChanges: string[] = [],
  ): aws.secretsmanager.SecretVersion {
    return new aws.secretsmanager.SecretVersion(
      name,
      // Write-only: the provider never reads it back, so not even the deployer needs to be able to.
      { secretId: secret.id, secretStringWo: pulumi.secret(value), secretStringWoVersion: 1 },
      { parent: this, ignoreChanges },
    );
  }
}
