/**
 * The simple commands of a piece of shell, each as its words without quotes. Pipes, lists, and substitutions are cut
 * apart; what a variable holds is not known, so it stays as it is written. Comments are left out.
 */
export function commandsOf(script: string): string[][] {
  const inner = [...script.matchAll(/\$\(([^()]*)\)/g)].flatMap(([, command = ""]) => commandsOf(command));
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (const [token] of script.replace(/\\\n/g, " ").matchAll(TOKEN)) {
    if (token === "\n" || /^[;&|()]/.test(token)) endCommand();
    else if (/^\s/.test(token)) endWord();
    else if (token.startsWith("#") && word === undefined) continue;
    else if (token.startsWith("'") || (token.startsWith('"') && token.length > 1))
      word = (word ?? "") + token.slice(1, -1);
    else word = (word ?? "") + token;
  }
  endCommand();
  return [...commands.map(withoutAssignments).filter((command) => command.length > 0), ...inner];
}

/** A comment; quoted text; an expression of GitHub's; an operator; white space; anything else, piece by piece. */
const TOKEN =
  /(?<=^|\s)#[^\n]*|'[^']*'|"(?:[^"\\]|\\.)*"|\$\{\{.*?\}\}|\$\([^()]*\)|\n|[;&|()]+|[^\S\n]+|[^\s;&|()'"#$]+|./gs;

function withoutAssignments(words: string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  return first === -1 ? [] : words.slice(first);
}
