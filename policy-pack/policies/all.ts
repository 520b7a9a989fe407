import type { Rule } from "../support/rule.ts";
import { rules as ec2 } from "./ec2.ts";
import { rules as s3 } from "./s3.ts";
import { rules as tags } from "./tags.ts";

/** Every rule of the pack. A new service is one import and one line. */
export const rules: readonly Rule[] = [...s3, ...ec2, ...tags];
