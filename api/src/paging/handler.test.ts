import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { handler as Handler } from "./handler.ts";

const routingKey = "0123456789abcdef0123456789abcdef";
const arn = "arn:aws:cloudwatch:us-east-1:444455556666:alarm:alb-5xx";
const eventOf = (state: string) => ({
  Records: [
    {
      Sns: {
        MessageId: "m",
        TopicArn: "arn:aws:sns:us-east-1:444455556666:alarms",
        Timestamp: "2026-11-21T03:00:00.000Z",
        Message: JSON.stringify({
          AlarmArn: arn,
          AlarmName: "alb-5xx",
          AlarmDescription: "Bad.",
          NewStateValue: state,
        }),
      },
    },
  ],
});

/** The function as Lambda runs it, between Secrets Manager and PagerDuty on this machine. */
describe("the function that pages", () => {
  const secret: { value: string | undefined; reads: number } = { value: undefined, reads: 0 };
  const pagerDuty = { status: 202, events: [] as Record<string, unknown>[] };
  const lines: string[] = [];
  const { info, error } = console;
  const given: Record<string, string> = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "nobody",
    AWS_SECRET_ACCESS_KEY: "none",
    ROUTING_KEY_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:444455556666:secret:s",
  };
  const former = new Map<string, string | undefined>();
  let server: Server;
  let handler: typeof Handler;

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const said = JSON.parse(body) as Record<string, unknown>;
        if (request.url === "/v2/enqueue") {
          pagerDuty.events.push(said);
          response.writeHead(pagerDuty.status).end("{}");
          return;
        }
        secret.reads += 1;
        assert.deepEqual(said, { SecretId: given["ROUTING_KEY_SECRET_ARN"] });
        const missing = { __type: "ResourceNotFoundException", message: "no value with the label AWSCURRENT" };
        response.writeHead(secret.value === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(secret.value === undefined ? missing : { SecretString: secret.value }));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(given, { AWS_ENDPOINT_URL_SECRETS_MANAGER: host, PAGERDUTY_EVENTS_URL: `${host}/v2/enqueue` });
    for (const [name, value] of Object.entries(given)) {
      former.set(name, process.env[name]);
      process.env[name] = value;
    }
    ({ handler } = await import("./handler.ts"));
  });
  beforeEach(() => {
    pagerDuty.status = 202;
    pagerDuty.events.length = 0;
    lines.length = 0;
    console.info = console.error = (...parts: unknown[]) => void lines.push(JSON.stringify(parts));
  });
  afterEach(() => {
    Object.assign(console, { info, error });
    assert.ok(!lines.join("\n").includes(routingKey), "it logs the key");
  });
  after(() => {
    for (const [name, value] of former)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    server.closeAllConnections();
    server.close();
  });

  it("says in one line that there is no key, and ends well: Lambda does not try again", async () => {
    await handler(eventOf("ALARM"));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /nobody is paged: there is no routing key; npm run secrets -- set/);
    assert.deepEqual(pagerDuty.events, []);
  });

  it("begins and ends an incident, with a key that it reads once", async () => {
    secret.value = routingKey;
    secret.reads = 0;
    await handler(eventOf("ALARM"));
    await handler(eventOf("OK"));
    assert.deepEqual(
      pagerDuty.events.map((event) => [event["routing_key"], event["event_action"], event["dedup_key"]]),
      [
        [routingKey, "trigger", arn],
        [routingKey, "resolve", arn],
      ],
    );
    assert.equal(secret.reads, 1);
    assert.equal(lines.length, 2);
  });

  it("fails where PagerDuty does, so that Lambda tries again, with a key that is read anew", async () => {
    pagerDuty.status = 400;
    await assert.rejects(handler(eventOf("ALARM")), /did not take the page: 400/);
    pagerDuty.status = 202;
    secret.reads = 0;
    await handler(eventOf("ALARM"));
    assert.equal(secret.reads, 1);
  });

  it("refuses what is not from SNS", async () => {
    await assert.rejects(handler({ detail: {} }), /no event of SNS/);
  });
});
