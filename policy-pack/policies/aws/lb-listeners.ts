import { joinTo } from "../../support/join.ts";
import {
  described,
  expects,
  isAbsent,
  isNotTrue,
  locate,
  matching,
  orAbsent,
  where,
  type Expectation,
} from "../../support/property.ts";
import type { Find, Finding, Resource, Rule } from "../../support/rule.ts";
import type { Stack } from "../../support/stack.ts";
import { Unknown, isMap, type Plain } from "../../support/unknown.ts";

const LISTENERS = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"];
const LISTENER_RULES = ["aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule"];

/** A check for listeners that end TLS. */
const encrypted = (find: Find): Find =>
  where((resource) => {
    const protocol = protocolOf(resource);
    return protocol instanceof Unknown || protocol === "HTTPS" || protocol === "TLS";
  }, find);

/** The service's default is HTTP, save for a gateway's listener, which has neither protocol nor port. */
function protocolOf({ props: { protocol, port } }: Resource): Plain {
  if (typeof protocol === "string" && protocol !== "") return protocol.toUpperCase();
  return protocol instanceof Unknown ? protocol : port === undefined ? undefined : "HTTP";
}

/** What an HTTP listener does by itself besides sending the client to HTTPS. */
function plainListeners(resource: Resource): readonly Finding[] {
  const protocol = protocolOf(resource);
  if (protocol instanceof Unknown) return [{ property: "protocol", unknown: protocol }];
  if (protocol !== "HTTP") return [];
  const actions = locate(resource.props, "defaultActions[]");
  if (actions.length === 0) return [{ property: "defaultActions", wrong: "it has none", fix: REDIRECT }];
  return actions.flatMap(({ property, value }) => plainAction(property, value));
}

const REDIRECT =
  'redirect instead: type "redirect" with redirect { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" }';

function plainAction(property: string, action: Plain): readonly Finding[] {
  if (action instanceof Unknown) return [{ property, unknown: action }];
  const value = isMap(action) ? action : {};
  const type = value["type"];
  if (type instanceof Unknown) return [{ property: `${property}.type`, unknown: type }];
  if (type !== "redirect")
    return [{ property: `${property}.type`, wrong: `${described(type)}, over plain HTTP`, fix: REDIRECT }];
  const protocol = locate(value, "redirect.protocol")[0]?.value;
  const place = `${property}.redirect.protocol`;
  if (protocol instanceof Unknown) return [{ property: place, unknown: protocol }];
  if (protocol === "HTTPS") return [];
  return [{ property: place, wrong: `${described(protocol)}, so that the client stays on HTTP`, fix: REDIRECT }];
}

/** Rules that make an HTTP listener answer although its default is to redirect. */
function plainRules(stack: Stack): readonly Finding[] {
  const listenerOf = joinTo(stack.ofType(LISTENERS));
  return stack.ofType(LISTENER_RULES).flatMap((rule) => {
    const plain = listenerOf(rule, "listenerArn").some((listener) => protocolOf(listener) === "HTTP");
    if (!plain) return [];
    return locate(rule.props, "actions[]")
      .flatMap(({ property, value }) => plainAction(property, value))
      .map((finding) => ({ ...finding, urn: rule.urn }));
  });
}

/**
 * Names of ELB's policies whose oldest version is TLS 1.2 or 1.3, present and to come: the version stands in the name.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const MODERN_POLICY = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

/** Those of them that take ciphers without forward secrecy. */
const WEAK_POLICY = /-Ext[12]?-|^ELBSecurityPolicy-TLS-1-2-2017-01$/;

const strongCiphers: Expectation = {
  is: (value) => typeof value === "string" && !(MODERN_POLICY.test(value) && WEAK_POLICY.test(value)),
  expected: "one whose ciphers all have forward secrecy",
};

const BEST_POLICY = 'set sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"';

/** A client certificate that is asked for and then not looked at. */
function laxMutualTls({ props }: Resource): readonly Finding[] {
  const settings = props["mutualAuthentication"];
  if (settings instanceof Unknown) return [{ property: "mutualAuthentication", unknown: settings }];
  if (!isMap(settings)) return [];
  const { mode, trustStoreArn, ignoreClientCertificateExpiry: ignored } = settings;
  const place = (key: string): string => `mutualAuthentication.${key}`;
  if (mode instanceof Unknown) return [{ property: place("mode"), unknown: mode }];
  if (mode === "off" || mode === "") return [];
  if (mode !== "verify")
    return [
      {
        property: place("mode"),
        wrong: `${described(mode)}, so that nobody checks who signed the certificate`,
        fix: 'set mode: "verify" and trustStoreArn',
      },
    ];
  const findings: Finding[] = [];
  if (isAbsent(trustStoreArn))
    findings.push({ property: place("trustStoreArn"), wrong: "it is not set", fix: "set trustStoreArn" });
  if (ignored instanceof Unknown) findings.push({ property: place("ignoreClientCertificateExpiry"), unknown: ignored });
  else if (!isNotTrue.is(ignored))
    findings.push({
      property: place("ignoreClientCertificateExpiry"),
      wrong: "certificates that have expired are let in",
      fix: "set ignoreClientCertificateExpiry: false",
    });
  return findings;
}

export const rules: readonly Rule[] = [
  {
    name: "lb-http-listener-redirects",
    description: "Listeners of plain HTTP do nothing but send the client to HTTPS.",
    why: "Whatever is answered over HTTP can be read and changed on the way.",
    severity: "critical",
    level: "mandatory",
    standards: [
      ...["CKV_AWS_2", "CKV2_AWS_20", "FSBP ELB.1", "cdk-nag ALBHttpToHttpsRedirection", "AWS-0054", "awsguard"],
      ...["Prowler elbv2_ssl_listeners", "cfn-guard alb_http_to_https_redirection_check", "compliance-policies"],
    ],
    resources: [{ types: LISTENERS, unknown: "refuse", find: plainListeners }],
    stack: plainRules,
  },
  {
    name: "lb-listener-tls-1-2",
    description: "Listeners that end TLS take TLS 1.2 and 1.3 alone.",
    why: "TLS 1.0 and 1.1 are broken, and the API's default policy still takes them.",
    severity: "critical",
    level: "mandatory",
    standards: ["CKV_AWS_103", "AWS-0047", "cfn-guard elbv2_listener_ssl_policy", "compliance-policies"],
    resources: [
      {
        types: LISTENERS,
        unknown: "refuse",
        find: encrypted(expects("sslPolicy", matching(MODERN_POLICY, "a policy of TLS 1.2 and later"), BEST_POLICY)),
      },
    ],
  },
  {
    name: "lb-listener-strong-ciphers",
    description: "Listeners that end TLS take ciphers with forward secrecy alone.",
    why: "Without forward secrecy a key that leaks one day opens everything that was recorded before.",
    severity: "medium",
    level: "mandatory",
    standards: ["CKV2_AWS_74", "Prowler elbv2_insecure_ssl_ciphers"],
    // A policy that is absent is the matter of the rule above.
    resources: [
      {
        types: LISTENERS,
        unknown: "refuse",
        find: encrypted(expects("sslPolicy", orAbsent(strongCiphers), BEST_POLICY)),
      },
    ],
  },
  {
    name: "lb-https-listener-has-acm-certificate",
    description: "Listeners that end TLS have a certificate of ACM.",
    why: "ACM renews its certificates, while one that was uploaded to IAM expires unseen.",
    severity: "medium",
    level: "mandatory",
    standards: ["cdk-nag ELBv2ACMCertificateRequired", "cfn-guard elbv2_acm_certificate_required"],
    resources: [
      {
        types: LISTENERS,
        unknown: "defer",
        find: encrypted(
          expects(
            "certificateArn",
            matching(/^arn:[^:]+:acm:/, "the ARN of a certificate of ACM"),
            "set certificateArn to an aws.acm.Certificate's, best by its CertificateValidation",
          ),
        ),
      },
    ],
  },
  {
    name: "lb-mutual-tls-verifies",
    description: "A listener that asks for client certificates checks them against a trust store.",
    why: "A certificate that nobody checks keeps nobody out.",
    severity: "high",
    level: "mandatory",
    standards: [],
    resources: [{ types: LISTENERS, unknown: "refuse", find: laxMutualTls }],
  },
];
