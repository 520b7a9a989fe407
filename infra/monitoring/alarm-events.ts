import { waits } from "../../api/src/paging/urgency.ts";

/** What the rules look for. */
export interface EventScope {
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly serviceName: string;
}

export interface EventRow {
  /** What is wrong: one sentence. */
  readonly means: string;
  readonly needs?: "backups";
  /** Whether PagerDuty may let people sleep. Default: false, it wakes somebody. */
  readonly waits?: true;
  readonly pattern: (scope: EventScope) => Readonly<Record<string, unknown>>;
  /** Words of the message to where they stand in the event. */
  readonly words: Readonly<Record<string, string>>;
}

const clusterArn = ({ region, accountId, clusterName }: EventScope): string =>
  `arn:aws:ecs:${region}:${accountId}:cluster/${clusterName}`;

/** Things that happen once and leave no metric; the key is the section of docs/runbook.md. */
export const eventRows = {
  "deployment-failed": {
    means: "ECS gave a deployment of the API up and went back to the version before.",
    pattern: (scope) => ({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: [`arn:aws:ecs:${scope.region}:${scope.accountId}:service/${scope.clusterName}/${scope.serviceName}`],
      detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
    }),
    words: { deployment: "$.detail.deploymentId", reason: "$.detail.reason" },
  },
  "service-restarts": {
    means: "A task of the API ended by itself, or did not start.",
    // ECS starts another one; where that does not help, alarms and the monitor of the same name ring.
    waits: true,
    pattern: (scope) => ({
      source: ["aws.ecs"],
      "detail-type": ["ECS Task State Change"],
      detail: {
        clusterArn: [clusterArn(scope)],
        group: [`service:${scope.serviceName}`],
        lastStatus: ["STOPPED"],
        // A task that a deployment or scaling stops has another code.
        stopCode: ["EssentialContainerExited", "TaskFailedToStart"],
      },
    }),
    words: { task: "$.detail.taskArn", reason: "$.detail.stoppedReason" },
  },
  "backup-failed": {
    means: "AWS Backup could not finish a job.",
    needs: "backups",
    pattern: () => ({
      source: ["aws.backup"],
      "detail-type": ["Backup Job State Change", "Copy Job State Change"],
      detail: { state: ["ABORTED", "EXPIRED", "FAILED"] },
    }),
    words: { job: "$.detail-type", resource: "$.detail.resourceArn", reason: "$.detail.statusMessage" },
  },
} as const satisfies Record<string, EventRow>;

export type EventKey = keyof typeof eventRows;

export const eventsOf = (has: ReadonlySet<string>): readonly [EventKey, EventRow][] =>
  (Object.entries(eventRows) as [EventKey, EventRow][]).filter(
    ([, { needs }]) => needs === undefined || has.has(needs),
  );

/** The message as EventBridge's template wants it: one quoted line after the other. */
export function templateOf({ means, words, waits: mayWait }: EventRow, runbookUrl: string): string {
  const told = mayWait ? `${means} ${waits}` : means;
  const lines = [told, ...Object.keys(words).map((word) => `${word}: <${word}>`), `Runbook: ${runbookUrl}`];
  return lines.map((line) => `"${line}"`).join("\n");
}
