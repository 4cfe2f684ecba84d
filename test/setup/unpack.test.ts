import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import { isNeeded, unpackAll } from '../../src/setup/fetch.js';
import { unpackWheel } from '../../src/setup/unpack.js';

/** A zip with its entries stored as they are. */
function zip(entries: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const data = Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const head = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields]);
    centrals.push(Buffer.concat([head, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

describe('unpackWheel', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lockstep-unpack-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('writes only what is wanted, and counts its bytes', async () => {
    const wheel = join(folder, 'a.whl');
    writeFileSync(wheel, zip({ 'a/b.txt': 'hello', 'a/c.txt': 'no' }));
    const counts: number[] = [];
    const names = await unpackWheel(wheel, join(folder, 'out'), (name) => name.endsWith('b.txt'), {
      onProgress: (bytes) => counts.push(bytes),
    });
    expect(names).to.deep.equal(['a/b.txt']);
    expect(readFileSync(join(folder, 'out', 'a', 'b.txt'), 'utf8')).to.equal('hello');
    expect(existsSync(join(folder, 'out', 'a', 'c.txt'))).to.equal(false);
    expect(counts.at(-1)).to.equal(5);
  });

  it('refuses a name that leaves the folder', async () => {
    const wheel = join(folder, 'evil.whl');
    writeFileSync(wheel, zip({ '../evil.txt': 'x' }));
    const outcome = await unpackWheel(wheel, join(folder, 'out'), () => true).catch(
      () => 'refused',
    );
    expect(outcome).to.equal('refused');
    expect(existsSync(join(folder, 'evil.txt'))).to.equal(false);
  });

  it('takes from a TensorFlow wheel the libraries, some headers, and CUDA', () => {
    for (const name of [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/libtensorflow_framework.so.2',
      'tensorflow/include/tensorflow/c/c_api.h',
      'tensorflow/include/xla/tsl/c/tsl_status.h',
      'nvidia/cudnn/lib/libcudnn.so.9',
    ]) {
      expect(isNeeded(name), name).to.equal(true);
    }
    for (const name of [
      'tensorflow/python/_pywrap_tfe.so',
      'tensorflow/include/external/eigen_archive/Eigen/Core',
      'tensorflow/__init__.py',
      'nvidia/cudnn/include/cudnn.h',
    ]) {
      expect(isNeeded(name), name).to.equal(false);
    }
  });

  it('refuses wheels without a libtensorflow', async () => {
    const wheel = join(folder, 'tensorflow-1.whl');
    writeFileSync(wheel, zip({ 'tensorflow/__init__.py': '' }));
    const error = await unpackAll([wheel], join(folder, 'out'), 10, () => undefined).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(LockstepError).and.include({ code: 'data' });
  });
});
