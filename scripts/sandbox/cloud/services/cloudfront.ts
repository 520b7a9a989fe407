import { isProperties, type Properties } from "../../values/value.ts";
import { globalArn, parseArn } from "../arn.ts";
import { flagAt, listAt, mapAt, mapsAt, numberAt, textAt, textsAt, textsUnder } from "../fields.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Invoke,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { isIssued } from "./acm.ts";
import { cachePolicyFailures, customHeaderFailures, distributionFailures } from "./cloudfront-checks.ts";
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  MANAGED_RESPONSE_HEADERS_POLICIES,
  MANAGED_TTLS,
} from "./cloudfront-managed.ts";
import { elsewhere, findBy, inAccount, letters, UPPER_AND_DIGITS, uuid, valueOf } from "./lookup.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";
const CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy";
const ORIGIN_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy";
const RESPONSE_HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";
const FUNCTION = "aws:cloudfront/function:Function";
const KEY_GROUP = "aws:cloudfront/keyGroup:KeyGroup";
const PUBLIC_KEY = "aws:cloudfront/publicKey:PublicKey";
const CERTIFICATE = "aws:acm/certificate:Certificate";

/** The hosted zone of every distribution. */
const HOSTED_ZONE = "Z2FDTNDATAQYW2";

/** CloudFront's ids: E and 13 letters and digits. */
const shortId = (operation: Operation): string => `E${letters(operation.hex("id", 26), UPPER_AND_DIGITS)}`;
const etagOf = (operation: Operation): string => `E${letters(operation.hex("etag", 26), UPPER_AND_DIGITS)}`;

/** The default behaviour and the ordered ones, each with its path. */
function behaviours(inputs: Properties): { path: string; behaviour: Properties }[] {
  const first = inputs["defaultCacheBehavior"];
  return [
    ...(isProperties(first) ? [{ path: "defaultCacheBehavior", behaviour: first }] : []),
    ...mapsAt(inputs, "orderedCacheBehaviors").map((behaviour, index) => ({
      path: `orderedCacheBehaviors[${index}]`,
      behaviour,
    })),
  ];
}

/** Policies that a behaviour may name: the property, the type, AWS's own, and the error where there is none. */
const POLICIES = [
  { property: "cachePolicyId", type: CACHE_POLICY, managed: MANAGED_CACHE_POLICIES, code: "NoSuchCachePolicy" },
  {
    property: "originRequestPolicyId",
    type: ORIGIN_REQUEST_POLICY,
    managed: MANAGED_ORIGIN_REQUEST_POLICIES,
    code: "NoSuchOriginRequestPolicy",
  },
  {
    property: "responseHeadersPolicyId",
    type: RESPONSE_HEADERS_POLICY,
    managed: MANAGED_RESPONSE_HEADERS_POLICIES,
    code: "NoSuchResponseHeadersPolicy",
  },
] as const;

function behaviourFailures(inputs: Properties): CheckFailure[] {
  const origins = mapsAt(inputs, "origins").map((origin) => textAt(origin, "originId"));
  const groups = mapsAt(inputs, "originGroups").map((group) => textAt(group, "originId"));
  const known = [...origins, ...groups];
  // One origin id that is not known yet may be the one that is meant.
  const complete = Array.isArray(inputs["origins"]) && !known.includes(undefined);
  return behaviours(inputs).flatMap(({ path, behaviour }) => {
    const failures: CheckFailure[] = [];
    const target = textAt(behaviour, "targetOriginId");
    if (complete && target !== undefined && !known.includes(target))
      failures.push({
        property: `${path}.targetOriginId`,
        reason: `NoSuchOrigin: One or more of your origins or origin groups do not exist: ${target} is none of ${known.join(", ")}`,
      });
    if (behaviour["cachePolicyId"] === undefined && behaviour["forwardedValues"] === undefined)
      failures.push({
        property: `${path}.cachePolicyId`,
        reason: "InvalidArgument: The parameter ForwardedValues is required where no cache policy is given.",
      });
    if (behaviour["cachePolicyId"] !== undefined && behaviour["forwardedValues"] !== undefined)
      failures.push({
        property: `${path}.forwardedValues`,
        reason:
          "InvalidArgument: The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior.",
      });
    return [...failures, ...methodFailures(behaviour, path)];
  });
}

const METHOD_SETS = ["GET,HEAD", "GET,HEAD,OPTIONS", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"];

function methodFailures(behaviour: Properties, path: string): CheckFailure[] {
  return (["allowedMethods", "cachedMethods"] as const).flatMap((property) => {
    const methods = textsAt(behaviour, property);
    if (methods.length === 0 || methods.length !== listAt(behaviour, property).length) return [];
    const sets = property === "cachedMethods" ? METHOD_SETS.slice(0, 2) : METHOD_SETS;
    return sets.includes([...methods].sort().join(","))
      ? []
      : [
          {
            property: `${path}.${property}`,
            reason: `InvalidArgument: The parameter ${property} contains methods that are not valid: take one of ${sets.join(" | ")}`,
          },
        ];
  });
}

function originFailures(inputs: Properties): CheckFailure[] {
  const origins = mapsAt(inputs, "origins");
  const ids = origins.map((origin) => textAt(origin, "originId"));
  return origins.flatMap((origin, index) => {
    const path = `origins[${index}]`;
    const failures: CheckFailure[] = [];
    const [id, domain] = [ids[index], textAt(origin, "domainName")];
    if (id !== undefined && ids.indexOf(id) !== index)
      failures.push({ property: `${path}.originId`, reason: `InvalidArgument: Duplicate origin id ${id}.` });
    if (domain !== undefined && !/^[a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)+$/.test(domain))
      failures.push({
        property: `${path}.domainName`,
        reason: `InvalidArgument: The parameter origin name must be a domain name, got "${domain}" (no scheme, no path).`,
      });
    const prefix = textAt(origin, "originPath");
    if (prefix !== undefined && (!prefix.startsWith("/") || prefix.endsWith("/")))
      failures.push({
        property: `${path}.originPath`,
        reason: "InvalidArgument: The parameter OriginPath must begin with a slash and not end with one.",
      });
    if (origin["originAccessControlId"] !== undefined && mapAt(origin, "s3OriginConfig")["originAccessIdentity"])
      failures.push({
        property: `${path}.s3OriginConfig.originAccessIdentity`,
        reason: "InvalidArgument: an origin takes an access control or an access identity, not both",
      });
    return failures;
  });
}

function certificateFailures(inputs: Properties): CheckFailure[] {
  const certificate = mapAt(inputs, "viewerCertificate");
  const own = certificate["acmCertificateArn"] !== undefined || certificate["iamCertificateId"] !== undefined;
  if (own && certificate["sslSupportMethod"] === undefined)
    return [
      {
        property: "viewerCertificate.sslSupportMethod",
        reason: "InvalidViewerCertificate: sslSupportMethod is needed with a certificate of your own (sni-only)",
      },
    ];
  return !own && listAt(inputs, "aliases").length > 0
    ? [
        {
          property: "aliases",
          reason:
            "InvalidViewerCertificate: To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.",
        },
      ]
    : [];
}

function distributionRefusal(operation: Operation): Refusal | undefined {
  return (
    policiesRefusal(operation) ??
    functionsRefusal(operation) ??
    accessControlRefusal(operation) ??
    certificateRefusal(operation) ??
    aliasRefusal(operation) ??
    firewallRefusal(operation) ??
    loggingRefusal(operation)
  );
}

function policiesRefusal(operation: Operation): Refusal | undefined {
  for (const { path, behaviour } of behaviours(operation.inputs)) {
    for (const { property, type, managed, code } of POLICIES) {
      const id = textAt(behaviour, property);
      if (id === undefined || Object.values(managed).includes(id)) continue;
      if (findBy(inAccount(operation, type), id, "id") === undefined)
        return new Refusal(code, `The ${property} ${id} of ${path} does not exist.`);
    }
    for (const group of textsAt(behaviour, "trustedKeyGroups"))
      if (findBy(inAccount(operation, KEY_GROUP), group, "id") === undefined)
        return new Refusal(
          "TrustedKeyGroupDoesNotExist",
          `The specified key group does not exist: ${group} of ${path}.`,
        );
  }
  return undefined;
}

function functionsRefusal(operation: Operation): Refusal | undefined {
  for (const { path, behaviour } of behaviours(operation.inputs)) {
    const events = new Set<string>();
    for (const association of mapsAt(behaviour, "functionAssociations")) {
      const [arn, event] = [textAt(association, "functionArn") ?? "", textAt(association, "eventType") ?? ""];
      const found = findBy(inAccount(operation, FUNCTION), arn, "arn");
      if (found === undefined || events.has(event))
        return new Refusal(
          "InvalidFunctionAssociation",
          found === undefined
            ? `The function ${arn} of ${path} does not exist.`
            : `${path} has more than one function for ${event}.`,
        );
      if (flagAt(found.inputs, "publish") === false)
        return new Refusal("InvalidFunctionAssociation", `The function ${arn} of ${path} is not published.`);
      events.add(event);
    }
    for (const { text } of textsUnder(behaviour, "lambdaFunctionAssociations[].lambdaArn")) {
      const arn = parseArn(text);
      if (arn?.region !== "us-east-1" || !/^function:[^:]+:\d+$/.test(arn.resource))
        return new Refusal(
          "InvalidLambdaFunctionAssociation",
          `The function ARN must reference a specific function version in us-east-1: ${text} of ${path}.`,
        );
    }
  }
  return undefined;
}

function accessControlRefusal(operation: Operation): Refusal | undefined {
  for (const origin of mapsAt(operation.inputs, "origins")) {
    const id = textAt(origin, "originAccessControlId");
    if (id === undefined) continue;
    const control = findBy(inAccount(operation, ACCESS_CONTROL), id, "id");
    const name = textAt(origin, "originId") ?? "";
    if (control === undefined)
      return new Refusal(
        "InvalidOriginAccessControl",
        `The origin access control ${id} of origin ${name} does not exist.`,
      );
    const domain = textAt(origin, "domainName") ?? "";
    const s3 = /\.s3[.-]/.test(domain) && !domain.includes("s3-website");
    if (textAt(control.inputs, "originAccessControlOriginType") === "s3" && !s3)
      return new Refusal(
        "InvalidOriginAccessControl",
        `The origin access control ${id} is for S3, and ${domain} of origin ${name} is not a bucket's address.`,
      );
  }
  return undefined;
}

/** The certificate must be in us-east-1, exist, be issued, and have every alias among its names. */
function certificateRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world, location } = operation;
  const arn = textAt(mapAt(inputs, "viewerCertificate"), "acmCertificateArn");
  if (arn === undefined) return undefined;
  const found = elsewhere(world, [CERTIFICATE], arn, "arn");
  if (parseArn(arn)?.region !== "us-east-1" || found?.location.account !== location.account || !isIssued(world, found))
    return new Refusal(
      "InvalidViewerCertificate",
      `The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain: ${arn}`,
    );
  const names = [valueOf(found, "domainName") ?? "", ...textsAt(found.inputs, "subjectAlternativeNames")];
  const bare = textsAt(inputs, "aliases").find((alias) => !names.some((name) => covers(name, alias)));
  return bare === undefined
    ? undefined
    : new Refusal(
        "InvalidViewerCertificate",
        `The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add: ${bare} (it has ${names.join(", ")})`,
      );
}

/** `*.example.com` covers one label. */
const covers = (name: string, alias: string): boolean =>
  name.toLowerCase() === alias.toLowerCase() ||
  (name.startsWith("*.") && alias.toLowerCase().replace(/^[^.]+/, "*") === name.toLowerCase());

function aliasRefusal(operation: Operation): Refusal | undefined {
  const mine = textsAt(operation.inputs, "aliases").map((alias) => alias.toLowerCase());
  const rival = operation.world
    .all(DISTRIBUTION)
    .filter((one) => one.id !== operation.existing?.id)
    .find((one) => textsAt(one.inputs, "aliases").some((alias) => mine.includes(alias.toLowerCase())));
  return rival === undefined
    ? undefined
    : new Refusal(
        "CNAMEAlreadyExists",
        `One or more of the CNAMEs you provided are already associated with a different resource: ${mine.join(", ")}`,
      );
}

/** A web ACL is one of WAF in us-east-1 for CloudFront, by its ARN; one of the older WAF is named by its id. */
function firewallRefusal(operation: Operation): Refusal | undefined {
  const name = textAt(operation.inputs, "webAclId");
  if (!name?.startsWith("arn:")) return undefined;
  const found = findBy(inAccount(operation, "aws:wafv2/webAcl:WebAcl"), name, "arn");
  return found !== undefined && textAt(found.inputs, "scope") === "CLOUDFRONT"
    ? undefined
    : new Refusal(
        "InvalidWebACLId",
        `Web ACL is not accessible by the requester: ${name} must exist in us-east-1 with scope CLOUDFRONT`,
      );
}

function loggingRefusal({ inputs, world }: Operation): Refusal | undefined {
  const address = textAt(mapAt(inputs, "loggingConfig"), "bucket");
  const name = /^(.+)\.s3[.-]/.exec(address ?? "")?.[1];
  if (address === undefined) return undefined;
  const target = name === undefined ? undefined : elsewhere(world, ["aws:s3/bucket:Bucket"], name, "bucket");
  if (target === undefined)
    return new Refusal(
      "InvalidArgument",
      `The parameter Logging Bucket does not refer to a valid S3 bucket: ${address}`,
    );
  const controls = world
    .all("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
    .find((one) => textAt(one.inputs, "bucket") === name);
  const ownership = textAt(mapAt(controls?.inputs ?? {}, "rule"), "objectOwnership") ?? "BucketOwnerEnforced";
  return ownership === "BucketOwnerEnforced"
    ? new Refusal(
        "InvalidArgument",
        `The S3 bucket that you specified for CloudFront logs does not enable ACL access: ${address}`,
      )
    : undefined;
}

const distribution: ResourceRules = {
  check: (inputs) => [
    ...behaviourFailures(inputs),
    ...originFailures(inputs),
    ...certificateFailures(inputs),
    ...distributionFailures(inputs),
  ],
  refuseCreate: distributionRefusal,
  refuseUpdate: distributionRefusal,
  id: shortId,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "cloudfront", `distribution/${id}`),
    callerReference: `terraform-2025010100000000${operation.hex("caller", 10)}`,
    domainName: `d${letters(operation.hex("domain", 26), UPPER_AND_DIGITS).toLowerCase()}.cloudfront.net`,
    etag: etagOf(operation),
    hostedZoneId: HOSTED_ZONE,
    inProgressValidationBatches: 0,
    lastModifiedTime: "2025-01-01 00:00:00 +0000 UTC",
    loggingV1Enabled: operation.inputs["loggingConfig"] !== undefined,
    status: "Deployed",
    trustedKeyGroups: [trusted(operation.inputs, "trustedKeyGroups")],
    trustedSigners: [trusted(operation.inputs, "trustedSigners")],
  }),
};

const trusted = (inputs: Properties, property: string): Properties => ({
  enabled: behaviours(inputs).some(({ behaviour }) => listAt(behaviour, property).length > 0),
  items: [],
});

/** Distributions of the account that name the value in any behaviour or origin. */
function usersOf(operation: Operation, paths: readonly string[], value: string): CloudResource[] {
  return inAccount(operation, DISTRIBUTION).filter(({ inputs }) =>
    paths.some((path) => textsUnder(inputs, path).some(({ text }) => text === value)),
  );
}

const inBehaviours = (path: string): string[] => [`defaultCacheBehavior.${path}`, `orderedCacheBehaviors[].${path}`];

interface Named {
  readonly type: string;
  readonly code: string;
  readonly word: string;
  /** Where distributions name it, and by which of its values. */
  readonly paths: readonly string[];
  readonly by: "id" | "arn";
  readonly kind: string;
}

/** What the four kinds of policies, access controls, and functions have in common. */
function shared({ type, code, word, paths, by }: Named): ResourceRules {
  return {
    unique: [
      {
        property: "name",
        within: "account",
        refuse: (name) => new Refusal(`${code}AlreadyExists`, `${word} with the name ${name} already exists.`),
      },
    ],
    refuseDelete(operation) {
      const own = operation.existing;
      const users = own === undefined ? [] : usersOf(operation, paths, valueOf(own, by) ?? own.id);
      return users.length === 0
        ? undefined
        : new Refusal(
            `${code}InUse`,
            `Cannot delete the ${word.toLowerCase()} because it is attached to one or more cache behaviors or origins: ${users
              .map(({ id }) => id)
              .join(", ")}.`,
          );
    },
    refuseCreate: (operation) => nameTaken(operation, type, code, word),
  };
}

/** Names are unique whether they were given or made. */
function nameTaken(operation: Operation, type: string, code: string, word: string): Refusal | undefined {
  const name = textAt(operation.inputs, "name");
  const managed = [MANAGED_CACHE_POLICIES, MANAGED_ORIGIN_REQUEST_POLICIES, MANAGED_RESPONSE_HEADERS_POLICIES];
  const reserved = name !== undefined && type !== FUNCTION && managed.some((table) => name in table);
  return reserved ? new Refusal(`${code}AlreadyExists`, `${word} with the name ${name} already exists.`) : undefined;
}

const policyRules = (named: Named, check?: (inputs: Properties) => CheckFailure[]): ResourceRules => ({
  ...shared(named),
  autoName: { property: "name", maxLength: 128 },
  ...(check === undefined ? {} : { check }),
  id: (operation) => uuid(operation.hex("id", 32)),
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "cloudfront", `${named.kind}/${id}`),
    etag: etagOf(operation),
  }),
});

const cachePolicy = policyRules(
  {
    type: CACHE_POLICY,
    code: "CachePolicy",
    word: "Cache policy",
    paths: inBehaviours("cachePolicyId"),
    by: "id",
    kind: "cache-policy",
  },
  (inputs) => {
    const least = numberAt(inputs, "minTtl") ?? 0;
    const usual = numberAt(inputs, "defaultTtl") ?? 86_400;
    const most = numberAt(inputs, "maxTtl") ?? 31_536_000;
    return least > usual || usual > most
      ? [
          {
            property: "defaultTtl",
            reason: `InvalidArgument: minTtl (${least}) <= defaultTtl (${usual}) <= maxTtl (${most}) must hold`,
          },
        ]
      : cachePolicyFailures(inputs);
  },
);

const originRequestPolicy = policyRules({
  type: ORIGIN_REQUEST_POLICY,
  code: "OriginRequestPolicy",
  word: "Origin request policy",
  paths: inBehaviours("originRequestPolicyId"),
  by: "id",
  kind: "origin-request-policy",
});

const HEADER_GROUPS = [
  "corsConfig",
  "customHeadersConfig",
  "removeHeadersConfig",
  "securityHeadersConfig",
  "serverTimingHeadersConfig",
];

const responseHeadersPolicy = policyRules(
  {
    type: RESPONSE_HEADERS_POLICY,
    code: "ResponseHeadersPolicy",
    word: "Response headers policy",
    paths: inBehaviours("responseHeadersPolicyId"),
    by: "id",
    kind: "response-headers-policy",
  },
  (inputs) => {
    const cors = mapAt(inputs, "corsConfig");
    const origins = textsAt(mapAt(cors, "accessControlAllowOrigins"), "items");
    return [
      ...customHeaderFailures(inputs),
      ...(HEADER_GROUPS.some((property) => inputs[property] !== undefined)
        ? []
        : [{ property: "corsConfig", reason: `one of ${HEADER_GROUPS.join(", ")} must be given` }]),
      ...(flagAt(cors, "accessControlAllowCredentials") === true && origins.includes("*")
        ? [
            {
              property: "corsConfig.accessControlAllowOrigins",
              reason: "InvalidArgument: with accessControlAllowCredentials the origins may not be *",
            },
          ]
        : []),
    ];
  },
);

const CONTROL: Named = {
  type: ACCESS_CONTROL,
  code: "OriginAccessControl",
  word: "Origin access control",
  paths: ["origins[].originAccessControlId"],
  by: "id",
  kind: "origin-access-control",
};

const originAccessControl: ResourceRules = {
  ...shared(CONTROL),
  autoName: { property: "name", maxLength: 64 },
  id: shortId,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "cloudfront", `${CONTROL.kind}/${id}`),
    etag: etagOf(operation),
  }),
};

const MAX_CODE = 40_960;

const edgeFunction: ResourceRules = {
  ...shared({
    type: FUNCTION,
    code: "Function",
    word: "Function",
    paths: inBehaviours("functionAssociations[].functionArn"),
    by: "arn",
    kind: "function",
  }),
  autoName: { property: "name", maxLength: 64 },
  check(inputs) {
    const [name, code] = [textAt(inputs, "name"), textAt(inputs, "code")];
    return [
      ...(name !== undefined && !/^[a-zA-Z0-9_-]{1,64}$/.test(name)
        ? [{ property: "name", reason: "InvalidArgument: 1 to 64 letters, digits, hyphens, and underscores" }]
        : []),
      ...(code !== undefined && Buffer.byteLength(code) > MAX_CODE
        ? [
            {
              property: "code",
              reason: `FunctionSizeLimitExceeded: at most ${MAX_CODE} bytes, got ${Buffer.byteLength(code)}`,
            },
          ]
        : []),
    ];
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "cloudfront", `function/${id}`),
    etag: etagOf(operation),
    liveStageEtag: flagAt(operation.inputs, "publish") === false ? "" : etagOf(operation),
    status: flagAt(operation.inputs, "publish") === false ? "UNPUBLISHED" : "UNASSOCIATED",
  }),
};

const originAccessIdentity: ResourceRules = {
  id: shortId,
  computed: (operation, id) => ({
    arn: globalArn(operation.location, "cloudfront", `origin-access-identity/${id}`),
    callerReference: `terraform-2025010100000000${operation.hex("caller", 10)}`,
    cloudfrontAccessIdentityPath: `origin-access-identity/cloudfront/${id}`,
    etag: etagOf(operation),
    iamArn: `arn:${operation.location.partition}:iam::cloudfront:user/CloudFront Origin Access Identity ${id}`,
    s3CanonicalUserId: operation.hex("canonical", 96),
  }),
};

const publicKey: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  id: (operation) => `K${letters(operation.hex("id", 26), UPPER_AND_DIGITS)}`,
  check: (inputs) => {
    const key = textAt(inputs, "encodedKey");
    return key === undefined || /^-----BEGIN PUBLIC KEY-----\n[\s\S]+\n-----END PUBLIC KEY-----\s*$/.test(key)
      ? []
      : [{ property: "encodedKey", reason: "InvalidArgument: must be a PEM public key (BEGIN PUBLIC KEY)" }];
  },
  computed: (operation) => ({ callerReference: operation.hex("caller", 20), etag: etagOf(operation) }),
};

const keyGroup: ResourceRules = {
  autoName: { property: "name", maxLength: 128 },
  references: [
    {
      property: "items[]",
      types: [PUBLIC_KEY],
      by: "id",
      within: "account",
      refuse: (id) => new Refusal("InvalidArgument", `The public key ${id} does not exist.`),
    },
  ],
  id: (operation) => uuid(operation.hex("id", 32)),
  computed: (operation) => ({ etag: etagOf(operation) }),
};

/** A policy by id or name: AWS's own or the account's. */
function policyLookup(type: string, kind: string, managed: Readonly<Record<string, string>>, code: string) {
  return (args: Properties, context: Parameters<Invoke>[1]): Properties => {
    const { location, world } = context;
    const [id, name] = [textAt(args, "id"), textAt(args, "name")];
    const own = world
      .all(type)
      .find(
        (one) =>
          one.location.account === location.account &&
          (id === undefined ? valueOf(one, "name") === name : one.id === id),
      );
    const [managedName, managedId] =
      Object.entries(managed).find(([key, value]) => (id === undefined ? key === name : value === id)) ?? [];
    const found = own?.id ?? managedId;
    if (found === undefined)
      throw new Refusal(code, `no policy ${id ?? name ?? ""}; AWS's own are ${Object.keys(managed).join(", ")}`);
    return {
      arn: `arn:${location.partition}:cloudfront::${own === undefined ? "" : location.account}:${kind}/${found}`,
      comment: textAt(own?.outputs ?? {}, "comment") ?? "",
      etag: textAt(own?.outputs ?? {}, "etag") ?? "E23ZP02F085DFQ",
      id: found,
      name: (own === undefined ? managedName : valueOf(own, "name")) ?? "",
    };
  };
}

const cachePolicyLookup = policyLookup(CACHE_POLICY, "cache-policy", MANAGED_CACHE_POLICIES, "NoSuchCachePolicy");

const getCachePolicy: Invoke = (args, context) => {
  const found = cachePolicyLookup(args, context);
  const own = context.world.byId(CACHE_POLICY, textAt(found, "id") ?? "");
  const [minTtl, defaultTtl, maxTtl] = MANAGED_TTLS[textAt(found, "name") ?? ""] ?? [0, 86_400, 31_536_000];
  const parameters = own?.inputs["parametersInCacheKeyAndForwardedToOrigin"];
  return {
    ...found,
    minTtl: numberAt(own?.inputs ?? {}, "minTtl") ?? minTtl,
    defaultTtl: numberAt(own?.inputs ?? {}, "defaultTtl") ?? defaultTtl,
    maxTtl: numberAt(own?.inputs ?? {}, "maxTtl") ?? maxTtl,
    parametersInCacheKeyAndForwardedToOrigins: parameters === undefined ? [] : [parameters],
  };
};

const lookups = {
  "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": (args, context) => ({
    ...policyLookup(
      ORIGIN_REQUEST_POLICY,
      "origin-request-policy",
      MANAGED_ORIGIN_REQUEST_POLICIES,
      "NoSuchOriginRequestPolicy",
    )(args, context),
    cookiesConfigs: [],
    headersConfigs: [],
    queryStringsConfigs: [],
  }),
  "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": (args, context) => ({
    ...policyLookup(
      RESPONSE_HEADERS_POLICY,
      "response-headers-policy",
      MANAGED_RESPONSE_HEADERS_POLICIES,
      "NoSuchResponseHeadersPolicy",
    )(args, context),
    corsConfigs: [],
    customHeadersConfigs: [],
    removeHeadersConfigs: [],
    securityHeadersConfigs: [],
    serverTimingHeadersConfigs: [],
  }),
  // The canonical user that writes CloudFront's standard logs. Source: the CloudFront developer guide.
  "aws:cloudfront/getLogDeliveryCanonicalUserId:getLogDeliveryCanonicalUserId": (args) => ({
    ...args,
    id: "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
  }),
} satisfies Record<string, Invoke>;

export const cloudfront: Service = {
  resources: {
    [DISTRIBUTION]: distribution,
    [ACCESS_CONTROL]: originAccessControl,
    [CACHE_POLICY]: cachePolicy,
    [ORIGIN_REQUEST_POLICY]: originRequestPolicy,
    [RESPONSE_HEADERS_POLICY]: responseHeadersPolicy,
    [FUNCTION]: edgeFunction,
    "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": originAccessIdentity,
    [PUBLIC_KEY]: publicKey,
    [KEY_GROUP]: keyGroup,
  },
  invokes: { "aws:cloudfront/getCachePolicy:getCachePolicy": getCachePolicy, ...lookups },
};
