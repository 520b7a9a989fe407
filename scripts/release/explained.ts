import { DatabaseUnavailableError } from "../../api/local/unavailable.ts";
import { ConfigFileError } from "../../infra/settings/config-file.ts";
import { SettingsError } from "../../infra/settings/settings.ts";
import { UserError } from "../sandbox/user-error.ts";

/** Of other errors, what the user can put right, in one line; undefined for a fault of the program. */
export function explained(error: unknown): UserError | undefined {
  if (error instanceof DatabaseUnavailableError) return new UserError(error.message);
  if (error instanceof SettingsError || error instanceof ConfigFileError)
    return new UserError(error.message.split("\n").join("; "));
  return error instanceof Error && error.name === "CredentialsProviderError"
    ? new UserError("there are no AWS credentials: log in, and name the profile with AWS_PROFILE=...")
    : undefined;
}
