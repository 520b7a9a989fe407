import type { AppConfigDataClient, GetLatestConfigurationResponse } from "@aws-sdk/client-appconfigdata";
import type { ConfigReader } from "./reader.ts";

export interface AppConfigPlace {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  readonly region: string;
}

/** The least that AppConfig allows, so that a change is seen within 30 seconds. */
const pollSeconds = 15;

/**
 * Asks AppConfig in sessions: each answer holds the token of the next question, which is good for one question and one
 * day. A token that is refused begins another session. `intervalMs`: in place of what AppConfig says.
 */
export function createAppConfigReader(place: AppConfigPlace, intervalMs?: number): ConfigReader {
  let connection: Promise<Connection> | undefined;
  let token: string | undefined;
  let next = pollSeconds * 1000;

  const ask = async (signal: AbortSignal): Promise<GetLatestConfigurationResponse> => {
    const { latest, begin } = await (connection ??= connect(place));
    return latest((token ??= await begin(signal)), signal);
  };

  return {
    name: "the configuration in AppConfig",
    async read(signal) {
      const isResumed = token !== undefined;
      const answer = await ask(signal).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        token = undefined;
        if (!isResumed) throw error;
        return ask(signal);
      });
      token = answer.NextPollConfigurationToken;
      next = Math.max(answer.NextPollIntervalInSeconds ?? 0, pollSeconds) * 1000;
      const bytes = answer.Configuration ?? new Uint8Array();
      return bytes.length === 0 ? undefined : Buffer.from(bytes).toString("utf8");
    },
    intervalMs: () => intervalMs ?? next,
    close() {
      connection?.then(({ client }) => client.destroy()).catch(() => undefined);
    },
  };
}

const isRefusal = (error: unknown): boolean => error instanceof Error && error.name === "BadRequestException";

interface Connection {
  readonly client: AppConfigDataClient;
  readonly begin: (signal: AbortSignal) => Promise<string | undefined>;
  readonly latest: (token: string | undefined, signal: AbortSignal) => Promise<GetLatestConfigurationResponse>;
}

/** The SDK is loaded once it is needed: it takes as long to load as the rest of the API. */
async function connect({ applicationId, environmentId, profileId, region }: AppConfigPlace): Promise<Connection> {
  const sdk = await import("@aws-sdk/client-appconfigdata");
  const client = new sdk.AppConfigDataClient({ region, maxAttempts: 2 });
  return {
    client,
    async begin(abortSignal) {
      const session = new sdk.StartConfigurationSessionCommand({
        ApplicationIdentifier: applicationId,
        EnvironmentIdentifier: environmentId,
        ConfigurationProfileIdentifier: profileId,
        RequiredMinimumPollIntervalInSeconds: pollSeconds,
      });
      return (await client.send(session, { abortSignal })).InitialConfigurationToken;
    },
    latest: (ConfigurationToken, abortSignal) =>
      client.send(new sdk.GetLatestConfigurationCommand({ ConfigurationToken }), { abortSignal }),
  };
}
