import type { Case } from "../test/case.ts";

export const cases: readonly Case[] = [];
