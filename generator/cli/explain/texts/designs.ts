import type { Theme } from '../explanation.js';

const GENERATE = 'hcgs generate model.safetensors -o DIR';

export const DESIGNS: Theme = {
  title: 'designs',
  codes: {
    NOT_A_RESULT: {
      means: 'a file holds no result of the command that it was given for',
      why: 'report takes what "hcgs cosim --json", "hcgs synth --json" and "hcgs sweep-bits --json" of this version print; the file holds something else, an error, or what another version printed.',
      remedy: 'Run the command again with --json-file.',
      commands: [
        'hcgs cosim DIR --json-file cosim.json',
        'hcgs report DIR --cosim cosim.json -o r.html',
      ],
    },
    OTHER_DESIGN: {
      means: 'a result is of another design or model than the one that it was given for',
      why: 'Designs and models have hashes, and those of the two differ: the design was made anew since, or the file is that of another one.',
      remedy: 'Run the command again on the design of the report.',
      commands: ['hcgs cosim DIR --json-file cosim.json'],
    },
    FLOAT_DIFFERS: {
      means: 'the trained network given by --float is not the one that the model was made of',
      why: 'Errors by layer compare layer by layer: number, kinds and sizes of layers have to be the same.',
      remedy:
        'Give the file that was compressed, with the same options of reading it (--map, --graph, --reset).',
      commands: ['hcgs info model.safetensors'],
    },
    DESIGN_MACS: {
      means: 'no array of this many multipliers fits the model',
      why: 'The count is slices x rows x columns of a tile x row groups, and tiles have to divide the blocks of the pattern.',
      remedy: 'The message lists the counts that fit.',
      commands: ['hcgs estimate model.safetensors --macs 64'],
    },
    DESIGN_OPTION: {
      means: 'an option of a design does not go with the model or with another option',
      why: 'A tile that the pattern does not have, an order of time that a layer rules out, or an option that only counts beside another.',
      remedy: 'The message says what goes. hcgs estimate tries a choice without writing anything.',
      commands: ['hcgs estimate model.safetensors --macs 64 --tile-rows 4'],
    },
    DESIGN_ENGINES: {
      means: 'the model cannot be cut for this many engines',
      why: 'Each engine of a chain takes whole layers, frame by frame, of one stream.',
      remedy: 'Give fewer engines, or one with more MACs.',
      commands: ['hcgs estimate model.safetensors --engines 2 --macs 64'],
    },
    DESIGN_PROGRAM: {
      means: 'the hardware does not compute the layers of this model in this order',
      why: 'Layers that run backward need whole utterances, and not everything can be read from them.',
      remedy: 'Give --order sequence with --max-frames. hcgs run computes the model in any case.',
      commands: ['hcgs generate model.safetensors --order sequence --max-frames 200 -o DIR'],
    },
    NO_LANES: {
      means: 'a model has an output layer alone',
      why: 'A design has lanes for the cells of its layers, and here is no layer below the output.',
      remedy: 'Add a layer, or let the last one be a dense layer with a function.',
    },
    HAZARD: {
      means: 'the order of a design is not safe, which is a fault of hcgs',
      why: 'Every design is proven to read no value before it is written; the proof failed for this one.',
      remedy:
        'Report it with the model and the command line. Another --macs or --pipeline may do meanwhile.',
    },
    SHAPE_CONTRACT: {
      means: 'a model does not fit a design that is there',
      why: 'images puts another model on the same Verilog: it has to stay below the sizes that the design was made for.',
      remedy:
        'The message names the limit. Generate the design with room for it: --headroom, or --fit with the other model.',
      commands: ['hcgs generate a.safetensors --fit b.safetensors -o DIR'],
    },
    BAD_DESIGN_NAME: {
      means: 'a name cannot be that of a design',
      why: 'It is the name of the top module: an identifier of Verilog, no keyword, and no signal of the design.',
      remedy: 'Choose another one with --name.',
      commands: ['hcgs generate model.safetensors --name ears -o DIR'],
    },
    DESIGN_PLACE_TAKEN: {
      means: 'the place for a design is taken by something else',
      why: 'A file, or a folder with files that are no design. hcgs replaces only what it wrote.',
      remedy: 'Name another place with -o, or remove what is there.',
    },
    DESIGN_LINE_ENDS: {
      means:
        'files of a design have CRLF in the place of LF at the ends of their lines, and nothing else was changed',
      why: 'git wrote them so when it checked the design out: core.autocrlf, or a text attribute. An editor may do the same.',
      remedy:
        'Have a line "DIR/** -text" in .gitattributes of the repository, remove the files and check them out again, or generate the design anew.',
    },
    DESIGN_EDITED: {
      means: 'a file of a design is not as hcgs wrote it',
      why: 'It was edited, or a file was added. It would be lost, or would count as what the model says.',
      remedy:
        'Work on a copy elsewhere. Remove the directory to generate it anew, or let cosim and synth take it as it is with --trust.',
      commands: ['hcgs cosim DIR --trust'],
    },
    DESIGN_INCOMPLETE: {
      means: 'a file that belongs to a design is missing',
      why: 'It was removed, or the design was not copied whole.',
      remedy: 'Remove the directory and generate the design anew.',
      commands: [GENERATE],
    },
    DESIGN_NOT_OURS: {
      means: 'a design is not what this hcgs makes of its model and configuration',
      why: 'It was edited and its hashes renewed, or it is of somebody else. Its Verilog and scripts would be run on this machine.',
      remedy:
        'The message has the command that makes it anew. --trust runs what lies there, with all that you can do.',
      commands: ['hcgs cosim DIR --trust'],
    },
    DESIGN_VERSION: {
      means: 'a design was written by another version of hcgs',
      why: 'hcgs was updated, or the design is of somebody with another version.',
      remedy: 'Generate it anew; the message has the command.',
      commands: [GENERATE],
    },
    DESIGN_RECORDS: {
      means: 'design.json lacks what co-simulation needs, or contradicts the hardware',
      why: 'It was edited, or written by another version.',
      remedy: 'Generate the design anew.',
      commands: [GENERATE],
    },
    NOT_A_DESIGN: {
      means: 'a directory is no design',
      why: 'Another directory, one above or one below, or a model in place of a design.',
      remedy: 'Name the directory that has design.json.',
      commands: [GENERATE, 'hcgs info DIR'],
    },
    NOT_LOADED: {
      means: 'a load was asked of a design whose model lies in ROMs',
      why: 'images --bin writes the bytes of a load port, which the design does not have.',
      remedy: 'Generate it with --weights loaded.',
      commands: ['hcgs generate model.safetensors --weights loaded -o DIR'],
    },
    LOAD_IMAGE: {
      means: 'a memory image of a design has another size than its memory',
      why: 'A file in mem/ was edited or cut.',
      remedy: 'Write the images anew.',
      commands: ['hcgs images model.safetensors DIR'],
    },
    MACROS: {
      means: 'a list of macros is wrong, or does not go with the design',
      why: 'A field of the JSON file is missing, or a macro has the name of a module of the design.',
      remedy: 'docs/memories.md has the form, docs/schemas/macros.json its schema.',
      commands: ['hcgs generate model.safetensors --macros ihp-sg13g2 -o DIR'],
    },
    NO_MACROS: {
      means: 'accesses of macros were asked for, and the design has none',
      why: 'It was generated without --macros, or every memory is small enough for registers.',
      remedy: 'Generate it with a list of macros.',
      commands: ['hcgs generate model.safetensors --macros ihp-sg13g2 -o DIR'],
    },
    ACTIVITY: {
      means: 'the activity of a design cannot be measured, or its file is of another design',
      why: 'Frames that did not come back to back, a file that was edited, or a design that was generated anew since.',
      remedy: 'Measure it again.',
      commands: ['hcgs cosim DIR --activity activity.json'],
    },
  },
};
