/**
 * Preloaded (`node --import`) into the processes of a measured run: writes the most memory that this
 * process ever had resident, in bytes, to a new file in the folder that `LOCKSTEP_PEAK_MEMORY` names.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env.LOCKSTEP_PEAK_MEMORY;
// Threads load this too, and share their process's memory.
if (isMainThread && folder !== undefined) {
  process.on('exit', () => {
    const kibibytes = process.resourceUsage().maxRSS;
    writeFileSync(join(folder, `${process.pid}.txt`), String(1024 * kibibytes));
  });
}
