import { LockstepError } from '../protocol/index.js';

/** One replacement in one source file; `find` occurs exactly once. */
export interface Replacement {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * `AssignOpAttr` keeps attribute names in a static `std::set` without a lock, so two worker threads
 * corrupt it within a second. The set's nodes never move: locking the insertion is enough.
 */
export const racePatch: readonly Replacement[] = [
  {
    file: 'tfjs_backend.cc',
    find: '#include <memory>\n#include <set>\n',
    replace: '#include <memory>\n#include <mutex>\n#include <set>\n',
  },
  {
    file: 'tfjs_backend.cc',
    find: 'static std::set<std::string> ATTR_NAME_SET;\n',
    replace:
      'static std::set<std::string> ATTR_NAME_SET;\nstatic std::mutex ATTR_NAME_MUTEX;\n\n' +
      'static const char *KeepAttrName(const std::string &name) {\n' +
      '  std::lock_guard<std::mutex> lock(ATTR_NAME_MUTEX);\n' +
      '  return ATTR_NAME_SET.insert(name).first->c_str();\n' +
      '}\n',
  },
  {
    file: 'tfjs_backend.cc',
    find: '      ATTR_NAME_SET.insert(attr_name_string.c_str()).first->c_str();\n',
    replace: '      KeepAttrName(attr_name_string);\n',
  },
];

/** Has the binding export what `native/graphs.cc` defines. */
export const graphPatch: readonly Replacement[] = [
  {
    file: 'tfjs_backend.h',
    find: ' private:\n  TFJSBackend(napi_env env);\n',
    replace:
      '  TFE_Context *context() { return tfe_context_; }\n' +
      '  TFE_TensorHandle *handle(int32_t id) {\n' +
      '    const auto found = tfe_handle_map_.find(id);\n' +
      '    return found == tfe_handle_map_.end() ? nullptr : found->second;\n  }\n' +
      '  napi_value give(napi_env env, TFE_TensorHandle *handle) {\n' +
      '    return GenerateOutputTensorInfo(env, handle);\n  }\n\n' +
      ' private:\n  TFJSBackend(napi_env env);\n',
  },
  {
    file: 'tfjs_binding.cc',
    find: '#include "tfjs_backend.h"\n',
    replace: '#include "graphs.h"\n#include "tfjs_backend.h"\n',
  },
  {
    file: 'tfjs_binding.cc',
    find: '      {"executeOp", nullptr, ExecuteOp,',
    replace:
      [
        ['defineFunction', 'DefineFunction'],
        ['prepareGraph', 'PrepareGraph'],
        ['runGraph', 'RunGraph'],
      ]
        .map(
          ([name, method]) =>
            `      {"${name}", nullptr, ${method}, nullptr, nullptr, nullptr, napi_default, nullptr},\n`,
        )
        .join('') + '      {"executeOp", nullptr, ExecuteOp,',
  },
];

/**
 * Applies replacements to the sources they name.
 * @param sources text by file name
 * @throws {LockstepError} `worker` when a text to replace is not there exactly once
 */
export function applyPatch(
  sources: Readonly<Record<string, string>>,
  replacements: readonly Replacement[],
): Record<string, string> {
  const patched: Record<string, string> = { ...sources };
  for (const { file, find, replace } of replacements) {
    const text = patched[file]?.replaceAll('\r\n', '\n') ?? '';
    const count = text.split(find).length - 1;
    if (count !== 1) {
      throw new LockstepError(
        'worker',
        `Expected ${file} of the native binding to contain this once, got it ${count} times:\n${find}`,
        { hint: 'The binding changed: install the version in package-lock.json with `npm ci`.' },
      );
    }
    // A function, because a replacement string would interpret `$`.
    patched[file] = text.replace(find, () => replace);
  }
  return patched;
}
