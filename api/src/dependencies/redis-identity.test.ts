import assert from "node:assert/strict";
import { IncompleteRedisIdentity, redisIdentity } from "./redis-identity.ts";

describe("who signs in to the cache", () => {
  const given = { AWS_REGION: "us-east-1", REDIS_USER_ID: "api", REDIS_REPLICATION_GROUP_ID: "cache" };

  it("is the user of the environment, or nobody", () => {
    assert.deepEqual(redisIdentity(given), { region: "us-east-1", replicationGroupId: "cache", userId: "api" });
    assert.equal(redisIdentity({ ...given, REDIS_USER_ID: undefined }), undefined);
  });

  it("is not half of one", () => {
    for (const name of ["AWS_REGION", "REDIS_REPLICATION_GROUP_ID"])
      assert.throws(() => redisIdentity({ ...given, [name]: undefined }), IncompleteRedisIdentity);
  });
});
