import assert from "node:assert/strict";
import { NotConfigured, makeConnections } from "./connections.ts";

const settings = (region: string) => ({ region, allowedAccountIds: '["111122223333"]' });

describe("the configuration of a connection", () => {
  it("is its own", () => {
    const connections = makeConnections();
    connections.configure("one", "aws", settings("eu-west-1"));
    connections.configure("two", "aws", settings("us-east-1"));
    assert.equal(connections.configOf("one", "aws").location.region, "eu-west-1");
    assert.equal(connections.configOf("two", "aws").location.region, "us-east-1");
  });

  it("is of the package that was announced, or of the one asked for", () => {
    const connections = makeConnections();
    connections.announce("one", "aws");
    connections.configure("one", undefined, settings("eu-west-1"));
    connections.configure("two", undefined, settings("us-east-1"));
    assert.equal(connections.configOf("one", "aws").location.region, "eu-west-1");
    assert.equal(connections.configOf("two", "aws").location.region, "us-east-1");
  });

  it("is what all others have, after a reconnect", () => {
    const connections = makeConnections();
    connections.configure("one", "aws", settings("eu-west-1"));
    assert.equal(connections.configOf("new", "aws").location.region, "eu-west-1");
  });

  it("is not guessed where others differ or there are none", () => {
    const connections = makeConnections();
    assert.throws(() => connections.configOf("new", "aws"), NotConfigured);
    connections.configure("one", "aws", settings("eu-west-1"));
    connections.configure("two", "aws", settings("us-east-1"));
    assert.throws(() => connections.configOf("new", "aws"), NotConfigured);
    assert.equal(connections.configOf("new", "random").packageName, "random");
  });
});
