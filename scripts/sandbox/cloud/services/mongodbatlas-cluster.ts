import { isDeepStrictEqual } from "node:util";
import type { Properties, Value } from "../../values/value.ts";
import { flagAt, mapAt, mapsAt, textAt } from "../fields.ts";
import { type Invoke, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { clusterFailures, clusterRefusal, hostOf, majorOf } from "./mongodbatlas-cluster-rules.ts";
import { isShared, regionsOf } from "./mongodbatlas-cluster-shape.ts";
import { CLUSTER, clusterNamed, createOnly, firstOf, projectOf, SETTLED } from "./mongodbatlas-lookup.ts";
import { privateEndpointsOf } from "./mongodbatlas-private-link.ts";

/** Specs with what Atlas adds: ids, disks, and the settings of nodes that were not asked for. */
function replicationSpecs(operation: Operation): Value[] {
  return mapsAt(operation.inputs, "replicationSpecs").map((spec, index): Properties => ({
    ...spec,
    containerId: Object.fromEntries(
      mapsAt(spec, "regionConfigs").map((region) => [
        `${textAt(region, "providerName") ?? ""}:${textAt(region, "regionName") ?? ""}`,
        operation.hex(`container-${textAt(region, "regionName") ?? ""}`, 24),
      ]),
    ),
    externalId: operation.hex(`shard-${index}`, 24),
    zoneId: operation.hex(`zone-${textAt(spec, "zoneName") ?? ""}`, 24),
    zoneName: textAt(spec, "zoneName") ?? "ZoneName managed by Terraform",
    regionConfigs: mapsAt(spec, "regionConfigs").map((region): Properties => ({
      ...region,
      electableSpecs: {
        diskIops: 3000,
        diskSizeGb: 10,
        ebsVolumeType: "STANDARD",
        instanceSize: "M10",
        nodeCount: 0,
        ...mapAt(region, "electableSpecs"),
      },
    })),
  }));
}

/** Hosts and ports as a driver needs them. Private ones are there only once an endpoint is attached. */
function connectionStrings(operation: Operation): Properties {
  const domain = `${operation.hex("domain", 5)}.mongodb.net`;
  const host = hostOf(textAt(operation.inputs, "name") ?? "");
  const nodes = [0, 1, 2].map((node) => `${host}-shard-00-0${node}.${domain}:27017`).join(",");
  const standardSrv = `mongodb+srv://${host}.${domain}`;
  return {
    private: "",
    privateSrv: "",
    standard: `mongodb://${nodes}/?ssl=true&authSource=admin&replicaSet=atlas-${operation.hex("set", 6)}-shard-0`,
    standardSrv,
    privateEndpoints: privateEndpointsOf(operation.world, projectOf(operation), standardSrv),
  };
}

/** What Flex lets change; another kind of cluster is an upgrade in place. */
const FLEXIBLE = ["tags", "terminationProtectionEnabled"];

/** Whether a shared cluster would stay of its kind, with a change that its kind does not take. */
function isFixed(olds: Properties, news: Properties): boolean {
  const kindOf = (inputs: Properties): string | undefined => textAt(regionsOf(inputs)[0] ?? {}, "providerName");
  if (!isShared(olds) || kindOf(olds) !== kindOf(news)) return false;
  const rest = (inputs: Properties): Properties =>
    Object.fromEntries(Object.entries(inputs).filter(([property]) => !FLEXIBLE.includes(property)));
  return kindOf(olds) !== "FLEX" || !isDeepStrictEqual(rest(olds), rest(news));
}

const cluster: ResourceRules = {
  check: clusterFailures,
  refuseCreate: clusterRefusal,
  refuseUpdate(operation) {
    const { existing, inputs } = operation;
    return firstOf(
      () => createOnly(operation, "deleteOnCreateTimeout"),
      () =>
        existing !== undefined && isFixed(existing.inputs, inputs)
          ? new Refusal("TENANT_CLUSTER_UPDATE_UNSUPPORTED", "Cannot update a M0/M2/M5 cluster through the public API.")
          : undefined,
      () =>
        textAt(existing?.inputs ?? {}, "clusterType") !== "REPLICASET" && textAt(inputs, "clusterType") === "REPLICASET"
          ? new Refusal("SHARDED_CLUSTER_CANT_BECOME_REPLICA_SET", "A sharded cluster cannot become a replica set.")
          : undefined,
      () => clusterRefusal(operation),
    );
  },
  refuseDelete: ({ existing }) =>
    existing !== undefined && flagAt(existing.inputs, "terminationProtectionEnabled") === true
      ? new Refusal(
          "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
          "Cannot terminate a cluster when termination protection is enabled.",
        )
      : undefined,
  id: (operation) => operation.hex("cluster", 24),
  computed(operation, id) {
    const { inputs } = operation;
    const major = majorOf(inputs);
    return {
      backupEnabled: flagAt(inputs, "backupEnabled") ?? false,
      clusterId: id,
      configServerType: "",
      connectionStrings: connectionStrings(operation),
      createDate: SETTLED,
      encryptionAtRestProvider: textAt(inputs, "encryptionAtRestProvider") ?? "NONE",
      mongoDbMajorVersion: `${major}.0`,
      mongoDbVersion: `${major}.0.4`,
      paused: flagAt(inputs, "paused") ?? false,
      pitEnabled: flagAt(inputs, "pitEnabled") ?? false,
      redactClientLogData: flagAt(inputs, "redactClientLogData") ?? false,
      replicationSpecs: replicationSpecs(operation),
      rootCertType: "ISRGROOTX1",
      stateName: "IDLE",
      terminationProtectionEnabled: flagAt(inputs, "terminationProtectionEnabled") ?? false,
      versionReleaseSystem: textAt(inputs, "versionReleaseSystem") ?? "LTS",
    };
  },
};

/** The cluster as it is now: with the private endpoints that were attached since it was made. */
const getAdvancedCluster: Invoke = (args, { world }) => {
  const projectId = textAt(args, "projectId") ?? "";
  const name = textAt(args, "name") ?? "";
  const found = clusterNamed(world, projectId, name);
  if (found === undefined)
    throw new Refusal("CLUSTER_NOT_FOUND", `No cluster named ${name} exists in group ${projectId}.`);
  const strings = mapAt(found.outputs, "connectionStrings");
  return {
    ...found.outputs,
    id: found.id,
    connectionStrings: {
      ...strings,
      privateEndpoints: privateEndpointsOf(world, projectId, textAt(strings, "standardSrv") ?? ""),
    },
  };
};

export const clusterResources: Readonly<Record<string, ResourceRules>> = { [CLUSTER]: cluster };
export const clusterInvokes: Readonly<Record<string, Invoke>> = {
  "mongodbatlas:index/getAdvancedCluster:getAdvancedCluster": getAdvancedCluster,
};
