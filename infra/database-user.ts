import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";

/** "application": reads and writes documents of the collections named. "migrations": makes collections and indexes too. */
export type DatabaseAccess =
  { readonly as: "application"; readonly collections: readonly string[] } | { readonly as: "migrations" };

export interface DatabaseUserArgs {
  /** Project and cluster may be another stack's. */
  readonly projectId: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  /** The IAM role that is the user. */
  readonly roleArn: pulumi.Input<string>;
  /** The only database that the user reaches. */
  readonly databaseName: pulumi.Input<string>;
  /** Plain: it decides which resources there are. */
  readonly access: DatabaseAccess;
}

/** What a program does with documents. Everything else, indexes and collections included, is for migrations. */
const applicationActions = ["FIND", "INSERT", "UPDATE", "REMOVE"] as const;

/** To Atlas the empty name means every collection. */
const collections = z
  .array(z.string())
  .refine(
    (names) => names.length > 0 && names.every((name) => /^(?!system\.)[^$\0]{1,120}$/.test(name)),
    "must name collections, each one by one",
  );

const systemDatabases = ["admin", "config", "local"];

/** MongoDB's restrictions on database names, on any system that it runs on. */
const databaseName = z
  .string()
  .regex(/^[^/\\. "$*<>:|?]{1,63}$/, 'must have 1 to 63 characters, and none of /\\. "$*<>:|?')
  .refine((name) => !systemDatabases.includes(name), "must not be one of MongoDB's own: admin, config, local");

const roleArn = z
  .string()
  .regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/, "must be the ARN of an IAM role: arn:aws:iam::ACCOUNT:role/NAME");

/**
 * A database user that proves an IAM role instead of knowing a password, on one cluster and one database.
 *
 * The driver signs a request to AWS's STS as the role, and Atlas asks AWS who that was: nothing is stored, nothing
 * expires, nothing leaks. "application" gets a custom role of its own, named as the component and thus once per stack,
 * since previews make theirs in staging's project; it does not reach what migrations write down about themselves.
 * "migrations" gets MongoDB's readWrite, which makes and drops collections and indexes; validators (collMod) would need
 * dbAdmin as well.
 * Throws where `roleArn` is no role's, `databaseName` none that MongoDB takes, or there are no collections.
 */
export class DatabaseUser extends pulumi.ComponentResource {
  constructor(name: string, args: DatabaseUserArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:DatabaseUser", name, {}, options);
    databaseUser(name, args, this);
    this.registerOutputs({});
  }
}

/** The same user in a component that holds other things too. */
export function databaseUser(name: string, args: DatabaseUserArgs, parent: pulumi.Resource): mongodbatlas.DatabaseUser {
  const { projectId, access } = args;
  const username = checked(parent, "roleArn", args.roleArn, roleArn);
  const database = checked(parent, "databaseName", args.databaseName, databaseName);
  checked(parent, "access.as", access.as, z.enum(["application", "migrations"], "must be application or migrations"));
  if (access.as === "application") checked(parent, "access.collections", access.collections, collections);

  return new mongodbatlas.DatabaseUser(
    name,
    {
      projectId,
      username,
      // Users whom somebody else vouches for.
      authDatabaseName: "$external",
      awsIamType: "ROLE",
      description: `${access.as}, by its IAM role`,
      roles: [
        access.as === "application"
          ? {
              roleName: customRole(name, projectId, database, access.collections, parent).roleName,
              databaseName: "admin",
            }
          : { roleName: "readWrite", databaseName: database },
      ],
      scopes: [{ name: args.clusterName, type: "CLUSTER" }],
    },
    { parent },
  );
}

function customRole(
  name: string,
  projectId: pulumi.Input<string>,
  database: pulumi.Output<string>,
  names: readonly string[],
  parent: pulumi.Resource,
): mongodbatlas.CustomDbRole {
  return new mongodbatlas.CustomDbRole(
    name,
    {
      projectId,
      roleName: name,
      actions: applicationActions.map((action) => ({
        action,
        resources: names.map((collectionName) => ({ databaseName: database, collectionName })),
      })),
    },
    { parent },
  );
}
