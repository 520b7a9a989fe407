import type { Exemption } from "./support/exemption.ts";

/**
 * Findings that are accepted for a while: rule, resource, environments, reason, owner, last day. A run fails on one
 * that is over, that covers nothing any more, or that says more than its resource needs, and lists the others.
 */
export const exemptions: readonly Exemption[] = [];
