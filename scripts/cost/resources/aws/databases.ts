import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { between, exactly, times } from "../../range.ts";
import { amount } from "../../money.ts";
import { type CostResource, type Entries, free, hoursPerMonth, notPriced, type Part, priced } from "../entry.ts";
import { amountOf, blockOf, flagOf, isUnknown, rangeOf, textOf } from "../read.ts";

const setting = free("Charged with the database.");

/** Databases, search, and file systems that the program does not make today. */
export const databases: Entries = {
  "aws:rds/instance:Instance": priced((instance) => instanceParts(instance)),
  "aws:rds/cluster:Cluster": notPriced("Aurora is not in prices.csv."),
  "aws:rds/clusterInstance:ClusterInstance": notPriced("Aurora is not in prices.csv."),
  "aws:rds/parameterGroup:ParameterGroup": setting,
  "aws:rds/subnetGroup:SubnetGroup": setting,
  "aws:opensearch/domain:Domain": priced((domain) => domainParts(domain)),
  "aws:opensearch/domainPolicy:DomainPolicy": setting,
  "aws:dynamodb/table:Table": notPriced("DynamoDB is not in prices.csv."),
  "aws:docdb/cluster:Cluster": notPriced("DocumentDB is not in prices.csv."),
  "aws:memorydb/cluster:Cluster": notPriced("MemoryDB is not in prices.csv."),
  "aws:efs/fileSystem:FileSystem": notPriced("EFS is not in prices.csv."),
  "aws:efs/accessPoint:AccessPoint": free("Charged by the file system."),
  "aws:efs/mountTarget:MountTarget": free("Charged by the file system."),
};

const anyStorageGb = between(20, 50, 200);

function instanceParts(instance: CostResource): readonly Part[] {
  const engine = textOf(instance, "engine", "postgres");
  const size = textOf(instance, "instanceClass", "db.t4g.micro");
  const zones = flagOf(instance, "multiAz", false) === true ? "multi-az" : "single-az";
  const storage = textOf(instance, "storageType", "gp3");
  const allocated = amountOf(instance, "allocatedStorage", 20);
  if (!isUnknown(engine) && engine !== "postgres") return [{ notPriced: `RDS with ${engine} is not in prices.csv.` }];
  const known = isUnknown(size) ? "db.t4g.micro" : size;
  const running: Part = {
    price: `rds-postgres-${known.replace(/^db\./, "").replaceAll(".", "-")}-${zones}`,
    ifNoPrice: `The price of ${known} with PostgreSQL in ${zones === "multi-az" ? "two zones" : "one zone"} is not in prices.csv.`,
    quantity: exactly(hoursPerMonth),
    property: "instanceClass",
    ...(isUnknown(size) && { assumption: "Its class is not known yet: db.t4g.micro." }),
  };
  const disk: Part =
    isUnknown(storage) || storage === "gp3"
      ? {
          price: `rds-gp3-${zones}`,
          quantity: rangeOf(allocated, anyStorageGb),
          property: "allocatedStorage",
          ...(isUnknown(allocated) && { assumption: "Its storage is not known yet: 20 to 200 GB." }),
        }
      : { notPriced: `RDS storage of type ${storage} is not in prices.csv.` };
  return [running, disk];
}

const unknownCluster = { instanceType: UNKNOWN, instanceCount: UNKNOWN };

function domainParts(domain: CostResource): readonly Part[] {
  const cluster = blockOf(domain, "clusterConfig");
  const disks = blockOf(domain, "ebsOptions");
  const settings = { ...domain, inputs: isUnknown(cluster) ? unknownCluster : cluster, outputs: {} };
  const volumes = { ...domain, inputs: isUnknown(disks) ? { volumeSize: disks } : disks, outputs: {} };
  // AWS's own default, which has no row.
  const type = textOf(settings, "instanceType", "m4.large.search");
  const count = amountOf(settings, "instanceCount", 1);
  const volume = amountOf(volumes, "volumeSize", 0);
  const nodes = rangeOf(count, between(1, 2, 3));
  const known = isUnknown(type) ? "t3.small.search" : type;
  const unread = [cluster, disks, type, count, volume].some(isUnknown);
  const assumption = unread ? { assumption: "Not all of its size is known yet: one to three small nodes." } : {};
  return [
    {
      price: `opensearch-${known.replace(/\.search$/, "").replaceAll(".", "-")}`,
      ifNoPrice: `The price of ${known} is not in prices.csv.`,
      quantity: times(nodes, hoursPerMonth),
      property: "clusterConfig",
      ...assumption,
    },
    {
      price: "opensearch-gp3",
      quantity: times(nodes, isUnknown(volume) ? amount(20) : volume),
      property: "ebsOptions",
      ...assumption,
    },
  ];
}
