import { compute } from "./hints-compute.ts";
import { network } from "./hints-network.ts";
import { plans } from "./hints-plans.ts";
import type { Rule } from "./hints.ts";

/** Every hint that there is, by what it is about. */
export const rules: readonly Rule[] = [...compute, ...network, ...plans];
