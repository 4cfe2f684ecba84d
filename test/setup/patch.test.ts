import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { nativePackageRoot } from '../../src/engines/native.js';
import { LockstepError } from '../../src/protocol/index.js';
import { applyPatch, graphPatch, racePatch } from '../../src/setup/patch.js';

describe('applyPatch', () => {
  it('replaces a text that is there once, literally', () => {
    const patched = applyPatch({ 'a.cc': 'one two three', 'b.h': 'two' }, [
      { file: 'a.cc', find: 'two', replace: '$& $1 2' },
    ]);
    expect(patched).to.deep.equal({ 'a.cc': 'one $& $1 2 three', 'b.h': 'two' });
  });

  it('fails loudly when the text is absent, twice there, or its file is', () => {
    for (const sources of [{ 'a.cc': 'one' }, { 'a.cc': 'two two' }, {}]) {
      expect(() => applyPatch(sources, [{ file: 'a.cc', find: 'two', replace: '2' }])).to.throw(
        LockstepError,
        'a.cc',
      );
    }
  });
});

describe('racePatch', () => {
  const root = nativePackageRoot();
  const sources: Record<string, string> = {};
  if (root !== undefined) {
    const folder = join(root, 'binding');
    for (const name of readdirSync(folder)) {
      sources[name] = readFileSync(join(folder, name), 'utf8');
    }
  }

  it('fits the installed binding and leaves no insertion without the lock', function () {
    if (root === undefined) this.skip();
    const text = applyPatch(sources, racePatch)['tfjs_backend.cc']!;
    expect(text.match(/ATTR_NAME_SET\.insert/g)).to.have.length(1);
    expect(text).to.match(/lock_guard<std::mutex>[^\n]*\n\s*return ATTR_NAME_SET\.insert/);
    expect(text).to.contain('KeepAttrName(attr_name_string)');
  });

  it('fits together with the one that has graphs prepared', function () {
    if (root === undefined) this.skip();
    const patched = applyPatch(sources, [...racePatch, ...graphPatch]);
    expect(patched['tfjs_binding.cc'])
      .to.match(/"defineFunction", nullptr, DefineFunction,/)
      .and.to.match(/"runGraph", nullptr, RunGraph,/);
    expect(patched['tfjs_backend.h']).to.match(
      /context\(\) \{ return tfe_context_; \}[\s\S]* private:\n {2}TFJSBackend\(napi_env env\);/,
    );
  });

  it('refuses sources that are patched already', function () {
    if (root === undefined) this.skip();
    const once = applyPatch(sources, racePatch);
    expect(() => applyPatch(once, racePatch)).to.throw(LockstepError);
  });
});
