import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const TAGS = "environment-tags-own";
const NAMES = "environment-names-own";
const READS = "environment-stack-reference-allowed";
const REGION = "environment-region-allowed";
const PROVIDER_REGION = "environment-provider-region";
const CREDENTIALS = "environment-provider-no-credentials";
const PREVIEW = "preview-login";

const key = (given: Json, stack = "staging"): Sent => ({ type: "aws:kms/key:Key", stack, props: { tags: given } });
const test = (given: Json): Sent => ({ type: "datadog:index/syntheticsTest:SyntheticsTest", props: { tags: given } });
const parameter = (value: Json, stack = "staging"): Sent => ({
  type: "aws:ssm/parameter:Parameter",
  stack,
  props: { name: "p", value },
});
const monitor = (query: Json, stack = "staging"): Sent => ({
  type: "datadog:index/monitor:Monitor",
  stack,
  props: { name: "m", query, tags: ["env:production"] },
});
const reads = (name: Json, stack = PREVIEW): Sent[] => [
  { type: "pulumi:pulumi:StackReference", name: "other", stack, props: { name } },
];
const provider = (props: Sent["props"], type = "aws"): Sent => ({ type: `pulumi:providers:${type}`, props });
const queue = (region: Json): Sent => ({ type: "aws:sqs/queue:Queue", props: { region } });
const cluster = (regionName: Json): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  props: { replicationSpecs: [{ regionConfigs: [{ regionName }] }] },
});

export const cases: readonly Case[] = [
  { rule: TAGS, when: "they are the stack's", given: key(tags), result: "passes" },
  {
    rule: TAGS,
    when: "a preview has those of a preview",
    given: key({ ...tags, Environment: "preview", Stack: PREVIEW }, PREVIEW),
    result: "passes",
  },
  {
    rule: TAGS,
    when: "a preview calls itself staging",
    given: key({ ...tags, Stack: PREVIEW }, PREVIEW),
    result: [
      /tags\.Environment: it is "staging" in a stack whose is "preview".*Fix: set tags\.Environment to "preview"/,
    ],
  },
  {
    rule: TAGS,
    when: "all three are another's",
    given: key({ ...tags, Environment: "production", Stack: "production", Project: "other" }),
    result: [
      /tags\.Environment: it is "production"/,
      /tags\.Stack: it is "production"/,
      /tags\.Project: it is "other"/,
    ],
  },
  {
    rule: TAGS,
    when: "the provider's are another's",
    given: {
      ...key({}),
      provider: { defaultTags: JSON.stringify({ tags: { ...tags, Environment: "production" } }) },
    },
    result: [/tags\.Environment: it is "production"/],
  },
  { rule: TAGS, when: "they are absent, which is another rule's matter", given: key({}), result: "passes" },
  {
    rule: TAGS,
    when: "one is unknown and another is wrong",
    given: key({ Environment: UNKNOWN, Stack: "production" }),
    result: [/tags\.Stack/],
  },
  { rule: TAGS, when: "one is unknown", given: key({ ...tags, Environment: UNKNOWN }), result: "waits" },
  {
    rule: TAGS,
    when: "Datadog's are the stack's",
    given: test(["env:staging", "environment:staging", "stack:staging", "service:api"]),
    result: "passes",
  },
  {
    rule: TAGS,
    when: "one of two in Datadog is another's",
    given: test(["env:production", "env:staging"]),
    result: [/tags\.env: it is "production"/],
  },
  {
    rule: TAGS,
    when: "an Atlas project's is another's",
    given: { type: "mongodbatlas:index/project:Project", props: { tags: { ...tags, Environment: "production" } } },
    result: [/tags\.Environment/],
  },
  {
    rule: TAGS,
    when: "an Atlas project has none of them",
    given: { type: "mongodbatlas:index/project:Project", props: { tags: { Owner: "platform" } } },
    result: "passes",
  },
  {
    rule: TAGS,
    when: "the type carries no tags",
    given: { type: "aws:kms/alias:Alias", props: { tags: { Environment: "production" } } },
    result: "passes",
  },

  { rule: NAMES, when: "it names its own", given: parameter("groundwork-staging-api-1a2b3c4"), result: "passes" },
  {
    rule: NAMES,
    when: "it names production's",
    given: parameter("groundwork-production-api-1a2b3c4"),
    result: [/value: it names something of production.*Fix: name the resource of staging instead/],
  },
  {
    rule: NAMES,
    when: "an ARN in a document does, with another separator and in capitals",
    given: parameter(JSON.stringify({ Resource: ["arn:aws:s3:::Groundwork_PRODUCTION/*"] })),
    result: [/value: it names something of production/],
  },
  {
    rule: NAMES,
    when: "it is a name that was cut short",
    given: parameter("groundwork-produc-ea3df6-default"),
    result: [/production/],
  },
  {
    rule: NAMES,
    when: "what is left of the environment could be its own",
    given: parameter("groundwork-pr-2614e3-alb", PREVIEW),
    result: "passes",
  },
  {
    rule: NAMES,
    when: "a preview names staging's",
    given: parameter("groundwork-staging-cache", PREVIEW),
    result: "passes",
  },
  { rule: NAMES, when: "staging names its previews", given: parameter("/groundwork-preview-*"), result: "passes" },
  {
    rule: NAMES,
    when: "production names a preview",
    given: parameter("groundwork-preview-login", "production"),
    result: [/it names something of preview/],
  },
  { rule: NAMES, when: "it is a longer word", given: parameter("groundwork-productions"), result: "passes" },
  { rule: NAMES, when: "it is the word alone", given: parameter("production"), result: "passes" },
  { rule: NAMES, when: "it is another project's", given: parameter("mygroundwork-production-api"), result: "passes" },
  {
    rule: NAMES,
    when: "a value beside an unknown one does",
    given: { ...parameter("groundwork-production-api"), props: { name: UNKNOWN, value: "groundwork-production-api" } },
    result: [/value: it names something of production/],
  },
  { rule: NAMES, when: "it is unknown", given: parameter(UNKNOWN), result: "waits" },
  { rule: NAMES, when: "it is absent", given: { ...parameter(""), props: { name: "p" } }, result: "passes" },
  {
    rule: NAMES,
    when: "a monitor asks about production",
    given: monitor("avg(last_5m):avg:system.cpu{service:api,env:production} > 1"),
    result: [/query: it names something of production/],
  },
  {
    rule: NAMES,
    when: "a monitor asks about its own environment",
    given: monitor("avg(last_5m):avg:system.cpu{service:api,env:staging} > 1"),
    result: "passes",
  },
  {
    rule: NAMES,
    when: "a monitor has no query",
    given: { ...monitor(""), props: { name: "m" } },
    result: "passes",
  },
  {
    rule: NAMES,
    when: "the project has other environments",
    given: parameter("groundwork-qa-api"),
    result: [/it names something of qa/],
    config: { environments: ["staging", "qa"] },
  },

  { rule: READS, when: "a preview reads staging", given: reads("org/groundwork/staging"), result: "passes" },
  {
    rule: READS,
    when: "a preview reads production",
    given: reads("org/groundwork/production"),
    result: [/name: preview reads outputs of "production".*read a stack of staging/],
  },
  { rule: READS, when: "a preview reads another preview", given: reads("preview-cart"), result: [/preview-cart/] },
  { rule: READS, when: "staging reads production", given: reads("production", "staging"), result: [/staging reads/] },
  {
    rule: READS,
    when: "production reads staging",
    given: reads("staging", "production"),
    result: [/production reads/],
  },
  { rule: READS, when: "it is not known which", given: reads(UNKNOWN), result: [/name: nothing says which stack/] },
  {
    rule: READS,
    when: "it is absent",
    given: [{ type: "pulumi:pulumi:StackReference", name: "other", props: {} }],
    result: [/name: nothing says which stack/],
  },
  {
    rule: READS,
    when: "production may read a stack of its own account",
    given: reads("shared", "production"),
    result: "passes",
    config: { shared: { production: ["shared"] } },
  },

  { rule: REGION, when: "it is one of them", given: queue("us-west-2"), result: "passes" },
  { rule: REGION, when: "it is the provider's", given: { ...queue(""), props: {} }, result: "passes" },
  {
    rule: REGION,
    when: "it is another",
    given: queue("eu-central-1"),
    result: [/region: it is "eu-central-1".*Fix: set region to us-east-1 or us-west-2/],
  },
  { rule: REGION, when: "it is unknown", given: queue(UNKNOWN), result: "waits" },
  { rule: REGION, when: "Atlas spells one of them", given: cluster("US_EAST_1"), result: "passes" },
  {
    rule: REGION,
    when: "Atlas has another",
    given: cluster("AP_SOUTH_1"),
    result: [/replicationSpecs\[0\]\.regionConfigs\[0\]\.regionName: it is "AP_SOUTH_1"/],
  },
  {
    rule: REGION,
    when: "a copy of a secret is elsewhere",
    given: {
      type: "aws:secretsmanager/secret:Secret",
      props: { region: "us-east-1", replicas: [{ region: "us-west-2" }, { region: "sa-east-1" }] },
    },
    result: [/replicas\[1\]\.region: it is "sa-east-1"/],
  },
  {
    rule: REGION,
    when: "the environment has others",
    given: queue("us-east-1"),
    result: [/set region to eu-west-1/],
    config: { regions: ["eu-west-1"] },
  },

  { rule: PROVIDER_REGION, when: "it is one of them", given: provider({ region: "us-east-1" }), result: "passes" },
  {
    rule: PROVIDER_REGION,
    when: "it is another",
    given: provider({ region: "eu-west-3" }),
    result: [/region: it is "eu-west-3"/],
  },
  { rule: PROVIDER_REGION, when: "it is absent", given: provider({}), result: [/region: it is not set/] },
  {
    rule: PROVIDER_REGION,
    when: "it is unknown",
    given: provider({ region: UNKNOWN }),
    result: [/region: its value is not known/],
  },

  { rule: CREDENTIALS, when: "there are none", given: provider({ region: "us-east-1" }), result: "passes" },
  {
    rule: CREDENTIALS,
    when: "AWS keys stand there",
    given: provider({ accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI" }),
    result: [/accessKey: it stands in the program's inputs/, /secretKey.*Fix: remove secretKey/],
  },
  { rule: CREDENTIALS, when: "Cloudflare has none", given: provider({}, "cloudflare"), result: "passes" },
  {
    rule: CREDENTIALS,
    when: "a token of Cloudflare does, and is unknown",
    given: provider({ apiToken: UNKNOWN }, "cloudflare"),
    result: [/apiToken: it stands in/],
  },
  {
    rule: CREDENTIALS,
    when: "Datadog's is empty",
    given: provider({ apiKey: "", apiUrl: "https://a/" }, "datadog"),
    result: "passes",
  },
  {
    rule: CREDENTIALS,
    when: "the input is not a provider's",
    given: { type: "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration", props: { apiKey: "k" } },
    result: "passes",
  },

  ...[
    "groundworkStaging",
    "groundwork.staging.media",
    "groundwork-media-staging",
    "staging-groundwork-media",
    "https://staging.example.org/cart",
    "postgres://app@db.staging.internal:5432/shop",
    "api-staging.example.org",
  ].map((value): Case => ({
    rule: NAMES,
    when: `it is ${value}`,
    given: parameter(value, "production"),
    result: [/value: it names something of staging/],
  })),
  ...[
    '{"NODE_ENV":"production"}',
    "a production-grade setting of groundwork, as production has",
    "/production/index.html",
    "production",
    "pre-production.example.org",
    "preproduction.example.org",
    "config/production.json",
    "src/app.production.config.ts",
    "see https://example.org/docs/production. groundwork is a project",
  ].map((value): Case => ({ rule: NAMES, when: `it is ${value}`, given: parameter(value), result: "passes" })),
  ...['env:"production"', "env IN (staging,production)", "env:(staging OR production)", "env:prod*"].map(
    (filter): Case => ({
      rule: NAMES,
      when: `a query asks for ${filter}`,
      given: monitor(`avg(last_5m):avg:trace.hits{${filter}} > 1`),
      result: [/query: it names something of production/],
    }),
  ),
  ...["!env:production", "env:*", "env IN (staging)", "env:staging OR phase:production"].map((filter): Case => ({
    rule: NAMES,
    when: `a query asks for ${filter}`,
    given: monitor(`avg(last_5m):avg:trace.hits{${filter}} > 1`),
    result: "passes",
  })),
];
