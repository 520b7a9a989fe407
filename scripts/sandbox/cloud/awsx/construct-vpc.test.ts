import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OutputValue, type Properties, ResourceReference, UNKNOWN } from "../../values/value.ts";
import { type ConstructRequest, type RegisterOptions, type Registered, dependenciesOf } from "../construct.ts";
import { Refusal } from "../service.ts";
import { constructVpc } from "./construct-vpc.ts";

interface Call {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly options: RegisterOptions;
}

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/** An engine in memory: ids are `<name>-id`, addresses have an allocation id, and `failing` types fail. */
class Engine {
  readonly calls: Call[] = [];
  readonly outputs: [string, Properties][] = [];
  readonly invokes: [string, Properties][] = [];
  componentRegistered = false;
  running = 0;
  mostRunning = 0;
  readonly preview: boolean;
  /** Undefined: the provider does not know them yet. */
  readonly zones: readonly string[] | undefined;
  readonly failing: string | undefined;

  constructor(options: { preview?: boolean; zones?: readonly string[] | undefined; failing?: string } = {}) {
    this.preview = options.preview ?? false;
    this.zones = "zones" in options ? options.zones : ZONES;
    this.failing = options.failing;
  }

  request(inputs: Properties): ConstructRequest {
    return {
      type: "awsx:ec2:Vpc",
      name: "net",
      parent: "urn:stack",
      project: "p",
      stack: "dev",
      preview: this.preview,
      programDirectory: "/",
      inputs,
      options: { providers: {}, dependencies: [], protect: undefined, aliases: [] },
      registerComponent: () => {
        this.componentRegistered = true;
        return Promise.resolve({ urn: "urn:component", id: "", state: {} });
      },
      register: (type, name, properties, options) => this.#register({ type, name, inputs: properties, options }),
      registerOutputs: (urn, outputs) => {
        this.outputs.push([urn, outputs]);
        return Promise.resolve();
      },
      invoke: (token, args) => {
        this.invokes.push([token, args]);
        return Promise.resolve(this.zones === undefined ? UNKNOWN : { names: [...this.zones] });
      },
    };
  }

  async #register(call: Call): Promise<Registered> {
    this.calls.push(call);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise((resolve) => setImmediate(resolve));
    this.running -= 1;
    if (this.failing !== undefined && call.type.endsWith(this.failing)) throw new Error(`${call.name} failed`);
    const state: Properties =
      this.preview || !call.type.endsWith(":Eip") ? {} : { allocationId: `eipalloc-${call.name}` };
    return { urn: urnOf(call), id: this.preview ? UNKNOWN : `${call.name}-id`, state };
  }

  call(type: string, name: string): Call {
    const found = this.calls.find((call) => call.type.endsWith(`:${type}`) && call.name === name);
    assert.ok(found, `${type} ${name} was not registered`);
    return found;
  }
}

const urnOf = ({ type, name }: Pick<Call, "type" | "name">): string => `urn:${type.split(":").at(-1) ?? ""}:${name}`;
const output = (value: string, urn: string): OutputValue => new OutputValue(value, false, [urn]);

describe("constructing awsx:ec2:Vpc", () => {
  it("registers the component, then every child after what it needs", async () => {
    const engine = new Engine();
    await constructVpc(engine.request({ numberOfAvailabilityZones: 2 }));
    assert.ok(engine.componentRegistered);
    assert.equal(engine.calls.length, 22);
    const seen = new Set(["urn:component"]);
    for (const call of engine.calls) {
      const needed = [call.options.parent ?? "", ...(call.options.dependsOn ?? []), ...dependenciesOf(call.inputs)];
      for (const urn of needed) assert.ok(seen.has(urn), `${urn} before ${urnOf(call)}`);
      seen.add(urnOf(call));
    }
  });

  it("connects the children by their ids and outputs", async () => {
    const engine = new Engine();
    await constructVpc(engine.request({}));
    const gateway = engine.call("NatGateway", "net-1");
    assert.deepEqual(gateway.options, { parent: "urn:Subnet:net-public-1", dependsOn: ["urn:Subnet:net-public-1"] });
    assert.deepEqual(gateway.inputs, {
      subnetId: output("net-public-1-id", "urn:Subnet:net-public-1"),
      allocationId: output("eipalloc-net-1", "urn:Eip:net-1"),
      tags: { Name: "net-1" },
    });
  });

  it("registers independent children side by side", async () => {
    const engine = new Engine();
    await constructVpc(engine.request({}));
    assert.ok(engine.mostRunning >= 6, `at most ${String(engine.mostRunning)} at a time`);
  });

  it("answers with the component's outputs", async () => {
    const engine = new Engine();
    const { urn, state } = await constructVpc(engine.request({ numberOfAvailabilityZones: 1 }));
    assert.equal(urn, "urn:component");
    assert.deepEqual(state["vpc"], new ResourceReference("urn:Vpc:net", "net-id", ""));
    assert.deepEqual(state["vpcId"], output("net-id", "urn:Vpc:net"));
    assert.deepEqual(state["publicSubnetIds"], [output("net-public-1-id", "urn:Subnet:net-public-1")]);
    assert.deepEqual(state["isolatedSubnets"], []);
    assert.deepEqual(state["subnetLayout"], [
      { type: "Private", cidrMask: 17 },
      { type: "Public", cidrMask: 18 },
    ]);
    assert.deepEqual(engine.outputs, [["urn:component", {}]]);
  });

  it("leaves ids unknown in preview and keeps the dependencies", async () => {
    const engine = new Engine({ preview: true });
    const { state } = await constructVpc(engine.request({}));
    assert.deepEqual(state["vpcId"], new OutputValue(undefined, false, ["urn:Vpc:net"]));
    assert.deepEqual(
      engine.call("NatGateway", "net-1").inputs["allocationId"],
      new OutputValue(undefined, false, ["urn:Eip:net-1"]),
    );
  });

  it("asks the provider for the zones of the region", async () => {
    const engine = new Engine();
    await constructVpc(engine.request({ region: "eu-west-1" }));
    assert.deepEqual(engine.invokes, [
      ["aws:index/getAvailabilityZones:getAvailabilityZones", { region: "eu-west-1" }],
    ]);
    assert.equal(engine.call("Subnet", "net-public-3").inputs["availabilityZone"], "eu-west-1c");
  });

  it("asks for no zones where the program names them", async () => {
    const engine = new Engine();
    await constructVpc(engine.request({ availabilityZoneNames: ["eu-west-1b"] }));
    assert.deepEqual(engine.invokes, []);
    assert.equal(engine.call("Subnet", "net-public-1").inputs["availabilityZone"], "eu-west-1b");
  });

  it("registers nothing where it refuses the arguments or cannot know the zones", async () => {
    const refused: [Engine, Properties][] = [
      [new Engine(), { cidrBlock: UNKNOWN }],
      [new Engine({ zones: undefined }), {}],
      [new Engine(), { region: UNKNOWN }],
    ];
    for (const [engine, inputs] of refused) {
      await assert.rejects(constructVpc(engine.request(inputs)), Refusal);
      assert.ok(!engine.componentRegistered);
      assert.deepEqual(engine.calls, []);
    }
  });

  it("fails with the child that fails, after the others have come to an end", async () => {
    const engine = new Engine({ failing: "Eip" });
    await assert.rejects(constructVpc(engine.request({})), /net-1 failed/);
    assert.equal(engine.running, 0);
    assert.ok(engine.call("RouteTableAssociation", "net-private-3"));
    assert.ok(!engine.calls.some(({ type }) => type.endsWith(":NatGateway")));
    assert.deepEqual(engine.outputs, []);
  });
});
