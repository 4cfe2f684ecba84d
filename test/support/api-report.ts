import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

// Compiled to dist/test/support.
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The entries of the package that have types, and the names of their reports. */
const entries: Readonly<Record<string, string>> = {
  library: 'dist/src/index.d.ts',
  module: 'dist/workers/modules/variant-module.d.ts',
};

export const apiEntries = Object.keys(entries);

/**
 * Compares what an entry exports with its report, `docs/api/<entry>.api.md`.
 * @param write makes the report anew
 * @returns whether it is as reported
 */
export function matchesApiReport(entry: string, write: boolean): boolean {
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `${root}${entries[entry]!}`,
      compiler: { tsconfigFilePath: `${root}tsconfig.json` },
      apiReport: {
        enabled: true,
        reportFolder: `${root}docs/api/`,
        reportTempFolder: `${root}.cache/api/`,
        reportFileName: entry,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: quiet,
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  return !result.apiReportChanged;
}
