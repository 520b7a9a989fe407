import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { digestAnswer } from "./digest.ts";

/** What the accounts on loopback take. */
export interface FakeAccounts {
  readonly accountId: string;
  readonly cloudflareToken: string;
  readonly atlasPublicKey: string;
  readonly atlasPrivateKey: string;
  readonly datadogApiKey: string;
  readonly datadogAppKey: string;
}

const NONCE = "bm9uY2U";
const CHALLENGE = `Digest realm="MMS Public API", domain="", nonce="${NONCE}", algorithm=MD5, qop="auth", stale=false`;

function isDigest(request: IncomingMessage, { atlasPublicKey, atlasPrivateKey }: FakeAccounts): boolean {
  const { authorization = "" } = request.headers;
  const [, cnonce = ""] = /cnonce="([^"]*)"/.exec(authorization) ?? [];
  const expected = digestAnswer(
    CHALLENGE,
    {
      method: request.method ?? "",
      uri: request.url ?? "",
      username: atlasPublicKey,
      password: atlasPrivateKey,
    },
    cnonce,
  );
  return authorization === expected;
}

type Answer = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];

function answer(request: IncomingMessage, accounts: FakeAccounts): Answer {
  const { headers, url = "" } = request;
  const [first] = url.split("?");
  switch (first) {
    case "/sts":
      return headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") === true
        ? [200, `<GetCallerIdentityResponse><Account>${accounts.accountId}</Account></GetCallerIdentityResponse>`]
        : [403, "<ErrorResponse><Error><Code>MissingAuthenticationToken</Code></Error></ErrorResponse>"];
    case "/cloudflare/user/tokens/verify":
      return headers.authorization === `Bearer ${accounts.cloudflareToken}`
        ? [200, '{"success":true,"result":{"id":"1","status":"active"}}']
        : [401, '{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}]}'];
    case "/atlas/api/atlas/v2":
      return isDigest(request, accounts)
        ? [200, '{"appName":"MongoDB Atlas"}']
        : [401, "{}", { "www-authenticate": CHALLENGE }];
    case "/datadog/api/v2/validate_keys":
      return headers["dd-api-key"] === accounts.datadogApiKey &&
        headers["dd-application-key"] === accounts.datadogAppKey
        ? [200, '{"status":"ok"}']
        : [403, '{"errors":["Forbidden"]}'];
    default:
      return [404, "{}"];
  }
}

/** AWS STS, Cloudflare, Atlas, and Datadog on loopback, as far as the doctor asks them. */
export async function startAccounts(accounts: FakeAccounts) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? "");
    const [status, body, headers = {}] = answer(request, accounts);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    /** Under the names that the providers and SDKs read. */
    environment: {
      AWS_ENDPOINT_URL_STS: `${address}/sts`,
      CLOUDFLARE_BASE_URL: `${address}/cloudflare`,
      MONGODB_ATLAS_BASE_URL: `${address}/atlas/`,
      DATADOG_HOST: `${address}/datadog`,
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
