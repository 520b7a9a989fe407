import { parse } from "../../support/iam/policy-document.ts";
import { leavesOf } from "../../support/leaf.ts";
import { textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { AWS_PROVIDER } from "../../support/tokens.ts";
import { Unknown, isList, type Plain, type PlainMap } from "../../support/unknown.ts";

const ACCOUNT = /^\d{12}$/;

/** The accounts that an AWS provider is pinned to. Structured inputs of a provider arrive as JSON text. */
function pinnedAccounts(provider: PlainMap | undefined): readonly string[] | Unknown {
  const value = provider?.["allowedAccountIds"];
  if (value instanceof Unknown) return value;
  const list: Plain = typeof value === "string" ? parse(value) : value;
  if (!isList(list)) return [];
  return (
    list.find((item): item is Unknown => item instanceof Unknown) ??
    list.flatMap((item) => (typeof item === "string" ? [item] : []))
  );
}

/** A provider that is pinned to no account, or to more than one. */
function unpinned({ props }: Resource): readonly Finding[] {
  const accounts = pinnedAccounts(props);
  const property = "allowedAccountIds";
  if (accounts instanceof Unknown) return [{ property, unknown: accounts }];
  const [only, ...others] = accounts;
  if (only !== undefined && ACCOUNT.test(only) && others.length === 0) return [];
  const wrong = only === undefined ? "it is not set" : `it is ${JSON.stringify(accounts)}, and must be one account`;
  return [{ property, wrong, fix: `set ${property} to the one account of the environment` }];
}

/** Providers of one stack that are pinned to different accounts: the first one is taken for the stack's. */
function severalAccounts(stack: Stack): readonly Finding[] {
  const pinned = stack.ofType([AWS_PROVIDER]).flatMap(({ urn, props }) => {
    const accounts = pinnedAccounts(props);
    return accounts instanceof Unknown || accounts[0] === undefined ? [] : [{ urn, account: accounts[0] }];
  });
  const own = pinned[0]?.account;
  return pinned
    .filter(({ account }) => account !== own)
    .map(({ urn, account }) => ({
      urn,
      property: "allowedAccountIds",
      wrong: `it is ${account}, and another provider of the stack has ${own ?? ""}`,
      fix: "set allowedAccountIds to the one account of the environment",
    }));
}

// In ARNs, in the host of an image, in the URL of a queue.
const ACCOUNTS = [
  /\barn:[\w*-]+:[\w*-]*:[\w*-]*:(\d{12}):/g,
  /(?<!\d)(\d{12})\.dkr\.ecr\./g,
  /\bsqs[\w.-]*\.amazonaws\.com[\w.]*\/(\d{12})\//g,
];
const ACCOUNT_PROPERTY = /(?:account|catalog|owner|principal|registry|user)(?:id)?s?(?:\[\d+\])?$|\.AWS(?:\[\d+\])?$/i;

/** Accounts that a text names, where it stands in such a place. */
function accountsIn(property: string, text: string): ReadonlySet<string> {
  const found = ACCOUNTS.flatMap((pattern) => [...text.matchAll(pattern)].map(([, account = ""]) => account));
  if (ACCOUNT.test(text) && ACCOUNT_PROPERTY.test(property)) found.push(text);
  // Principals and conditions of a policy that is text.
  if (text.includes('"Statement"')) found.push(...[...text.matchAll(/"(\d{12})"/g)].map(([, account = ""]) => account));
  return new Set(found);
}

function foreignAccounts(
  { props }: Pick<Resource, "props">,
  own: readonly string[],
  config: Config,
): readonly Finding[] {
  const allowed = new Set([...own, ...textsOf(config["trustedAccounts"])]);
  const leaves = leavesOf(props);
  const findings = leaves.flatMap(({ property, value }): readonly Finding[] =>
    typeof value !== "string"
      ? []
      : [...accountsIn(property, value)]
          .filter((account) => !allowed.has(account))
          .map((account) => ({
            property,
            wrong: `it names account ${account}, which is neither the environment's nor trusted`,
            fix: `name a resource of account ${own.join()}, or have ${account} accepted in trustedAccounts`,
          })),
  );
  const waiting = leaves.find(({ value }) => value instanceof Unknown);
  if (waiting === undefined) return findings;
  return [...findings, { property: waiting.property, unknown: waiting.value as Unknown }];
}

/** Accounts in an AWS resource that its own provider is not pinned to. */
function foreignToProvider(resource: Resource, config: Config): readonly Finding[] {
  const own = pinnedAccounts(resource.provider);
  if (own instanceof Unknown) return [{ property: "provider.allowedAccountIds", unknown: own }];
  // A provider that is pinned to nothing is another rule's matter.
  return own.length === 0 ? [] : foreignAccounts(resource, own, config);
}

/** The same for what other providers make: the stack's AWS providers say which account is its own. */
function foreignToStack(stack: Stack, config: Config): readonly Finding[] {
  const own = stack.ofType([AWS_PROVIDER]).flatMap(({ props }) => {
    const accounts = pinnedAccounts(props);
    return accounts instanceof Unknown ? [] : accounts;
  });
  if (own.length === 0) return [];
  return stack.resources
    .filter(({ type }) => /^(cloudflare|datadog|mongodbatlas|awsx|docker-build):/.test(type))
    .flatMap((resource) =>
      foreignAccounts(resource, own, config).map((finding) => ({ ...finding, urn: resource.urn })),
    );
}

/** AWS's own accounts that write a load balancer's logs in the regions from before August 2022. */
const LOG_DELIVERY = [
  ...["127311923021", "033677994240", "027434742980", "797873946194", "985666609251", "054676820928"],
  ...["156460612806", "652711504416", "009996457667", "635631232127", "897822967062", "582318560864"],
  ...["600734575887", "383597477331", "114774131450", "783225319266", "718504428378", "507241528517"],
];

export const accountRules: readonly Rule[] = [
  {
    name: "environment-provider-pins-account",
    description: "Every AWS provider is pinned to the one account of its environment.",
    why: "With the wrong credentials in the shell an unpinned provider changes another environment.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: [AWS_PROVIDER], unknown: "refuse", find: unpinned }],
    stack: severalAccounts,
  },
  {
    name: "environment-accounts-own",
    description: "No value names an AWS account besides the environment's own and those that are trusted.",
    why: "What another account owns may change or vanish, and whom we trust there may read our data.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      trustedAccounts: {
        type: "array",
        description: "Accounts of vendors, and AWS's own.",
        // Datadog's integration, and Atlas's access to logs and snapshots.
        default: ["464622532012", "536727724300", ...LOG_DELIVERY],
      },
    },
    resources: [{ types: (type) => type.startsWith("aws:"), unknown: "defer", find: foreignToProvider }],
    stack: foreignToStack,
  },
];
