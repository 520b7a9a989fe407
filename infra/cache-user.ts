import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checked } from "./checked.ts";
import { physicalName } from "./naming.ts";
import type { CacheEngine } from "./settings/cache.ts";

export interface CacheUserArgs {
  /** The user group of the cache, which may be another stack's. */
  readonly userGroupId: pulumi.Input<string>;
  /** What the user's keys begin with: words in lower case and a colon, `api:`. It reaches no others. */
  readonly keyPrefix: pulumi.Input<string>;
  /** The cache's. Default: valkey. */
  readonly engine?: pulumi.Input<CacheEngine>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What the API sends, and what its scripts call: a script's commands are checked one by one. */
const dataCommands = ["get", "getrange", "set", "del", "incr", "pexpire", "pttl", "eval", "evalsha"];

/**
 * In the order in which the engine reads them: the later word wins. Of commands on connections those about one's own:
 * signing in, PING, the client's name and version, tracking; CLIENT LIST and KILL are dangerous, and so they stay out.
 * As a category and not by name, since Redis 7.1 would refuse the name of a subcommand that only Valkey has.
 */
const commands = `-@all +@connection -@admin -@dangerous ${dataCommands.map((command) => `+${command}`).join(" ")}`;

/**
 * A user of the cache that proves an IAM role instead of knowing a password, and reaches keys under `keyPrefix` alone.
 *
 * A role logs in as this user where its policy allows `elasticache:Connect` on both the cache's ARN and `userArn`:
 * the user name is the user id (ElastiCache asks that of IAM users, in lower case and at most 40 characters), and the
 * password is a signed request that counts for 15 minutes. A connection lasts 12 hours at most, then the client
 * authenticates again.
 *
 * Throws where `keyPrefix` is not words in lower case that end with a colon.
 */
export class CacheUser extends pulumi.ComponentResource {
  readonly userId: pulumi.Output<string>;
  readonly userArn: pulumi.Output<string>;

  constructor(name: string, args: CacheUserArgs, options?: pulumi.ComponentResourceOptions) {
    super("groundwork:data:CacheUser", name, {}, options);
    const { userId, userArn } = cacheUser(name, args, this);
    this.userId = userId;
    this.userArn = userArn;
    this.registerOutputs({ userId, userArn });
  }
}

/** The same user in a component that holds other things too. `member` is there once the cache knows the user. */
export function cacheUser(
  name: string,
  args: CacheUserArgs,
  parent: pulumi.Resource,
): Pick<CacheUser, "userId" | "userArn"> & { readonly member: pulumi.Resource } {
  const keyPrefix = checked(
    parent,
    "keyPrefix",
    args.keyPrefix,
    z.string().regex(/^[a-z0-9]+([:-][a-z0-9]+)*:$/, "must be words in lower case that end with a colon"),
  );
  const userId = physicalName("aws:elasticache/user:User", name, "user");

  const user = new aws.elasticache.User(
    userId,
    {
      userId,
      userName: userId,
      engine: args.engine ?? "valkey",
      authenticationMode: { type: "iam" },
      accessString: pulumi.interpolate`on ~${keyPrefix}* ${commands}`,
      ...(args.tags && { tags: args.tags }),
    },
    { parent },
  );
  const member = new aws.elasticache.UserGroupAssociation(
    userId,
    { userGroupId: args.userGroupId, userId: user.userId },
    { parent },
  );
  // Only once the cache knows the user: what logs in with it waits for that.
  return { userId: member.userId, userArn: user.arn, member };
}
