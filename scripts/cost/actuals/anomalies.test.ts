import assert from "node:assert/strict";
import { amount } from "../money.ts";
import { anomaliesOf, median } from "./anomalies.ts";
import { addDays } from "./calendar.ts";

const seriesOf = (first: string, costs: readonly number[]) => ({
  provider: "AWS",
  service: "S3",
  days: new Map(costs.map((cost, index) => [addDays(first, index), amount(cost)])),
});

describe("anomalies of a service", () => {
  const share = { part: amount("0.2") };
  const span = { known: "2026-10-01", from: "2026-10-01", until: "2026-10-21" };

  it("have a median of their own", () => {
    assert.equal(median([]).toFixed(), "0");
    assert.equal(median([3, 1, 2].map(amount)).toFixed(), "2");
    assert.equal(median([4, 1, 2, 3].map(amount)).toFixed(), "2.5");
  });

  it("are not found in the first week, nor in what always moves as much", () => {
    assert.deepEqual(anomaliesOf(seriesOf("2026-10-01", [1, 1, 1, 9, 1, 1, 1, 1]), span, share), []);
    const restless = Array.from({ length: 20 }, (_, index) => 1 + (index % 3));
    assert.deepEqual(anomaliesOf(seriesOf("2026-10-01", restless), span, share), []);
  });

  it("end once the new cost is the usual one, and begin from nothing for a new service", () => {
    const [raised] = anomaliesOf(
      seriesOf("2026-10-01", [...Array<number>(10).fill(1), ...Array<number>(10).fill(2)]),
      span,
      share,
    );
    assert.deepEqual([raised?.firstDay, raised?.lastDay], ["2026-10-11", "2026-10-17"]);
    const [fresh] = anomaliesOf(seriesOf("2026-10-12", [5]), span, share);
    assert.deepEqual([fresh?.firstDay, fresh?.excess.toFixed()], ["2026-10-12", "5"]);
    assert.deepEqual(anomaliesOf(seriesOf("2026-10-12", [0.05]), span, share), []);
  });
});
