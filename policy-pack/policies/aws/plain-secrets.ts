import { parse } from "../../support/iam/policy-document.ts";
import { at, locate, textOf, type Located } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { plainSecret } from "../../support/secrets/plain-variables.ts";
import { Unknown, isMap } from "../../support/unknown.ts";

/** Where variables stand as a map. */
const MAPS: Readonly<Record<string, readonly string[]>> = {
  "aws:amplify/app:App": ["environmentVariables"],
  "aws:amplify/branch:Branch": ["environmentVariables"],
  "aws:apprunner/service:Service": [
    "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables",
    "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.runtimeEnvironmentVariables",
  ],
  "aws:glue/job:Job": ["defaultArguments"],
};
const BUILD = "aws:codebuild/project:Project";
const BATCH = "aws:batch/jobDefinition:JobDefinition";

/** A variable with its name, the place where it is found, and its value. */
interface Variable {
  readonly name: string;
  readonly located: Located;
}

const fromMap = ({ property, value }: Located): readonly (Variable | Finding)[] => {
  if (value instanceof Unknown) return [{ property, unknown: value }];
  return Object.entries(isMap(value) ? value : {}).map(([name, child]) => ({
    name,
    located: { property: `${property}.${name.replaceAll(":", "_")}`, value: child },
  }));
};

const fromList = ({ property, value }: Located): readonly (Variable | Finding)[] =>
  value instanceof Unknown
    ? [{ property, unknown: value }]
    : [
        {
          name: textOf(at(value, "name")) ?? "",
          located: { property: `${property}.value`, value: at(value, "value") },
        },
      ];

function variablesOf({ type, props }: Resource): readonly (Variable | Finding)[] {
  if (type === BUILD)
    return (
      locate(props, "environment.environmentVariables[]")
        // Of the other kinds, the value is the name of a secret.
        .filter(({ value }) => !["SECRETS_MANAGER", "PARAMETER_STORE"].includes(textOf(at(value, "type")) ?? ""))
        .flatMap(fromList)
    );
  if (type === BATCH) {
    const property = "containerProperties";
    const source = props[property];
    if (source instanceof Unknown) return [{ property, unknown: source }];
    const document = typeof source === "string" ? parse(source) : source;
    return locate(document, "environment[]")
      .flatMap(({ value }) => fromList({ property, value }))
      .map((found) => ("located" in found ? { ...found, located: { property, value: found.located.value } } : found));
  }
  return (MAPS[type] ?? []).flatMap((path) => locate(props, path)).flatMap(fromMap);
}

/** Variables that show a secret to everyone who may look at what carries them. */
const plainVariables = (resource: Resource): readonly Finding[] =>
  variablesOf(resource).flatMap((found) =>
    "located" in found
      ? plainSecret(
          found.located,
          found.name,
          `the variable ${found.name}`,
          "keep it in Secrets Manager, and name its ARN in place of the value",
        )
      : [found],
  );

export const rules: readonly Rule[] = [
  {
    name: "services-no-plain-secrets",
    description: "No build, job, or app of a managed service holds a secret in a variable.",
    why: "Everyone who may describe it reads it, and so does its history.",
    severity: "critical",
    level: "mandatory",
    standards: ["FSBP CodeBuild.2"],
    resources: [{ types: [...Object.keys(MAPS), BUILD, BATCH], unknown: "defer", find: plainVariables }],
  },
];
