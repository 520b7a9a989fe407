import type * as pulumi from "@pulumi/pulumi";
import { CacheUser, cacheUser, type CacheUserArgs } from "../cache-user.ts";
import { DatabaseUser, databaseUser, type DatabaseUserArgs } from "../database-user.ts";
import { WorkloadRoles, workloadRoles, type WorkloadRolesArgs, type WorkloadRoleSet } from "../workload-roles.ts";

/** Who the workload is to AWS, to the database, and to the cache; what waits for a user waits for `ready`. */
export interface Holding {
  readonly roles: (name: string, args: WorkloadRolesArgs) => WorkloadRoleSet;
  readonly databaseUser: (name: string, args: DatabaseUserArgs) => pulumi.Resource;
  readonly cacheUser: (
    name: string,
    args: CacheUserArgs,
  ) => Pick<CacheUser, "userId" | "userArn"> & { readonly ready: pulumi.Resource };
}

/** Each in a component of its own: an environment's. */
export const inComponents = (options: pulumi.ComponentResourceOptions): Holding => ({
  roles: (name, args) => new WorkloadRoles(name, args, options),
  databaseUser: (name, args) => new DatabaseUser(name, args, options),
  cacheUser: (name, args) => {
    const user = new CacheUser(name, args, options);
    return { userId: user.userId, userArn: user.userArn, ready: user };
  },
});

/** All in one component, so that a preview is read at a glance: a component is a resource too. */
export const inOne = (parent: pulumi.Resource): Holding => ({
  roles: (name, args) => workloadRoles(name, args, parent),
  databaseUser: (name, args) => databaseUser(name, args, parent),
  cacheUser: (name, args) => {
    const { member, ...user } = cacheUser(name, args, parent);
    return { ...user, ready: member };
  },
});
