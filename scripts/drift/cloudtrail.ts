import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { type AwsSurroundings, AwsRequestError, signedRequest } from "../aws/signed-request.ts";
import type { TrailQuery } from "./lookups.ts";
import type { OutsideChange } from "./report.ts";

/** Reads what CloudTrail has of the last 90 days. */
export type AskCloudTrail = (query: TrailQuery) => Promise<readonly OutsideChange[]>;

const lookupEvents = z.object({
  Events: z
    .array(
      z.object({
        EventName: z.string(),
        /** Seconds since 1970. */
        EventTime: z.number(),
        Username: z.string().optional(),
        ReadOnly: z.string().optional(),
      }),
    )
    .optional(),
});

/** Newest first; what only read is left out. Throws an `AwsRequestError`. */
export const askCloudTrail =
  (surroundings: AwsSurroundings): AskCloudTrail =>
  async ({ region, resourceName }) => {
    const text = await signedRequest(
      {
        service: "cloudtrail",
        region,
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "CloudTrail_20131101.LookupEvents",
        },
        body: JSON.stringify({
          LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: resourceName }],
          MaxResults: 50,
        }),
      },
      surroundings,
    );
    const answer = lookupEvents.safeParse(json(text));
    if (!answer.success) throw new AwsRequestError("something that is no answer of CloudTrail", true);
    return (answer.data.Events ?? [])
      .filter(({ ReadOnly }) => ReadOnly !== "true")
      .map(({ EventName, EventTime, Username }) => ({
        time: new Date(EventTime * 1000).toISOString(),
        by: Username ?? "unknown",
        action: EventName,
      }));
  };

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface TrailLimits {
  /** Of the rest only the commands are printed. */
  readonly resources: number;
  /** CloudTrail answers two a second per account and region. Source: CloudTrail's quotas. */
  readonly gapMilliseconds: number;
  /** Of one resource. */
  readonly changes: number;
}

export const TRAIL_LIMITS: TrailLimits = { resources: 10, gapMilliseconds: 550, changes: 3 };

const keyOf = ({ region, resourceName }: TrailQuery): string => `${region} ${resourceName}`;

/** Asks for each, one after another, and stops at the first refusal: the others would be refused alike. */
export async function changesOf(
  queries: readonly TrailQuery[],
  ask: AskCloudTrail,
  { resources, gapMilliseconds, changes }: TrailLimits = TRAIL_LIMITS,
): Promise<{ of: (query: TrailQuery) => readonly OutsideChange[]; unknownWho: string | undefined }> {
  const found = new Map<string, readonly OutsideChange[]>();
  const different = [...new Map(queries.map((query) => [keyOf(query), query])).values()];
  const of = (query: TrailQuery): readonly OutsideChange[] => found.get(keyOf(query)) ?? [];
  for (const [index, query] of different.slice(0, resources).entries()) {
    if (index > 0) await setTimeout(gapMilliseconds);
    try {
      found.set(keyOf(query), (await ask(query)).slice(0, changes));
    } catch (error) {
      return { of, unknownWho: `CloudTrail was not asked: ${reasonOf(error)}` };
    }
  }
  const left = different.length - resources;
  return {
    of,
    unknownWho: left > 0 ? `CloudTrail was asked of ${resources} resources, not of ${left} more` : undefined,
  };
}

const reasonOf = (error: unknown): string => {
  if (error instanceof AwsRequestError) return error.message;
  if (error instanceof Error && error.name === "CredentialsProviderError") return "there are no AWS credentials";
  throw error;
};
