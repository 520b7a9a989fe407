/** The stack's name in a URN: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export const stackOf = (urn: string): string => /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";

/** The environment that a stack's name decides: `preview-fix-login` is a preview. */
export const environmentOf = (stack: string): string => (stack.startsWith("preview-") ? "preview" : stack);

/** The project's name in a URN. */
export const projectOf = (urn: string): string => urn.split("::")[1] ?? "";
