/** A licence that a dependency of the image may have, by its SPDX identifier. */
export interface AllowedLicense {
  readonly license: string;
  readonly reason: string;
}

/** One version of one package that may be in the image although its licence is not allowed in general. */
export interface LicenseException {
  /** `name@version`: another version is looked at again. */
  readonly package: string;
  /** As it is found. */
  readonly license: string;
  readonly reason: string;
}

export const ALLOWED_LICENSES: readonly AllowedLicense[] = [
  { license: "MIT", reason: "Permissive; asks for its notice, which the package in the image holds." },
  { license: "ISC", reason: "As MIT, in fewer words." },
  { license: "0BSD", reason: "Permissive, without any condition." },
  { license: "BSD-2-Clause", reason: "Permissive; asks for its notice." },
  { license: "BSD-3-Clause", reason: "As BSD-2-Clause; forbids advertising with the authors' names." },
  { license: "BlueOak-1.0.0", reason: "Permissive, with a patent licence; asks for its notice." },
  { license: "Apache-2.0", reason: "Permissive, with a patent licence that ends where one sues; asks for its notice." },
];

export const LICENSE_EXCEPTIONS: readonly LicenseException[] = [];
