import type { Properties } from "../../values/value.ts";
import { mapAt, textAt } from "../fields.ts";
import { type CheckFailure, type CloudResource, type Operation, Refusal, type ResourceRules } from "../service.ts";
import { RECORD } from "./cloudflare-dns.ts";
import { cloudflareType, ofAccount } from "./cloudflare-lookup.ts";
import { uuid } from "./lookup.ts";

export const PROJECT = cloudflareType("PagesProject");
const DOMAIN = cloudflareType("PagesDomain");

const NAME = /^[a-z0-9]([a-z0-9-]{0,56}[a-z0-9])?$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

const nameIn = (inputs: Properties): string => textAt(inputs, "name") ?? "";

function projectFailures(inputs: Properties): CheckFailure[] {
  const name = textAt(inputs, "name");
  const failures: CheckFailure[] =
    name === undefined || NAME.test(name)
      ? []
      : [
          {
            property: "name",
            reason:
              "8000000: a project's name has 1 to 58 lower-case letters, digits, and hyphens, and no hyphen at its ends",
          },
        ];
  const configs = mapAt(inputs, "deploymentConfigs");
  for (const deployment of ["preview", "production"])
    for (const variable of Object.keys(mapAt(mapAt(configs, deployment), "envVars")))
      if (!VARIABLE.test(variable))
        failures.push({
          property: `deploymentConfigs.${deployment}.envVars`,
          reason: `8000000: ${variable} is no name of an environment variable`,
        });
  return failures;
}

/** Another account may have the name already: then the host gets three letters more. */
function subdomainOf(operation: Operation): string {
  const kept = textAt(operation.existing?.outputs ?? {}, "subdomain");
  if (kept !== undefined) return kept;
  const name = nameIn(operation.inputs);
  const taken = operation.world
    .all(PROJECT)
    .some(({ outputs }) => textAt(outputs, "subdomain") === `${name}.pages.dev`);
  return taken ? `${name}-${operation.hex("subdomain", 3)}.pages.dev` : `${name}.pages.dev`;
}

const domainsOf = (operation: Operation): CloudResource[] =>
  ofAccount(operation, DOMAIN).filter(
    ({ inputs }) => textAt(inputs, "projectName") === nameIn(operation.existing?.inputs ?? operation.inputs),
  );

export const pagesProject: ResourceRules = {
  check: projectFailures,
  refuseCreate: (operation) =>
    ofAccount(operation, PROJECT).some(({ inputs }) => nameIn(inputs) === nameIn(operation.inputs))
      ? new Refusal("8000002", `A project with this name already exists: ${nameIn(operation.inputs)}.`)
      : undefined,
  refuseDelete(operation) {
    const [domain] = domainsOf(operation);
    return domain === undefined
      ? undefined
      : new Refusal("8000028", `The project still has a custom domain, ${nameIn(domain.inputs)}: remove it first.`);
  },
  // The name is the provider's id; the account before it, which is how it is imported, keeps two accounts apart.
  id: ({ inputs }) => `${textAt(inputs, "accountId") ?? ""}/${nameIn(inputs)}`,
  computed(operation) {
    const subdomain = subdomainOf(operation);
    return {
      domains: [subdomain, ...domainsOf(operation).map(({ inputs }) => nameIn(inputs))],
      subdomain,
      framework: "",
      frameworkVersion: "",
      previewScriptName: `pages-worker--${operation.hex("script", 7)}-preview`,
      productionScriptName: `pages-worker--${operation.hex("script", 7)}-production`,
      usesFunctions: false,
    };
  },
};

function domainRefusal(operation: Operation): Refusal | undefined {
  const project = textAt(operation.inputs, "projectName") ?? "";
  if (!ofAccount(operation, PROJECT).some(({ inputs }) => nameIn(inputs) === project))
    return new Refusal(
      "8000007",
      `Project not found. The specified project name does not match any of your existing projects: ${project}.`,
    );
  const name = nameIn(operation.inputs);
  const owner = operation.world.all(DOMAIN).find(({ inputs }) => nameIn(inputs) === name);
  return owner === undefined
    ? undefined
    : new Refusal("8000018", `The custom domain ${name} has been added to a project already: ${owner.urn}.`);
}

export const pagesDomain: ResourceRules = {
  check(inputs) {
    const name = textAt(inputs, "name");
    return name === undefined || /^([a-z0-9-]+\.)+[a-z]{2,63}$/.test(name)
      ? []
      : [{ property: "name", reason: "8000015: a custom domain is a host name in lower case" }];
  },
  refuseCreate: domainRefusal,
  id: ({ inputs }) => nameIn(inputs),
  computed(operation) {
    const name = nameIn(operation.inputs);
    const record = operation.world.all(RECORD).find(({ inputs }) => nameIn(inputs) === name);
    const status = record === undefined ? "pending" : "active";
    return {
      certificateAuthority: "google",
      domainId: uuid(operation.hex("domain", 32)),
      status,
      validationData: { method: "http", status },
      verificationData: { status },
      zoneTag: textAt(record?.inputs ?? {}, "zoneId") ?? "",
    };
  },
};
