import { expect } from 'chai';
import { loadCommands } from '../../src/cli/commands/index.js';
import { commandHelp, generalHelp } from '../../src/cli/help.js';

describe('help', () => {
  it('lists every command, and of each its arguments and flags with their defaults', async () => {
    const commands = await loadCommands();
    const all = await generalHelp(commands, 100);
    for (const command of commands) {
      expect(all).to.include(`lockstep ${command.name}`).and.include(command.describe.slice(0, 40));
      const help = await commandHelp(command, 100);
      expect(help).to.include(command.describe);
      for (const name of Object.keys(command.positionals)) expect(help).to.include(`  ${name} `);
      for (const name of Object.keys(command.flags)) expect(help).to.include(`--${name} `);
      for (const line of help.split('\n')) expect(line.length).to.be.at.most(100);
    }
  });

  it('says what commands and flags do in imperatives or nouns, without a full stop', async () => {
    for (const command of await loadCommands()) {
      const flags = Object.values({ ...command.positionals, ...command.flags });
      for (const { describe: text } of [command, ...flags]) {
        expect(text, text).to.match(/^[A-Zp].*[^.]$/);
      }
    }
  });
});
