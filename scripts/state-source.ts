import { openState, readGiven } from "./sandbox/cli/commands/state-commands.ts";
import { secretsIn } from "./sandbox/cli/display/redact.ts";
import type { Place } from "./sandbox/cli/session.ts";
import { type SecretReader, deploymentToSnapshot, isJsonObject } from "./sandbox/state/deployment.ts";
import type { ResourceState } from "./sandbox/state/resource.ts";
import { parseDeployment } from "./sandbox/state/store.ts";
import { UserError, messageOf } from "./sandbox/user-error.ts";
import { Secret, Unknown, UNKNOWN, mapProperties, type Value } from "./sandbox/values/value.ts";
import { UNKNOWN_MARK } from "./sandbox/values/wire.ts";

/** The resources of a stack, and what of them must never be shown. */
export interface Source {
  /** As shown to people. */
  readonly from: string;
  readonly resources: readonly ResourceState[];
  readonly secrets: readonly string[];
}

// What is only read is not the stack's own, and what is replaced already is about to go.
const isOwn = ({ external, delete: replaced }: ResourceState): boolean => !external && !replaced;

export function sourceOf(from: string, states: readonly ResourceState[]): Source {
  const resources = states.filter(isOwn);
  const values = resources.flatMap(({ inputs, outputs }) => [inputs, outputs]);
  return { from, resources, secrets: values.flatMap(secretsIn) };
}

/** A stack of the sandbox. Its secrets are opened. */
export async function sandboxSource(place: Place, stack: string): Promise<Source> {
  const { snapshot } = await openState(place, stack);
  if (snapshot.resources.length === 0)
    throw new UserError(
      `stack ${stack} has nothing in the sandbox: \`npm run sandbox -- up --stack ${stack}\` makes it`,
      2,
    );
  return sourceOf(`stack ${stack} of the sandbox`, snapshot.resources);
}

const EXPORT = "write one with `pulumi stack export --file FILE`, or `npm run sandbox -- export`";

/** A file that `pulumi stack export` wrote. A secret that it keeps encrypted is a value that nobody knows. */
export async function exportedSource(file: string): Promise<Source> {
  const text = await readGiven(file);
  return sourceOf(file, statesIn(text, file).map(withUnknowns));
}

function statesIn(text: string, file: string): readonly ResourceState[] {
  const fault = faultOf(text);
  if (fault !== undefined) throw new UserError(`${file} is no Pulumi export, since ${fault}: ${EXPORT}`, 2);
  try {
    return deploymentToSnapshot(parseDeployment(text, file), whatIsPlain).resources;
  } catch (error) {
    const reason = error instanceof UserError ? error.message : `${file}: a value cannot be read (${messageOf(error)})`;
    throw new UserError(`${reason}; ${EXPORT}`, 2);
  }
}

function faultOf(text: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isJsonObject(json) && isJsonObject(json["deployment"]) ? undefined : 'it has no "deployment"';
  } catch {
    return "it is not JSON";
  }
}

const whatIsPlain: SecretReader = ({ plaintext }) => plaintext ?? JSON.stringify(UNKNOWN_MARK);

const bare = (value: Value): Value => (value instanceof Secret && value.value instanceof Unknown ? UNKNOWN : value);

const withUnknowns = (state: ResourceState): ResourceState => ({
  ...state,
  inputs: mapProperties(state.inputs, bare),
  outputs: mapProperties(state.outputs, bare),
});
