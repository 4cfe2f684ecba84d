import type { Surroundings } from '../app/surroundings.js';
import type { TrialMessage } from '../trial/messages.js';
import type { OutputLoss } from './output-loss.js';

/** What every command gets from `main`: the process, as arguments. */
export interface CommandContext extends Surroundings {
  /** Keys, where a command takes some. */
  readonly stdin: NodeJS.ReadStream;
  /** Results only. */
  readonly stdout: NodeJS.WriteStream;
  /** Everything else. */
  readonly stderr: NodeJS.WriteStream;
  /**
   * What is done, from now on, when standard output or error cannot be written any more. Until a command
   * says so the process ends: with 0 where a reader left (`| head`), with 5 otherwise.
   */
  readonly whenOutputIsLost: (action: (loss: OutputLoss) => void) => void;
  /** Tells the launching process, when there is one. */
  readonly tellLauncher: ((message: TrialMessage) => void) | undefined;
}

/** The exit code a command ends with. */
export type ExitCode = number;
