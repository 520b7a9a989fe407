import { costOf, type Found, type Looked, type Rule, savedOf } from "./hints.ts";
import { perUnit } from "./hints-prices.ts";
import { amount, zero } from "./money.ts";
import { mapRange } from "./range.ts";
import type { CostResource, World } from "./resources/entry.ts";
import { isUnknown, listOf, textOf } from "./resources/read.ts";

const natGateway = "aws:ec2/natGateway:NatGateway";
const vpcEndpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** Ways out, ways in, and addresses. */
export const network: readonly Rule[] = [
  { id: "endpoint-against-nat", find: endpointsThatDoNotPay },
  { id: "nat-per-zone", find: gatewaysPerZone },
  { id: "endpoint-per-zone", find: zonesOfEndpoints },
  {
    id: "unused-address",
    find: ({ cost }) =>
      cost.lines
        .filter(({ price }) => price === "public-ipv4-idle")
        .map(({ urn, monthly }) => ({
          urn,
          saving: monthly,
          what: "A public address that nothing uses is charged as if it were used.",
          setting: "remove the elastic IP from the program",
          loses: "The address itself: others may have it in their allow lists.",
        })),
  },
  { id: "gateway-endpoint", find: withoutGatewayEndpoint },
];

/** Endpoints of AWS's own APIs, whose traffic NAT could carry. Those of others, such as Atlas, have no other way. */
function endpointsThatDoNotPay({ cost, world, prices }: Looked): readonly Found[] {
  if (world.ofType(natGateway).length === 0) return [];
  return world
    .ofType(vpcEndpoint)
    .filter(isOfAws)
    .map((endpoint) => {
      const lines = cost.lines.filter(({ urn }) => urn === endpoint.urn);
      const data = lines.filter(({ price }) => price === "interface-endpoint-data");
      const gb = costOf(data.map(({ quantity }) => ({ monthly: quantity })));
      const nat = perUnit(prices, "nat-gateway-data");
      const paid = costOf(lines);
      return {
        urn: endpoint.urn,
        saving: mapRange(paid, (usd, level) => usd.minus(gb[level].times(nat))),
        what: `${gb.expected.toDecimalPlaces(1).toFixed()} GB a month pass it, which NAT would carry for less.`,
        setting: "endpoints.trafficGbPerMonth in infra/settings/environments.ts, which decides by the break-even",
        loses: "The API is reached through NAT, and fails with it.",
      };
    });
}

const isOfAws = (endpoint: CostResource): boolean => {
  const service = textOf(endpoint, "serviceName", "");
  const type = textOf(endpoint, "vpcEndpointType", "Gateway");
  return type === "Interface" && !isUnknown(service) && /^com\.amazonaws\.(?!vpce\.)/.test(service);
};

function gatewaysPerZone({ cost, world }: Looked): readonly Found[] {
  const gateways = world.ofType(natGateway);
  const [first, ...others] = gateways;
  if (world.environment === "production" || first === undefined || others.length === 0) return [];
  const addresses = others.flatMap((gateway) => world.references(gateway, "allocationId"));
  const gone = new Set([...others, ...addresses].map(({ urn }) => urn));
  const lines = cost.lines.filter(({ urn, price }) => gone.has(urn) && price !== "nat-gateway-data");
  return [
    {
      urn: first.urn,
      saving: costOf(lines),
      what: `${gateways.length} NAT gateways where one would do: nobody waits for this environment.`,
      setting: "network.natGateways: Single in infra/settings/environments.ts",
      loses: "When the gateway's zone fails, tasks in the other have no way out.",
    },
  ];
}

function zonesOfEndpoints({ cost, world }: Looked): readonly Found[] {
  if (world.environment === "production") return [];
  return world.ofType(vpcEndpoint).flatMap((endpoint) => {
    const subnets = listOf(endpoint, "subnetIds");
    const zones = isUnknown(subnets) ? 1 : subnets.length;
    const hours = cost.lines.filter(({ urn, price }) => urn === endpoint.urn && price === "interface-endpoint-hour");
    if (zones < 2 || hours.length === 0) return [];
    return [
      {
        urn: endpoint.urn,
        saving: savedOf(costOf(hours), amount(1).dividedBy(zones)),
        what: `An interface endpoint in ${zones} zones, each of which is charged.`,
        setting: "database.privateEndpoint: Single in infra/settings/environments.ts",
        loses:
          "When the endpoint's zone fails, the database is out of reach; data from the other zone costs 0.01 USD a GB.",
      },
    ];
  });
}

/** S3 through NAT costs 0.045 USD a GB, through a gateway endpoint nothing. */
function withoutGatewayEndpoint({ cost, world }: Looked): readonly Found[] {
  const [gateway] = world.ofType(natGateway);
  if (gateway === undefined || hasGatewayEndpoint(world)) return [];
  const data = cost.lines.filter(({ price }) => price === "nat-gateway-data");
  return [
    {
      urn: gateway.urn,
      // How much of it is S3's is not known: images are most of it.
      saving: { ...mapRange(costOf(data), (usd) => usd.dividedBy(2)), low: zero },
      what: "S3, from which image layers come, is reached through NAT, where a gateway endpoint is free.",
      setting: "a gateway endpoint for S3 in infra/network.ts",
      loses: "Nothing.",
    },
  ];
}

const hasGatewayEndpoint = (world: World): boolean =>
  world.ofType(vpcEndpoint).some((endpoint) => {
    const service = textOf(endpoint, "serviceName", "");
    return isUnknown(service) || service.endsWith(".s3");
  });
