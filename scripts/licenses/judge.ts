import type { AllowedLicense, LicenseException } from "./allowed.ts";

/** A package of an install. */
export interface LicensedPackage {
  /** `name@version` */
  readonly package: string;
  /**
   * As its package.json says: an SPDX identifier or expression. With an asterisk at the end it is a guess from the
   * package's files; `UNKNOWN` where there is not even that.
   */
  readonly license: string;
}

/** What packages may be: in general, and one by one. */
export interface LicensePolicy {
  readonly allowed: readonly AllowedLicense[];
  readonly exceptions: readonly LicenseException[];
}

/**
 * What is not allowed, and exceptions that no package needs, one sentence each. An expression counts as a licence of its
 * own, so that somebody reads it once.
 */
export function findingsOf(packages: readonly LicensedPackage[], policy: LicensePolicy): readonly string[] {
  const allowed = new Set(policy.allowed.map(({ license }) => license));
  const isExcepted = (found: LicensedPackage): boolean =>
    policy.exceptions.some((exception) => exception.package === found.package && exception.license === found.license);
  const forbidden = packages.filter((found) => !allowed.has(found.license) && !isExcepted(found));
  const unused = policy.exceptions.filter(
    (exception) =>
      !packages.some((found) => found.package === exception.package && found.license === exception.license),
  );
  return [
    ...forbidden.map((found) => `${found.package} has the licence ${found.license}, which is not allowed`),
    ...unused.map((exception) => `the exception of ${exception.package} (${exception.license}) is needed by nothing`),
  ];
}
