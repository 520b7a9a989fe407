import assert from "node:assert/strict";
import { progressOn } from "./progress.ts";

describe("progress of a reading", () => {
  const written = (isTTY: boolean): string => {
    const texts: string[] = [];
    const progress = progressOn({ isTTY, write: (text) => texts.push(text) });
    progress.follow(() => 0.5);
    progress.follow(() => 0.25);
    progress.end();
    return texts.join("");
  };

  it("is a line on a terminal that never goes back, and nothing in a pipe", () => {
    assert.equal(written(false), "");
    assert.equal(written(true).match(/50 % read/g)?.length, 2);
  });
});
