import { Archive, type Value } from "../../values/value.ts";
import { parseArn } from "../arn.ts";
import { textAt, textsAt } from "../fields.ts";
import { type Operation, Refusal } from "../service.ts";
import { findBy, here } from "./lookup.ts";

const refused = (message: string): Refusal => new Refusal("InvalidParameterValueException", message);

/** Runtimes whose state can be kept and started from. Source: "Improving startup performance with Lambda SnapStart". */
const SNAP_START = /^(java(11|17|21|25)|python3\.(12|13|14)|dotnet(8|10))$/;

const OBJECTS = [
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/objectCopy:ObjectCopy",
];

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`, and a tag or digest. */
const REGISTRY_IMAGE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)[:@].+$/;

function imageRefusal(operation: Operation): Refusal | undefined {
  const { inputs, location } = operation;
  const uri = textAt(inputs, "imageUri");
  if ((textAt(inputs, "packageType") ?? "Zip") !== "Image")
    return uri === undefined
      ? undefined
      : refused('Please set PackageType to "Image" when the function is made of an image.');
  if (
    textAt(inputs, "handler") !== undefined ||
    textAt(inputs, "runtime") !== undefined ||
    textsAt(inputs, "layers").length > 0
  )
    return refused(
      'Please don\'t provide Handler or Runtime or Layer when the intent is to create a function with PackageType "Image"',
    );
  const [, account, region, name = ""] = REGISTRY_IMAGE.exec(uri ?? "") ?? [];
  if (account === undefined)
    return refused(
      `Source image ${uri ?? ""} is not valid. Provide a valid source image: one of ECR, with a tag or digest.`,
    );
  const own = account === location.account && region === location.region;
  return own && findBy(here(operation, "aws:ecr/repository:Repository"), name, "name") === undefined
    ? refused(`Source image ${uri ?? ""} does not exist. Provide a valid source image.`)
    : undefined;
}

function objectRefusal(operation: Operation): Refusal | undefined {
  const [bucket, key] = ["s3Bucket", "s3Key"].map((property) => textAt(operation.inputs, property));
  if (bucket === undefined || key === undefined) return undefined;
  const found = OBJECTS.flatMap((type) => operation.world.all(type)).some(
    ({ inputs }) => textAt(inputs, "bucket") === bucket && textAt(inputs, "key") === key,
  );
  return found
    ? undefined
    : refused(
        `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist: ${key} in ${bucket}`,
      );
}

/** A layer of the own account and region must be there; those of others are not for the sandbox to know. */
function layerRefusal(operation: Operation): Refusal | undefined {
  const { location, inputs } = operation;
  const layers = here(operation, "aws:lambda/layerVersion:LayerVersion");
  const missing = textsAt(inputs, "layers").find((arn) => {
    const { account, region } = parseArn(arn) ?? { account: location.account, region: location.region };
    return account === location.account && region === location.region && findBy(layers, arn, "arn") === undefined;
  });
  return missing === undefined ? undefined : refused(`Layer version ${missing} does not exist.`);
}

/** What the function is made of must be there, and fit its runtime. */
export function codeRefusal(operation: Operation): Refusal | undefined {
  const { inputs } = operation;
  const code: Value | undefined = inputs["code"];
  if (code instanceof Archive && code.source.assets !== undefined && Object.keys(code.source.assets).length === 0)
    return refused("Uploaded file must be a non-empty zip");
  const runtime = textAt(inputs, "runtime");
  if (inputs["snapStart"] !== undefined && runtime !== undefined && !SNAP_START.test(runtime))
    return refused(`${runtime} is not supported for SnapStart enabled functions.`);
  return imageRefusal(operation) ?? objectRefusal(operation) ?? layerRefusal(operation);
}
