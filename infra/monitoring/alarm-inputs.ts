import type { types } from "@pulumi/aws";
import type { AlarmRow, AlarmScope, Metric } from "./alarms.ts";

type Query = types.input.cloudwatch.MetricAlarmMetricQuery;

/** What a row becomes as inputs of CloudWatch's alarm. */
export interface AlarmInputs {
  readonly comparisonOperator: string;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
  readonly metricQueries: Query[];
}

const query = (id: string, { stat, ...metric }: Metric, period: number, returnData: boolean): Query => ({
  id,
  metric: { ...metric, stat, period },
  returnData,
});

function queriesOf(row: AlarmRow, scope: AlarmScope): Query[] {
  const signal = row.signal(scope);
  const period = row.periodSeconds;
  if ("metric" in signal) return [query("value", signal.metric, period, true)];
  if ("select" in signal) return [{ id: "value", expression: signal.select, period, returnData: true }];
  return [
    { id: "value", expression: signal.expression, returnData: true },
    ...Object.entries(signal.metrics).map(([id, metric]) => query(id, metric, period, false)),
  ];
}

export const alarmInputs = (row: AlarmRow, scope: AlarmScope): AlarmInputs => ({
  comparisonOperator: row.comparison,
  threshold: row.threshold,
  evaluationPeriods: row.periods,
  datapointsToAlarm: row.of ?? row.periods,
  treatMissingData: typeof row.missing === "function" ? row.missing(scope) : row.missing,
  metricQueries: queriesOf(row, scope),
});
