import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bindingPath, nativePackage } from '../engines/native.js';
import { LockstepError } from '../protocol/index.js';
import { lastLines, runCommand } from './process.js';

/**
 * Runs the package's own install script, which fetches Google's prebuilt binding and library
 * (TensorFlow 2.9.1; on arm64 2.7). It needs storage.googleapis.com, or a mirror named by
 * TFJS_NODE_CDN_STORAGE.
 * @throws {LockstepError} `worker` when the script fails
 */
export async function installOfficial(
  packageRoot: string,
  gpu: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const script = join(packageRoot, 'scripts', 'install.js');
  const { code, output } = await runCommand(
    process.execPath,
    [script, gpu ? 'gpu' : 'cpu', 'download'],
    {
      cwd: packageRoot,
      // The script calls node-pre-gyp by its bare name.
      environment: { PATH: `${toolFolder(packageRoot)}${delimiter}${process.env.PATH ?? ''}` },
      signal,
    },
  );
  if (code === 0 && existsSync(bindingPath(packageRoot))) return;
  throw new LockstepError(
    'worker',
    `Expected the install script of ${nativePackage} to fetch a prebuilt binding, but it failed:\n${lastLines(output)}`,
    {
      hint: 'Check the network (storage.googleapis.com; TFJS_NODE_CDN_STORAGE names a mirror), or use --engine wasm.',
    },
  );
}

const delimiter = process.platform === 'win32' ? ';' : ':';

/** `node_modules/.bin`, two folders above `@tensorflow/tfjs-node-gpu`. */
function toolFolder(packageRoot: string): string {
  return join(dirname(dirname(packageRoot)), '.bin');
}
