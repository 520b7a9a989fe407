/** Where a deploy role works, as plain text: it becomes part of policies. */
export interface DeployScope {
  readonly accountId: string;
  readonly region: string;
  readonly recoveryRegion: string;
  /** Every name that the program gives begins with it and a hyphen, in previews too. */
  readonly project: string;
  /** The name of the component: what delivery itself is made of begins with it. */
  readonly delivery: string;
  readonly boundaryArn: string;
  /** Builds images, and so pushes them. */
  readonly buildsImages: boolean;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** IAM, CloudFront, budgets, and the bill live in us-east-1, wherever the stack is. */
export const regionsOf = ({ region, recoveryRegion }: DeployScope): string[] => [
  ...new Set([region, recoveryRegion, "us-east-1"]),
];

/** One service's changes: which actions, on which resources, and when. */
export interface Change {
  readonly service: string;
  /** Without the service's prefix. */
  readonly actions: readonly string[];
  /** What follows `arn:aws:SERVICE:`; `*` alone where the service knows no resource for these actions. */
  readonly on: readonly string[];
  readonly when?: Statement["Condition"];
}

/** What is told apart by name lies under the project's; what has no name, in the account and its regions. */
export function placesOf(scope: DeployScope) {
  const { accountId, region, project } = scope;
  return {
    here: `${region}:${accountId}`,
    anywhere: `*:${accountId}`,
    named: `${project}-*`,
    onlyHere: { StringEquals: { "aws:RequestedRegion": regionsOf(scope) } },
  };
}

export function allowing(changes: readonly Change[]): Statement[] {
  return changes.map(({ service, actions, on, when }) => ({
    Effect: "Allow",
    Action: actions.map((action) => `${service}:${action}`),
    Resource: on.map((resource) => (resource === "*" ? "*" : `arn:aws:${service}:${resource}`)),
    ...(when && { Condition: when }),
  }));
}
