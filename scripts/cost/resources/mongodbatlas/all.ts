import { type Entries, free, notPriced, type Part, priced } from "../entry.ts";
import { exportParts } from "./export.ts";
import { backupItem, scheduleParts } from "./backup.ts";
import { clusterParts, flexItems } from "./cluster.ts";

const ofTheProject = free("A setting of the project: Atlas charges for clusters and what they send.");
const ofTheCluster = free("Charged with the cluster.");
const people = free("Users, roles, and keys are free.");
const privateEndpoint: Part = {
  notPriced:
    "Atlas charges each region's private endpoint by the hour and by what it processes, and publishes the price on invoices alone.",
};

/** Every MongoDB Atlas type that is known. https://www.mongodb.com/docs/atlas/billing/ */
export const mongodbatlas: Entries = {
  "mongodbatlas:index/advancedCluster:AdvancedCluster": priced((cluster, world) => {
    const parts = clusterParts(cluster, world);
    // Without a price of its own a cluster has none for its backups either.
    return parts.some((part) => "price" in part) ? [...parts, ...backupItem(cluster, world)] : parts;
  }),
  "mongodbatlas:index/flexCluster:FlexCluster": priced(() => flexItems("providerSettings")),
  "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule": priced(scheduleParts),
  "mongodbatlas:index/logIntegration:LogIntegration": priced(exportParts),
  "mongodbatlas:index/pushBasedLogExport:PushBasedLogExport": priced(exportParts),
  // The AWS side of it, an interface endpoint, is charged by AWS and counted there.
  "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint": priced(() => [privateEndpoint]),
  "mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService": free(
    "Charged with the private endpoint.",
  ),
  "mongodbatlas:index/privateEndpointRegionalMode:PrivateEndpointRegionalMode": ofTheProject,
  "mongodbatlas:index/alertConfiguration:AlertConfiguration": free("Alerts are free."),
  "mongodbatlas:index/apiKey:ApiKey": people,
  "mongodbatlas:index/auditing:Auditing": free(
    "Auditing is part of dedicated clusters; of the advanced security features only LDAP and keys of one's own cost more.",
  ),
  "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy": ofTheCluster,
  "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization": ofTheProject,
  "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": ofTheProject,
  "mongodbatlas:index/customDbRole:CustomDbRole": people,
  "mongodbatlas:index/customDnsConfigurationClusterAws:CustomDnsConfigurationClusterAws": ofTheProject,
  "mongodbatlas:index/databaseUser:DatabaseUser": people,
  "mongodbatlas:index/maintenanceWindow:MaintenanceWindow": ofTheProject,
  "mongodbatlas:index/networkContainer:NetworkContainer": ofTheProject,
  "mongodbatlas:index/networkPeering:NetworkPeering": free(
    "Peering is free; what is sent is the cluster's data transfer.",
  ),
  "mongodbatlas:index/project:Project": ofTheProject,
  "mongodbatlas:index/projectApiKey:ProjectApiKey": people,
  "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": ofTheProject,
  "mongodbatlas:index/resourcePolicy:ResourcePolicy": ofTheProject,
  "mongodbatlas:index/searchIndex:SearchIndex": free("Runs on the cluster, unless there is a search deployment."),
  "mongodbatlas:index/team:Team": people,
  "mongodbatlas:index/thirdPartyIntegration:ThirdPartyIntegration": free(
    "Atlas does not charge for it, and to Datadog its nodes are no hosts: they run neither an agent nor on a VM of ours.",
  ),
  "mongodbatlas:index/cloudBackupSnapshotExportBucket:CloudBackupSnapshotExportBucket": notPriced(
    "Atlas charges 0.125 USD for each GB that a schedule exports, whose quantity has no assumption.",
  ),
  "mongodbatlas:index/cluster:Cluster": notPriced("The provider's former kind of cluster: use AdvancedCluster."),
  "mongodbatlas:index/encryptionAtRest:EncryptionAtRest": free("The clusters that use it are dearer, which they say."),
  "mongodbatlas:index/ldapConfiguration:LdapConfiguration": notPriced(
    "LDAP adds 15 % to every cluster of the project.",
  ),
  "mongodbatlas:index/onlineArchive:OnlineArchive": notPriced("Online archives are not in prices.csv."),
  "mongodbatlas:index/searchDeployment:SearchDeployment": notPriced("Search nodes are not in prices.csv."),
  "mongodbatlas:index/serverlessInstance:ServerlessInstance": notPriced("Serverless instances became Flex clusters."),
  "mongodbatlas:index/streamInstance:StreamInstance": notPriced("Stream processing is not in prices.csv."),
};
