import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { cidrProblem } from "../cidr.ts";
import { listAt, mapsAt, numberAt, textAt, textsAt } from "../fields.ts";
import { type Invoke, type InvokeContext, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { ec2Id } from "./ec2-vpc.ts";
import { findBy, here, type Holder, holders, reference, samePlace, valueOf } from "./lookup.ts";
import { awsPrefixLists } from "./prefix-lists.ts";

const LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";
const ENTRY = "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry";

/** What names a list, so that it cannot be deleted. */
const LIST_USERS: readonly Holder[] = [
  { type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", path: "prefixListId" },
  { type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", path: "prefixListId" },
  { type: "aws:ec2/securityGroupRule:SecurityGroupRule", path: "prefixListIds[]" },
  { type: "aws:ec2/securityGroup:SecurityGroup", path: "ingress[].prefixListIds[]" },
  { type: "aws:ec2/securityGroup:SecurityGroup", path: "egress[].prefixListIds[]" },
  { type: "aws:ec2/route:Route", path: "destinationPrefixListId" },
];

const tooMany = (): Refusal =>
  new Refusal("PrefixListMaxEntriesExceeded", "You've reached the maximum number of entries for the prefix list.");

function entriesRefusal({ inputs }: Operation): Refusal | undefined {
  const cidrs = mapsAt(inputs, "entries").map((entry) => textAt(entry, "cidr"));
  if (cidrs.length > (numberAt(inputs, "maxEntries") ?? Infinity)) return tooMany();
  return new Set(cidrs).size < cidrs.length
    ? new Refusal("DuplicatePrefixListEntry", "The prefix list has the same CIDR more than once.")
    : undefined;
}

const list: ResourceRules = {
  autoName: { property: "name", maxLength: 255 },
  check(inputs) {
    const family = textAt(inputs, "addressFamily") === "IPv6" ? 6 : 4;
    const failures = mapsAt(inputs, "entries").flatMap((entry, index) => {
      const cidr = textAt(entry, "cidr");
      const reason = cidr === undefined ? undefined : cidrProblem(cidr, family);
      return reason === undefined ? [] : [{ property: `entries[${index}].cidr`, reason }];
    });
    return textAt(inputs, "name")?.startsWith("com.amazonaws") === true
      ? [...failures, { property: "name", reason: "InvalidParameterValue: may not begin with com.amazonaws" }]
      : failures;
  },
  refuseCreate: entriesRefusal,
  refuseUpdate: entriesRefusal,
  refuseDelete(operation) {
    const id = operation.existing?.id ?? "";
    const users = holders(operation, LIST_USERS, id);
    return users.length === 0
      ? undefined
      : new Refusal(
          "delete-failed",
          `unexpected state 'delete-failed': the prefix list ${id} is in use by ${users.map((user) => user.id).join(", ")}`,
        );
  },
  id: ec2Id("pl"),
  computed: ({ inputs, location }, id) => ({
    arn: regionalArn(location, "ec2", `prefix-list/${id}`),
    ownerId: location.account,
    entries: listAt(inputs, "entries"),
    version: 1,
  }),
};

const entry: ResourceRules = {
  references: [
    reference(
      "prefixListId",
      [LIST],
      "id",
      "InvalidPrefixListID.NotFound",
      (id) => `The prefix list ID '${id}' does not exist`,
    ),
  ],
  check(inputs) {
    const cidr = textAt(inputs, "cidr");
    const reason = cidr === undefined ? undefined : cidrProblem(cidr, "any");
    return reason === undefined ? [] : [{ property: "cidr", reason }];
  },
  refuseCreate(operation) {
    const { inputs } = operation;
    const owner = findBy(here(operation, LIST), textAt(inputs, "prefixListId") ?? "", "id");
    const count = here(operation, ENTRY).filter((other) => valueOf(other, "prefixListId") === owner?.id).length;
    return count + 1 > (numberAt(owner?.inputs ?? {}, "maxEntries") ?? Infinity) ? tooMany() : undefined;
  },
  id: ({ inputs }) => `${textAt(inputs, "prefixListId") ?? ""},${textAt(inputs, "cidr") ?? ""}`,
};

interface KnownList {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly weight: number;
  readonly cidrs: readonly string[];
  readonly owner: string;
}

function known({ location, world }: InvokeContext): KnownList[] {
  const own = world
    .all(LIST)
    .filter((resource) => samePlace(resource.location, location))
    .map((resource) => ({
      id: resource.id,
      name: valueOf(resource, "name") ?? "",
      family: textAt(resource.inputs, "addressFamily") ?? "IPv4",
      weight: numberAt(resource.inputs, "maxEntries") ?? 1,
      cidrs: mapsAt(resource.inputs, "entries").flatMap((one) => textAt(one, "cidr") ?? []),
      owner: location.account,
    }));
  return [...awsPrefixLists(location.partition, location.region).map((one) => ({ ...one, owner: "AWS" })), ...own];
}

/** The one list that all of id, name, and filters name. */
function find(args: Properties, idProperty: string, context: InvokeContext): KnownList {
  const wanted: [string, string[]][] = [
    ["prefix-list-id", textsAt({ id: [args[idProperty] ?? null] }, "id")],
    ["prefix-list-name", textsAt({ name: [args["name"] ?? null] }, "name")],
    ...mapsAt(args, "filters").map((filter): [string, string[]] => [
      textAt(filter, "name") ?? "",
      textsAt(filter, "values"),
    ]),
  ];
  const fact = (one: KnownList, name: string): string => {
    const facts: Record<string, string> = {
      "prefix-list-id": one.id,
      "prefix-list-name": one.name,
      "owner-id": one.owner,
    };
    const value = facts[name];
    if (value === undefined) throw new Refusal("InvalidParameterValue", `The filter '${name}' is invalid`);
    return value;
  };
  const found = known(context).filter((one) =>
    wanted.every(([name, values]) => values.length === 0 || values.includes(fact(one, name))),
  );
  const [first] = found;
  if (first === undefined)
    throw new Refusal("InvalidPrefixListID.NotFound", "no matching EC2 Managed Prefix List found");
  if (found.length > 1)
    throw new Refusal(
      "InvalidParameterValue",
      `multiple (${found.length}) EC2 Managed Prefix Lists matched; use additional constraints`,
    );
  return first;
}

const getManagedPrefixList: Invoke = (args, context) => {
  const { location } = context;
  const { id, name, family, weight, cidrs, owner } = find(args, "id", context);
  return {
    ...args,
    addressFamily: family,
    arn: `arn:${location.partition}:ec2:${location.region}:${owner === "AWS" ? "aws" : owner}:prefix-list/${id}`,
    entries: cidrs.map((cidr) => ({ cidr, description: "" })),
    id,
    maxEntries: weight,
    name,
    ownerId: owner,
    region: location.region,
    tags: {},
    version: 1,
  };
};

const getPrefixList: Invoke = (args, context) => {
  const { id, name, cidrs } = find(args, "prefixListId", context);
  return { ...args, cidrBlocks: [...cidrs], id, name, region: context.location.region };
};

export const prefixListResources = { [LIST]: list, [ENTRY]: entry } satisfies Record<string, ResourceRules>;

export const prefixListInvokes: Readonly<Record<string, Invoke>> = {
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": getManagedPrefixList,
  "aws:ec2/getPrefixList:getPrefixList": getPrefixList,
};
