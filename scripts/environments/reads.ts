import ts from "typescript";

/** One place that reads the environment. */
export interface EnvironmentRead {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The variable; undefined where the whole environment is handed on. */
  readonly variable: string | undefined;
  /** Who is handed the whole environment: the function's name, or "" for none. */
  readonly receiver: string;
}

const isProcessEnv = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) && node.name.text === "env" && node.expression.getText() === "process";

const isMetaEnv = (node: ts.Node): boolean =>
  ts.isPropertyAccessExpression(node) && node.name.text === "env" && ts.isMetaProperty(node.expression);

/** What is read of `process.env` and `import.meta.env` at this place. */
function variablesAt(node: ts.Node): (string | undefined)[] {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return [parent.name.text];
  if (ts.isElementAccessExpression(parent) && parent.expression === node)
    return [ts.isStringLiteralLike(parent.argumentExpression) ? parent.argumentExpression.text : undefined];
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
    return parent.name.elements.map(({ dotDotDotToken, propertyName, name }) =>
      dotDotDotToken === undefined ? (propertyName ?? name).getText() : undefined,
    );
  return [undefined];
}

const receiverOf = ({ parent }: ts.Node): string =>
  ts.isCallExpression(parent) ? parent.expression.getText().replace(/^.*\./, "") : "";

/** Every read of the environment in a file's text. Syntax alone: a file need not compile. */
export function environmentReads(file: string, text: string): EnvironmentRead[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: EnvironmentRead[] = [];
  const visit = (node: ts.Node): void => {
    if (isProcessEnv(node) || isMetaEnv(node)) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      for (const variable of variablesAt(node)) found.push({ file, line, variable, receiver: receiverOf(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
