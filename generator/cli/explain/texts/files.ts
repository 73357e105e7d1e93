import type { Theme } from '../explanation.js';

export const FILES: Theme = {
  title: 'files and folders',
  codes: {
    FILE_MISSING: {
      means: 'there is no such file',
      why: 'A typing error in a path, another working directory, or a file that another one names and that was not copied with it.',
      remedy:
        'Relative paths are relative to where hcgs was called; those inside a file, to that file.',
    },
    FILE_UNREADABLE: {
      means: 'a file is there, and this user may not read it',
      why: 'It belongs to another user, or its permissions do not let it be read.',
      remedy: 'ls -l shows owner and permissions; chmod u+r mends them for a file of your own.',
    },
    FILE_UNWRITABLE: {
      means: 'a file cannot be written at that place',
      why: 'No permission to write in the folder, a file system that is read-only, a name that is too long, or a file where a folder is needed.',
      remedy: 'Name another place with -o.',
    },
    FILE_IS_DIRECTORY: {
      means: 'a folder stands where a file is needed',
      why: 'The folder of a network was named and not the file in it, or an output has the name of a folder.',
      remedy: 'Name the file. A design directory is named where a command asks for a design.',
    },
    FILE_OUTSIDE: {
      means: 'a file names another one that lies outside of its folder',
      why: 'A network keeps its weights in a file beside it, and the path to that leads out: absolute, with .., or over a link.',
      remedy:
        'Copy both into one folder and write the network anew with a path inside of it. Paths that lead out are never followed, as the file may be of a stranger.',
    },
    FILE_SHORT: {
      means: 'a file beside a network has fewer bytes than the network says',
      why: 'It was not copied whole, or belongs to another network.',
      remedy: 'Copy it again, together with the network.',
    },
    NOT_A_FILE: {
      means: 'what stands at a place in a design is no ordinary file, or one far too large',
      why: 'A folder, a pipe or a device lies where a design has a file.',
      remedy: 'Remove it, or generate the design anew.',
    },
    NOT_A_DIRECTORY: {
      means: 'a part of a path is a file and not a folder',
      why: 'A path goes on behind the name of a file, such as model.safetensors/x.',
      remedy: 'Mend the path.',
    },
    LINK_INSIDE: {
      means: 'a design has a symbolic link in it',
      why: 'hcgs writes none. A link could make a tool read or write anywhere.',
      remedy: 'Put the file itself in its place, or generate the design anew.',
    },
    BAD_PATH: {
      means: 'a path is too long, or goes round in links',
      why: 'Names are longer than the file system takes, or symbolic links lead to each other.',
      remedy: 'Name a shorter place, or remove the links.',
    },
    OUTPUT_IS_INPUT: {
      means: 'a command would replace a file that it reads, or write two things to one place',
      why: 'The same name behind two options, or -o with the name of the input.',
      remedy: 'Name another place for the output. No command changes its input.',
    },
    PERMISSION_DENIED: {
      means: 'the system does not allow it to this user',
      why: 'A file or folder of another user, a program that may not be run, or a file system that is read-only.',
      remedy: 'ls -ld shows owner and permissions. Name a place of your own.',
    },
    DISK_FULL: {
      means: 'the disk is full, or the quota of this user',
      why: 'Outputs, waveforms, simulations and netlists need room, also while they are built.',
      remedy:
        'Make room, or put the cache on another disk: HCGS_CACHE=/elsewhere. Nothing is half-written.',
      commands: ['hcgs doctor'],
    },
    CACHE_UNUSABLE: {
      means: 'the folder for built simulations cannot be written',
      why: 'The home folder is read-only or absent, as in a container, or HCGS_CACHE names a place that cannot be made; or its path has a space, which make cannot bear, and so has that of temporary files.',
      remedy: 'Set HCGS_CACHE to a folder that can be written, of a plain name.',
      commands: ['HCGS_CACHE=/tmp/hcgs-cache hcgs cosim DIR', 'hcgs doctor'],
    },
    CACHE_UNSAFE: {
      means: 'the folder for built simulations belongs to somebody else, or is a link',
      why: 'Programs in it would be run, and another user could have put them there.',
      remedy: 'Set HCGS_CACHE to a folder of your own.',
      commands: ['HCGS_CACHE=~/hcgs-cache hcgs cosim DIR', 'hcgs doctor'],
    },
  },
};
