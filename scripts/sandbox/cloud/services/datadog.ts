import type { Service } from "../service.ts";
import { apiKeys } from "./datadog-api-keys.ts";
import { dashboard, dashboardJson } from "./datadog-dashboards.ts";
import { downtimeSchedule } from "./datadog-downtimes.ts";
import { datadogIntegrations } from "./datadog-integrations.ts";
import { logsIndex, logsMetric, metricMetadata } from "./datadog-logs.ts";
import { MONITOR, monitor } from "./datadog-monitors.ts";
import { serviceLevelObjective } from "./datadog-slos.ts";
import { syntheticsTest } from "./datadog-synthetics.ts";

/** One organisation, whatever stack asks. */
export const datadog: Service = {
  resources: {
    ...apiKeys,
    ...datadogIntegrations,
    [MONITOR]: monitor,
    "datadog:index/dashboard:Dashboard": dashboard,
    "datadog:index/dashboardJson:DashboardJson": dashboardJson,
    "datadog:index/downtimeSchedule:DowntimeSchedule": downtimeSchedule,
    "datadog:index/logsIndex:LogsIndex": logsIndex,
    "datadog:index/logsMetric:LogsMetric": logsMetric,
    "datadog:index/metricMetadata:MetricMetadata": metricMetadata,
    "datadog:index/serviceLevelObjective:ServiceLevelObjective": serviceLevelObjective,
    "datadog:index/syntheticsTest:SyntheticsTest": syntheticsTest,
  },
};
