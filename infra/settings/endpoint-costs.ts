/**
 * What an interface endpoint costs, against sending the same bytes through NAT. US dollars, us-east-1; both prices are
 * higher elsewhere, and stand to each other nearly as here. Sources: AWS's price list of AmazonVPC, as of 2026-09-29, and
 * https://aws.amazon.com/vpc/pricing/, as of 2026-10-04.
 */
const prices = {
  endpointPerZoneHour: 0.01,
  endpointPerGb: 0.01,
  /** Data alone: the NAT gateways stay in any case, for what has no endpoint. */
  natPerGb: 0.045,
} as const;

/** The mean month of AWS's own calculator. */
const hoursPerMonth = 730;

/** Expected traffic of one API, in GB a month. The name as in `com.amazonaws.REGION.NAME`. */
export type EndpointTraffic = Readonly<Record<string, number>>;

/** The traffic from which on an endpoint is the cheaper way, in GB a month: 417 in two zones. */
export function breakEvenGb(zones: number): number {
  return (prices.endpointPerZoneHour * hoursPerMonth * zones) / (prices.natPerGb - prices.endpointPerGb);
}

/** The APIs whose traffic pays for an endpoint, in the order of their names. */
export function endpointsThatPay(trafficGbPerMonth: EndpointTraffic, zones: number): string[] {
  return Object.entries(trafficGbPerMonth)
    .filter(([, gb]) => gb > breakEvenGb(zones))
    .map(([api]) => api)
    .sort();
}
