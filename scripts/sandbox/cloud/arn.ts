import type { Location } from "./service.ts";

/** `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = match;
  return partition === "" || service === "" ? undefined : { partition, service, region, account, resource };
}

export const isArn = (text: string): boolean => parseArn(text) !== undefined;

/** The ARN of a regional resource in the given place. */
export const regionalArn = (location: Location, service: string, resource: string): string =>
  `arn:${location.partition}:${service}:${location.region}:${location.account}:${resource}`;

/** The ARN of a resource of a service without regions (IAM, CloudFront). */
export const globalArn = (location: Location, service: string, resource: string): string =>
  `arn:${location.partition}:${service}::${location.account}:${resource}`;
