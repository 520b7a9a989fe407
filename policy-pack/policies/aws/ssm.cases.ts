import { UNKNOWN, type Json, type Sent } from "../../test/analyzer.ts";
import { casesOf, type Case } from "../../test/case.ts";

const parameter = (props: Sent["props"]): Sent => ({
  type: "aws:ssm/parameter:Parameter",
  props: { name: "/groundwork/staging/mail/host", type: "String", ...props },
});
const password = (props: Sent["props"]): Sent => parameter({ name: "/groundwork/staging/mail/password", ...props });
const document = (permissions: Json): Sent => ({ type: "aws:ssm/document:Document", props: { permissions } });

export const cases: readonly Case[] = [
  ...casesOf("ssm-no-plain-secrets", [
    ["it is no secret", parameter({ value: "smtp.example.com" }), "passes"],
    ["its name says that it is one", password({ value: "hunter2hunter2" }), [/value: the parameter is in plain text/]],
    [
      "its value says that it is one",
      parameter({ value: "redis://:hunter2@cache:6379" }),
      [/value: the parameter is in/],
    ],
    ["it is to be shown", password({ insecureValue: "hunter2hunter2" }), [/insecureValue: the parameter is in plain/]],
    ["it is a list", password({ type: "StringList", value: "hunter2,hunter3" }), [/value: the parameter is in plain/]],
    ["it is encrypted", password({ type: "SecureString", value: "hunter2hunter2" }), "passes"],
    ["it has no value", password({}), "passes"],
    ["its value is unknown", password({ value: UNKNOWN }), "waits"],
    ["whether it is encrypted is unknown", password({ type: UNKNOWN, value: "hunter2hunter2" }), "waits"],
    [
      "its type is absent",
      { type: "aws:ssm/parameter:Parameter", props: { name: "token", value: "hunter2hunter2" } },
      [/value:/],
    ],
  ]),
  ...casesOf("ssm-document-not-public", [
    ["everybody may use it", document({ type: "Share", accountIds: "All" }), [/permissions\.accountIds: it is "All"/]],
    [
      "everybody is among them",
      document({ type: "Share", accountIds: "111122223333, all" }),
      [/permissions\.accountIds/],
    ],
    ["one account may use it", document({ type: "Share", accountIds: "111122223333" }), "passes"],
    ["nobody else may use it", { type: "aws:ssm/document:Document", props: {} }, "passes"],
    ["no account is named", document({ type: "Share" }), "passes"],
    ["who may use it is unknown", document({ type: "Share", accountIds: UNKNOWN }), "waits"],
  ]),
];
