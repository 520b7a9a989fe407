import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { flagAt, mapAt, mapsAt, textAt, textsAt, textsUnder } from "../fields.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
  type World,
} from "../service.ts";
import { findBy, here, type Holder, inAccount, letters, placeHex, uuid, valueOf } from "./lookup.ts";

export const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
/** Where the sandbox's domains are served. */
const DNS_RECORD = "cloudflare:index/dnsRecord:DnsRecord";

/** What keeps a certificate from being deleted. Listeners and distributions name it by its ARN. */
const USERS: readonly Holder[] = [
  { type: "aws:lb/listener:Listener", path: "certificateArn" },
  { type: "aws:lb/listenerCertificate:ListenerCertificate", path: "certificateArn" },
  { type: "aws:cloudfront/distribution:Distribution", path: "viewerCertificate.acmCertificateArn" },
];

/** Source: the API reference of RequestCertificate. */
const DOMAIN = /^(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$/;
const MAX_COMMON_NAME = 64;
const MAX_NAME = 253;
/** The default quota of names on a certificate. */
const MAX_NAMES = 10;

/** Authorities of Amazon, any of which a CAA record may allow. Source: ACM's user guide. */
const AMAZON = ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"];

const isImported = (inputs: Properties): boolean => inputs["privateKey"] !== undefined;
const bare = (name: string): string => name.toLowerCase().replace(/^\*\./, "").replace(/\.$/, "");

/** The first name and all others, once each. */
const namesOf = (inputs: Properties): string[] => [
  ...new Set([textAt(inputs, "domainName") ?? [], textsAt(inputs, "subjectAlternativeNames")].flat()),
];

function nameFailures(property: string, name: string, max: number): CheckFailure[] {
  if (name.length > max)
    return [{ property, reason: `ValidationException: '${name}' must have length less than or equal to ${max}` }];
  return DOMAIN.test(name)
    ? []
    : [{ property, reason: `ValidationException: '${name}' must satisfy regular expression pattern ${DOMAIN.source}` }];
}

/** The same domain has the same proof on every certificate of an account, so that renewals need no new record. */
function proofsOf({ inputs, location }: Operation): Properties[] {
  if (textAt(inputs, "validationMethod") !== "DNS") return [];
  const token = (domain: string, part: string, length: number): string =>
    placeHex({ ...location, region: "" }, `${domain}/${part}`, length);
  return namesOf(inputs).map((domainName) => {
    const domain = bare(domainName);
    const zone = letters(token(domain, "zone", 20), "abcdefghijklmnopqrstuvwxyz");
    return {
      domainName,
      resourceRecordName: `_${token(domain, "name", 32)}.${domain}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${token(domain, "value", 32)}.${zone}.acm-validations.aws.`,
    };
  });
}

const certificate: ResourceRules = {
  check(inputs) {
    const first = textAt(inputs, "domainName");
    return [
      ...(first === undefined ? [] : nameFailures("domainName", first, MAX_COMMON_NAME)),
      ...textsUnder(inputs, "subjectAlternativeNames[]").flatMap(({ path, text }) =>
        nameFailures(path, text, MAX_NAME),
      ),
    ];
  },
  refuseCreate({ inputs }) {
    if (isImported(inputs)) return undefined;
    if (inputs["validationMethod"] === undefined && inputs["certificateAuthorityArn"] === undefined)
      return new Refusal("ValidationException", "one of validationMethod and certificateAuthorityArn must be given");
    return namesOf(inputs).length > MAX_NAMES
      ? new Refusal("LimitExceededException", `A certificate has at most ${MAX_NAMES} domain names.`)
      : undefined;
  },
  refuseDelete(operation) {
    const arn = operation.existing?.id ?? "";
    const users = USERS.flatMap(({ type, path }) =>
      inAccount(operation, type).filter(({ inputs }) => textsUnder(inputs, path).some(({ text }) => text === arn)),
    );
    return users.length === 0
      ? undefined
      : new Refusal(
          "ResourceInUseException",
          `Certificate ${arn} is in use by ${users.map(({ id }) => id).join(", ")}`,
        );
  },
  id: (operation) => regionalArn(operation.location, "acm", `certificate/${uuid(operation.hex("id", 32))}`),
  computed(operation, id) {
    const { inputs } = operation;
    const imported = isImported(inputs);
    return {
      arn: id,
      domainName: textAt(inputs, "domainName") ?? "",
      domainValidationOptions: proofsOf(operation),
      keyAlgorithm: textAt(inputs, "keyAlgorithm") ?? "RSA_2048",
      notAfter: "",
      notBefore: "",
      pendingRenewal: false,
      renewalEligibility: "INELIGIBLE",
      renewalSummaries: [],
      status: imported ? "ISSUED" : "PENDING_VALIDATION",
      subjectAlternativeNames: namesOf(inputs),
      type: imported ? "IMPORTED" : inputs["certificateAuthorityArn"] === undefined ? "AMAZON_ISSUED" : "PRIVATE",
      validationEmails: [],
      validationMethod: textAt(inputs, "validationMethod") ?? "NONE",
    };
  },
};

const dnsName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** Whether DNS answers with the proof. A proxied record does not: Cloudflare answers with its own addresses. */
function isProven(world: World, proof: Properties): boolean {
  const [name, type, value] = ["resourceRecordName", "resourceRecordType", "resourceRecordValue"].map((key) =>
    dnsName(textAt(proof, key) ?? ""),
  );
  return world
    .all(DNS_RECORD)
    .some(
      (record) =>
        dnsName(valueOf(record, "name") ?? "") === name &&
        valueOf(record, "type")?.toLowerCase() === type &&
        dnsName(valueOf(record, "content") ?? "") === value &&
        flagAt(record.inputs, "proxied") !== true,
    );
}

/** Whether the CAA records nearest to the name let no authority of Amazon issue for it (RFC 8659). */
function isForbidden(world: World, domain: string): boolean {
  const labels = bare(domain).split(".");
  const all = world.all(DNS_RECORD).filter((record) => valueOf(record, "type") === "CAA");
  for (let at = 0; at < labels.length - 1; at++) {
    const here = all.filter((record) => dnsName(valueOf(record, "name") ?? "") === labels.slice(at).join("."));
    if (here.length === 0) continue;
    const tagged = (tag: string): Properties[] =>
      here.map(({ inputs }) => mapAt(inputs, "data")).filter((data) => textAt(data, "tag") === tag);
    const wild = domain.startsWith("*.") ? tagged("issuewild") : [];
    const counting = wild.length > 0 ? wild : tagged("issue");
    return (
      counting.length > 0 &&
      !counting.some((data) => AMAZON.includes((textAt(data, "value") ?? "").split(";")[0] ?? ""))
    );
  }
  return false;
}

/** What keeps the certificate from being issued; undefined where it is. */
function pending(world: World, { inputs, outputs }: CloudResource): Refusal | undefined {
  if (isImported(inputs) || inputs["certificateAuthorityArn"] !== undefined) return undefined;
  const forbidden = namesOf(inputs).find((name) => isForbidden(world, name));
  if (forbidden !== undefined)
    return new Refusal(
      "CAA_ERROR",
      `A CAA record of ${bare(forbidden)} lets no authority of Amazon issue certificates.`,
    );
  const missing = mapsAt(outputs, "domainValidationOptions").find((proof) => !isProven(world, proof));
  return missing === undefined
    ? undefined
    : new Refusal(
        "PENDING_VALIDATION",
        `timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s): ` +
          `DNS has no unproxied ${textAt(missing, "resourceRecordType") ?? ""} ${textAt(missing, "resourceRecordName") ?? ""} ` +
          `with ${textAt(missing, "resourceRecordValue") ?? ""}`,
      );
}

/** A certificate stays issued when its record goes: only the renewal would fail. */
export const isIssued = (world: World, found: CloudResource): boolean =>
  pending(world, found) === undefined ||
  world.all(VALIDATION).some(({ inputs }) => inputs["certificateArn"] === found.id);

function validationRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  const arn = textAt(inputs, "certificateArn") ?? "";
  const found = findBy(here(operation, CERTIFICATE), arn, "arn");
  if (found === undefined) return new Refusal("ResourceNotFoundException", `Could not find certificate ${arn}.`);
  if (valueOf(found, "type") !== "AMAZON_ISSUED")
    return new Refusal(
      "ValidationException",
      `Certificate ${arn} has type ${valueOf(found, "type") ?? ""}, no validation necessary`,
    );
  const given = textsAt(inputs, "validationRecordFqdns").map(dnsName);
  if (given.length > 0 && valueOf(found, "validationMethod") !== "DNS")
    return new Refusal(
      "ValidationException",
      "validationRecordFqdns is only for certificates that are validated by DNS",
    );
  const uncovered = mapsAt(found.outputs, "domainValidationOptions").find(
    (proof) => given.length > 0 && !given.includes(dnsName(textAt(proof, "resourceRecordName") ?? "")),
  );
  if (uncovered !== undefined)
    return new Refusal(
      "ValidationException",
      `missing ${textAt(uncovered, "domainName") ?? ""} DNS validation record: ${dnsName(textAt(uncovered, "resourceRecordName") ?? "")}`,
    );
  return pending(world, found);
}

const validation: ResourceRules = {
  refuseCreate: validationRefusal,
  // The provider's own id is the time of issuance, which two certificates may share.
  id: ({ inputs }) => textAt(inputs, "certificateArn") ?? "",
};

export const acm: Service = { resources: { [CERTIFICATE]: certificate, [VALIDATION]: validation } };
