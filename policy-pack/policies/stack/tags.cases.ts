import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const rule = "required-tags";

const { Service: _service, ...withoutService } = tags;

const key = (props: Sent["props"], provider?: Sent["provider"]): Sent => ({
  type: "aws:kms/key:Key",
  props,
  ...(provider === undefined ? {} : { provider }),
});
const group = (list: Json): Sent => ({
  type: "aws:autoscaling/group:Group",
  props: { tags: list },
  provider: { defaultTags: { tags } },
});

const VALUES = "tags-values-allowed";
const PROVIDER = "tags-provider-defaults";
const ATLAS = "tags-atlas-complete";

const provider = (props: Sent["props"]): Sent => ({ type: "pulumi:providers:aws", props });
const cluster = (given: Json): Sent => ({
  type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
  props: { name: "data", tags: given },
});

export const cases: readonly Case[] = [
  { rule, when: "the resource carries them", given: key({ tags }), result: "passes" },
  { rule, when: "the provider's Check has merged them", given: key({ tagsAll: tags }), result: "passes" },
  {
    rule,
    when: "an explicit provider carries them",
    given: key({}, { defaultTags: JSON.stringify({ tags }) }),
    result: "passes",
  },
  { rule, when: "a default provider carries them", given: key({}, { defaultTags: { tags } }), result: "passes" },
  {
    rule,
    when: "provider and resource share them",
    given: key({ tags: { Service: "secrets" } }, { defaultTags: JSON.stringify({ tags: withoutService }) }),
    result: "passes",
  },
  {
    rule,
    when: "the resource empties one that the provider carries",
    given: key({ tags: { Service: "" } }, { defaultTags: JSON.stringify({ tags }) }),
    result: [/tags: Service is missing or empty/],
  },
  {
    rule,
    when: "nothing carries them",
    given: key({}),
    result: [
      /tags: Project, Environment, Service, Owner, CostCenter, ManagedBy, Stack are missing or empty\..*Fix: give the resource the environment's provider/,
    ],
  },
  {
    rule,
    when: "those are missing that the stack's name tells",
    given: key({ tags: { Service: "secrets", Owner: "platform", CostCenter: "engineering" } }),
    result: [/tags: Project, Environment, ManagedBy, Stack are missing or empty/],
  },
  {
    rule,
    when: "the configuration says what a remediation sets",
    given: key({ tags: { Service: "secrets" } }),
    config: { missing: { Owner: "platform", CostCenter: "engineering" } },
    result: [/tags: Project, Environment, Owner, CostCenter, ManagedBy, Stack are missing or empty/],
  },
  { rule, when: "one is missing", given: key({ tags: withoutService }), result: [/tags: Service is missing or empty/] },
  {
    rule,
    when: "one is empty",
    given: key({ tags: { ...tags, Owner: " " } }),
    result: [/tags: Owner is missing or empty/],
  },
  { rule, when: "one value is unknown", given: key({ tags: { ...tags, Owner: UNKNOWN } }), result: "passes" },
  {
    rule,
    when: "one value is unknown and another is missing",
    given: key({ tags: { ...withoutService, Owner: UNKNOWN } }),
    result: [/tags: Service is missing/],
  },
  { rule, when: "all tags are unknown", given: key({ tags: UNKNOWN }), result: "waits" },
  {
    rule,
    when: "the provider's tags are unknown",
    given: key({ tags: {} }, { defaultTags: UNKNOWN }),
    result: "waits",
  },
  {
    rule,
    when: "the type cannot carry tags",
    given: { type: "aws:kms/alias:Alias", props: { name: "alias/x" } },
    result: "passes",
  },
  {
    rule,
    when: "the type is another package's",
    given: { type: "random:index/randomId:RandomId", props: { byteLength: 2 } },
    result: "passes",
  },
  {
    rule,
    when: "default tags do not reach the type",
    given: group([{ key: "Project", value: "groundwork", propagateAtLaunch: true }]),
    result: [/tags: Environment, Service, .*default tags do not reach this type/],
  },
  {
    rule,
    when: "a list carries them",
    given: group(Object.entries(tags).map(([name, value]) => ({ key: name, value, propagateAtLaunch: true }))),
    result: "passes",
  },
  {
    rule,
    when: "the configuration asks for one key alone",
    given: key({ tags: { Owner: "platform" } }),
    result: "passes",
    config: { tags: ["Owner"] },
  },

  { rule: VALUES, when: "they have the agreed forms", given: key({ tags }), result: "passes" },
  {
    rule: VALUES,
    when: "one is a placeholder and another is not in lower case",
    given: key({ tags: { ...tags, Owner: "TODO", CostCenter: "n-a", Service: "Media" } }),
    result: [
      /tags\.Owner: it is "TODO"/,
      /tags\.CostCenter: it is "n-a"/,
      /tags\.Service: it is "Media".*Fix: set tags\.Service/,
    ],
  },
  {
    rule: VALUES,
    when: "another tool claims the resource",
    given: key({ tags: { ...tags, ManagedBy: "terraform" } }),
    result: [/tags\.ManagedBy: it is "terraform"/],
  },
  { rule: VALUES, when: "a tag is absent, which is another rule's matter", given: key({ tags: {} }), result: "passes" },
  {
    rule: VALUES,
    when: "one is unknown and another is wrong",
    given: key({ tags: { ...tags, Owner: UNKNOWN, ManagedBy: "hand" } }),
    result: [/tags\.ManagedBy: it is "hand"/],
  },
  { rule: VALUES, when: "one is unknown", given: key({ tags: { ...tags, Owner: UNKNOWN } }), result: "waits" },
  {
    rule: VALUES,
    when: "the provider gives the wrong one",
    given: key({}, { defaultTags: JSON.stringify({ tags: { ...tags, Owner: "unknown" } }) }),
    result: [/tags\.Owner: it is "unknown"/],
  },
  {
    rule: VALUES,
    when: "a list holds the wrong one",
    given: group([{ key: "Owner", value: "tbd", propagateAtLaunch: true }]),
    result: [/tags\.Owner: it is "tbd"/],
  },
  {
    rule: VALUES,
    when: "the environment agreed on other values",
    given: key({ tags: { ...tags, CostCenter: "cc-17" } }),
    result: [/tags\.CostCenter: it is "cc-17".*matches \^\(1\|2\)\$/],
    config: { values: { CostCenter: "^(1|2)$" } },
  },

  {
    rule: PROVIDER,
    when: "it gives them all",
    given: provider({ defaultTags: JSON.stringify({ tags }) }),
    result: "passes",
  },
  {
    rule: PROVIDER,
    when: "one is missing",
    given: provider({ defaultTags: JSON.stringify({ tags: withoutService }) }),
    result: [/defaultTags: Service is missing or empty/],
  },
  {
    rule: PROVIDER,
    when: "it has none",
    given: provider({ region: "us-east-1" }),
    result: [/defaultTags: Project, Environment/],
  },
  {
    rule: PROVIDER,
    when: "they are unknown",
    given: provider({ defaultTags: UNKNOWN }),
    result: [/defaultTags: its value is not known/],
  },

  { rule: ATLAS, when: "a map carries them", given: cluster(tags), result: "passes" },
  {
    rule: ATLAS,
    when: "a list carries them",
    given: cluster(Object.entries(tags).map(([name, value]) => ({ key: name, value }))),
    result: "passes",
  },
  {
    rule: ATLAS,
    when: "one is missing",
    given: cluster(withoutService),
    result: [/tags: Service is missing or empty/],
  },
  {
    rule: ATLAS,
    when: "nothing carries them",
    given: { type: "mongodbatlas:index/project:Project", props: { name: "p" } },
    result: [/tags: Project, Environment/],
  },
  { rule: ATLAS, when: "they are unknown", given: cluster(UNKNOWN), result: "waits" },
];
