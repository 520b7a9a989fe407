import { createHash } from "node:crypto";
import type { Properties } from "../../values/value.ts";
import { type BuildContext, buildContext, contextHash, missingPart } from "../build-context.ts";
import { flagAt, listAt, mapAt, mapsAt, textAt, textsAt } from "../fields.ts";
import { type Operation, Refusal, type ResourceRules, type Service } from "../service.ts";
import { IMAGE, imagesIn, registryPassword, repositoryAt, splitReference } from "./ecr-images.ts";

const isRemote = (location: string): boolean => /^(https?:\/\/|git@|git:\/\/|github\.com\/)/.test(location);

/** Undefined where the context is not on this machine. */
function contextOf({ inputs, world }: Operation): BuildContext | undefined {
  const location = textAt(mapAt(inputs, "context"), "location") ?? ".";
  if (isRemote(location)) return undefined;
  return buildContext(world.directory ?? process.cwd(), location, textAt(mapAt(inputs, "dockerfile"), "location"));
}

const inline = (inputs: Properties): string | undefined => textAt(mapAt(inputs, "dockerfile"), "inline");

function contextRefusal(operation: Operation): Refusal | undefined {
  const context = contextOf(operation);
  const missing = context === undefined ? undefined : missingPart(context);
  if (context === undefined || missing === undefined) return undefined;
  if (missing === "context")
    return new Refusal("InvalidArgument", `context.location: "${context.folder}": not a valid directory or URL`);
  return inline(operation.inputs) === undefined
    ? new Refusal("InvalidArgument", `dockerfile.location: open ${context.dockerfile}: no such file or directory`)
    : undefined;
}

const isPushed = (inputs: Properties): boolean =>
  flagAt(inputs, "push") === true ||
  mapsAt(inputs, "exports").some(
    (one) => one["registry"] !== undefined || textAt(one, "raw")?.includes("type=registry") === true,
  );

function hashOf(operation: Operation): string {
  const context = contextOf(operation);
  if (context !== undefined && missingPart(context) === undefined) return contextHash(context);
  return createHash("sha256")
    .update(JSON.stringify(mapAt(operation.inputs, "context")))
    .digest("hex");
}

/** What the same files and settings build is the same image, whatever its tags. */
function digestOf(operation: Operation, hash: string): string {
  const { inputs } = operation;
  const settings = [
    mapAt(inputs, "buildArgs"),
    listAt(inputs, "platforms"),
    inputs["target"] ?? "",
    inline(inputs) ?? "",
    mapAt(inputs, "labels"),
  ];
  return `sha256:${createHash("sha256").update(hash).update(JSON.stringify(settings)).digest("hex")}`;
}

/** What a registry of ECR answers to a push. */
function pushRefusal(operation: Operation): Refusal | undefined {
  const { inputs, world } = operation;
  if (!isPushed(inputs)) return undefined;
  const digest = digestOf(operation, hashOf(operation));
  for (const reference of textsAt(inputs, "tags").flatMap((one) => splitReference(one) ?? [])) {
    const [host = "", ...path] = reference.url.split("/");
    const login = mapsAt(inputs, "registries").find(
      (one) => (textAt(one, "address") ?? "").replace(/^https:\/\//, "").split("/")[0] === host,
    );
    const repository = repositoryAt(world, reference.url);
    if (login === undefined)
      return new Refusal(
        "UNAUTHORIZED",
        `failed to push ${reference.url}: 401 Unauthorized: no credentials for ${host}`,
      );
    if (repository === undefined)
      return new Refusal(
        "NAME_UNKNOWN",
        `The repository with name '${path.join("/")}' does not exist in the registry with id '${host.split(".")[0] ?? ""}'`,
      );
    if (textAt(login, "password") !== registryPassword(repository.location))
      return new Refusal(
        "DENIED",
        `failed to push ${reference.url}: 403 Forbidden: the credentials are of another registry`,
      );
    const taken = imagesIn(world, reference.url).some(
      (one) => one.tags.includes(reference.tag) && one.digest !== digest,
    );
    const immutable = textAt(repository.inputs, "imageTagMutability")?.startsWith("IMMUTABLE") === true;
    if (immutable && taken)
      return new Refusal(
        "TAG_INVALID",
        `The image tag '${reference.tag}' already exists in the '${path.join("/")}' repository and cannot be overwritten because the tag is immutable.`,
      );
  }
  return undefined;
}

const refusal = (operation: Operation): Refusal | undefined => contextRefusal(operation) ?? pushRefusal(operation);

const image: ResourceRules = {
  refuseCreate: refusal,
  refuseUpdate: refusal,
  // It builds again, and deletes nothing.
  replaces: () => [],
  // A password that is asked for anew with every run is no reason to build.
  equivalent: (property) => /^registries\[\d+\]\.password$/.test(property),
  id: (operation) => digestOf(operation, hashOf(operation)),
  computed(operation) {
    const hash = hashOf(operation);
    const pushed = isPushed(operation.inputs);
    const digest = pushed ? digestOf(operation, hash) : "";
    const [tag = ""] = textsAt(operation.inputs, "tags");
    return { contextHash: hash, digest, ref: pushed && tag !== "" ? `${tag}@${digest}` : tag };
  },
};

export const dockerBuild: Service = { resources: { [IMAGE]: image } };
