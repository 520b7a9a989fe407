import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { z } from "zod";
import { checked } from "./checked.ts";
import { EncryptionKey } from "./encryption-key.ts";
import { physicalName } from "./naming.ts";
import type { SecretEntry } from "./settings/secrets.ts";

export interface SecretsArgs {
  /** Plain: which entries there are decides which resources there are. */
  readonly entries: Readonly<Record<string, SecretEntry>>;
  readonly accountId: pulumi.Input<string>;
  /** Days in which a deleted secret can be restored: 7 to 30, or 0 for none. Default: 30. */
  readonly recoveryWindowDays?: pulumi.Input<number>;
  /** Days in which the deleted key can be restored, 7 to 30. Default: 30. */
  readonly keyDeletionWindowDays?: pulumi.Input<number>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** 64 letters and digits carry 381 bits: more than HS256 asks for (RFC 7518, 3.2: at least 256). */
const generatedLength = 64;

/**
 * Secrets Manager entries under a customer key of their own.
 *
 * A `generated` entry gets a random value, which is a secret in Pulumi's state and nowhere else in clear. A `provided`
 * one is made empty: its value is put in later and never passes through Pulumi.
 * Throws where an entry's name is not lower-case words with hyphens, or `recoveryWindowDays` is outside the limits of
 * Secrets Manager.
 */
export class Secrets extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  /** Entry to ARN. */
  readonly arns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:security:Secrets", name, {}, options);
    const names = Object.keys(args.entries);
    checked(this, "entries", names, z.array(z.string().regex(/^[a-z]+(-[a-z]+)*$/, "must be lower-case words")));
    const recoveryWindowInDays = checked(
      this,
      "recoveryWindowDays",
      args.recoveryWindowDays ?? 30,
      z.int().refine((days) => days === 0 || (days >= 7 && days <= 30), "must be 0, or 7 to 30 days"),
    );
    const tags = args.tags && { tags: args.tags };

    const key = new EncryptionKey(
      name,
      {
        description: "Secrets Manager entries of this stack",
        accountId: args.accountId,
        deletionWindowDays: args.keyDeletionWindowDays ?? 30,
        ...tags,
      },
      { parent: this },
    );

    const entries = Object.entries(args.entries).map(([entry, { purpose, origin }]) => {
      const secret = new aws.secretsmanager.Secret(
        physicalName("aws:secretsmanager/secret:Secret", name, entry, "/"),
        { description: purpose, kmsKeyId: key.arn, recoveryWindowInDays, ...tags },
        { parent: this },
      );
      if (origin === "generated") this.#generate(`${name}-${entry}`, secret);
      return [entry, secret.arn] as const;
    });

    this.keyArn = key.arn;
    this.arns = pulumi.output(Object.fromEntries(entries));
    this.registerOutputs({ keyArn: this.keyArn, arns: this.arns });
  }

  #generate(name: string, secret: aws.secretsmanager.Secret): void {
    const value = new random.RandomPassword(name, { length: generatedLength, special: false }, { parent: this });
    new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: value.result },
      { parent: this, additionalSecretOutputs: ["secretString"] },
    );
  }
}
