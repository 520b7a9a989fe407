import type { Service } from "../service.ts";
import { accessResources } from "./mongodbatlas-access.ts";
import { alertResources } from "./mongodbatlas-alerts.ts";
import { backupResources } from "./mongodbatlas-backup.ts";
import { clusterInvokes, clusterResources } from "./mongodbatlas-cluster.ts";
import { linkResources } from "./mongodbatlas-private-link.ts";
import { projectResources } from "./mongodbatlas-project.ts";
import { roleResources } from "./mongodbatlas-roles.ts";
import { userResources } from "./mongodbatlas-users.ts";

/** MongoDB Atlas. Refusals carry the codes of its Administration API; what only the provider says has none. */
export const mongodbatlas: Service = {
  resources: {
    ...accessResources,
    ...alertResources,
    ...backupResources,
    ...clusterResources,
    ...linkResources,
    ...projectResources,
    ...roleResources,
    ...userResources,
  },
  invokes: clusterInvokes,
};
