import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { capture, valueOf } from "../../../infra/capture.ts";
import type * as Program from "../../../infra/index.ts";
import { projectDefaults, stackFileConfig } from "../../../infra/settings/config-file.ts";
import { awsTables } from "./aws/all.ts";
import { entries, entryOf } from "./all.ts";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const defaults = projectDefaults("Pulumi.yaml", read("Pulumi.yaml"));

function configOf(stack: string): Readonly<Record<string, string>> {
  const file = `Pulumi.${stack}.yaml`;
  const given = stack.startsWith("preview-")
    ? defaults
    : { ...defaults, ...stackFileConfig(file, read(file), "groundwork") };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [`groundwork:${key}`, value]));
}

interface Made {
  readonly types: ReadonlySet<string>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The types that the program makes of a stack. A preview borrows from staging, which is given. */
async function make(stack: string, referred: Made["outputs"] = {}): Promise<Made> {
  const run = async () => {
    const { default: build } = (await import(`../../../infra/index.ts?cost-${stack}`)) as typeof Program;
    return build();
  };
  const { resources, result } = await capture(run, { stack, config: configOf(stack), referred });
  return { types: new Set(resources.map(({ type }) => type)), outputs: await valueOf(pulumi.output(result)) };
}

/** What awsx makes by itself of a network and an image. */
const ofAwsx = [
  "aws:ec2/eip:Eip",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "docker-build:index:Image",
];

describe("every type that the program makes", () => {
  const made = new Map<string, ReadonlySet<string>>();
  before(async () => {
    const staging = await make("staging");
    made.set("staging", staging.types);
    made.set("production", (await make("production")).types);
    made.set("preview", (await make("preview-costs", staging.outputs)).types);
  });

  for (const stack of ["staging", "production", "preview"])
    it(`is priced, free, or named as not priced in ${stack}`, () => {
      const types = made.get(stack) ?? assert.fail(`${stack} was not built`);
      assert.ok(types.size > 20, `${types.size} types`);
      assert.deepEqual(
        [...types, ...ofAwsx].filter((type) => entryOf(type) === undefined).sort(),
        [],
        "add an entry in scripts/cost/resources",
      );
    });
});

describe("the tables of costs", () => {
  it("give each type to one service alone", () => {
    const types = awsTables.flatMap((table) => Object.keys(table));
    assert.deepEqual(
      types.filter((type, index) => types.indexOf(type) !== index),
      [],
    );
  });

  it("say why, in a sentence, wherever nothing is charged or nothing is known", () => {
    for (const [type, entry] of Object.entries(entries))
      if (entry.kind !== "priced") assert.match(entry.reason, /^[A-Z].*\.$/, type);
  });

  it("know no type by accident", () => {
    assert.equal(entryOf("aws:sagemaker/notebook:Notebook"), undefined);
    assert.equal(entryOf("gcp:compute/instance:Instance"), undefined);
  });
});
