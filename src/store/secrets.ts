import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What only those who talk to a store or a queue need. */
export const secretVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LOCKSTEP_REDIS_USERNAME',
  'LOCKSTEP_REDIS_PASSWORD',
  'LOCKSTEP_SECRETS',
] as const;

/**
 * Addresses and keys: variables of the environment, which win, and the lines `NAME=value` of a file that nobody else may
 * read: `$LOCKSTEP_SECRETS`, or else `lockstep/secrets` in the user's folder for settings (`~/.config`).
 * @throws LockstepError `usage` where others may read the file, where it cannot be read, and for a line of another form
 */
export async function readSecrets(env: Environment): Promise<Environment> {
  const named = env.LOCKSTEP_SECRETS;
  const settings = env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), '.config');
  const path = named ?? join(settings, 'lockstep', 'secrets');
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new LockstepError(
        'usage',
        `${path}: expected a file that only its owner may read (mode 600), got mode ${(mode & 0o777).toString(8)}`,
        { hint: `Run \`chmod 600 ${path}\`.` },
      );
    }
    return { ...parse(await readFile(path, 'utf8'), path), ...defined(env) };
  } catch (cause) {
    if (cause instanceof LockstepError) throw cause;
    if (named === undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw new LockstepError('usage', `cannot read ${path}: ${(cause as Error).message}`, {
      cause,
      hint: 'LOCKSTEP_SECRETS names a file with lines NAME=value.',
    });
  }
}

function defined(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

/** Messages give the number of a line, never its text. */
function parse(text: string, path: string): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value] = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      throw new LockstepError(
        'usage',
        `${path}:${index + 1}: expected NAME=value, got another line`,
      );
    }
    secrets[name] = value!;
  }
  return secrets;
}
