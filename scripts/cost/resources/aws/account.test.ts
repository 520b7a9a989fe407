import { UNKNOWN } from "../../../sandbox/values/value.ts";
import { type Given, itCosts } from "../world.cases.ts";

const trail = (inputs: Given["inputs"] = {}): Given => ({ type: "aws:cloudtrail/trail:Trail", inputs });
const detector = (inputs: Given["inputs"] = {}): Given => ({ type: "aws:guardduty/detector:Detector", inputs });
const plan = (inputs: Given["inputs"] = {}): Given => ({ type: "aws:backup/plan:Plan", inputs });
const copyTo = (region: string) => [
  { copyActions: [{ destinationVaultArn: `arn:aws:backup:${region}:123456789012:backup-vault:v` }] },
];
const data = { eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }] };

describe("what watches an account", () => {
  itCosts([
    { what: "the first trail is free", given: trail(), lines: ["free: The first copy"] },
    {
      what: "data events are charged from the first",
      given: trail(data),
      lines: ["free: The first copy", "cloudtrail-data-events 0.001..0.01..0.1 ~"],
    },
    {
      what: "data events may be recorded where selectors are not known yet",
      given: trail({ eventSelectors: UNKNOWN }),
      lines: ["free: The first copy", "cloudtrail-data-events 0.001..0.01..0.1 ~"],
    },
    {
      what: "GuardDuty is charged by events and logs, and says what it leaves out",
      given: detector({ enable: true }),
      lines: [
        "guardduty-events 0.0001..0.001..0.01 ~",
        "guardduty-logs 100..1000..10000 ~",
        "not priced: Protection plans",
      ],
    },
    {
      what: "GuardDuty that is switched off is a line of 0",
      given: detector({ enable: false }),
      lines: ["guardduty-events 0", "guardduty-logs 0"],
    },
    { what: "budgets that notify are free", given: { type: "aws:budgets/budget:Budget" }, lines: ["free: Budgets"] },
    {
      what: "budgets that act are charged by the day",
      given: { type: "aws:budgets/budgetAction:BudgetAction" },
      lines: ["budget-action-day 30.416667"],
    },
    {
      what: "analysis of other accounts' access is free, of unused access it is not",
      given: { type: "aws:accessanalyzer/analyzer:Analyzer", inputs: { type: "ACCOUNT_UNUSED_ACCESS" } },
      lines: ["not priced: Analysis of unused access"],
    },
  ]);
});

describe("AWS Backup", () => {
  itCosts([
    {
      what: "charges each vault for what it keeps",
      given: { type: "aws:backup/vault:Vault" },
      lines: ["backup-s3-storage 100..1000..10000 ~"],
    },
    {
      what: "charges the way to another region",
      given: plan({ region: "us-east-1", rules: copyTo("us-west-2") }),
      lines: ["data-other-region 100..1000..10000 ~"],
    },
    {
      what: "does not charge the way within the region",
      given: plan({ region: "us-east-1", rules: copyTo("us-east-1") }),
      lines: ["free: Plans are free"],
    },
    {
      what: "may charge it where the vault is not known yet",
      given: plan({ rules: [{ copyActions: [{ destinationVaultArn: UNKNOWN }] }] }),
      lines: ["data-other-region 100..1000..10000 ~"],
    },
    {
      what: "may charge it where rules are not known yet",
      given: plan({ rules: UNKNOWN }),
      lines: ["data-other-region 0..1000..10000 ~"],
    },
  ]);
});
