import type { Theme } from '../explanation.js';

export const USAGE: Theme = {
  title: 'the command line',
  codes: {
    MISSING_COMMAND: {
      means: 'the command line names no command',
      why: 'hcgs was called alone, or with options only.',
      remedy: 'Name a command. The help lists them.',
      commands: ['hcgs --help'],
    },
    UNKNOWN_COMMAND: {
      means: 'there is no command of that name',
      why: 'A typing error, or a command of another version of hcgs.',
      remedy: 'The help lists the commands, --version says which hcgs this is.',
      commands: ['hcgs --help', 'hcgs --version'],
    },
    UNKNOWN_OPTION: {
      means: 'the command has no option of that name',
      why: 'A typing error, an option of another command, or one written in another way: options are written --like-this.',
      remedy: 'The help of the command lists its options.',
      commands: ['hcgs generate --help'],
    },
    UNEXPECTED_ARGUMENT: {
      means: 'the command line has a word too many',
      why: 'A name with a space that is not in quotes, or a value behind an option that takes none.',
      remedy: 'Put names with spaces in quotes. The help of the command shows what it takes.',
    },
    API_ARGUMENT: {
      means: 'an argument of a function of the package is not what it takes',
      why: 'A misspelt option, a value of another kind, or a copy of an object that one of the functions has made.',
      remedy:
        'The message names the argument and what is expected. docs/api.md has the functions; types find most of this before.',
    },
    MISSING_ARGUMENT: {
      means: 'an argument or an option that the command needs is missing',
      why: 'The command has no default for it: a file to read or to write, frames for calibration.',
      remedy: 'The message names it, the help of the command says what it is.',
      commands: ['hcgs compress --help'],
    },
    MISSING_VALUE: {
      means: 'an option that takes a value has none behind it',
      why: 'The option is the last word, or the next word begins with a dash.',
      remedy: 'Write the value behind it; one that begins with a dash as --option=-value.',
    },
    REPEATED_OPTION: {
      means: 'an option that counts once is given more than once',
      why: 'A command line that was put together from parts.',
      remedy: 'Leave one of them. Options that may be repeated say so in the help.',
    },
    BAD_OPTION_VALUE: {
      means: 'the value of an option is none that it takes',
      why: 'A number outside of its range or with other characters, or a word that is not in the list.',
      remedy: 'The message says what is expected.',
    },
    BAD_VALUE: {
      means: 'the value of an option is not written as it has to be',
      why: 'A value of several parts, such as --corner NAME=FILE,FILE, lacks one of them.',
      remedy: 'The message says the form.',
      commands: ['hcgs synth DIR --target asic --corner slow=CELLS.lib,MEMORIES.lib'],
    },
    BAD_USAGE: {
      means: 'options or arguments do not go with each other',
      why: 'One option needs another one, excludes it, or does not apply to what was named: a model, a design, a target.',
      remedy: 'The message names the options; leave one out or add the one that it asks for.',
    },
    CONFIG_TYPES: {
      means: 'a --config file does not pass the check of its types',
      why: 'A field is written wrongly, has a value of another type, or the file is for another command.',
      remedy:
        'The message has file and line. Write "satisfies DesignConfig" behind the object, so that an editor shows it too.',
      commands: ['hcgs generate MODEL --config design.ts -o DIR'],
    },
    CONFIG_KIND: {
      means: 'a --config file has a name of another kind than a configuration',
      why: 'It is JSON, YAML or a CommonJS module, or its name has no ending.',
      remedy:
        'Write a module in a file that ends in .ts, .mts, .js or .mjs: export default { macs: 64 };',
      commands: ['hcgs generate MODEL --config design.ts -o DIR'],
    },
    CONFIG_IMPORT: {
      means: 'a --config file imports something that it may not',
      why: "It imports another file or a package. Only types and Node's own modules can be imported.",
      remedy: 'Put what is needed into the file itself.',
    },
    CONFIG_FAILED: {
      means: 'a --config file threw an error when it was run',
      why: 'A configuration is a program: it may read files that are not there, or compute with values that are missing.',
      remedy:
        'The message has the reason. Relative paths in it are relative to where hcgs was called.',
    },
    CONFIG_VALUE: {
      means: 'the default export of a --config file is no configuration',
      why: 'Nothing is exported as default, or a number is outside of its range, which types do not show.',
      remedy: 'Export the object: export default { macs: 16 } satisfies DesignConfig;',
    },
    UNKNOWN_CODE: {
      means: 'there is no code of that name',
      why: 'A typing error, or the code of another version of hcgs.',
      remedy: 'The message has the codes that are most like it; without a code all are listed.',
      commands: ['hcgs explain'],
    },
    INTERRUPTED: {
      means: 'the command was stopped by a signal',
      why: 'Ctrl-C, a time limit of a batch system, or a terminal that was closed.',
      remedy: 'Nothing is half-written: call it again. Tools that it had started are stopped.',
    },
    INTERNAL_ERROR: {
      means: 'there is a fault in hcgs itself',
      why: 'Something happened that hcgs does not expect of any input. Nothing is wrong with yours, or hcgs should have said what.',
      remedy:
        'HCGS_DEBUG=1 shows where it happened. Report it with the command line and, if possible, the file.',
    },
  },
};
