import { defaultRuntimeConfig } from "../api/src/runtime-config.ts";
import type { AllowList, SharedKey, SharedValue } from "./isolation.ts";

/** What staging and production may have in common. Everything else that stands in both states is a leak. */
const values: readonly SharedValue[] = [
  { value: "0.0.0.0/0", reason: "Any IPv4 address: routes to the internet and outbound rules name it." },
  { value: "::/0", reason: "Any IPv6 address, for the same." },
  { value: /^arn:aws:iam::aws:policy\//, reason: "Policies that AWS itself manages are the same in every account." },
  { value: /^[a-z]{2}-[a-z]+-\d[a-z]?$/, reason: "Regions and their zones are AWS's, not an environment's." },
  { value: /^[a-z]{3}\d-az\d$/, reason: "AWS's ids of physical zones, the same for every account." },
  { value: "Z2FDTNDATAQYW2", reason: "The one hosted zone of all CloudFront distributions, for alias records." },
  { value: "Z3AQBSTGFYJSTF", reason: "The hosted zone of all S3 website endpoints in us-east-1, for alias records." },
  { value: /^[a-z0-9-]+\.amazonaws\.com$/, reason: "Names of AWS services, as principals of roles and policies." },
  { value: /^com\.amazonaws\.(?!vpce\.)[a-z0-9.-]+$/, reason: "Names of AWS services, as endpoints of a network." },
  {
    value: /^pl-[0-9a-f]{8}$/,
    reason: "AWS's own prefix lists, one per service and region; a customer's have 17 digits.",
  },
  { value: "Z35SXDOTRQ7X7K", reason: "The hosted zone of all load balancers in us-east-1, for alias records." },
  { value: "iam-account-password-policy", reason: "The provider's one id of what exists once per account." },
  { value: /^[A-Z]{2}_[A-Z]+_\d$/, reason: "Atlas's spelling of AWS's regions." },
  { value: "tls_1_3", reason: "Cloudflare's name of a zone setting." },
  { value: /^HTTPCode_(?:Target|ELB)_\dXX_Count$/, reason: "AWS's names of a load balancer's metrics." },
  {
    value: JSON.stringify(defaultRuntimeConfig),
    reason:
      "The configuration that the API begins with; AWS's provider marks every content as secret, this one is in the repository.",
  },
];

/** Facts of the company, not of an environment. */
const keys: readonly SharedKey[] = [
  {
    key: "atlasOrganizationId",
    reason: "One Atlas organisation may hold both projects; keys and users are per project.",
  },
  { key: "githubRepository", reason: "Both environments are deployed from one repository." },
  { key: "adminEmailDomains", reason: "The same people work on both." },
  { key: "alertEmail", reason: "The same people answer for both." },
];

export const ALLOW_LIST: AllowList = { values, keys };
