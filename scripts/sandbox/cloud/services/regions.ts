import type { Properties } from "../../values/value.ts";
import { parseArn } from "../arn.ts";
import { flagAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type Invoke, Refusal, type Service } from "../service.ts";
import { REGIONS, zonesOf } from "./zones.ts";

const suffixOf = (partition: string): string => (partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com");
const reversed = (name: string): string => name.split(".").reverse().join(".");

const unknownRegion = (region: string): Refusal =>
  new Refusal("InvalidParameterValue", `Invalid region: ${region}. Known regions: ${Object.keys(REGIONS).join(", ")}`);

const getRegion: Invoke = (args, { location }) => {
  const byEndpoint = textAt(args, "endpoint")?.split(".")[1];
  const region = textAt(args, "region") ?? textAt(args, "name") ?? byEndpoint ?? location.region;
  const known = REGIONS[region];
  if (known === undefined) throw unknownRegion(region);
  return {
    description: known.description,
    endpoint: `ec2.${region}.${suffixOf(location.partition)}`,
    id: region,
    name: region,
    region,
  };
};

const getRegions: Invoke = (args, { location }) => {
  const all = flagAt(args, "allRegions") === true;
  return {
    ...args,
    id: location.partition,
    names: Object.entries(REGIONS).flatMap(([name, { optIn }]) => (all || optIn !== true ? [name] : [])),
  };
};

const getPartition: Invoke = (_args, { location: { partition } }) => ({
  dnsSuffix: suffixOf(partition),
  id: partition,
  partition,
  reverseDnsPrefix: reversed(suffixOf(partition)),
});

/** A filter by name and values, as EC2's describe calls have it. An unknown name is refused. */
function passes(filters: readonly Properties[], facts: Readonly<Record<string, string>>): boolean {
  return filters.every((filter) => {
    const name = textAt(filter, "name") ?? "";
    const fact = facts[name];
    if (fact === undefined) throw new Refusal("InvalidParameterValue", `The filter '${name}' is invalid`);
    return textsAt(filter, "values").includes(fact);
  });
}

const zoneFacts = (region: string, zone: { name: string; id: string }): Record<string, string> => ({
  "group-name": region,
  "opt-in-status": "opt-in-not-required",
  "region-name": region,
  state: "available",
  "zone-id": zone.id,
  "zone-name": zone.name,
  "zone-type": "availability-zone",
});

const getAvailabilityZones: Invoke = (args, { location }) => {
  const region = textAt(args, "region") ?? location.region;
  const left = new Set([...textsAt(args, "excludeNames"), ...textsAt(args, "excludeZoneIds")]);
  const state = textAt(args, "state") ?? "available";
  const zones = zonesOf(region).filter(
    (zone) =>
      state === "available" &&
      !left.has(zone.name) &&
      !left.has(zone.id) &&
      passes(mapsAt(args, "filters"), zoneFacts(region, zone)),
  );
  return {
    ...args,
    groupNames: zones.length === 0 ? [] : [region],
    id: region,
    names: zones.map(({ name }) => name),
    region,
    zoneIds: zones.map(({ id }) => id),
  };
};

const getAvailabilityZone: Invoke = (args, { location }) => {
  const region = textAt(args, "region") ?? location.region;
  const [name, zoneId] = [textAt(args, "name"), textAt(args, "zoneId")];
  const zones = zonesOf(region).filter(
    (zone) =>
      (name === undefined || zone.name === name) &&
      (zoneId === undefined || zone.id === zoneId) &&
      passes(mapsAt(args, "filters"), zoneFacts(region, zone)),
  );
  const [zone] = zones;
  if (zone === undefined || zones.length > 1)
    throw new Refusal(
      "InvalidParameterValue",
      `Invalid availability zone: ${zones.length} match ${name ?? zoneId ?? "no name"} in ${region}. Zones: ${zonesOf(
        region,
      )
        .map((one) => one.name)
        .join(", ")}`,
    );
  return {
    ...args,
    groupLongName: REGIONS[region]?.description ?? region,
    groupName: region,
    id: zone.name,
    name: zone.name,
    nameSuffix: zone.name.slice(region.length),
    networkBorderGroup: region,
    optInStatus: "opt-in-not-required",
    parentZoneId: "",
    parentZoneName: "",
    region,
    state: "available",
    zoneId: zone.id,
    zoneType: "availability-zone",
  };
};

const getArn: Invoke = (args) => {
  const text = textAt(args, "arn") ?? "";
  const arn = parseArn(text);
  if (arn === undefined)
    throw new Refusal("InvalidArn", `"${text}" is not arn:partition:service:region:account:resource`);
  return { ...arn, arn: text, id: text };
};

const getService: Invoke = (args, { location }) => {
  const parts = (textAt(args, "reverseDnsName") ?? reversed(textAt(args, "dnsName") ?? "")).split(".");
  const dnsParts = parts.length > 2 ? parts : [];
  const service = textAt(args, "serviceId") ?? dnsParts.at(-1);
  if (service === undefined)
    throw new Refusal("InvalidParameterValue", "one of dnsName, reverseDnsName, serviceId must be given");
  const region = textAt(args, "region") ?? dnsParts.at(-2) ?? location.region;
  const prefix = textAt(args, "reverseDnsPrefix") ?? reversed(suffixOf(location.partition));
  const reverseDnsName = `${prefix}.${region}.${service}`;
  return {
    dnsName: reversed(reverseDnsName),
    id: reverseDnsName,
    partition: location.partition,
    region,
    reverseDnsName,
    reverseDnsPrefix: prefix,
    serviceId: service,
    supported: true,
  };
};

const getServicePrincipal: Invoke = (args, { location }) => {
  const service = textAt(args, "serviceName") ?? "";
  const region = textAt(args, "region") ?? location.region;
  const suffix = suffixOf(location.partition);
  return { id: `${service}.${region}.${suffix}`, name: `${service}.${suffix}`, region, serviceName: service, suffix };
};

/** Accounts that write load balancer logs, for regions from before August 2022. Source: the ELB user guide. */
const ELB_ACCOUNTS: Readonly<Record<string, string>> = {
  "af-south-1": "098369216593",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-south-1": "635631232127",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};

const getElbServiceAccount: Invoke = (args, { location }) => {
  const region = textAt(args, "region") ?? location.region;
  const id = ELB_ACCOUNTS[region];
  if (id === undefined)
    throw new Refusal(
      "InvalidParameterValue",
      `unsupported AWS Region: ${region}. Let the service principal logdelivery.elasticloadbalancing.amazonaws.com write instead`,
    );
  return { arn: `arn:${location.partition}:iam::${id}:root`, id, region };
};

/** Where a program runs: regions, zones, partition. */
export const regions: Service = {
  resources: {},
  invokes: {
    "aws:index/getRegion:getRegion": getRegion,
    "aws:index/getRegions:getRegions": getRegions,
    "aws:index/getPartition:getPartition": getPartition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
    "aws:index/getAvailabilityZone:getAvailabilityZone": getAvailabilityZone,
    "aws:index/getArn:getArn": getArn,
    "aws:index/getService:getService": getService,
    "aws:index/getServicePrincipal:getServicePrincipal": getServicePrincipal,
    "aws:elb/getServiceAccount:getServiceAccount": getElbServiceAccount,
  },
};
