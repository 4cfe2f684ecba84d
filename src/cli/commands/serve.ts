import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { isLoopback } from '../../app/serve/guard.js';
import { yieldToTraining } from '../../app/tail-run.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import { defineCommand } from '../command.js';
import { parsed, text, toggle, wholeNumber } from '../flags.js';

/** Where the token may stand, which is then in no list of processes. */
const tokenVariable = 'LOCKSTEP_SERVE_TOKEN';

export const serve = defineCommand({
  name: 'serve',
  describe: 'Show the runs of a folder in a browser, live, from this machine alone',
  positionals: { folder: text('Folder the runs are in', { default: 'runs' }) },
  flags: {
    port: parsed('Port to listen on; 0: any that is free', wholeNumber(0, 65_535), {
      default: '0',
    }),
    host: text('Address to listen on; any but this machine alone needs --token', {
      default: '127.0.0.1',
    }),
    control: toggle('Let the pages start, stop and resume runs; needs --token'),
    token: text(`What a browser must know: a text, or auto to make one up; also ${tokenVariable}`),
  },
  async run(
    { folder, port, host, control, token: asked },
    { cwd, env, clock, stop, stdout, stderr },
  ) {
    const given = asked ?? env[tokenVariable];
    const token = given === 'auto' ? randomBytes(16).toString('hex') : given;
    if (!isLoopback(host) && token === undefined) {
      throw new LockstepError(
        'usage',
        `--host: expected --token as well, as ${host} is open to other machines`,
        {
          hint: `Add --token auto, or set ${tokenVariable}; or leave out --host and use ssh -L.`,
        },
      );
    }
    if (control && token === undefined) {
      throw new LockstepError(
        'usage',
        '--control: expected --token as well, as every program of this machine can reach the server',
        { hint: `Add --token auto, or set ${tokenVariable}.` },
      );
    }
    if (token !== undefined && token.length < 8) {
      throw new LockstepError(
        'usage',
        `--token: expected at least 8 characters, got ${token.length}`,
      );
    }
    // What it starts would inherit the priority, and could not raise it again.
    if (!control) yieldToTraining();
    // Loaded here: `--help` need not wait for it.
    const { RunServer } = await import('../../app/serve/server.js');
    const server = new RunServer({
      ...{ folder: resolve(cwd, folder), host, port, token },
      control: control
        ? {
            ...{ project: cwd, env },
            onAudit: (line) => stderr.write(`${new Date(clock()).toISOString()} ${line}\n`),
          }
        : undefined,
      onFault: (fault) => stderr.write(`lockstep serve: ${fault}\n`),
    });
    const address = await server.start();
    const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`;
    stdout.write(`${address}${query}\n`);
    if (!isLoopback(host)) {
      stderr.write(
        'Other machines can reach this; connections are not encrypted. Stop with Ctrl-C.\n',
      );
    }
    if (!stop.aborted) await once(stop, 'abort');
    await server.close();
    return exitCodes.interrupted;
  },
});
