import type { Environment } from "../environment.ts";
import type { ElastiCacheIdentity } from "./elasticache-token.ts";

type Given = Pick<Environment, "AWS_REGION" | "REDIS_USER_ID" | "REDIS_REPLICATION_GROUP_ID">;

/** A part of the sign-in is missing. */
export class IncompleteRedisIdentity extends Error {
  constructor() {
    super("REDIS_USER_ID also needs REDIS_REPLICATION_GROUP_ID and AWS_REGION: an IAM token is signed for all three");
    this.name = "IncompleteRedisIdentity";
  }
}

/** Who signs in to the cache; undefined where nobody does. Throws an IncompleteRedisIdentity. */
export function redisIdentity({
  AWS_REGION: region,
  REDIS_USER_ID: userId,
  REDIS_REPLICATION_GROUP_ID: replicationGroupId,
}: Given): ElastiCacheIdentity | undefined {
  if (userId === undefined) return undefined;
  if (region === undefined || replicationGroupId === undefined) throw new IncompleteRedisIdentity();
  return { region, replicationGroupId, userId };
}
