import { createHash } from "node:crypto";
import { didYouMean } from "../../project/nearest.ts";
import {
  OutputValue,
  type Properties,
  Secret,
  Unknown,
  type Value,
  hasSecret,
  hasUnknown,
  revealedProperties,
} from "../../values/value.ts";
import { buildContext, missingPart } from "../build-context.ts";
import { type ConstructRequest, type ConstructResponse, dependenciesOf, outputOf } from "../construct.ts";
import { mapAt, textAt, textsAt } from "../fields.ts";
import { Refusal } from "../service.ts";

const IMAGE = "docker-build:index:Image";
const TOKEN = "aws:ecr/getAuthorizationToken:getAuthorizationToken";

const ARGS = [
  "args",
  "builderVersion",
  "cacheFrom",
  "context",
  "dockerfile",
  "imageName",
  "imageTag",
  "platform",
  "registryId",
  "repositoryUrl",
  "target",
];

const invalid = (what: string): Refusal => new Refusal("InvalidArgument", `awsx:ecr:Image: ${what}`);

/**
 * Makes `awsx:ecr:Image`: one image of docker-build, which is named after its tag and pushed to the repository.
 * Where an argument is not known yet, the real component makes no child in preview, and neither does this one.
 */
export async function constructImage(request: ConstructRequest): Promise<ConstructResponse> {
  const { inputs, preview } = request;
  const strange = Object.keys(inputs).find((key) => !ARGS.includes(key));
  if (strange !== undefined) throw invalid(`${strange} is not an argument: ${didYouMean(strange, ARGS)}`);
  const hidden = ARGS.find((key) => key !== "args" && hasSecret(inputs[key] ?? null));
  if (hidden !== undefined) throw invalid(`${hidden} is a secret, but it shows in names and tags: pass it in plain`);
  const urns = [...new Set(Object.values(inputs).flatMap((value) => [...dependenciesOf(value)]))];
  if (Object.values(inputs).some(hasUnknown)) {
    const { urn } = await request.registerComponent();
    await request.registerOutputs(urn, {});
    return { urn, state: { imageUri: new OutputValue(undefined, false, urns) } };
  }

  const args = revealedProperties(inputs);
  refuseContext(request, args);
  const repositoryUrl = textAt(args, "repositoryUrl") ?? "";
  const name = textAt(args, "imageName") ?? textAt(args, "imageTag") ?? uniqueName(args, request.stack);
  const login = await credentials(request, repositoryUrl, textAt(args, "registryId"));
  const component = await request.registerComponent();
  const child = await request.register(
    IMAGE,
    name,
    imageInputs(args, `${repositoryUrl}:${name}`, login, inputs["args"]),
    {
      parent: component.urn,
      dependsOn: urns,
    },
  );
  await request.registerOutputs(component.urn, {});
  const digest = outputOf(child, "digest", preview);
  const known = typeof digest.value === "string" && digest.value !== "";
  const secret = digest.secret || Object.values(inputs).some(hasSecret);
  const imageUri = known ? `${repositoryUrl}@${digest.value}` : preview ? undefined : `${repositoryUrl}:${name}`;
  return { urn: component.urn, state: { imageUri: new OutputValue(imageUri, secret, [child.urn]) } };
}

/** What the child's Check refuses, so in preview too. */
function refuseContext({ programDirectory }: ConstructRequest, args: Properties): void {
  const location = textAt(args, "context") ?? ".";
  const context = buildContext(programDirectory, location, textAt(args, "dockerfile"));
  const missing = missingPart(context);
  if (missing === "context")
    throw invalid(
      `context ${JSON.stringify(location)} is no folder: ${context.folder}. Relative paths begin in ${programDirectory}.`,
    );
  if (missing === "dockerfile")
    throw invalid(
      `there is no Dockerfile ${context.dockerfile}: name it with dockerfile, which begins in ${programDirectory}.`,
    );
}

/** Without a tag the name stays the same however the files change. */
function uniqueName(args: Properties, stack: string): string {
  const dockerfile = textAt(args, "dockerfile");
  const given = Object.entries(mapAt(args, "args")).map(([key, value]) => `;arg[${key}]=${JSON.stringify(value)}`);
  const signature = [
    textAt(args, "context") ?? ".",
    dockerfile === undefined ? "" : `;dockerfile=${dockerfile}`,
    ...given,
    stack,
  ].join("");
  return `${createHash("sha1").update(signature).digest("hex").slice(0, 8)}-container`;
}

/** The account is the first label of the registry's host. */
async function credentials(
  request: ConstructRequest,
  repositoryUrl: string,
  registryId: string | undefined,
): Promise<Properties> {
  const host = repositoryUrl.replace(/^https:\/\//, "").split("/")[0] ?? "";
  if (!/^[a-z0-9.-]+(:\d+)?$/i.test(host)) throw invalid("repositoryUrl is not a valid URL.");
  const answer = await request.invoke(TOKEN, { registryId: registryId ?? host.split(".")[0] ?? "" });
  if (answer instanceof Unknown) return {};
  const { proxyEndpoint = "", userName = "", password = "" } = answer;
  return {
    address: proxyEndpoint,
    username: userName,
    password: password instanceof Secret ? password : new Secret(password),
  };
}

function imageInputs(args: Properties, reference: string, login: Properties, buildArgs: Value | undefined): Properties {
  const [caches, platform, dockerfile] = [
    textsAt(args, "cacheFrom"),
    textAt(args, "platform"),
    textAt(args, "dockerfile"),
  ];
  const target = textAt(args, "target");
  return {
    buildOnPreview: true,
    cacheFrom: (caches.length === 0 ? [reference] : caches).map((ref) => ({ registry: { ref } })),
    cacheTo: [{ inline: {} }],
    context: { location: textAt(args, "context") ?? "." },
    dockerfile: dockerfile === undefined ? {} : { location: dockerfile },
    network: "default",
    platforms: platform === undefined ? [] : [platform],
    push: true,
    registries: [login],
    tags: [reference],
    ...(buildArgs === undefined ? {} : { buildArgs }),
    ...(target === undefined ? {} : { target }),
  };
}
