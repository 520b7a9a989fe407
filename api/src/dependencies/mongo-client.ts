import { MongoClient, type MongoClientOptions } from "mongodb";
import { type AwsCredentials, createAwsCredentials } from "./aws-credentials.ts";

/** The MONGODB-AWS mechanism signs in with the task's role. The rest of a URI is the driver's own business. */
const signsInByRole = (uri: string): boolean => /[?&]authMechanism=MONGODB-AWS(?:&|$)/i.test(uri);

/** A client that is not connected yet. Throws where the URI is wrong. */
export function createMongoClient(
  uri: string,
  options: MongoClientOptions,
  credentials: AwsCredentials = createAwsCredentials(),
): MongoClient {
  return new MongoClient(uri, {
    ...options,
    ...(signsInByRole(uri) && { authMechanismProperties: { AWS_CREDENTIAL_PROVIDER: credentials } }),
  });
}

const closeMs = 2_000;

/**
 * Resolves when the client is closed, or after two seconds: the driver (7.8) says goodbye to the server without a
 * deadline, and was seen to wait for ever where the server had just been killed.
 */
export async function closeMongoClient(client: MongoClient): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, closeMs, undefined);
  await Promise.race([client.close().catch(() => undefined), late]);
  clearTimeout(timer);
}
