import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the run in `out` that was made last, by the time in its name; undefined: no run. */
export async function newestRun(out: string): Promise<string | undefined> {
  const names = await readdir(out).catch(() => []);
  const timed = names.flatMap((name) => {
    const time = /-(\d{8}T\d{6}Z)-[0-9a-f]{6}$/.exec(name)?.[1];
    return time === undefined ? [] : [{ name, time }];
  });
  const [newest] = timed.sort((a, b) => (a.time < b.time ? 1 : -1));
  return newest && join(out, newest.name);
}
