import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise } from 'yauzl';
import { LockstepError } from '../../protocol/index.js';
import { otherCopyHint } from '../read-file.js';
import { sharedMemory } from '../memory.js';

/**
 * Unpacks the files of a zip archive, which is what `numpy.savez` and `numpy.savez_compressed` write.
 *
 * @param file what error messages call the content
 * @returns their contents in shared memory, by name
 * @throws LockstepError `data` unless it is a zip archive whose checksums are right
 */
export async function unpackZip(
  content: Uint8Array,
  file: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  try {
    const archive = await fromBufferPromise(
      Buffer.from(content.buffer, content.byteOffset, content.byteLength),
    );
    for await (const entry of archive.eachEntry()) {
      const name = entry.fileName;
      const bytes = new Uint8Array(sharedMemory(entry.uncompressedSize, `${name} in ${file}`));
      const unpacked = await buffer(await archive.openReadStreamPromise(entry));
      if (crc32(unpacked) !== entry.crc32) {
        throw new Error(`the checksum of ${name} is wrong`);
      }
      bytes.set(unpacked);
      files.set(name, bytes);
    }
  } catch (cause) {
    if (cause instanceof LockstepError) throw cause;
    throw new LockstepError(
      'data',
      `Expected an intact zip archive in ${file}, got "${cause instanceof Error ? cause.message : String(cause)}" in ${content.byteLength} bytes.`,
      { hint: otherCopyHint, cause },
    );
  }
  return files;
}
