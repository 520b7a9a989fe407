import { textsOf } from "../../support/property.ts";
import type { Config, Finding, Resource, Rule } from "../../support/rule.ts";
import { projectOf } from "../../support/urn.ts";

/** Resources that no rule can judge: of another package, or of a service that makes others out of a text. */
function unreadable({ type, urn }: Resource, config: Config): readonly Finding[] {
  const [first = "", second = ""] = type.split(":");
  const name = type.startsWith("pulumi:providers:") ? type.slice("pulumi:providers:".length) : first;
  if (name !== projectOf(urn) && !textsOf(config["packages"]).includes(name))
    return [
      {
        property: "type",
        wrong: `no rule knows resources of the package "${name}"`,
        fix: "use the type of a package that the rules know, or add the package and its rules first",
      },
    ];
  const [service = ""] = second.split("/");
  if (first !== "aws" || !textsOf(config["closedServices"]).includes(service)) return [];
  return [
    {
      property: "type",
      wrong: `what aws.${service} makes is hidden from every rule`,
      fix: "write what it makes as resources of the program",
    },
  ];
}

export const rules: readonly Rule[] = [
  {
    name: "providers-known-to-rules",
    description: "Every resource is of a package and a service whose resources the rules can read.",
    why: "A bucket of another package, or of a template, is as public as any, and no rule would see it.",
    severity: "high",
    level: "mandatory",
    standards: [],
    settings: {
      packages: {
        type: "array",
        description: "Packages that resources may be of, besides the project's own components.",
        default: ["aws", "awsx", "cloudflare", "datadog", "docker-build", "mongodbatlas", "pulumi", "random"],
      },
      closedServices: {
        type: "array",
        description: "Services of AWS that make resources which no rule sees.",
        default: [
          ...["cloudcontrol", "cloudformation", "elasticbeanstalk", "lightsail", "proton"],
          ...["serverlessrepository", "servicecatalog"],
        ],
      },
    },
    resources: [{ types: () => true, unknown: "refuse", find: unreadable }],
  },
];
