import { mapAt, mapsAt, textAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules } from "../service.ts";
import { REGIONS } from "./zones.ts";

const invalid = (message: string): Refusal => new Refusal("InvalidParameterException", message);

/** How often each kind of scanning scans. Source: ECR's page on scanning images. */
const FREQUENCIES: Readonly<Record<string, readonly string[]>> = {
  BASIC: ["MANUAL", "SCAN_ON_PUSH"],
  ENHANCED: ["CONTINUOUS_SCAN", "SCAN_ON_PUSH"],
};

function scanningRefusal({ inputs }: Operation): Refusal | undefined {
  const type = textAt(inputs, "scanType") ?? "BASIC";
  const wrong = mapsAt(inputs, "rules")
    .map((rule) => textAt(rule, "scanFrequency") ?? "")
    .find((frequency) => FREQUENCIES[type]?.includes(frequency) === false);
  return wrong === undefined
    ? undefined
    : invalid(`Invalid scan frequency ${wrong} for scan type ${type}: it has ${FREQUENCIES[type]?.join(", ") ?? ""}`);
}

function replicationRefusal({ inputs, location }: Operation): Refusal | undefined {
  const rules = mapsAt(mapAt(inputs, "replicationConfiguration"), "rules");
  // The provider reads a registry without rules as one that is not there.
  if (rules.length === 0)
    return new Refusal("NotFound", "couldn't find resource: a replication needs at least one rule");
  for (const destination of rules.flatMap((rule) => mapsAt(rule, "destinations"))) {
    const [region, registry] = [textAt(destination, "region") ?? "", textAt(destination, "registryId")];
    if (REGIONS[region] === undefined) return invalid(`Invalid replication destination: ${region} is no region`);
    if (region === location.region && registry === location.account)
      return invalid(`Invalid replication destination: ${region} is the registry's own region`);
  }
  return undefined;
}

const ofRegistry = (refuse: (operation: Operation) => Refusal | undefined): ResourceRules => ({
  refuseCreate: refuse,
  refuseUpdate: refuse,
  id: ({ location }) => location.account,
  computed: ({ location }) => ({ registryId: location.account }),
});

/** One of each per registry, under its account. */
export const registryResources: Readonly<Record<string, ResourceRules>> = {
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": ofRegistry(scanningRefusal),
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": ofRegistry(replicationRefusal),
};
