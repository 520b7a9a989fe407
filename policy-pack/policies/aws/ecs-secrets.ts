import { TASK_DEFINITION, eachContainer, valuesIn, type Container } from "../../support/containers/definitions.ts";
import { parse } from "../../support/iam/policy-document.ts";
import { at, elements, locate, textOf } from "../../support/property.ts";
import type { Finding, Resource, Rule } from "../../support/rule.ts";
import { plainSecret, plainSecretText } from "../../support/secrets/plain-variables.ts";
import { Unknown, isMap } from "../../support/unknown.ts";

/** What starts tasks at a time or an event, and where it says what to change about them. */
const OVERRIDES: Readonly<Record<string, string>> = {
  "aws:cloudwatch/eventTarget:EventTarget": "input",
  "aws:scheduler/schedule:Schedule": "target.input",
};
const FIX = "keep it in Secrets Manager, and name its ARN in the container's secrets as valueFrom";
const OPTION_FIX = "keep it in Secrets Manager, and name its ARN in logConfiguration.secretOptions";

function variables(container: Container): readonly Finding[] {
  return valuesIn(container, "environment[]").flatMap(({ property, value }) => {
    const name = textOf(at(value, "name")) ?? "";
    const located = { property: `${property}.value`, value: at(value, "value") };
    return plainSecret(located, name, `in container "${container.name}" the variable ${name}`, FIX);
  });
}

function options(container: Container): readonly Finding[] {
  return valuesIn(container, "logConfiguration.options").flatMap(({ property, value }) =>
    Object.entries(isMap(value) ? value : {}).flatMap(([name, option]) =>
      plainSecret(
        { property: `${property}.${keyOf(name)}`, value: option },
        name,
        `in container "${container.name}" the option ${name}`,
        OPTION_FIX,
      ),
    ),
  );
}

/** A key may hold a colon, which no property of a message does. */
const keyOf = (name: string): string => name.replaceAll(":", "_");

const PLACES = ["command", "entryPoint", "healthCheck.command"];

function words(container: Container): readonly Finding[] {
  return PLACES.flatMap((place) =>
    valuesIn(container, place)
      .flatMap(elements)
      .flatMap((word) => plainSecretText(word, `in container "${container.name}" an argument`, FIX)),
  );
}

function labels(container: Container): readonly Finding[] {
  return valuesIn(container, "dockerLabels").flatMap(({ property, value }) =>
    Object.entries(isMap(value) ? value : {}).flatMap(([name, label]) =>
      plainSecretText(
        { property: `${property}.${keyOf(name)}`, value: label },
        `in container "${container.name}" a label`,
        FIX,
      ),
    ),
  );
}

/** Secrets among the variables that a schedule gives its tasks. Other inputs have no containerOverrides. */
function overrides({ type, props }: Resource): readonly Finding[] {
  const property = OVERRIDES[type] ?? "";
  const input = at(props, property);
  if (input instanceof Unknown) return [{ property, unknown: input }];
  const document = typeof input === "string" ? parse(input) : undefined;
  return locate(document, "containerOverrides[].environment[]").flatMap(({ value }) => {
    const name = textOf(at(value, "name")) ?? "";
    return plainSecret({ property, value: at(value, "value") }, name, `the variable ${name}`, FIX);
  });
}

export const rules: readonly Rule[] = [
  {
    name: "ecs-no-plain-secrets",
    description: "No ECS task holds a secret in a variable, an argument, a label, or an option of its log.",
    why: "Everyone who may describe the task reads it, and every revision keeps it for ever.",
    severity: "critical",
    level: "mandatory",
    standards: [
      ...[
        "FSBP ECS.8",
        "Control Tower CT.ECS.PR.12",
        "AwsSolutions-ECS2",
        "AWS-0036",
        "Prowler ecs_task_definitions_no_environment_secrets",
      ],
      "PCI DSS v4.0.1/8.6.2",
    ],
    resources: [
      {
        types: [TASK_DEFINITION],
        unknown: "defer",
        find: eachContainer((container) => [
          ...variables(container),
          ...words(container),
          ...labels(container),
          ...options(container),
        ]),
      },
      { types: Object.keys(OVERRIDES), unknown: "defer", find: overrides },
    ],
  },
];
