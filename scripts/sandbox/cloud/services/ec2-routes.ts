import { crc32 } from "node:zlib";
import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { cidrProblem, parseCidr } from "../cidr.ts";
import { listAt, mapsAt, textAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { subnetOf, subnetReference } from "./ec2-subnets.ts";
import { cidrFailures, ec2Id, vpcReference } from "./ec2-vpc.ts";
import { findBy, here, reference, valueOf } from "./lookup.ts";

export const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

export const routeTableReference = (property = "routeTableId") =>
  reference(
    property,
    [ROUTE_TABLE],
    "id",
    "InvalidRouteTableID.NotFound",
    (id) => `The routeTable ID '${id}' does not exist`,
  );

/** A route's targets: property, what it may name, the error where that is missing, and the word in the message. */
const TARGETS: readonly {
  readonly property: string;
  readonly types: readonly string[];
  readonly code: string;
  readonly word: string;
}[] = [
  {
    property: "gatewayId",
    types: [
      "aws:ec2/internetGateway:InternetGateway",
      "aws:ec2/vpnGateway:VpnGateway",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
    ],
    code: "InvalidInternetGatewayID.NotFound",
    word: "internetGateway",
  },
  {
    property: "natGatewayId",
    types: ["aws:ec2/natGateway:NatGateway"],
    code: "InvalidNatGatewayID.NotFound",
    word: "natGateway",
  },
  {
    property: "egressOnlyGatewayId",
    types: ["aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"],
    code: "InvalidGatewayID.NotFound",
    word: "egressOnlyInternetGateway",
  },
  {
    property: "networkInterfaceId",
    types: ["aws:ec2/networkInterface:NetworkInterface"],
    code: "InvalidNetworkInterfaceID.NotFound",
    word: "networkInterface",
  },
  {
    property: "vpcEndpointId",
    types: ["aws:ec2/vpcEndpoint:VpcEndpoint"],
    code: "InvalidVpcEndpointId.NotFound",
    word: "vpcEndpoint",
  },
  {
    property: "vpcPeeringConnectionId",
    types: ["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"],
    code: "InvalidVpcPeeringConnectionID.NotFound",
    word: "vpcPeeringConnection",
  },
];

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
const INLINE_DESTINATIONS = ["cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"];

const destinationOf = (route: Properties, properties: readonly string[]): string | undefined =>
  properties.map((property) => textAt(route, property)).find((text) => text !== undefined);

/** Two spellings of one IPv6 block are one destination. */
function destinationKey(text: string): string {
  const cidr = parseCidr(text);
  return cidr === undefined ? text : `${cidr.family}/${cidr.address}/${cidr.prefix}`;
}

/** A target that does not exist, or belongs to another VPC than the table. */
function targetRefusal(operation: Operation, route: Properties, tableId: string, vpcId: string): Refusal | undefined {
  for (const { property, types, code, word } of TARGETS) {
    const id = textAt(route, property);
    if (id === undefined || id === "local") continue;
    const target = findBy(here(operation, ...types), id, "id");
    if (target === undefined) return new Refusal(code, `The ${word} ID '${id}' does not exist`);
    const theirs = networkOf(operation, target);
    if (theirs !== undefined && theirs !== vpcId)
      return new Refusal(
        "InvalidParameterValue",
        `route table ${tableId} and network gateway ${id} belong to different networks`,
      );
  }
  return undefined;
}

/** The VPC a target belongs to: "" for a gateway that is not attached, undefined where it does not matter. */
function networkOf(operation: Operation, target: CloudResource): string | undefined {
  if (target.type === "aws:ec2/internetGateway:InternetGateway") {
    const attachment = here(operation, "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment").find(
      ({ inputs }) => textAt(inputs, "internetGatewayId") === target.id,
    );
    return textAt(target.inputs, "vpcId") ?? textAt(attachment?.inputs ?? {}, "vpcId") ?? "";
  }
  if (target.type === "aws:ec2/natGateway:NatGateway")
    return (
      textAt(target.inputs, "vpcId") ??
      textAt(subnetOf(operation, textAt(target.inputs, "subnetId"))?.inputs ?? {}, "vpcId")
    );
  return undefined;
}

/** The destinations that a table has: its VPC's own block, inline routes, Route resources. */
function destinationsIn(operation: Operation, table: CloudResource): string[] {
  const vpcId = textAt(table.inputs, "vpcId") ?? "";
  const vpc = findBy(here(operation, "aws:ec2/vpc:Vpc"), vpcId, "id");
  return [
    valueOf(vpc ?? table, "cidrBlock"),
    ...mapsAt(table.inputs, "routes").map((route) => destinationOf(route, INLINE_DESTINATIONS)),
    ...here(operation, ROUTE)
      .filter(({ inputs }) => textAt(inputs, "routeTableId") === table.id)
      .map(({ inputs }) => destinationOf(inputs, DESTINATIONS)),
  ].filter((text) => text !== undefined);
}

const alreadyExists = (destination: string): Refusal =>
  new Refusal("RouteAlreadyExists", `The route identified by ${destination} already exists.`);

function routeRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const table = findBy(here(operation, ROUTE_TABLE), textAt(inputs, "routeTableId") ?? "", "id");
  const destination = destinationOf(inputs, DESTINATIONS);
  if (table === undefined || destination === undefined) return undefined;
  if (textAt(inputs, "gatewayId") === "local")
    return new Refusal("InvalidParameterValue", "cannot create a route to local: it exists in every table");
  const refusal = targetRefusal(operation, inputs, table.id, textAt(table.inputs, "vpcId") ?? "");
  if (refusal !== undefined) return refusal;
  const taken = destinationsIn(operation, table).map(destinationKey);
  return taken.includes(destinationKey(destination)) ? alreadyExists(destination) : undefined;
}

function inlineRefusal(operation: Operation): Refusal | undefined {
  const vpcId = textAt(operation.inputs, "vpcId") ?? "";
  const seen = new Set<string>();
  for (const route of mapsAt(operation.inputs, "routes")) {
    const destination = destinationOf(route, INLINE_DESTINATIONS) ?? "";
    const key = destinationKey(destination);
    const refusal = seen.has(key)
      ? alreadyExists(destination)
      : targetRefusal(operation, route, operation.existing?.id ?? "of this resource", vpcId);
    if (refusal !== undefined) return refusal;
    seen.add(key);
  }
  return undefined;
}

function inlineFailures(inputs: Properties): CheckFailure[] {
  return mapsAt(inputs, "routes").flatMap((route, index) =>
    (
      [
        ["cidrBlock", 4],
        ["ipv6CidrBlock", 6],
      ] as const
    ).flatMap(([property, family]) => {
      const text = textAt(route, property);
      const reason = text === undefined ? undefined : cidrProblem(text, family);
      return reason === undefined ? [] : [{ property: `routes[${index}].${property}`, reason }];
    }),
  );
}

const tableOutputs = ({ inputs, location }: Operation, id: string): Properties => ({
  arn: regionalArn(location, "ec2", `route-table/${id}`),
  ownerId: location.account,
  routes: listAt(inputs, "routes"),
  propagatingVgws: listAt(inputs, "propagatingVgws"),
});

const routeTable: ResourceRules = {
  references: [vpcReference()],
  check: inlineFailures,
  refuseCreate: inlineRefusal,
  refuseUpdate: inlineRefusal,
  id: ec2Id("rtb"),
  computed: tableOutputs,
};

/** Adopted, not made: the VPC's main table. */
const defaultRouteTable: ResourceRules = {
  references: [routeTableReference("defaultRouteTableId")],
  check: inlineFailures,
  id: ({ inputs }) => textAt(inputs, "defaultRouteTableId") ?? "",
  computed: (operation, id) => ({
    ...tableOutputs(operation, id),
    vpcId: textAt(findBy(here(operation, ROUTE_TABLE), id, "id")?.inputs ?? {}, "vpcId") ?? "",
  }),
};

const route: ResourceRules = {
  references: [routeTableReference()],
  check: (inputs) =>
    cidrFailures(inputs, [
      { property: "destinationCidrBlock", family: 4 },
      { property: "destinationIpv6CidrBlock", family: 6 },
    ]),
  refuseCreate: routeRefusal,
  refuseUpdate: routeRefusal,
  equivalent: (property, old, now) =>
    property === "destinationIpv6CidrBlock" &&
    typeof old === "string" &&
    typeof now === "string" &&
    destinationKey(old) === destinationKey(now),
  id: ({ inputs }) => `r-${textAt(inputs, "routeTableId") ?? ""}${crc32(destinationOf(inputs, DESTINATIONS) ?? "")}`,
  computed: () => ({ instanceId: "", instanceOwnerId: "", origin: "CreateRoute", state: "active" }),
};

function associationRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const [subnetId, gatewayId, tableId] = [
    textAt(inputs, "subnetId"),
    textAt(inputs, "gatewayId"),
    textAt(inputs, "routeTableId") ?? "",
  ];
  const table = findBy(here(operation, ROUTE_TABLE), tableId, "id");
  const subnet = subnetOf(operation, subnetId);
  if (table !== undefined && subnet !== undefined && textAt(table.inputs, "vpcId") !== textAt(subnet.inputs, "vpcId"))
    return new Refusal(
      "InvalidParameterValue",
      `Route table ${tableId} and subnet ${subnet.id} belong to different networks`,
    );
  const other = here(operation, ASSOCIATION).find(
    (association) =>
      (subnetId !== undefined && textAt(association.inputs, "subnetId") === subnetId) ||
      (gatewayId !== undefined && textAt(association.inputs, "gatewayId") === gatewayId),
  );
  return other === undefined
    ? undefined
    : new Refusal(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${tableId} conflicts with an existing association (${other.id})`,
      );
}

const association: ResourceRules = {
  references: [
    routeTableReference(),
    subnetReference(),
    reference(
      "gatewayId",
      ["aws:ec2/internetGateway:InternetGateway", "aws:ec2/vpnGateway:VpnGateway"],
      "id",
      "InvalidGatewayID.NotFound",
      (id) => `The gateway ID '${id}' does not exist`,
    ),
  ],
  refuseCreate: associationRefusal,
  refuseUpdate: associationRefusal,
  id: ec2Id("rtbassoc"),
};

const mainAssociation: ResourceRules = {
  references: [routeTableReference(), vpcReference()],
  id: ec2Id("rtbassoc"),
  computed: (operation) => ({
    originalRouteTableId:
      textAt(
        findBy(here(operation, "aws:ec2/vpc:Vpc"), textAt(operation.inputs, "vpcId") ?? "", "id")?.outputs ?? {},
        "mainRouteTableId",
      ) ?? "",
  }),
};

export const routeResources = {
  [ROUTE_TABLE]: routeTable,
  "aws:ec2/defaultRouteTable:DefaultRouteTable": defaultRouteTable,
  [ROUTE]: route,
  [ASSOCIATION]: association,
  "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": mainAssociation,
} satisfies Record<string, ResourceRules>;
