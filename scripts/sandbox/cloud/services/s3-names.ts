import { isIPv4 } from "node:net";

/** Beginnings and ends that S3 keeps for itself. Source: the S3 user guide, bucket naming rules. */
const RESERVED_STARTS = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_ENDS = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** What is wrong with a bucket's name; undefined where S3 takes it. */
export function bucketNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `a bucket name has 3 to 63 characters, "${name}" has ${name.length}`;
  if (!/^[a-z0-9.-]+$/.test(name)) return `"${name}" may have only lowercase letters, digits, dots, and hyphens`;
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return `"${name}" must begin and end with a letter or digit`;
  if (name.includes("..")) return `"${name}" may not have two dots in a row`;
  if (isIPv4(name)) return `"${name}" may not look like an IP address`;
  const start = RESERVED_STARTS.find((reserved) => name.startsWith(reserved));
  if (start !== undefined) return `"${name}" may not begin with ${start}`;
  const end = RESERVED_ENDS.find((reserved) => name.endsWith(reserved));
  return end === undefined ? undefined : `"${name}" may not end with ${end}`;
}
