/** Writes what the package exports, with types, into `docs/api`: `npm run api`, after a change of the library's interface. */
import { mkdir } from 'node:fs/promises';
import { apiEntries, matchesApiReport } from '../test/support/api-report.js';

await mkdir('docs/api', { recursive: true });
for (const entry of apiEntries) matchesApiReport(entry, true);
