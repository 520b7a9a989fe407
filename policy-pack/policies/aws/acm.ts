import { elements, expects, locate, oneOf, orAbsent } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { Unknown } from "../../support/unknown.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";

/** Names that stand for every host below a domain. */
function wildcardNames({ props }: Resource): readonly Finding[] {
  return [...locate(props, "domainName"), ...locate(props, "subjectAlternativeNames[]")].flatMap(
    ({ property, value }): readonly Finding[] => {
      if (value instanceof Unknown) return [{ property, unknown: value }];
      if (typeof value !== "string" || !value.startsWith("*.")) return [];
      return [{ property, wrong: `${value} stands for every host of the domain`, fix: "name each host" }];
    },
  );
}

const IMPORTED = ["certificateBody", "privateKey", "privateKeyWo", "certificateAuthorityArn"];

/** Certificates that ACM asks somebody by mail to renew. Imported and private ones are not proven at all. */
function notProvenByDns({ props }: Resource): readonly Finding[] {
  if (IMPORTED.some((key) => elements({ property: key, value: props[key] }).length > 0)) return [];
  const value = props["validationMethod"];
  if (value instanceof Unknown) return [{ property: "validationMethod", unknown: value }];
  if (value === "DNS") return [];
  return [
    {
      property: "validationMethod",
      wrong: value === undefined ? "it is not set" : "somebody has to answer a mail at each renewal",
      fix: 'set validationMethod: "DNS", and add the records',
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "acm-key-algorithm-strong",
    description: "Keys of certificates are RSA with 2,048 bits or more, or elliptic.",
    why: "Shorter RSA keys can be factored.",
    severity: "high",
    level: "mandatory",
    standards: ["FSBP ACM.2"],
    // Absent is RSA_2048.
    resources: [
      {
        types: [CERTIFICATE],
        unknown: "refuse",
        find: expects(
          "keyAlgorithm",
          orAbsent(oneOf("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")),
          'set keyAlgorithm: "EC_prime256v1"',
        ),
      },
    ],
  },
  {
    name: "acm-no-wildcard",
    description: "Certificates name each host.",
    why: "Whoever gets the key of a wildcard certificate can pose as every host of the domain.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_71"],
    resources: [{ types: [CERTIFICATE], unknown: "defer", find: wildcardNames }],
  },
  {
    name: "acm-transparency-logging-enabled",
    description: "Certificates stand in the public transparency logs.",
    why: "Browsers refuse certificates that do not, and only the logs show that somebody else got one for the domain.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV_AWS_234"],
    // Absent is ENABLED.
    resources: [
      {
        types: [CERTIFICATE],
        unknown: "refuse",
        find: expects(
          "options.certificateTransparencyLoggingPreference",
          orAbsent(oneOf("ENABLED")),
          'set options.certificateTransparencyLoggingPreference: "ENABLED", or leave it out',
        ),
      },
    ],
  },
  {
    name: "acm-validated-by-dns",
    description: "Certificates are proven by DNS records.",
    why: "ACM renews these by itself as long as the records stand.",
    severity: "medium",
    level: "mandatory",
    standards: [],
    resources: [{ types: [CERTIFICATE], unknown: "refuse", find: notProvenByDns }],
  },
];
