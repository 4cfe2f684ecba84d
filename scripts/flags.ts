/**
 * A flag's whole number; a script that got anything else ends with 2 and says what it expected.
 * @param flag with its dashes, as the user typed it
 */
export function wholeFlag(flag: string, text: string, least = 1): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  process.stderr.write(`${flag}: expected a whole number from ${least}, got ${text}\n`);
  process.exit(2);
}

/** A flag's choice; a script that got anything else ends with 2 and says what it expected. */
export function choiceFlag<Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  process.stderr.write(`${flag}: expected ${choices.join(' or ')}, got ${text}\n`);
  process.exit(2);
}
