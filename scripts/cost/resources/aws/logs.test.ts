import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const group = (inputs: Given["inputs"] = {}): Given => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "group",
  inputs,
});

describe("a log group", () => {
  itCosts([
    {
      what: "is charged for what comes in, and for 15 % of it as long as it is kept",
      given: group({ retentionInDays: 365 }),
      // 0.15 of it, twelve months long.
      lines: ["log-ingestion 100..1000..10000 ~", "log-storage 180..1800..18000 ~"],
      says: /for 365 days\./,
    },
    {
      what: "is counted for a year where it never ends, or no end is known yet",
      given: group(),
      lines: ["log-ingestion 100..1000..10000 ~", "log-storage 180..1800..18000 ~"],
      says: /as no end is known/,
    },
    {
      what: "is counted for a year where its end is not known yet",
      given: group({ retentionInDays: UNKNOWN }),
      lines: ["log-ingestion 100..1000..10000 ~", "log-storage 180..1800..18000 ~"],
    },
    {
      what: "has the price of vended logs where flow logs fill it",
      given: group({ retentionInDays: 365 }),
      among: [{ type: "aws:ec2/flowLog:FlowLog", name: "flow", refers: { logDestination: ["group"] } }],
      lines: ["vended-log-ingestion 100..1000..10000 ~", "log-storage 180..1800..18000 ~"],
    },
    {
      what: "shares the tasks' logs with another, not with that of a function",
      given: group({ retentionInDays: 365 }),
      among: [
        { ...group(), name: "second" },
        { ...group(), name: "third" },
        { type: "aws:lambda/function:Function", name: "function", refers: { loggingConfig: ["third"] } },
      ],
      lines: ["log-ingestion 50..500..5000 ~", "log-storage 90..900..9000 ~"],
    },
  ]);
});
