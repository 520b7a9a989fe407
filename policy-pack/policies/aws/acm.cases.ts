import { UNKNOWN, type Sent } from "../../test/analyzer.ts";
import { TAGS as tags, type Case } from "../../test/case.ts";

const key = "acm-key-algorithm-strong";
const wildcard = "acm-no-wildcard";
const transparency = "acm-transparency-logging-enabled";
const proof = "acm-validated-by-dns";

const certificate = (props: Sent["props"] = {}): Sent => ({
  type: "aws:acm/certificate:Certificate",
  props: { tags, ...props },
});
const named = (props: Sent["props"] = {}): Sent => certificate({ domainName: "api.example.com", ...props });
const logging = (value: string): Sent => named({ options: { certificateTransparencyLoggingPreference: value } });

export const cases: readonly Case[] = [
  { rule: key, when: "it is elliptic", given: named({ keyAlgorithm: "EC_prime256v1" }), result: "passes" },
  { rule: key, when: "nothing is said, and the default is RSA_2048", given: named(), result: "passes" },
  {
    rule: key,
    when: "it is short",
    given: named({ keyAlgorithm: "RSA_1024" }),
    result: [/keyAlgorithm: it is "RSA_1024"/],
  },
  { rule: key, when: "it is unknown", given: named({ keyAlgorithm: UNKNOWN }), result: [/not known at preview/] },

  {
    rule: wildcard,
    when: "each host is named",
    given: named({ subjectAlternativeNames: ["www.example.com"] }),
    result: "passes",
  },
  { rule: wildcard, when: "the name is in the certificate that is imported", given: certificate(), result: "passes" },
  {
    rule: wildcard,
    when: "the domain is a wildcard",
    given: certificate({ domainName: "*.example.com" }),
    result: [/domainName: \*\.example\.com stands for every host.*Fix: name each host/],
  },
  {
    rule: wildcard,
    when: "another name is one, beside an unknown",
    given: named({ subjectAlternativeNames: [UNKNOWN, "*.example.com"] }),
    result: [/subjectAlternativeNames\[1\]/],
  },
  { rule: wildcard, when: "a name is unknown", given: certificate({ domainName: UNKNOWN }), result: "waits" },
  {
    rule: wildcard,
    when: "all other names are unknown",
    given: named({ subjectAlternativeNames: UNKNOWN }),
    result: "waits",
  },

  { rule: transparency, when: "nothing is said, and the default is on", given: named(), result: "passes" },
  { rule: transparency, when: "it is on", given: logging("ENABLED"), result: "passes" },
  {
    rule: transparency,
    when: "options say something else",
    given: named({ options: { export: "DISABLED" } }),
    result: "passes",
  },
  {
    rule: transparency,
    when: "it is off",
    given: logging("DISABLED"),
    result: [/options\.certificateTransparencyLoggingPreference: it is "DISABLED"/],
  },
  { rule: transparency, when: "it is unknown", given: logging(UNKNOWN), result: [/not known at preview/] },

  { rule: proof, when: "records prove it", given: named({ validationMethod: "DNS" }), result: "passes" },
  {
    rule: proof,
    when: "a mail proves it",
    given: named({ validationMethod: "EMAIL" }),
    result: [/validationMethod: somebody has to answer a mail/],
  },
  { rule: proof, when: "nothing is said", given: named(), result: [/validationMethod: it is not set/] },
  { rule: proof, when: "it is unknown", given: named({ validationMethod: UNKNOWN }), result: [/not known at preview/] },
  {
    rule: proof,
    when: "it is imported",
    given: certificate({ certificateBody: "PEM", privateKey: UNKNOWN }),
    result: "passes",
  },
  {
    rule: proof,
    when: "a private authority issues it",
    given: named({ certificateAuthorityArn: UNKNOWN }),
    result: "passes",
  },
];
