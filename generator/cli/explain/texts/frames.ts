import type { Theme } from '../explanation.js';

const FORMS = 'docs/commands.md, "Frames and labels", has every form that is read.';

export const FRAMES: Theme = {
  title: 'frames, labels and lengths',
  codes: {
    FRAMES_SHAPE: {
      means: 'an array of frames has other axes than frames have',
      why: 'One frame without an axis of frames, or channels and batches beside. Empty clips count too.',
      remedy:
        'Save [frames, inputs] or [utterances, frames, inputs]; --time-major reads [frames, utterances, inputs].',
      commands: [`python3 -c 'import numpy; print(numpy.load("FRAMES.npy").shape)'`],
    },
    FRAMES_WIDTH: {
      means: 'frames have another number of values than the network has inputs',
      why: 'The frames are of another network, or their axes stand in another order.',
      remedy:
        'hcgs info says how many inputs a model has. Save one value for each input in the last axis.',
      commands: ['hcgs info model.safetensors'],
    },
    FRAMES_NOT_FINITE: {
      means: 'frames hold NaN or infinity',
      why: 'A logarithm of zero or a division by zero in what computes the features.',
      remedy: 'Mend the features, e.g. log(x + 1e-6). The message has the place of the first one.',
    },
    FRAMES_RANGE: {
      means: 'frames of integers hold codes that the input format does not have',
      why: 'Integers are taken as codes of the input format: sound samples or pixels are none.',
      remedy:
        'Save real values (float32): they are rounded to the format. Or save codes of the range that the message names.',
    },
    FRAMES_UNSETTLED: {
      means:
        'it is not clear what the frames of a file are, as something before the first layer changes them',
      why: 'The network in the file has a layer in front that is not part of the hardware: an embedding, a convolution, a reshape.',
      remedy:
        'Record what reaches the first layer as frames, and say which value that is with --map frames=NAME.',
      commands: ['hcgs compress NET --map frames=NAME --calibrate FRAMES.npy -o model.safetensors'],
    },
    CALIBRATION_TYPE: {
      means: 'frames for calibration are integers',
      why: 'Formats are chosen from real values; codes of a format do not show what they stand for.',
      remedy: 'Save the frames as float32, as they go into the float network.',
    },
    HELD_OUT: {
      means: 'there are too few frames to choose with some and to measure with others',
      why: 'Word lengths and patterns are chosen with a part of the frames and judged with the rest.',
      remedy: 'Give more frames, or more utterances.',
    },
    UTTERANCE_LENGTH: {
      means: 'an utterance is longer than the design takes',
      why: 'A design of whole utterances keeps all frames of one, and has room for --max-frames of them.',
      remedy: 'Give shorter utterances (--lengths), or generate the design with more --max-frames.',
      commands: ['hcgs generate model.safetensors --order sequence --max-frames 200 -o DIR'],
    },
    NPZ_CHOICE: {
      means: 'an .npz file has several arrays, and it is not clear which is meant',
      why: 'Frames and labels in one file, or a name behind # that is not in it.',
      remedy: 'Name the array behind the file: FILE.npz#NAME.',
      commands: ['hcgs run model.safetensors --frames data.npz#x --labels data.npz#y'],
    },
    CSV_EMPTY: {
      means: 'a CSV file has no line of numbers',
      why: 'Only comments or a header, or another file of that name.',
      remedy: FORMS,
    },
    CSV_HEADER: {
      means: 'the first line of a CSV file may be a header or a frame',
      why: 'pandas writes numbers of columns as a header and numbers of lines in front, which look like values.',
      remedy: 'df.to_csv("FILE.csv", header=False, index=False) writes values alone.',
    },
    CSV_CELL: {
      means: 'a cell of a CSV file is no number',
      why: 'A text among the values, a decimal comma, an empty cell.',
      remedy:
        'The message has the line. Write decimal points, and nothing but numbers below the header.',
    },
    CSV_ROW: {
      means: 'a line of a CSV file has more or fewer cells than the first one',
      why: 'A separator too many at the end, or a line that broke off.',
      remedy: 'The message has the line. Blank lines separate utterances.',
    },
    CSV_INVALID: {
      means: 'a CSV file cannot be read as text in cells',
      why: 'A quote that is never closed, UTF-16 (of a spreadsheet program), or a binary file.',
      remedy: 'Save it as CSV in UTF-8.',
    },
    CSV_LIMIT: {
      means: 'a CSV file is larger than is read as text',
      why: 'Text takes many times the memory of numbers.',
      remedy: 'Save the frames as .npy.',
      commands: [
        `python3 -c 'import numpy; numpy.save("F.npy", numpy.loadtxt("F.csv", delimiter=","))'`,
      ],
    },
    LABELS_TYPE: {
      means: 'labels are real numbers',
      why: 'Outputs of a network or probabilities in place of numbers of classes.',
      remedy: 'Save integers: labels.astype("int64"); of outputs, outputs.argmax(-1).',
    },
    LABELS_SHAPE: {
      means: 'there is not one label for each utterance',
      why: 'One for each frame, labels of other utterances, or the axes of the frames the other way round.',
      remedy: 'Save [utterances]. Where the message says so, give --time-major.',
    },
    LABELS_RANGE: {
      means: 'a label is no class that the network has',
      why: 'Classes counted from 1, or a network with fewer outputs.',
      remedy: 'Classes are counted from 0. The message has the place.',
    },
    LABELS_ONE_HOT: {
      means: 'a row of one-hot labels is not zeros and a single 1',
      why: 'Probabilities, or several classes at once.',
      remedy: 'Save the number of the class: labels.argmax(-1).',
    },
    LABELS_NAMES: {
      means: 'labels are names, and their order is not known',
      why: 'Which output is which name is not in the file.',
      remedy: 'Say it in JSON: {"classes": ["no", "yes"], "labels": ["yes", "no"]}.',
    },
    LABELS_WITHOUT_HEAD: {
      means: 'labels are given, and the model has no outputs that are classes',
      why: '--map fc=none left out the layer that makes classes, or the network has none.',
      remedy: 'Leave out --labels, or keep that layer.',
    },
    LENGTHS_TYPE: {
      means: 'lengths of utterances are real numbers',
      why: 'Seconds in place of frames, or an array of another type.',
      remedy: 'Save integers, the number of frames of each utterance.',
    },
    LENGTHS_SHAPE: {
      means: 'there is not one length for each utterance',
      why: 'Lengths of other frames, or the axes of the frames the other way round.',
      remedy: 'Save [utterances]. Where the message says so, give --time-major.',
    },
    LENGTHS_RANGE: {
      means: 'an utterance has no frame, or more than the array',
      why: 'Lengths of other frames, or in other units than frames.',
      remedy: 'The message has the range.',
    },
    LIST_NUMBER: {
      means: 'a list of labels or lengths has something that is no whole number',
      why: 'A text, a fraction, or null among the numbers.',
      remedy: 'The message has the place.',
    },
    OUTPUT_FORMAT: {
      means: 'clips cannot be written to a file of one array',
      why: 'The frames came as clips of different lengths; their outputs are several arrays.',
      remedy: 'Give the output a name that ends in .npz.',
      commands: ['hcgs run model.safetensors --frames clips.npz -o outputs.npz'],
    },
  },
};
