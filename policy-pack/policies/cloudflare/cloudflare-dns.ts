import { isIP } from "node:net";
import { lackOf, ownedZonesOf, required, type CloudflareZone } from "../../support/cloudflare/zone.ts";
import { identitiesOf } from "../../support/join.ts";
import { isInternalAddress } from "../../support/network/address.ts";
import { asText, at, isTrue, textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule, StackResource } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { CLOUDFLARE_RECORDS } from "../../support/tokens.ts";
import { Unknown, type Plain, type PlainMap } from "../../support/unknown.ts";
import type { Verdict } from "../../support/verdict.ts";

/** Types whose requests can go through Cloudflare's proxy. */
const PROXIABLE: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

const typeOf = (props: PlainMap): Plain =>
  typeof props["type"] === "string" ? props["type"].toUpperCase() : props["type"];

const contentOf = (props: PlainMap): Plain =>
  typeof props["content"] === "string" ? props["content"].trim().toLowerCase().replace(/\.$/, "") : props["content"];

const firstUnknownOf = (...properties: readonly (readonly [property: string, value: Plain])[]): readonly Finding[] => {
  for (const [property, value] of properties) if (value instanceof Unknown) return [{ property, unknown: value }];
  return [];
};

const refusedFlag = ({ props }: Resource): readonly Finding[] => firstUnknownOf(["proxied", props["proxied"]]);

/** Records that show the origin's address although the proxy could stand before it. */
function bypasses({ props }: Resource, config: Config): readonly Finding[] {
  const [type, name, content, proxied] = [typeOf(props), props["name"], contentOf(props), props["proxied"]];
  if (isTrue.is(proxied) || proxied instanceof Unknown) return [];
  if (typeof type === "string" && !PROXIABLE.has(type)) return [];
  // Records that only prove something, such as ACM's and DKIM's, have a label with an underscore.
  if (typeof name === "string" && /(^|\.)_/.test(name)) return [];
  if (typeof content === "string" && textsOf(config["direct"]).some((suffix) => content.endsWith(suffix))) return [];
  const undecided = firstUnknownOf(["type", type], ["content", content], ["name", name]);
  if (undecided.length > 0) return undecided;
  return [
    {
      property: "proxied",
      wrong: `"${asText(name)}" shows the world where its origin is, and lets requests go there directly`,
      fix: "set proxied: true",
    },
  ];
}

/** Addresses of an internal network in a public zone. */
function internalAddresses({ props }: Resource): readonly Finding[] {
  const [type, content] = [typeOf(props), contentOf(props)];
  if (typeof type === "string" && type !== "A" && type !== "AAAA") return [];
  if (typeof content === "string" && !isInternalAddress(content)) return [];
  const undecided = firstUnknownOf(["content", content], ["type", type]);
  if (undecided.length > 0) return undecided;
  return typeof content === "string"
    ? [
        {
          property: "content",
          wrong: `${content} is an address of an internal network`,
          fix: "remove the record, or name a public address; internal names belong into a private zone",
        },
      ]
    : [{ property: "content", wrong: "it is not set", fix: "set content to a public address" }];
}

const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** CNAMEs that name no host, or their own name. */
function brokenAliases({ props }: Resource): readonly Finding[] {
  const [type, name, content] = [typeOf(props), props["name"], contentOf(props)];
  if (typeof type === "string" && type !== "CNAME") return [];
  const isHost = typeof content === "string" && isIP(content) === 0 && HOST.test(content);
  const isLoop = isHost && typeof name === "string" && name.toLowerCase().replace(/\.$/, "") === content;
  if (isHost && !isLoop) return firstUnknownOf(["name", name]);
  const undecided = firstUnknownOf(["content", content], ["type", type]);
  if (undecided.length > 0) return undecided;
  return [
    {
      property: "content",
      wrong: isLoop ? "it is the record's own name" : `${described(content)}, which is no host's name`,
      fix: "set content to the full name of the host that it stands for",
    },
  ];
}

const described = (content: Plain): string => (typeof content === "string" ? `it is "${content}"` : "it is not set");

/** Names under which a stranger can get what a removed resource leaves free. */
const REUSABLE =
  /\.(elb\.amazonaws\.com|cloudfront\.net|s3(-website)?[.-][a-z0-9-]+\.amazonaws\.com|s3\.amazonaws\.com|elasticbeanstalk\.com|awsapprunner\.com|amplifyapp\.com|pages\.dev|workers\.dev|r2\.dev|github\.io|herokuapp\.com|herokudns\.com|azurewebsites\.net|cloudapp\.net|trafficmanager\.net|blob\.core\.windows\.net|netlify\.app|vercel\.app|vercel-dns\.com|fly\.dev|onrender\.com|web\.app|firebaseapp\.com|surge\.sh|myshopify\.com|zendesk\.com|ghost\.io)$/;

/**
 * CNAMEs, written as text, to a reusable name that nothing in the stack has. Only in the stack's own zones: a record in
 * another stack's zone names what that stack has, by a stack reference that the engine may not tell of.
 */
function danglingAliases(stack: Stack): readonly Finding[] {
  const aliases = ownedZonesOf(stack)
    .flatMap((zone) => zone.ofType(CLOUDFLARE_RECORDS))
    .filter(({ props, references }) => typeOf(props) === "CNAME" && (references.get("content")?.size ?? 0) === 0)
    .map((record) => ({ record, target: contentOf(record.props) }))
    .filter(({ target }) => typeof target === "string" && REUSABLE.test(target));
  if (aliases.length === 0) return [];
  const names = namesIn(stack);
  return aliases
    .filter(({ target }) => !names.has(asText(target)))
    .map(({ record, target }) => ({
      urn: record.urn,
      property: "content",
      wrong: `nothing in this stack is called ${asText(target)}, so whoever gets that name next gets the domain's visitors`,
      fix: "take the name from the resource or the stack reference that has it, or remove the record",
    }));
}

function namesIn(stack: Stack): ReadonlySet<string> {
  const names = new Set<string>();
  for (const resource of stack.resources) {
    if (CLOUDFLARE_RECORDS.includes(resource.type)) continue;
    for (const name of identitiesOf(resource)) names.add(name.toLowerCase());
    for (const key of [
      "domainName",
      "subdomain",
      "websiteEndpoint",
      "defaultDomain",
      "hostname",
      "bucketRegionalDomainName",
    ])
      for (const name of textsOf(resource.props[key])) names.add(name.toLowerCase());
  }
  return names;
}

const wildcards = ({ props }: Resource): readonly Finding[] =>
  typeof props["name"] === "string" && !/^\*(\.|$)/.test(props["name"])
    ? []
    : props["name"] instanceof Unknown
      ? [{ property: "name", unknown: props["name"] }]
      : [
          {
            property: "name",
            wrong: "it answers for every name that no other record has",
            fix: "add one record for each host instead",
          },
        ];

/** The text of a TXT record without its quotes; long ones come in several quoted pieces. */
const textOfRecord = (content: Plain): Plain =>
  typeof content === "string" ? content.trim().replaceAll(/"\s+"/g, "").replaceAll('"', "") : content;

const isTxt = (props: PlainMap): Verdict =>
  props["type"] instanceof Unknown ? props["type"] : asText(props["type"]).toUpperCase() === "TXT";

/** Whether a TXT record holds a text of this form. */
const says =
  (form: RegExp) =>
  ({ props }: Pick<Resource, "props">): Verdict => {
    const [txt, text] = [isTxt(props), textOfRecord(props["content"])];
    if (txt === false || (typeof text === "string" && !form.test(text))) return false;
    return [txt, text].find((value) => value instanceof Unknown) ?? typeof text === "string";
  };

const SPF = /^v=spf1(\s|$)/i;
const DMARC = /^v=DMARC1\s*(;|$)/i;
const isSpf = says(SPF);
const isDmarc = says(DMARC);

/** A mail record that says too little. What the record does not hold is not this check's. */
const mailCheck =
  (form: RegExp, isWeak: (text: string) => string | undefined, fix: string) =>
  ({ props }: Resource): readonly Finding[] => {
    const verdict = says(form)({ props });
    if (verdict instanceof Unknown) return firstUnknownOf(["content", props["content"]], ["type", props["type"]]);
    const wrong = verdict ? isWeak(asText(textOfRecord(props["content"]))) : undefined;
    return wrong === undefined ? [] : [{ property: "content", wrong, fix }];
  };

const weakSpf = mailCheck(
  SPF,
  (text) => (/\s[-~]all\s*$|\sredirect=\S+\s*$/i.test(text) ? undefined : "it does not say that all others are forged"),
  'end it with "-all"',
);

const weakDmarc = mailCheck(
  DMARC,
  (text) => {
    const policies = new Map(
      [...text.matchAll(/\b(p|sp|pct)\s*=\s*(\w+)/gi)].map(([, tag = "", is = ""]) => [
        tag.toLowerCase(),
        is.toLowerCase(),
      ]),
    );
    if (!["quarantine", "reject"].includes(policies.get("p") ?? "")) return "it lets forged mail through";
    if (policies.get("sp") === "none") return "it lets mail forged in the name of a host below the domain through";
    return Number(policies.get("pct") ?? 100) < 100 ? "it is about a part of the mail only" : undefined;
  },
  "set p=reject, with no sp=none and no pct below 100",
);

const unnamedSenders = required({
  types: CLOUDFLARE_RECORDS,
  is: isSpf,
  property: "content",
  wrong: "nothing says who may send mail as this domain",
  fix: 'add a TXT record with "v=spf1 -all" for a domain that sends none, or with the servers that do',
});

const unjudgedMail = required({
  types: CLOUDFLARE_RECORDS,
  is: isDmarc,
  property: "content",
  wrong: "nothing says what to do with forged mail",
  fix: 'add a TXT record _dmarc with "v=DMARC1; p=reject"',
});

const anyAuthority = required({
  types: CLOUDFLARE_RECORDS,
  is: ({ props }: StackResource): Verdict => {
    const [type, tag] = [typeOf(props), at(props["data"], "tag")];
    if (typeof type === "string" && type !== "CAA") return false;
    const written = typeof props["content"] === "string" ? /^\s*\d+\s+issue\s/i.test(props["content"]) : undefined;
    if (type === "CAA" && (tag === "issue" || written === true)) return true;
    return [type, tag, props["content"]].find((value) => value instanceof Unknown) ?? false;
  },
  property: "data.tag",
  wrong: "every certificate authority may issue certificates for this domain",
  fix: 'add CAA records with data.tag: "issue" for the authorities that do',
});

/** Zones that send mail, and sign none. "v=spf1 -all" sends none. */
function unsignedMail(stack: Stack): readonly Finding[] {
  const sends = (zone: CloudflareZone): boolean =>
    zone
      .ofType(CLOUDFLARE_RECORDS)
      .some(
        ({ props }) => isSpf({ props }) === true && !/^v=spf1\s+-all$/i.test(asText(textOfRecord(props["content"]))),
      );
  return ownedZonesOf(stack)
    .filter(sends)
    .flatMap((zone) =>
      lackOf(zone, {
        types: CLOUDFLARE_RECORDS,
        is: ({ props }) =>
          typeof props["name"] === "string"
            ? /\._domainkey(\.|$)/i.test(props["name"])
            : props["name"] instanceof Unknown
              ? props["name"]
              : false,
        property: "name",
        wrong: "this domain sends mail, and no key of a signature is published",
        fix: "add the record <selector>._domainkey that the mail service gives",
      }),
    );
}

export const rules: readonly Rule[] = [
  {
    name: "cloudflare-record-proxied",
    description: "Hosts stand behind Cloudflare's proxy wherever they can.",
    why: "A record that is not proxied tells attackers the origin's address, past the firewall and the rate limits.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler dns_record_proxied"],
    settings: {
      direct: {
        type: "array",
        description: "Endings of targets that need no proxy: another edge, and proofs of ownership.",
        default: [".cloudfront.net", ".acm-validations.aws"],
      },
    },
    resources: [
      { types: CLOUDFLARE_RECORDS, unknown: "refuse", find: refusedFlag },
      { types: CLOUDFLARE_RECORDS, unknown: "defer", find: bypasses },
    ],
  },
  {
    name: "cloudflare-record-no-internal-ip",
    description: "No record holds an address of an internal network.",
    why: "It tells attackers how the network is built, and lets web pages aim at a visitor's own network.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler dns_record_no_internal_ip"],
    resources: [{ types: CLOUDFLARE_RECORDS, unknown: "defer", find: internalAddresses }],
  },
  {
    name: "cloudflare-record-cname-valid",
    description: "Each CNAME names a host, and not itself.",
    why: "A CNAME to an address, a URL, or itself resolves to nothing, and the host is down.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler dns_record_cname_target_valid"],
    resources: [{ types: CLOUDFLARE_RECORDS, unknown: "defer", find: brokenAliases }],
  },
  {
    name: "cloudflare-record-target-owned",
    description: "Each CNAME to a shared service comes from the resource that it names.",
    why: "Whoever takes a name that a removed resource left free serves pages and gets cookies under our domain.",
    severity: "high",
    level: "mandatory",
    standards: ["Prowler dns_record_cname_target_valid", "CKV2_AWS_23"],
    stack: danglingAliases,
  },
  {
    name: "cloudflare-record-no-wildcard",
    description: "No record answers for every name.",
    why: "A wildcard sends mistyped and forgotten names to a service that was not made for them.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler dns_record_no_wildcard"],
    resources: [{ types: CLOUDFLARE_RECORDS, unknown: "defer", find: wildcards }],
  },
  {
    name: "cloudflare-zone-caa",
    description: "The zone names the certificate authorities that may issue for it.",
    why: "Otherwise any authority that is fooled or broken into can give an attacker a valid certificate.",
    severity: "low",
    level: "mandatory",
    standards: ["Prowler zone_record_caa_exists"],
    stack: anyAuthority,
  },
  {
    name: "cloudflare-zone-spf",
    description: "The zone says who may send mail as the domain, and that all others are forged.",
    why: "Without it anyone can send mail as the domain, and invoices are the usual subject.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler zone_record_spf_exists"],
    resources: [{ types: CLOUDFLARE_RECORDS, unknown: "defer", find: weakSpf }],
    stack: unnamedSenders,
  },
  {
    name: "cloudflare-zone-dmarc",
    description: "The zone asks receivers to reject or set aside forged mail.",
    why: "SPF and DKIM alone do not look at the sender that people see.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler zone_record_dmarc_exists"],
    resources: [{ types: CLOUDFLARE_RECORDS, unknown: "defer", find: weakDmarc }],
    stack: unjudgedMail,
  },
  {
    name: "cloudflare-zone-dkim",
    description: "A domain that sends mail publishes the key of its signatures.",
    why: "Forwarded mail passes DMARC by its signature alone, and is lost without one.",
    severity: "medium",
    level: "mandatory",
    standards: ["Prowler zone_record_dkim_exists"],
    stack: unsignedMail,
  },
];
