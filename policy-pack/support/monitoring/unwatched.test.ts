import assert from "node:assert/strict";
import { resource, unknown } from "../../test/resource.ts";
import type { StackResource } from "../rule.ts";
import { stackFrom } from "../stack.ts";
import { unwatched, type Kinds, type More } from "./unwatched.ts";

const TABLE = "aws:dynamodb/table:Table";
const KINDS: Kinds = { [TABLE]: { keys: ["TableName"], names: ["name"], namespaces: ["AWS/DynamoDB"] } };

const orders = resource(TABLE, "orders", { name: "orders-1" });
const alarm = (alarmActions: readonly string[]): StackResource =>
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", { dimensions: { TableName: "orders-1" }, alarmActions });
const found = (more: More, ...resources: readonly StackResource[]) =>
  unwatched(stackFrom([orders, ...resources]), KINDS, "add an alarm", [orders], more).map((finding) =>
    "wrong" in finding ? finding.wrong : "waits",
  );

describe("unwatched resources", () => {
  it("have nobody who watches them, or nobody who tells", () => {
    assert.deepEqual(
      found(() => false),
      ['nothing watches "orders"'],
    );
    assert.deepEqual(
      found(() => false, alarm([])),
      ['whatever watches "orders" tells nobody, as "alarm"'],
    );
  });

  it("are none that an alarm, or something else, watches", () => {
    assert.deepEqual(
      found(() => false, alarm(["arn:aws:sns:us-east-1:111122223333:elsewhere"])),
      [],
    );
    assert.deepEqual(
      found(() => true),
      [],
    );
  });

  it("are undecided while something may watch them", () => {
    assert.deepEqual(
      found(() => unknown),
      ["waits"],
    );
  });

  it("are of the kinds that are asked about", () => {
    const other = resource("aws:s3/bucket:Bucket", "media");
    assert.deepEqual(unwatched(stackFrom([other]), KINDS, "add an alarm"), []);
  });
});
