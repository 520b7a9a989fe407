import type { Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const of = (type: string): Sent => ({ type, props: {} });

export const cases: readonly Case[] = casesOf("providers-known-to-rules", [
  ["it is of the SDK of AWS", of("aws:s3/bucket:Bucket"), "passes"],
  ["it is the stack", of("pulumi:pulumi:Stack"), "passes"],
  ["it is a component of the project", of("groundwork:network:Network"), "passes"],
  ["it is a provider that the rules know", of("pulumi:providers:aws"), "passes"],
  ["it is of the other SDK of AWS", of("aws-native:s3:Bucket"), [/type: no rule knows .* "aws-native"/]],
  ["it is a provider that they do not know", of("pulumi:providers:aws-native"), [/type: no rule .* "aws-native"/]],
  ["it is a command", of("command:local:Command"), [/type: no rule knows .* "command"/]],
  ["it is a resource of its own making", of("pulumi-nodejs:dynamic:Resource"), [/type: .* "pulumi-nodejs"/]],
  ["it is a template", of("aws:cloudformation/stack:Stack"), [/type: what aws\.cloudformation makes is hidden/]],
  ["it is any resource by its API", of("aws:cloudcontrol/resource:Resource"), [/type: what aws\.cloudcontrol makes/]],
  ["the configuration allows the package", of("tls:index/privateKey:PrivateKey"), "passes", { packages: ["tls"] }],
]);
