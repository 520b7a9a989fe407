/** A client certificate with which Cloudflare proves itself to the load balancer, and the authority that signed it. */
export interface OriginPullGeneration {
  /** 1 or more, never used again: it decides the keys. */
  readonly number: number;
  /** RFC 3339, in UTC: `2026-01-01T00:00:00Z`. Fixed, so that two runs make the same certificate. */
  readonly notBefore: string;
  readonly notAfter: string;
}

/** The first is the one that Cloudflare shows; the load balancer trusts all of them. */
export type OriginPullGenerations = readonly [OriginPullGeneration, ...OriginPullGeneration[]];
