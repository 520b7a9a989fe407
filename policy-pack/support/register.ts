import type {
  EnforcementLevel,
  Policies,
  PolicyResource,
  ReportViolation,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { exemptionNote, type Exemption } from "./exemption.ts";
import {
  isUndecided,
  messageOf,
  refusal,
  type Finding,
  type Resource,
  type ResourceCheck,
  type Rule,
  type StackResource,
  type Violation,
} from "./rule.ts";
import { ledgerOf, type Ledger } from "./run.ts";
import { configOf, configSchemaOf } from "./settings.ts";
import { stackOver } from "./stack.ts";
import { plainProperties } from "./unknown.ts";

type Policy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** The rules as policies of the SDK. A rule with checks of both kinds is one policy under one name. */
export function policiesOf(rules: readonly Rule[], exemptions: readonly Exemption[] = [], now = new Date()): Policies {
  const ledger = ledgerOf(exemptions, now);
  return rules.map((rule): Policy => ({
    name: rule.name,
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: rule.level,
    tags: [...rule.standards],
    configSchema: configSchemaOf(rule),
    ...(rule.resources === undefined ? {} : { validateResource: resourceValidation(rule, rule.resources, ledger) }),
    ...(rule.remedy === undefined ? {} : { remediateResource: remediation(rule, rule.remedy) }),
    ...(rule.stack === undefined && rule.run === undefined ? {} : { validateStack: stackValidation(rule, ledger) }),
  }));
}

function resourceValidation(rule: Rule, checks: readonly ResourceCheck[], ledger: Ledger): ResourceValidation {
  return (args, report) => {
    const applicable = checks.filter((check) => appliesTo(check, args.type));
    // Said by nothing: the SDK's "not applicable" is a message of its own for each of 400 rules and each resource.
    if (applicable.length === 0) return;
    const resource = resourceOf(args);
    const config = configOf(rule, args.getConfig());
    const waiting: string[] = [];
    ledger.judge(rule.name, resource.urn);
    for (const check of applicable)
      for (const finding of check.find(resource, config)) {
        if (!isUndecided(finding)) tell(rule, ledger, report, finding, resource.urn);
        else if (check.unknown === "refuse") tell(rule, ledger, report, refusal(finding), resource.urn);
        else waiting.push(finding.property);
      }
    if (waiting.length === 0) return;
    ledger.wait(rule.name, resource.urn);
    // Last, since the SDK gives it by an error.
    args.notApplicable(waitingFor(waiting));
  };
}

const waitingFor = (properties: readonly string[]): string =>
  `waits for ${[...new Set(properties)].sort().join(", ")}, not known before up`;

const appliesTo = (check: ResourceCheck, type: string): boolean =>
  typeof check.types === "function" ? check.types(type) : check.types.includes(type);

/** What the SDK's reporter takes besides text; its types leave it out. */
type ReportDetails = (details: {
  readonly message: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly urn: string | undefined;
}) => void;

/** Reports a violation, or that it is exempt: an advisory then, so that every run lists it. */
function tell(rule: Rule, ledger: Ledger, report: ReportViolation, violation: Violation, urn: string): void {
  const message = messageOf(rule, violation);
  const exemption = ledger.cover(rule.name, urn);
  if (exemption === undefined) report(message, violation.urn);
  else
    (report as unknown as ReportDetails)({
      message: `${rule.description}\n${exemptionNote(exemption)} ${message}`,
      enforcementLevel: "advisory",
      urn: violation.urn,
    });
}

function stackValidation(rule: Rule, ledger: Ledger): StackValidation {
  return (args, report) => {
    const stack = stackOver(args.resources, stackResourceOf);
    const config = configOf(rule, args.getConfig());
    const findings: readonly Finding[] = [...(rule.stack?.(stack, config) ?? []), ...(rule.run?.(ledger, stack) ?? [])];
    const waiting: string[] = [];
    for (const finding of findings) {
      if (!isUndecided(finding)) tell(rule, ledger, report, finding, finding.urn ?? "");
      else {
        waiting.push(finding.property);
        ledger.wait(rule.name, finding.urn ?? "");
      }
    }
    if (waiting.length > 0) args.notApplicable(waitingFor(waiting));
  };
}

function remediation(rule: Rule, remedy: NonNullable<Rule["remedy"]>): ResourceRemediation {
  return (args) => {
    const checks = (rule.resources ?? []).filter((check) => appliesTo(check, args.type));
    if (checks.length === 0) return undefined;
    const resource = resourceOf(args);
    const config = configOf(rule, args.getConfig());
    // What nothing is wrong with stays as it was written; what is unknown is not overwritten.
    const isWrong = checks.some((check) => check.find(resource, config).some((finding) => !isUndecided(finding)));
    const remedies = isWrong ? remedy(resource, config) : [];
    for (const { path, value } of remedies) set(args.props, path, value);
    return remedies.length === 0 ? undefined : args.props;
  };
}

function set(props: Record<string, unknown>, path: readonly string[], value: boolean | number | string): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) props[key] = value;
  else {
    props[key] ??= {};
    set(props[key] as Record<string, unknown>, rest, value);
  }
}

type Source = Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "provider" | "opts">;

/** Properties are copied on first use: most rules ask about a few types. */
function resourceOf(source: Source): Resource {
  const props = once(() => plainProperties(source.props));
  const { provider } = source;
  const providerProps = once(() => (provider === undefined ? undefined : plainProperties(provider.props)));
  return {
    type: source.type,
    name: source.name,
    urn: source.urn,
    protect: source.opts.protect,
    get props() {
      return props();
    },
    get provider() {
      return providerProps();
    },
  };
}

function stackResourceOf(source: PolicyResource): StackResource {
  const dependencies = once(() => urnsOf(source.dependencies));
  const references = once(
    () =>
      new Map(Object.entries(source.propertyDependencies).map(([property, targets]) => [property, urnsOf(targets)])),
  );
  // Defined on the same object, since a spread would read what is not asked for.
  return Object.defineProperties(resourceOf(source), {
    parent: { value: source.parent?.urn ?? "" },
    dependencies: { get: dependencies },
    references: { get: references },
  }) as StackResource;
}

const urnsOf = (resources: readonly PolicyResource[]): ReadonlySet<string> => new Set(resources.map(({ urn }) => urn));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
