/**
 * Makes the measurements that `--only` names, or all, and prints each as a table, or all as one JSON document.
 * @param measurements by name
 */
export async function makeMeasurements(
  measurements: Readonly<Record<string, () => Promise<object>>>,
  { only, json }: { readonly only?: readonly string[]; readonly json: boolean },
): Promise<void> {
  const results: Record<string, object> = {};
  for (const name of only ?? Object.keys(measurements)) {
    const measure = measurements[name];
    if (measure === undefined) throw new RangeError(`Expected a name of --only, got ${name}.`);
    results[name] = await measure();
    if (!json) {
      console.log(name);
      console.table(results[name]);
    }
  }
  if (json) console.log(JSON.stringify(results, undefined, 2));
}
