import type { Service } from "../service.ts";
import { addressResources } from "./ec2-addresses.ts";
import { endpointResources } from "./ec2-endpoints.ts";
import { flowLogResources } from "./ec2-flow-logs.ts";
import { networkAclResources } from "./ec2-network-acls.ts";
import { prefixListInvokes, prefixListResources } from "./ec2-prefix-lists.ts";
import { routeResources } from "./ec2-routes.ts";
import { securityGroupResources } from "./ec2-security-groups.ts";
import { subnetResources } from "./ec2-subnets.ts";
import { vpcResources } from "./ec2-vpc.ts";

export const ec2: Service = {
  resources: {
    ...vpcResources,
    ...subnetResources,
    ...routeResources,
    ...addressResources,
    ...securityGroupResources,
    ...networkAclResources,
    ...endpointResources,
    ...prefixListResources,
    ...flowLogResources,
  },
  invokes: prefixListInvokes,
};
