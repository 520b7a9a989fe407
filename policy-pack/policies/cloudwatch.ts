import type { Rule } from "../support/rule.ts";

export const rules: readonly Rule[] = [];
