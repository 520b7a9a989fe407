import assert from "node:assert/strict";
import { sizeProblem } from "./task-definition.ts";

describe("the sizes of a task", () => {
  for (const [cpu, memory] of [
    [256, 512],
    [256, 2048],
    [512, 1024],
    [512, 4096],
    [1024, 8192],
    [4096, 30_720],
    [8192, 20_480],
    [16_384, 122_880],
  ] as const) {
    it(`may be ${cpu} CPU units with ${memory} MB`, () => assert.equal(sizeProblem(cpu, memory), undefined));
  }

  for (const [cpu, memory, says] of [
    [300, 512, /no 300 CPU units, only 256, 512, 1024/],
    [256, 4096, /256 CPU units with 512, 1024, 2048 MB, not with 4096/],
    [512, 512, /512 CPU units with 1024, 2048, 3072, 4096 MB, not with 512/],
    [8192, 17_408, /not with 17408/],
  ] as const) {
    it(`may not be ${cpu} CPU units with ${memory} MB`, () => {
      assert.match(sizeProblem(cpu, memory) ?? "", says);
    });
  }
});
