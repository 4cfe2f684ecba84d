/** Flags with values that may begin with a minus, as the condition `-0.1<step` does. */
const dashed: readonly (string | undefined)[] = ['--where'];

/** Joins such flags and values by `=`: yargs takes a word that begins with a minus for a flag. */
export function joinDashedValues(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of argv) {
    const isValue = dashed.includes(joined.at(-1)) && /^-(?!-)/.test(arg);
    joined.push(isValue ? `${joined.pop()!}=${arg}` : arg);
  }
  return joined;
}
