import type { BenchResult } from '../bench/bench.js';

/** A benchmark's result as lines for people. */
export function renderBench(result: BenchResult): string {
  const { pairedStep, orchestration } = result;
  const ms = (value: number): string => `${value.toFixed(2).padStart(9)} ms`;
  const share = (value: number): string => `${((100 * value) / pairedStep).toFixed(1)}%`;
  const lines = [
    `engine ${result.engine}, median of ${result.rounds} rounds of ${result.steps} steps`,
    '',
    `paired step       ${ms(pairedStep)}`,
  ];
  for (const [name, { train, evaluate }] of Object.entries(result.variants)) {
    lines.push(`  ${`${name} train`.padEnd(15)} ${ms(train)}  ${share(train)}`);
    lines.push(`  ${`${name} evaluate`.padEnd(15)} ${ms(evaluate)}  ${share(evaluate)}`);
  }
  lines.push(
    `  orchestration   ${ms(orchestration)}  ${share(orchestration)}`,
    `null variants     ${ms(result.orchestrationNull)}  of orchestration`,
    `sustained         ${result.gflops.toFixed(1).padStart(9)} GFLOP/s, ${(100 * result.fractionOfSgemm).toFixed(0)}% of sgemm's ${result.sgemmGflops.toFixed(1)}`,
    `whole run         ${result.wholeRun.toFixed(2).padStart(9)} s`,
    `memory at most    ${(result.peakMemory / 2 ** 20).toFixed(0).padStart(9)} MiB`,
  );
  return `${lines.join('\n')}\n`;
}
