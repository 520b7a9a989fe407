import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const arn = (service: string) => z.string().startsWith(`arn:aws:${service}:`, `must be an ARN of ${service}`);
const text = z.string().min(1, "must not be empty");

/** What staging gives to previews: outputs of its stack by name. A preview owns everything else. */
export const sharedOutputs = z.object({
  vpcId: z.string().startsWith("vpc-", "must be a VPC's id"),
  privateSubnetIds: z.array(z.string().startsWith("subnet-", "must be a subnet's id")).min(1, "must have one or more"),
  serviceSecurityGroupId: text,
  httpsListenerArn: arn("elasticloadbalancing"),
  /** The listener's, which covers a preview's host too. */
  certificateArn: arn("acm"),
  /** What a preview's DNS record points to. */
  loadBalancerDnsName: text,
  /** `app/name/0123456789abcdef`, as metrics name it. */
  loadBalancerArnSuffix: text,
  clusterArn: arn("ecs"),
  clusterName: text,
  databaseProjectId: text,
  databaseClusterName: text,
  /** Private, and without credentials. */
  databaseConnectionString: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/[^:@]+$/, "must be mongodb:// or mongodb+srv:// without a password"),
  cacheHost: text,
  cachePort: z.int().min(1).max(65_535),
  cacheReplicationGroupId: text,
  cacheReplicationGroupArn: arn("elasticache"),
  cacheUserGroupId: text,
  zoneId: text,
  /** Encrypts log groups whose names begin with the stack's. */
  logKeyArn: arn("kms"),
  /** Encrypts secrets: whoever reads one may use it for that one alone. */
  secretsKeyArn: arn("kms"),
  /** The configuration that is deployed to staging, which previews read too. */
  runtimeConfigApplicationId: text,
  runtimeConfigEnvironmentId: text,
  runtimeConfigProfileId: text,
  runtimeConfigArn: arn("appconfig"),
  /** Of previews alone: a branch can neither replace nor delete what staging runs. */
  previewImageRepositoryUrl: text,
  previewImageRepositoryArn: arn("ecr"),
  mediaBucket: text,
  mediaBucketArn: arn("s3"),
  /** The permissions boundary of every role of a preview. */
  boundaryArn: arn("iam"),
});

export type SharedOutputs = Readonly<z.output<typeof sharedOutputs>>;

/** The same as a stack gives it, so that the compiler says what staging leaves out. */
export type SharedOutputInputs = { readonly [Name in keyof SharedOutputs]: pulumi.Input<SharedOutputs[Name]> };

/** The same as a stack reads it. */
export type BorrowedOutputs = { readonly [Name in keyof SharedOutputs]: pulumi.Output<SharedOutputs[Name]> };

export const sharedOutputNames = Object.keys(sharedOutputs.shape) as (keyof SharedOutputs)[];

/** As much of a `StackReference` as is read here. */
export interface OutputSource {
  getOutput(name: string): pulumi.Output<unknown>;
}

function parsed(values: Readonly<Record<string, unknown>>, stack: string): SharedOutputs {
  const result = sharedOutputs.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: [name = "", ...rest], message }) => {
    const missing = values[String(name)] === undefined;
    return missing
      ? `${stack} has no output ${String(name)}: run up on ${stack} first`
      : `${stack}'s output ${[name, ...rest].join(".")} ${message}: run up on ${stack} with this program first`;
  });
  throw new pulumi.RunError([...new Set(problems)].join("\n"));
}

/**
 * What a preview borrows from another stack, named in messages. Every output is checked before any is used: one that is
 * missing or of another form stops the program with a `RunError` that names it and says what to do.
 */
export function readShared(source: OutputSource, stack = "staging"): BorrowedOutputs {
  const given = Object.fromEntries(sharedOutputNames.map((name) => [name, source.getOutput(name)]));
  const all = pulumi.output(given).apply((values) => parsed(values, stack));
  return Object.fromEntries(
    sharedOutputNames.map((name) => [name, all.apply((values) => values[name])]),
  ) as unknown as BorrowedOutputs;
}
