import { X509Certificate } from "node:crypto";
import { textAt } from "../fields.ts";
import { type CloudResource, type Operation, Refusal, type ResourceRules, type World } from "../service.ts";
import { elbArn, LISTENER, nameOf, suffixOf } from "./elbv2-lookup.ts";
import { here, valueOf } from "./lookup.ts";

const OBJECTS = ["aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function isAuthority(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

const objectAt = (world: World, bucket: string, key: string): CloudResource | undefined =>
  OBJECTS.flatMap((type) => world.all(type)).find(
    (object) => valueOf(object, "bucket") === bucket && valueOf(object, "key") === key,
  );

function bundleRefusal({ inputs, world }: Operation): Refusal | undefined {
  const bucket = textAt(inputs, "caCertificatesBundleS3Bucket") ?? "";
  const key = textAt(inputs, "caCertificatesBundleS3Key") ?? "";
  const version = textAt(inputs, "caCertificatesBundleS3ObjectVersion");
  const object = objectAt(world, bucket, key);
  if (object === undefined || (version !== undefined && textAt(object.outputs, "versionId") !== version))
    return new Refusal(
      "CaCertificatesBundleNotFound",
      `The specified CA certificate bundle does not exist: s3://${bucket}/${key}${version === undefined ? "" : `, version ${version}`}`,
    );
  const content = textAt(object.inputs, "content");
  // What is in a file is not the sandbox's to read.
  if (content === undefined) return undefined;
  const certificates = content.match(CERTIFICATE) ?? [];
  return certificates.length > 0 && certificates.every(isAuthority)
    ? undefined
    : new Refusal(
        "InvalidCaCertificatesBundle",
        "The specified CA certificate bundle is in an invalid format, or corrupt: it must hold certificates of authorities alone.",
      );
}

export const trustStore: ResourceRules = {
  autoName: { property: "name", maxLength: 32 },
  unique: [
    {
      property: "name",
      within: "region",
      refuse: (name) => new Refusal("DuplicateTrustStoreName", `A trust store with the name '${name}' already exists.`),
    },
  ],
  check(inputs) {
    const name = textAt(inputs, "name");
    return name === undefined || (name.length <= 32 && /^([a-zA-Z0-9]+-)*[a-zA-Z0-9]+$/.test(name))
      ? []
      : [{ property: "name", reason: "must be at most 32 letters, digits, and single hyphens between them" }];
  },
  refuseCreate: bundleRefusal,
  refuseUpdate: bundleRefusal,
  refuseDelete(operation) {
    const arn = operation.existing?.id ?? "";
    const users = here(operation, LISTENER).filter(({ inputs }) => JSON.stringify(inputs).includes(`"${arn}"`));
    return users.length === 0
      ? undefined
      : new Refusal("TrustStoreInUse", `Trust store '${arn}' is currently in use by a listener`);
  },
  replaces: (olds, news) => ["name", "namePrefix"].filter((key) => olds[key] !== news[key]),
  id: (operation) => elbArn(operation, "truststore", nameOf(operation)),
  computed: (operation, id) => ({
    arn: id,
    arnSuffix: suffixOf(id, "truststore/"),
    name: nameOf(operation),
    namePrefix: textAt(operation.inputs, "namePrefix") ?? "",
  }),
};
