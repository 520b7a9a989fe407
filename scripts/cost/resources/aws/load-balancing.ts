import { amount, type Amount } from "../../money.ts";
import { exactly, mapRange, times } from "../../range.ts";
import {
  type CostResource,
  type Entries,
  free,
  hoursPerMonth,
  type Item,
  type Part,
  priced,
  type World,
} from "../entry.ts";
import { flagOf, isUnknown, listOf, textOf } from "../read.ts";
import { shareAmong } from "../share.ts";

/** https://aws.amazon.com/elasticloadbalancing/pricing/: one LCU is 25 new connections a second, or 1 GB an hour. */
const connectionsPerLcuHour = 25 * 3600;

/** Elastic Load Balancing. */
export const loadBalancing: Entries = {
  "aws:lb/loadBalancer:LoadBalancer": priced(balancerParts),
  "aws:lb/listener:Listener": free("Charged with the load balancer."),
  "aws:lb/listenerRule:ListenerRule": free(
    "The first ten rules of a request are free; the rest count as capacity units.",
  ),
  "aws:lb/listenerCertificate:ListenerCertificate": free("Charged with the load balancer."),
  "aws:lb/targetGroup:TargetGroup": free("Charged with the load balancer."),
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": free("Charged with the load balancer."),
};

const kinds = {
  application: { hour: "alb-hour", capacity: "alb-lcu" },
  network: { hour: "nlb-hour", capacity: "nlb-lcu" },
} as const;

function balancerParts(balancer: CostResource, world: World): readonly Part[] {
  const type = textOf(balancer, "loadBalancerType", "application");
  const kind = isUnknown(type) ? "application" : type;
  if (kind !== "application" && kind !== "network")
    return [{ notPriced: `A load balancer of type ${kind} is not in prices.csv.` }];
  const { requests, loadBalancerGb, dataOutGb } = world.usage;
  const bytes = shareAmong(loadBalancerGb, balancer, world);
  const connections = shareAmong(requests, balancer, world, connectionsPerLcuHour).quantity;
  return [
    { price: kinds[kind].hour, quantity: exactly(hoursPerMonth), property: "loadBalancerType" },
    {
      price: kinds[kind].capacity,
      quantity: mapRange(bytes.quantity, (gb, level) => larger(gb, connections[level])),
      taggable: false,
      assumption: `${bytes.assumption} One unit is 1 GB an hour, or 25 new connections a second where that is more.`,
    },
    ...publicAddresses(balancer),
    { price: "data-out", taggable: false, ...shareAmong(dataOutGb, balancer, world) },
  ];
}

const larger = (a: Amount, b: Amount): Amount => (a.greaterThan(b) ? a : b);

/** A load balancer of the internet has one public IPv4 address in each of its subnets, on an interface that bears no tag. */
function publicAddresses(balancer: CostResource): readonly Item[] {
  const internal = flagOf(balancer, "internal", false);
  if (internal === true) return [];
  const subnets = subnetCount(balancer);
  const hours = times(exactly(subnets ?? fewestSubnets), hoursPerMonth);
  const item = { price: "public-ipv4-in-use", property: "subnets", taggable: false, quantity: hours };
  if (isUnknown(internal))
    return [
      { ...item, quantity: { ...hours, low: amount(0) }, assumption: "Whether it is internal is not known yet." },
    ];
  return subnets === undefined
    ? [{ ...item, assumption: `Its subnets are not known yet: ${fewestSubnets}, the fewest that AWS takes.` }]
    : [item];
}

const fewestSubnets = 2;

function subnetCount(balancer: CostResource): number | undefined {
  const lists = [listOf(balancer, "subnets"), listOf(balancer, "subnetMappings")];
  const known = lists.map((list) => (isUnknown(list) ? 0 : list.length));
  const most = Math.max(...known);
  return most > 0 ? most : undefined;
}
