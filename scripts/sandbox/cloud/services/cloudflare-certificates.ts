import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Properties } from "../../values/value.ts";
import { flagAt, mapsAt, numberAt, textAt } from "../fields.ts";
import { type CheckFailure, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { cloudflareType, ofZone, ownedAlready, zoneOf } from "./cloudflare-lookup.ts";

const PULLS = cloudflareType("AuthenticatedOriginPulls");
const PULLS_SETTINGS = cloudflareType("AuthenticatedOriginPullsSettings");
export const ZONE_CERTIFICATE = cloudflareType("AuthenticatedOriginPullsCertificate");
export const HOST_CERTIFICATE = cloudflareType("AuthenticatedOriginPullsHostnameCertificate");

function read<T>(text: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const certificateIn = (inputs: Properties): X509Certificate | undefined =>
  read(textAt(inputs, "certificate") ?? "", (text) => new X509Certificate(text));
const keyIn = (inputs: Properties): KeyObject | undefined => read(textAt(inputs, "privateKey") ?? "", createPrivateKey);

/** What the API finds wrong with an uploaded pair; the codes are those of its certificate uploads. */
function pairFailures(inputs: Properties): CheckFailure[] {
  const [certificate, key] = [certificateIn(inputs), keyIn(inputs)];
  const failures: CheckFailure[] = [];
  if (textAt(inputs, "certificate") !== undefined && certificate === undefined)
    failures.push({ property: "certificate", reason: "1411: the certificate could not be read: it must be PEM" });
  if (textAt(inputs, "privateKey") !== undefined && key === undefined)
    failures.push({
      property: "privateKey",
      reason: "1411: the private key could not be read: it must be PEM without a passphrase",
    });
  if (certificate !== undefined && key !== undefined && !certificate.checkPrivateKey(key))
    failures.push({ property: "privateKey", reason: "1412: the private key does not belong to the certificate" });
  return failures;
}

const outputsOf = (inputs: Properties): Properties => {
  const certificate = certificateIn(inputs);
  if (certificate === undefined) return {};
  return {
    expiresOn: certificate.validToDate.toISOString(),
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
    signature: certificate.publicKey.asymmetricKeyType === "ec" ? "ECDSAWithSHA256" : "SHA256WithRSA",
  };
};

/** There is no update: every change uploads a new one. */
const uploaded = ["certificate", "privateKey", "zoneId"];
const changed = (olds: Properties, news: Properties): string[] => uploaded.filter((key) => olds[key] !== news[key]);

/** What the zone shows to every origin. */
export const zonePullsCertificate: ResourceRules = {
  check: pairFailures,
  replaces: changed,
  computed: ({ inputs }, id) => ({ ...outputsOf(inputs), certificateId: id, enabled: true, status: "active" }),
};

/** What the zone shows to the origins of the hosts that name it. */
export const hostPullsCertificate: ResourceRules = {
  check: pairFailures,
  replaces: changed,
  refuseDelete(operation) {
    const user = ofZone(operation, PULLS).find(({ inputs }) =>
      mapsAt(inputs, "configs").some((config) => textAt(config, "certId") === operation.existing?.id),
    );
    return user === undefined
      ? undefined
      : new Refusal("1418", `the certificate is in use by ${user.urn}: remove its association first`);
  },
  computed: ({ inputs }) => ({ ...outputsOf(inputs), status: "active" }),
};

export const pullsSettings: ResourceRules = {
  refuseCreate: (operation) =>
    ownedAlready(`origin pulls of zone ${zoneOf(operation)}`, ofZone(operation, PULLS_SETTINGS)[0]),
  replaces: (olds, news) => (olds["zoneId"] === news["zoneId"] ? [] : ["zoneId"]),
  id: zoneOf,
};

const hostOf = ({ inputs }: { readonly inputs: Properties }): string =>
  textAt(mapsAt(inputs, "configs")[0] ?? {}, "hostname") ?? "";

function pullsRefusal(operation: Operation): Refusal | undefined {
  const host = hostOf(operation);
  const certId = textAt(mapsAt(operation.inputs, "configs")[0] ?? {}, "certId");
  const known = ofZone(operation, HOST_CERTIFICATE).some(({ id }) => id === certId);
  if (certId !== undefined && !known)
    return new Refusal(
      "1416",
      `the certificate ${certId} of host ${host} is none of the zone's hostname certificates (a zone's own certificate cannot be given to a host)`,
    );
  return ownedAlready(
    `origin pulls of host ${host}`,
    ofZone(operation, PULLS).find((other) => hostOf(other) === host),
  );
}

export const originPulls: ResourceRules = {
  check: (inputs) =>
    mapsAt(inputs, "configs").flatMap((config, index) =>
      config["hostname"] === undefined ? [{ property: `configs[${index}].hostname`, reason: "must be given" }] : [],
    ),
  refuseCreate: pullsRefusal,
  refuseUpdate: pullsRefusal,
  id: (operation) => `${zoneOf(operation)}/${hostOf(operation)}`,
  computed(operation) {
    const config = mapsAt(operation.inputs, "configs")[0] ?? {};
    const certificate = ofZone(operation, HOST_CERTIFICATE).find(({ id }) => id === textAt(config, "certId"));
    return {
      ...(certificate === undefined ? {} : outputsOf(certificate.inputs)),
      certId: textAt(config, "certId") ?? "",
      certStatus: "active",
      certificate: textAt(certificate?.inputs ?? {}, "certificate") ?? "",
      enabled: flagAt(config, "enabled") ?? false,
      hostname: hostOf(operation),
      privateKey: "",
      status: "active",
    };
  },
};

/** Days that an authority's certificates last: https://developers.cloudflare.com/ssl/reference/certificate-authorities/. */
const VALIDITY: Readonly<Record<string, readonly number[]>> = {
  google: [14, 30, 90],
  lets_encrypt: [90],
  ssl_com: [14, 30, 90, 365],
};

export const certificatePack: ResourceRules = {
  check(inputs) {
    const authority = textAt(inputs, "certificateAuthority") ?? "";
    const days = numberAt(inputs, "validityDays");
    const known = VALIDITY[authority];
    return days === undefined || known === undefined || known.includes(days)
      ? []
      : [{ property: "validityDays", reason: `1434: certificates of ${authority} last ${known.join(", ")} days` }];
  },
  computed: () => ({ status: "initializing" }),
};
