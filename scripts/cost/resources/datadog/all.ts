import { isProperties } from "../../../sandbox/values/value.ts";
import { type CostResource, type Entries, free, notPriced, type Part, priced } from "../entry.ts";
import { blockOf, isUnknown } from "../read.ts";
import { testParts } from "./synthetics.ts";

const partOfThePlan = free("Part of the plan: Datadog charges for hosts, tasks, metrics, logs, and runs.");
const logSetting = free("A setting: logs are charged where they are sent.");

/** Every Datadog type that is known; tasks with the agent are the ECS service's. https://www.datadoghq.com/pricing/ */
export const datadog: Entries = {
  "datadog:index/syntheticsTest:SyntheticsTest": priced(testParts),
  "datadog:index/syntheticsGlobalVariable:SyntheticsGlobalVariable": partOfThePlan,
  "datadog:index/syntheticsPrivateLocation:SyntheticsPrivateLocation": free("Its runs are the tests'."),
  "datadog:aws/integrationAccount:IntegrationAccount": priced(accountParts),
  "datadog:aws/integrationExternalId:IntegrationExternalId": partOfThePlan,
  "datadog:index/apiKey:ApiKey": partOfThePlan,
  "datadog:index/applicationKey:ApplicationKey": partOfThePlan,
  "datadog:index/dashboard:Dashboard": partOfThePlan,
  "datadog:index/dashboardJson:DashboardJson": partOfThePlan,
  "datadog:index/dashboardList:DashboardList": partOfThePlan,
  "datadog:index/downtimeSchedule:DowntimeSchedule": partOfThePlan,
  "datadog:index/monitor:Monitor": free("Monitors are free, however many."),
  "datadog:index/monitorJson:MonitorJson": free("Monitors are free, however many."),
  "datadog:index/metricMetadata:MetricMetadata": partOfThePlan,
  "datadog:index/metricTagConfiguration:MetricTagConfiguration": free(
    "Lowers what custom metrics cost; they are the agent's.",
  ),
  "datadog:index/role:Role": partOfThePlan,
  "datadog:index/serviceLevelObjective:ServiceLevelObjective": partOfThePlan,
  "datadog:index/serviceDefinitionYaml:ServiceDefinitionYaml": partOfThePlan,
  "datadog:index/team:Team": partOfThePlan,
  "datadog:index/user:User": partOfThePlan,
  "datadog:index/webhook:Webhook": partOfThePlan,
  "datadog:index/logsIndex:LogsIndex": logSetting,
  "datadog:index/logsCustomPipeline:LogsCustomPipeline": logSetting,
  "datadog:index/logsMetric:LogsMetric": notPriced(
    "Metrics made of logs count as custom ones, whose number has no assumption.",
  ),
  "datadog:index/logsArchive:LogsArchive": free("Charged by the bucket that it writes to."),
};

/**
 * Of what the AWS integration reads, EC2 instances, Lambda functions, and custom metrics of CloudWatch are charged.
 * https://docs.datadoghq.com/account_management/billing/aws/
 */
function accountParts(account: CostResource): readonly Part[] {
  const metrics = blockOf(account, "metricsConfig");
  if (isUnknown(metrics)) return [{ notPriced: "Which metrics it reads is not known yet." }];
  if (metrics["enabled"] === false) return [{ free: "It reads no metrics." }];
  const filters = metrics["namespaceFilters"];
  const only = isProperties(filters) && Array.isArray(filters["includeOnlies"]) ? filters["includeOnlies"] : undefined;
  const reads = (namespace: string): boolean => only === undefined || only.includes(namespace);
  const parts = charged.filter(([namespace]) => reads(namespace)).map(([, reason]) => ({ notPriced: reason }));
  if (metrics["collectCustomMetrics"] === true)
    parts.push({ notPriced: "Custom metrics of CloudWatch count as Datadog's own, whose number has no assumption." });
  return parts.length > 0 ? parts : [{ free: "What it reads of AWS is not charged: it has no host among it." }];
}

const charged: readonly (readonly [namespace: string, reason: string])[] = [
  ["AWS/EC2", "Each EC2 instance that it reads is a host; the instances are not of this stack."],
  ["AWS/Lambda", "Runs of Lambda functions whose metrics it reads are not in prices.csv: a few hundred a month."],
];
