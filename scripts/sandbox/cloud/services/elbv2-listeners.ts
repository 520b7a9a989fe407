import type { Properties } from "../../values/value.ts";
import { flagAt, mapAt, numberAt, textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type World } from "../service.ts";
import { CERTIFICATE, isIssued } from "./acm.ts";
import { actionFailures, actionsRefusal, type Ground } from "./elbv2-actions.ts";
import { typeOf } from "./elbv2-load-balancers.ts";
import {
  elbArn,
  invalidConfiguration,
  LISTENER,
  listenerReference,
  LOAD_BALANCER,
  pathOf,
  TRUST_STORE,
  validationError,
} from "./elbv2-lookup.ts";
import { findBy, here, reference, valueOf } from "./lookup.ts";

/** What an API call gets that names no policy. */
const DEFAULT_TLS_POLICY = "ELBSecurityPolicy-2016-08";

const TLS_13 = ["1-0", "1-1", "1-2", "1-2-Res", "1-2-Ext1", "1-2-Ext2", "1-3"];
const TLS_13_FIPS = ["1-0", "1-1", "1-2", "1-2-Res", "1-2-Ext0", "1-2-Ext1", "1-2-Ext2", "1-3"];
const QUANTUM = ["1-2", "1-2-Res", "1-2-Ext1", "1-2-Ext2", "1-3"];
const QUANTUM_FIPS = ["1-2", "1-2-Res", "1-2-Ext0", "1-2-Ext1", "1-2-Ext2", "1-3"];

/** Source: "Security policies for your Application Load Balancer" in ELB's user guide, as of 2026-10. */
const TLS_POLICIES = new Set(
  [
    "2016-08",
    "2015-05",
    "TLS-1-0-2015-04",
    "TLS-1-1-2017-01",
    "TLS-1-2-2017-01",
    "TLS-1-2-Ext-2018-06",
    "FS-2018-06",
    "FS-1-1-2019-08",
    "FS-1-2-2019-08",
    "FS-1-2-Res-2019-08",
    "FS-1-2-Res-2020-10",
    ...TLS_13.map((version) => `TLS13-${version}-2021-06`),
    ...TLS_13_FIPS.map((version) => `TLS13-${version}-FIPS-2023-04`),
    ...QUANTUM.map((version) => `TLS13-${version}-PQ-2025-09`),
    ...QUANTUM_FIPS.map((version) => `TLS13-${version}-FIPS-PQ-2025-09`),
  ].map((name) => `ELBSecurityPolicy-${name}`),
);

const APPLICATION_PROTOCOLS = ["HTTP", "HTTPS"];

const balancerOf = (operation: Operation): CloudResource | undefined =>
  findBy(here(operation, LOAD_BALANCER), textAt(operation.inputs, "loadBalancerArn") ?? "", "arn");

const isApplication = (balancer: CloudResource | undefined): boolean =>
  typeOf(balancer?.inputs ?? {}) === "application";

/** Given, or by the certificate; of other load balancers the service knows no default. */
const protocolOf = (inputs: Properties, application: boolean): string =>
  textAt(inputs, "protocol")?.toUpperCase() ??
  (application ? (textAt(inputs, "certificateArn") === undefined ? "HTTP" : "HTTPS") : "");

const isSecure = (protocol: string): boolean => protocol === "HTTPS" || protocol === "TLS";

/** A certificate that a listener can show: of the same account and region, and issued. */
function certificateRefusal(operation: Operation, arn: string): Refusal | undefined {
  // Server certificates of IAM are not for the sandbox to know.
  if (arn.includes(":iam::")) return undefined;
  const found = findBy(here(operation, CERTIFICATE), arn, "arn");
  if (found === undefined) return new Refusal("CertificateNotFound", `Certificate '${arn}' not found`);
  return isIssued(operation.world, found)
    ? undefined
    : new Refusal(
        "UnsupportedCertificate",
        `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size. (It is not issued: take the ARN from its CertificateValidation.)`,
      );
}

function tlsRefusal(operation: Operation, protocol: string): Refusal | undefined {
  const { inputs } = operation;
  const [arn, policy] = [textAt(inputs, "certificateArn"), textAt(inputs, "sslPolicy")];
  if (!isSecure(protocol)) {
    if (policy !== undefined) return validationError(`An SSL policy cannot be specifed for ${protocol} listeners`);
    return arn === undefined
      ? undefined
      : validationError(`A certificate cannot be specified for ${protocol} listeners`);
  }
  if (arn === undefined) return validationError(`A certificate must be specified for ${protocol} listeners`);
  if (policy !== undefined && !TLS_POLICIES.has(policy))
    return new Refusal("SSLPolicyNotFound", `SSL policy '${policy}' not found`);
  return certificateRefusal(operation, arn);
}

function mutualRefusal(operation: Operation, protocol: string): Refusal | undefined {
  const mutual = mapAt(operation.inputs, "mutualAuthentication");
  const mode = textAt(mutual, "mode") ?? "off";
  const trustStoreArn = textAt(mutual, "trustStoreArn");
  if (mode === "off") return undefined;
  if (protocol !== "HTTPS")
    return invalidConfiguration(`Mutual authentication is not supported for ${protocol} listeners`);
  if (mode === "passthrough")
    return trustStoreArn === undefined && flagAt(mutual, "ignoreClientCertificateExpiry") !== true
      ? undefined
      : invalidConfiguration("A trust store and ignoreClientCertificateExpiry are only for mode 'verify'");
  if (trustStoreArn === undefined) return invalidConfiguration("A trust store ARN must be specified for mode 'verify'");
  return findBy(here(operation, TRUST_STORE), trustStoreArn, "arn") === undefined
    ? new Refusal("TrustStoreNotFound", `Trust store '${trustStoreArn}' not found`)
    : undefined;
}

/** Where the listener's actions stand. */
const groundOf = (balancer: CloudResource | undefined, listener: Properties): Ground => ({
  loadBalancerArn: balancer?.id ?? "",
  vpcId: textAt(balancer?.outputs ?? {}, "vpcId") ?? "",
  application: isApplication(balancer),
  protocol: protocolOf(listener, isApplication(balancer)),
  port: numberAt(listener, "port"),
});

/** The same for a rule of the listener. */
export function groundOfListener(world: World, listenerArn: string): Ground {
  const listener = world.byId(LISTENER, listenerArn);
  const balancerArn = textAt(listener?.inputs ?? {}, "loadBalancerArn") ?? "";
  return groundOf(world.byId(LOAD_BALANCER, balancerArn), listener?.inputs ?? {});
}

function listenerRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const balancer = balancerOf(operation);
  const ground = groundOf(balancer, inputs);
  const { application, protocol, port } = ground;
  if (application && !APPLICATION_PROTOCOLS.includes(protocol))
    return validationError(`Listener protocol '${protocol}' must be one of 'HTTPS, HTTP'`);
  if (application && port === undefined) return validationError("A listener port must be specified");
  const rival = here(operation, LISTENER).find(
    (other) => valueOf(other, "loadBalancerArn") === ground.loadBalancerArn && numberAt(other.inputs, "port") === port,
  );
  if (rival !== undefined)
    return new Refusal(
      "DuplicateListener",
      `A listener already exists on this port for this load balancer '${ground.loadBalancerArn}'`,
    );
  return (
    tlsRefusal(operation, protocol) ??
    mutualRefusal(operation, protocol) ??
    actionsRefusal(operation, "defaultActions", ground)
  );
}

export const listener: ResourceRules = {
  references: [
    reference(
      "loadBalancerArn",
      [LOAD_BALANCER],
      "arn",
      "LoadBalancerNotFound",
      (arn) => `One or more load balancers not found: ${arn}`,
    ),
  ],
  check: (inputs) => actionFailures(inputs, "defaultActions"),
  refuseCreate: listenerRefusal,
  refuseUpdate: listenerRefusal,
  id: (operation) => elbArn(operation, "listener", pathOf(textAt(operation.inputs, "loadBalancerArn") ?? "")),
  computed(operation, id) {
    const { inputs } = operation;
    const protocol = protocolOf(inputs, isApplication(balancerOf(operation)));
    const secure = isSecure(protocol);
    return {
      arn: id,
      mutualAuthentication: {
        advertiseTrustStoreCaNames: protocol === "HTTPS" ? "off" : "",
        ignoreClientCertificateExpiry: false,
        mode: protocol === "HTTPS" ? "off" : "",
        trustStoreArn: "",
        ...mapAt(inputs, "mutualAuthentication"),
      },
      protocol,
      routingHttpResponseServerEnabled: flagAt(inputs, "routingHttpResponseServerEnabled") ?? true,
      sslPolicy: textAt(inputs, "sslPolicy") ?? (secure ? DEFAULT_TLS_POLICY : ""),
    };
  },
};

export const listenerCertificate: ResourceRules = {
  references: [listenerReference],
  refuseCreate(operation) {
    const { inputs, world } = operation;
    const arn = textAt(inputs, "listenerArn") ?? "";
    const owner = world.byId(LISTENER, arn);
    if (owner !== undefined && !isSecure(valueOf(owner, "protocol") ?? ""))
      return validationError(`Certificates cannot be added to ${valueOf(owner, "protocol") ?? ""} listeners`);
    return certificateRefusal(operation, textAt(inputs, "certificateArn") ?? "");
  },
  id: ({ inputs }) => `${textAt(inputs, "listenerArn") ?? ""}_${textAt(inputs, "certificateArn") ?? ""}`,
};
