import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const instance = (inputs: Given["inputs"]): Given => ({
  type: "aws:rds/instance:Instance",
  inputs: { engine: "postgres", ...inputs },
});
const domain = (inputs: Given["inputs"]): Given => ({ type: "aws:opensearch/domain:Domain", inputs });

describe("databases that may be next", () => {
  itCosts([
    {
      what: "PostgreSQL in one zone",
      given: instance({ instanceClass: "db.t4g.small", allocatedStorage: 100, storageType: "gp3" }),
      lines: ["rds-postgres-t4g-small-single-az 730", "rds-gp3-single-az 100"],
    },
    {
      what: "PostgreSQL in two zones",
      given: instance({ instanceClass: "db.t4g.small", allocatedStorage: 100, multiAz: true }),
      lines: ["rds-postgres-t4g-small-multi-az 730", "rds-gp3-multi-az 100"],
    },
    {
      what: "PostgreSQL whose size is not known yet",
      given: instance({ instanceClass: UNKNOWN, allocatedStorage: UNKNOWN }),
      lines: ["rds-postgres-t4g-micro-single-az 730 ~", "rds-gp3-single-az 20..50..200 ~"],
    },
    { what: "another engine", given: instance({ engine: "mysql" }), lines: ["not priced: RDS with mysql"] },
    {
      what: "other disks",
      given: instance({ instanceClass: "db.t4g.small", storageType: "io2" }),
      lines: ["rds-postgres-t4g-small-single-az 730", "not priced: RDS storage of type io2"],
    },
    {
      what: "OpenSearch on two nodes",
      given: domain({
        clusterConfig: { instanceType: "t3.small.search", instanceCount: 2 },
        ebsOptions: { volumeSize: 10 },
      }),
      lines: ["opensearch-t3-small 1460", "opensearch-gp3 20"],
    },
    {
      what: "OpenSearch whose size is not known yet",
      given: domain({ clusterConfig: UNKNOWN, ebsOptions: UNKNOWN }),
      lines: ["opensearch-t3-small 730..1460..2190 ~", "opensearch-gp3 20..40..60 ~"],
    },
    { what: "DynamoDB", given: { type: "aws:dynamodb/table:Table" }, lines: ["not priced: DynamoDB"] },
  ]);
});

describe("the edge", () => {
  itCosts([
    {
      what: "certificates are free",
      given: { type: "aws:acm/certificate:Certificate" },
      lines: ["free: Public certificates"],
    },
    {
      what: "certificates that can be exported are not",
      given: { type: "aws:acm/certificate:Certificate", inputs: { options: { export: "ENABLED" } } },
      lines: ["not priced: Certificates that can be exported"],
    },
    {
      what: "a web ACL is charged with its rules and what it sees",
      given: { type: "aws:wafv2/webAcl:WebAcl", inputs: { rules: [{}, {}, {}] } },
      lines: ["waf-acl 1", "waf-rule 3", "waf-requests 0.0001..0.001..0.01 ~"],
    },
    {
      what: "a web ACL without rules is a line of 0",
      given: { type: "aws:wafv2/webAcl:WebAcl" },
      lines: ["waf-acl 1", "waf-rule 0", "waf-requests 0.0001..0.001..0.01 ~"],
    },
    {
      what: "a zone is charged with its queries",
      given: { type: "aws:route53/zone:Zone" },
      lines: ["route53-zone 1", "route53-queries 0.0001..0.001..0.01 ~"],
    },
    {
      what: "a trust store has no public price",
      given: { type: "aws:lb/trustStore:TrustStore" },
      lines: ["not priced: AWS charges a trust store"],
    },
  ]);
});
