import { UNKNOWN, type Json, type Sent } from "../test/analyzer.ts";
import { TAGS as tags, type Case } from "../test/case.ts";

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
];
