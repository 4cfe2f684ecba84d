import type { Surroundings } from '../app/surroundings.js';
import type { TrialMessage } from '../trial/messages.js';
import type { OutputLoss } from './output-loss.js';

/** The process as arguments: `main` gives it to every command. */
export interface CommandContext extends Surroundings {
  /** Keys, where a command takes some. */
  readonly stdin: NodeJS.ReadStream;
  /** Results only. */
  readonly stdout: NodeJS.WriteStream;
  /** Everything else. */
  readonly stderr: NodeJS.WriteStream;
  /**
   * Sets what to do, from now on, when standard output or error can no longer be written. Until a command
   * sets it, the process ends: with 0 where a reader left (`| head`), with 5 otherwise.
   */
  readonly whenOutputIsLost: (action: (loss: OutputLoss) => void) => void;
  /** Tells the launching process, when there is one. */
  readonly tellLauncher: ((message: TrialMessage) => void) | undefined;
}

/** The exit code a command ends with. */
export type ExitCode = number;
