import type { Sent } from "../analyzer.ts";

export const instance = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/instance:Instance",
  props: {
    engine: "postgres",
    engineVersion: "17.4",
    instanceClass: "db.t4g.micro",
    storageEncrypted: true,
    publiclyAccessible: false,
    dbSubnetGroupName: "isolated",
    vpcSecurityGroupIds: ["sg-0a"],
    iamDatabaseAuthenticationEnabled: true,
    manageMasterUserPassword: true,
    username: "keeper",
    port: 5433,
    ...props,
  },
});
export const cluster = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/cluster:Cluster",
  props: {
    engine: "aurora-postgresql",
    storageEncrypted: true,
    dbSubnetGroupName: "isolated",
    vpcSecurityGroupIds: ["sg-0a"],
    iamDatabaseAuthenticationEnabled: true,
    manageMasterUserPassword: true,
    masterUsername: "keeper",
    port: 5433,
    ...props,
  },
});
export const proxy = (props: Sent["props"] = {}): Sent => ({
  type: "aws:rds/proxy:Proxy",
  props: { name: "orders", requireTls: true, auths: [{ iamAuth: "REQUIRED" }], ...props },
});
