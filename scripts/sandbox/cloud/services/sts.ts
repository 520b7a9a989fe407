import type { Service } from "../service.ts";

/** The caller: a role session of the provider's account. */
export const sts: Service = {
  resources: {},
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": (_args, { location: { partition, account } }) => ({
      accountId: account,
      arn: `arn:${partition}:sts::${account}:assumed-role/sandbox/pulumi`,
      id: account,
      userId: "AROASANDBOXSANDBOXSAN:pulumi",
    }),
  },
};
