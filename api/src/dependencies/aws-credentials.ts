import type { fromNodeProviderChain } from "@aws-sdk/credential-providers";

export type AwsCredentialIdentity = Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;

/** Of the task's role, or of whoever is signed in on a machine. May be asked at any time: the SDK renews what it keeps. */
export type AwsCredentials = () => Promise<AwsCredentialIdentity>;

/** The SDK is loaded once somebody asks: locally nobody does. */
export function createAwsCredentials(): AwsCredentials {
  let provider: Promise<AwsCredentials> | undefined;
  return async () => (await (provider ??= load()))();
}

async function load(): Promise<AwsCredentials> {
  const providers = await import("@aws-sdk/credential-providers");
  return providers.fromNodeProviderChain();
}
