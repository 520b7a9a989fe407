import type { Properties } from "../../values/value.ts";
import { regionalArn } from "../arn.ts";
import { mapAt, mapsAt, textAt } from "../fields.ts";
import { allowsService, policyStatements } from "../iam-policy.ts";
import {
  type CheckFailure,
  type CloudResource,
  type Operation,
  Refusal,
  type ResourceRules,
  type Service,
} from "../service.ts";
import { findBy, inAccount, uuid, valueOf } from "./lookup.ts";

const EXPORT = "aws:bcmdata/export:Export";

/** The one region of each partition that has the service. */
const REGIONS: Readonly<Record<string, string>> = { aws: "us-east-1", "aws-cn": "cn-northwest-1" };

/** The tables of Data Exports. Source: its user guide, table dictionary. */
const TABLES = [
  "COST_AND_USAGE_REPORT",
  "FOCUS_1_0_AWS",
  "FOCUS_1_2_AWS",
  "COST_OPTIMIZATION_RECOMMENDATIONS",
  "CARBON_EMISSIONS",
];

const MOST_QUERY = 36_000;

/** Which compression each format has. */
const COMPRESSIONS: Readonly<Record<string, string>> = { PARQUET: "PARQUET", TEXT_OR_CSV: "GZIP" };

const WRITER = "bcm-data-exports.amazonaws.com";

const invalid = (message: string): Refusal => new Refusal("ValidationException", message);

const exportOf = (inputs: Properties): Properties => mapAt(inputs, "export");
const nameOf = (inputs: Properties): string => textAt(exportOf(inputs), "name") ?? "";

function nameFailures(inputs: Properties): CheckFailure[] {
  const name = textAt(exportOf(inputs), "name");
  return name === undefined || /^[0-9A-Za-z!\-_.*'()]{1,128}$/.test(name)
    ? []
    : [
        {
          property: "export.name",
          reason: `ValidationException: "${name}" must be 1 to 128 letters, digits, or !-_.*'()`,
        },
      ];
}

function queryProblem(query: Properties): string | undefined {
  const statement = textAt(query, "queryStatement") ?? "";
  if (statement.length > MOST_QUERY) return `QueryStatement is longer than ${MOST_QUERY} characters`;
  const [, columns = "", table = ""] = /^\s*SELECT\s+(.+?)\s+FROM\s+(\w+)\b/is.exec(statement) ?? [];
  if (table === "") return "QueryStatement must be SELECT columns FROM table";
  if (columns.split(",").some((column) => column.trim() === "*")) return "SELECT * is not supported: name the columns";
  if (!TABLES.includes(table)) return `Table ${table} does not exist; there are ${TABLES.join(", ")}`;
  const other = Object.keys(mapAt(query, "tableConfigurations")).find((name) => name !== table);
  return other === undefined ? undefined : `TableConfigurations is for ${other}, and the query is on ${table}`;
}

/** Whether the policy lets Data Exports write, and not only for another account. */
function writable(operation: Operation, bucket: CloudResource): boolean {
  const separate = findBy(inAccount(operation, "aws:s3/bucketPolicy:BucketPolicy"), bucket.id, "bucket");
  const policy = textAt(separate?.inputs ?? {}, "policy") ?? valueOf(bucket, "policy") ?? "";
  const accounts = policyStatements(policy)
    .filter(({ principals }) => (principals["Service"] ?? []).includes(WRITER))
    .flatMap(({ conditions }) => Object.values(conditions).flatMap((block) => block["aws:SourceAccount"] ?? []));
  return (
    allowsService(policy, [WRITER], "s3:PutObject") &&
    (accounts.length === 0 || accounts.includes(operation.location.account))
  );
}

function destinationProblem(operation: Operation, destination: Properties): string | undefined {
  const name = textAt(destination, "s3Bucket") ?? "";
  const region = textAt(destination, "s3Region") ?? "";
  const bucket = findBy(inAccount(operation, "aws:s3/bucket:Bucket"), name, "bucket");
  if (bucket === undefined) return `The S3 bucket ${name} does not exist in the account`;
  if (bucket.location.region !== region)
    return `The S3 bucket ${name} is in ${bucket.location.region}, not in ${region}`;
  for (const output of mapsAt(destination, "s3OutputConfigurations")) {
    const [format, compression] = [textAt(output, "format") ?? "", textAt(output, "compression") ?? ""];
    if (COMPRESSIONS[format] !== compression) return `Format ${format} has no compression ${compression}`;
  }
  return writable(operation, bucket)
    ? undefined
    : `S3 bucket permission validation failed: the policy of ${name} must allow ${WRITER} s3:PutObject for this account`;
}

function exportRefusal(operation: Operation): Refusal | undefined {
  const { inputs, location } = operation;
  const region = REGIONS[location.partition];
  if (location.region !== region)
    return new Refusal(
      "RequestError",
      `send request failed: lookup bcm-data-exports.${location.region}.amazonaws.com: no such host. Data Exports is in ${region ?? "no region"} alone: give the resource a provider there.`,
    );
  const problem = [
    ...mapsAt(exportOf(inputs), "dataQueries").map(queryProblem),
    ...mapsAt(exportOf(inputs), "destinationConfigurations")
      .flatMap((one) => mapsAt(one, "s3Destinations"))
      .map((destination) => destinationProblem(operation, destination)),
  ].find((one) => one !== undefined);
  return problem === undefined ? undefined : invalid(problem);
}

const dataExport: ResourceRules = {
  check: nameFailures,
  refuseCreate: (operation) =>
    exportRefusal(operation) ??
    (inAccount(operation, EXPORT).some(({ inputs }) => nameOf(inputs) === nameOf(operation.inputs))
      ? invalid(`An export with the name ${nameOf(operation.inputs)} already exists`)
      : undefined),
  refuseUpdate: exportRefusal,
  id: (operation) => {
    const { location, inputs } = operation;
    const region = REGIONS[location.partition] ?? location.region;
    return regionalArn(
      { ...location, region },
      "bcm-data-exports",
      `export/${nameOf(inputs)}-${uuid(operation.hex("export", 32))}`,
    );
  },
  computed: ({ inputs }, id) => ({ arn: id, export: { ...exportOf(inputs), exportArn: id } }),
};

export const bcmdata: Service = { resources: { [EXPORT]: dataExport } };
