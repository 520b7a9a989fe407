/** An account of somebody else that may take a role of ours, and on what condition. */
export interface TrustedAccount {
  readonly account: string;
  readonly who: string;
  readonly reason: string;
  /** A condition key without which the trust would be anybody's who is a customer there. */
  readonly condition: string;
}

export const TRUSTED_ACCOUNTS: readonly TrustedAccount[] = [
  {
    account: "464622532012",
    who: "Datadog",
    reason:
      "Its AWS integration reads metrics and tags with a role of ours. Source: Datadog's manual setup of the integration.",
    condition: "sts:ExternalId",
  },
  {
    account: "536727724300",
    who: "MongoDB Atlas",
    reason: "Writes logs and snapshots with a role of ours. Source: Atlas, unified AWS access.",
    condition: "sts:ExternalId",
  },
];
