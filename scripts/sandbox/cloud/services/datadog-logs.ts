import { mapAt, textAt } from "../fields.ts";
import type { ResourceRules, Unique } from "../service.ts";
import { conflict } from "./datadog-answers.ts";

/** Names are one organisation's: whatever stack made the other one. */
export const uniqueName = (property: string, what: string): Unique => ({
  property,
  within: "world",
  refuse: (name) => conflict(`${what} ${name} already exists`),
});

export const logsIndex: ResourceRules = {
  unique: [uniqueName("name", "logs index")],
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
};

export const logsMetric: ResourceRules = {
  unique: [uniqueName("name", "logs metric")],
  check(inputs) {
    const compute = mapAt(inputs, "compute");
    const type = textAt(compute, "aggregationType");
    if (type === "distribution" && compute["path"] === undefined)
      return [{ property: "compute.path", reason: "is required with aggregationType distribution" }];
    return type === "count" && compute["includePercentiles"] !== undefined
      ? [{ property: "compute.includePercentiles", reason: "is only for aggregationType distribution" }]
      : [];
  },
  id: ({ inputs }) => textAt(inputs, "name") ?? "",
};

export const metricMetadata: ResourceRules = {
  check(inputs) {
    const metric = textAt(inputs, "metric");
    return metric === undefined || /^[A-Za-z][A-Za-z0-9_.]{0,199}$/.test(metric)
      ? []
      : [{ property: "metric", reason: "must begin with a letter; letters, digits, dots, and underscores" }];
  },
  id: ({ inputs }) => textAt(inputs, "metric") ?? "",
};
