import { manyResources, reportCase, shippedLike } from "../report.cases.ts";
import { assertAgreement } from "./agreement.cases.ts";

describe("the formats", () => {
  for (const [name, stacks] of [
    ["the usual stacks", shippedLike],
    ["many lines without an end as decimals", [manyResources(997)]],
  ] as const)
    it(`agree to the cent on ${name}`, () => {
      assertAgreement(reportCase({ stacks }));
    });
});
