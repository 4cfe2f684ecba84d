import { defineCommand } from '../command.js';

export const completion = defineCommand({
  name: 'completion',
  describe: 'Print a script that completes commands in bash or zsh: append it to your profile',
  positionals: {},
  flags: {},
  async run() {
    const { printCompletionScript } = await import('../help.js');
    printCompletionScript();
    return 0;
  },
});
