import { overlaps } from "./cidr.ts";
import type { ConfigSource, RequiredKey, StackConfig } from "./stack-config.ts";

interface Separation {
  readonly key: RequiredKey;
  readonly collide: (one: string, other: string) => boolean;
  readonly problem: string;
  readonly fix: string;
}

const separations: readonly Separation[] = [
  {
    key: "awsAccountId",
    collide: (one, other) => one === other,
    problem: "is the same account as",
    fix: "Give each environment an account of its own.",
  },
  {
    key: "domain",
    collide: (one, other) => one === other,
    problem: "is the same domain as",
    fix: "Give each environment a zone of its own.",
  },
  {
    key: "cloudflareAccountId",
    collide: (one, other) => one === other,
    problem: "is the same account as",
    fix: "Give each environment an account of its own: Access has one one-time PIN per account.",
  },
  {
    key: "cloudflareZoneId",
    collide: (one, other) => one === other,
    problem: "is the same zone as",
    fix: "Give each environment a zone of its own.",
  },
  {
    key: "vpcCidr",
    collide: overlaps,
    problem: "overlaps",
    fix: "Choose a range that the other does not touch, such as 10.2.0.0/16.",
  },
];

/** What two environments share although they must not. */
export function sharedValues(
  one: { readonly config: StackConfig; readonly source: ConfigSource },
  other: { readonly config: StackConfig; readonly source: ConfigSource },
): string[] {
  return separations
    .filter(({ key, collide }) => collide(one.config[key], other.config[key]))
    .map(
      ({ key, problem, fix }) =>
        `${one.source.file}: ${one.source.project}:${key} ${one.config[key]} ${problem} ${other.config[key]} in ${other.source.file}. ${fix}`,
    );
}
