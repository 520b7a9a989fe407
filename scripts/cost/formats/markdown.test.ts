import assert from "node:assert/strict";
import { differenceOf } from "../difference.ts";
import { manyResources, reportCase, shippedLike, stackOf } from "../report.cases.ts";
import { markdownText, marker } from "./markdown.ts";

const difference = differenceOf(
  [stackOf("staging", [{ name: "api", quantity: 365, property: "cpu" }]), ...shippedLike.slice(1)],
  shippedLike,
  "main",
);

describe("a report as Markdown", () => {
  it("begins with the marker by which one comment is updated, then says what changes", () => {
    const [first, , second] = markdownText(reportCase({ difference })).split("\n");
    assert.equal(first, "<!-- groundwork:cost -->");
    assert.equal(first, marker);
    assert.equal(second, "### Cost: staging +106.90 USD a month (+904.5 %), production 0.00 USD a month (0.0 %)");
  });

  it("says per line what changed it", () => {
    assert.match(
      markdownText(reportCase({ difference })),
      /^\| changed \| api \| Linux ARM vCPU \| cpu: 365 to 730 vCPU-hour \| 11\.82 \| 23\.64 \| \+11\.82 \| \+100\.0 % \|$/m,
    );
  });

  it("without a difference shows what there is", () => {
    const text = markdownText(reportCase());
    assert.match(text, /^\| production \| 287\.31 \| \*\*293\.19\*\* \| 318\.68 \|$/m);
    assert.match(text, /\*\*over budget\*\*, production/);
  });

  it("is no longer than a comment may be, and ends its last block", () => {
    const stacks = [manyResources(5_000), stackOf("staging", [])];
    const text = markdownText(reportCase({ stacks, difference: differenceOf([], stacks, "main") }));
    assert.ok(text.length < 65_536);
    assert.equal(text.split("<details>").length, text.split("</details>").length);
    const assumed = Array.from({ length: 3_000 }, (_, index) => ({
      name: `r${index}`,
      assumption: `${index} `.repeat(20),
    }));
    const long = markdownText(reportCase({ stacks: [stackOf("staging", assumed)] }));
    assert.ok(long.length < 65_536 && long.length > 50_000);
    assert.equal(long.split("<details>").length, long.split("</details>").length);
    assert.match(long, /too long for a comment: `npm run cost` shows all of it\.$/);
  });

  it("lets no name or assumption become markup or a mention", () => {
    const text = markdownText(
      reportCase({
        stacks: [stackOf("staging", [{ name: "a|b`c`<img src=x>@everyone", assumption: "**bold**\n\n# head" }])],
      }),
    );
    assert.ok(text.includes("a\\|b\\`c\\`&lt;img src=x&gt;&#64;everyone"));
    assert.ok(text.includes("- \\*\\*bold\\*\\* &#35; head"));
  });
});
