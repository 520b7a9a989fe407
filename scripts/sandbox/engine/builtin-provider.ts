import { hasSecret, type Properties } from "../values/value.ts";
import { NO_DIFFERENCE, type Provider, ProviderError } from "./provider-client.ts";
import { typeOf } from "../protocol/urn.ts";

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** The outputs of another stack. `name` is `STACK`, `PROJECT/STACK`, or `ORGANIZATION/PROJECT/STACK`. */
export type StackOutputs = (name: string) => Promise<Properties>;

const refuse = (what: string): Promise<never> =>
  Promise.reject(new ProviderError(`the sandbox has no ${what}: of package pulumi it knows ${STACK_REFERENCE} alone`));

/** Package `pulumi`: what the engine provides itself. */
export function builtinProvider(stackOutputs: StackOutputs): Provider {
  return {
    supportsPreview: true,
    idempotent: false,
    acceptsSecrets: true,
    start: () => Promise.resolve(),
    close: () => undefined,
    parameterize: () => refuse("parameters"),
    checkConfig: (_urn, _olds, inputs) => Promise.resolve({ inputs, failures: [] }),
    diffConfig: () => Promise.resolve(NO_DIFFERENCE),
    configure: () => Promise.resolve(),
    check: (urn) => refuse(typeOf(urn)),
    diff: () => Promise.resolve(NO_DIFFERENCE),
    create: (urn) => refuse(typeOf(urn)),
    update: (urn) => refuse(typeOf(urn)),
    delete: () => Promise.resolve(),
    async read(urn, id, _inputs, state) {
      if (typeOf(urn) !== STACK_REFERENCE) return refuse(typeOf(urn));
      const name = state["name"];
      const outputs = await stackOutputs(typeof name === "string" ? name : id);
      const secretOutputNames = Object.keys(outputs)
        .filter((key) => hasSecret(outputs[key] ?? null))
        .sort();
      return {
        id,
        outputs: { name: typeof name === "string" ? name : id, outputs, secretOutputNames },
        inputs: undefined,
        initErrors: [],
      };
    },
    invoke: (token) => refuse(`function ${token}`),
    call: () => refuse("methods"),
    construct: () => refuse("components"),
    cancel: () => Promise.resolve(),
  };
}
