import type { Theme } from '../explanation.js';

/** Said of every file that was cut or changed on its way. */
const AGAIN = 'Copy or download it again; where that does not help, write it anew.';
const DAMAGED =
  'The file is damaged, cut short, or of another program that writes the format in a way of its own.';

export const CONTAINERS: Theme = {
  title: 'formats of files',
  codes: {
    FOREIGN_FORMAT: {
      means: 'the content of a file is of a format that is not read here',
      why: 'A file of another program, an archive, a page of HTML that was downloaded in place of the file, a pointer of Git LFS.',
      remedy: 'The message says what the file is, and how to make one of it that is read.',
      commands: ['hcgs inspect FILE'],
    },
    NPY_INVALID: {
      means: 'a file is no valid .npy array',
      why: DAMAGED,
      remedy: AGAIN,
      commands: [`python3 -c 'import numpy; numpy.load("FILE.npy")'`],
    },
    NPY_TRUNCATED: {
      means: 'a .npy array has fewer bytes than its shape needs',
      why: 'A copy or a download that broke off, or a program that still writes it.',
      remedy: AGAIN,
    },
    NPY_UNSUPPORTED: {
      means: 'a .npy array is of a type that is not read',
      why: 'Objects, texts, complex numbers or structures. Arrays of objects would run code.',
      remedy:
        'Save real numbers or integers. Clips of different lengths go into an .npz: np.savez("clips.npz", *clips).',
    },
    NPZ_INVALID: {
      means: 'an .npz file holds something that is no array',
      why: 'A zip archive that numpy did not write.',
      remedy: 'Write it with numpy.savez.',
    },
    NPZ_LIMIT: {
      means: 'the arrays of an .npz file are far larger than the file',
      why: 'Compressed so strongly that unpacking would take all memory: a file of zeros, or one made to do harm.',
      remedy: 'Save it uncompressed, with numpy.savez.',
    },
    ZIP_INVALID: {
      means: 'a zip archive (.npz, .pt, .keras, .zip) cannot be unpacked',
      why: 'Damaged or cut short, with two files of one name, or with a wrong checksum.',
      remedy: AGAIN,
      commands: ['unzip -t FILE'],
    },
    ZIP_LIMIT: {
      means: 'a zip archive is far larger unpacked than packed',
      why: 'A network of zeros packed strongly, or an archive made to fill the memory.',
      remedy: 'Pack it anew without compression, or name the file in it.',
    },
    ZIP_UNSUPPORTED: {
      means: 'a zip archive uses something that is not read',
      why: 'Encryption, parts in several files, or a way of compression other than deflate.',
      remedy: 'Pack it anew without these.',
    },
    SAFETENSORS_INVALID: {
      means: 'a file is no valid safetensors file',
      why: DAMAGED,
      remedy: AGAIN,
    },
    SAFETENSORS_TRUNCATED: {
      means: 'a safetensors file ends before its tensors do',
      why: 'A copy or a download that broke off, or a pointer of Git LFS.',
      remedy: AGAIN,
    },
    HDF5_INVALID: {
      means: 'an HDF5 file (.h5, .keras) cannot be read',
      why: `${DAMAGED} The library that reads it may also fail at it or take too long.`,
      remedy: AGAIN,
      commands: ['h5ls -r FILE.h5'],
    },
    HDF5_LIMIT: {
      means: 'an HDF5 file has more, or deeper, groups and data than is read',
      why: 'It holds much more than one network, or was made to fill the memory.',
      remedy: 'Save the network alone: model.save("net.h5").',
    },
    FLATBUFFER_INVALID: {
      means: 'a .tflite file is no valid FlatBuffer',
      why: DAMAGED,
      remedy: AGAIN,
    },
    PICKLE_INVALID: {
      means: 'the pickle in a PyTorch file cannot be read',
      why: 'A damaged file, or one that calls functions of Python other than those that make tensors. Nothing of it is ever run.',
      remedy: 'Save the state_dict alone: torch.save(net.state_dict(), "net.pt").',
    },
    PICKLE_LIMIT: {
      means: 'the pickle in a PyTorch file has more values than is read',
      why: 'A checkpoint with much beside the network, or a file made to fill the memory.',
      remedy: 'Save the state_dict alone: torch.save(net.state_dict(), "net.pt").',
    },
    JSON_INVALID: {
      means: 'a file is no valid JSON, or not the JSON that is expected there',
      why: 'A comma too many, a bracket that is missing, or another file of that name.',
      remedy: 'The message says where. python3 -m json.tool checks a file.',
      commands: ['python3 -m json.tool FILE.json'],
    },
    JSON_LIMIT: {
      means: 'a JSON file is larger or deeper than is read',
      why: 'A network with very many weights as text.',
      remedy: 'Save it as safetensors, .pt or .npz.',
    },
    JSON_NOT_FINITE: {
      means: 'a JSON file has NaN or Infinity in place of a number',
      why: 'A training that diverged: its weights are no numbers any more.',
      remedy: 'Take an earlier checkpoint, with a smaller learning rate or clipped gradients.',
    },
  },
};
