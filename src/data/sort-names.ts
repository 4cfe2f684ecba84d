/** By number where all are numbers, otherwise by their characters' code units. */
export function sortNames(names: readonly string[]): string[] {
  const areNumbers = names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  return [...names].sort((a, b) => (areNumbers && Number(a) - Number(b)) || (a < b ? -1 : 1));
}
