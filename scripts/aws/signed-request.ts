import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentials } from "../../api/src/dependencies/aws-credentials.ts";

/** One POST to an AWS service whose client is not installed: its API is one operation here. */
export interface SignedRequest {
  /** As the signature names it: `sts`. */
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsSurroundings {
  readonly credentials: AwsCredentials;
  /** Reads `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL`, as the SDKs do. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly deadlineMilliseconds: number;
}

/** What AWS said no to, or nobody answered. The message is one line, and has no credential in it. */
export class AwsRequestError extends Error {
  /** `AccessDeniedException`, `ExpiredToken`, `TimeoutError`, ... */
  readonly code: string;
  readonly answered: boolean;
  constructor(code: string, answered: boolean) {
    super(answered ? `AWS says ${code}` : `AWS was not reached (${code})`);
    this.name = "AwsRequestError";
    this.code = code;
    this.answered = answered;
  }
}

function endpointOf({ service, region }: SignedRequest, environment: Readonly<NodeJS.ProcessEnv>): URL {
  const given = environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? environment["AWS_ENDPOINT_URL"];
  return new URL(given ?? `https://${service}.${region}.amazonaws.com/`);
}

/** The body of the answer. Throws an `AwsRequestError`, or what the credentials throw where there are none. */
export async function signedRequest(
  request: SignedRequest,
  { credentials, environment, deadlineMilliseconds }: AwsSurroundings,
): Promise<string> {
  const { service, region, headers, body } = request;
  const endpoint = endpointOf(request, environment);
  const signer = new SignatureV4({ service, region, credentials: await credentials(), sha256: Sha256 });
  const signed = await signer.sign({
    method: "POST",
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: endpoint.pathname,
    headers: { ...headers, host: endpoint.host },
    body,
  });
  const { host: _host, ...sent } = signed.headers;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: sent,
    body,
    signal: AbortSignal.timeout(deadlineMilliseconds),
  }).catch((error: unknown) => {
    throw new AwsRequestError(networkReason(error), false);
  });
  const text = await response.text().catch((error: unknown) => {
    throw new AwsRequestError(networkReason(error), false);
  });
  if (!response.ok) throw new AwsRequestError(errorCode(text) ?? `HTTP ${response.status}`, true);
  return text;
}

/** The system's code where there is one: `ENOTFOUND`, `ECONNREFUSED`; `TimeoutError` past the deadline. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return error.name === "TimeoutError" ? "no answer in time" : "no answer";
}

/** Of JSON (`{"__type":"prefix#Code"}`) and of XML (`<Code>`). */
const errorCode = (text: string): string | undefined =>
  (/"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?([A-Za-z]+)/.exec(text) ?? /<Code>([A-Za-z]+)<\/Code>/.exec(text))?.[1];
