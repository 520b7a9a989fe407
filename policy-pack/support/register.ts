import type {
  Policies,
  PolicyResource,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import {
  isUndecided,
  messageOf,
  refusal,
  type Finding,
  type Resource,
  type ResourceCheck,
  type Rule,
  type StackResource,
} from "./rule.ts";
import { plainProperties } from "./unknown.ts";

/** The rules as policies of the SDK. A rule with checks of both kinds is one policy under one name. */
export function policiesOf(rules: readonly Rule[]): Policies {
  return rules.map((rule): ResourceValidationPolicy & Partial<StackValidationPolicy> => ({
    name: rule.name,
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: rule.level,
    tags: [...rule.standards],
    ...(rule.resources === undefined ? {} : { validateResource: resourceValidation(rule, rule.resources) }),
    ...(rule.stack === undefined ? {} : { validateStack: stackValidation(rule, rule.stack) }),
  }));
}

function resourceValidation(rule: Rule, checks: readonly ResourceCheck[]): ResourceValidation {
  const validate: ResourceValidation = (args, report) => {
    const applicable = checks.filter((check) => appliesTo(check, args.type));
    if (applicable.length === 0) return args.notApplicable(`${rule.name} is not about ${args.type}`);
    const resource = resourceOf(args);
    const waiting: Error[] = [];
    for (const check of applicable)
      for (const finding of check.find(resource)) {
        const error = deferred(check, finding);
        if (error !== undefined) waiting.push(error);
        else report(messageOf(rule, isUndecided(finding) ? refusal(finding) : finding));
      }
    // Thrown last: the SDK turns it into its advisory "can't run during preview", and nothing after it runs.
    if (waiting[0] !== undefined) throw waiting[0];
  };
  const only = singleType(checks);
  // The SDK skips a policy with this mark before it deserialises the resource.
  return only === undefined ? validate : Object.assign(validate, { __pulumiType: only });
}

const appliesTo = (check: ResourceCheck, type: string): boolean =>
  typeof check.types === "function" ? check.types(type) : check.types.includes(type);

const deferred = (check: ResourceCheck, finding: Finding): Error | undefined =>
  isUndecided(finding) && check.unknown === "defer" ? finding.unknown.error : undefined;

function singleType(checks: readonly ResourceCheck[]): string | undefined {
  const types = new Set<string>();
  for (const check of checks) {
    if (typeof check.types === "function") return undefined;
    for (const type of check.types) types.add(type);
  }
  return types.size === 1 ? [...types][0] : undefined;
}

function stackValidation(rule: Rule, find: NonNullable<Rule["stack"]>): StackValidation {
  return (args, report) => {
    for (const violation of find(args.resources.map(stackResourceOf)))
      report(messageOf(rule, violation), violation.urn);
  };
}

function resourceOf(source: Pick<ResourceValidationArgs, "type" | "name" | "urn" | "props" | "provider">): Resource {
  return {
    type: source.type,
    name: source.name,
    urn: source.urn,
    props: plainProperties(source.props),
    provider: source.provider === undefined ? undefined : plainProperties(source.provider.props),
  };
}

function stackResourceOf(source: PolicyResource): StackResource {
  const references = Object.entries(source.propertyDependencies).map(
    ([property, targets]) => [property, new Set(targets.map((target) => target.urn))] as const,
  );
  return { ...resourceOf(source), references: new Map(references) };
}
