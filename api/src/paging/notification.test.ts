import assert from "node:assert/strict";
import { parseEvent } from "./notification.ts";

const sns = {
  MessageId: "m",
  TopicArn: "arn:aws:sns:us-east-1:1:t",
  Message: "text",
  Timestamp: "2026-11-21T03:00:00Z",
};

describe("an event of SNS", () => {
  it("has a message, and sometimes a subject", () => {
    const records = [
      { EventSource: "aws:sns", Sns: { ...sns, Subject: null } },
      { Sns: { ...sns, Subject: "Budget" } },
    ];
    assert.deepEqual(
      parseEvent({ Records: records }).map(({ id, text, subject }) => [id, text, subject]),
      [
        ["m", "text", undefined],
        ["m", "text", "Budget"],
      ],
    );
  });

  for (const other of [
    null,
    "text",
    {},
    { Records: [] },
    { Records: [{}] },
    { Records: [{ Sns: { ...sns, Message: 1 } }] },
  ])
    it(`is not ${JSON.stringify(other)}`, () => assert.throws(() => parseEvent(other), /no event of SNS/));
});
