import type { Theme } from '../explanation.js';

const INSPECT = 'hcgs inspect NET';

/** What is particular to files of one program. */
export const PROGRAMS: Theme = {
  title: 'files of PyTorch, ONNX, Keras, TensorFlow and others',
  codes: {
    TORCH_INVALID: {
      means: 'a PyTorch file is damaged, or is none',
      why: 'A copy that broke off, or a part of the archive that is missing.',
      remedy: 'Copy it again, or save it anew with torch.save(net.state_dict(), "net.pt").',
    },
    TORCH_UNSUPPORTED: {
      means: 'a PyTorch file has something that is not read',
      why: 'Tensors of complex or quantised numbers, or a very old file of another version of the format.',
      remedy: 'Save the state_dict alone: torch.save(net.state_dict(), "net.pt").',
    },
    TORCH_LIMIT: {
      means: 'a PyTorch file has more in it than is read',
      why: 'A checkpoint with much beside the network, or a file made to fill the memory.',
      remedy: 'Save the state_dict alone: torch.save(net.state_dict(), "net.pt").',
    },
    TORCH_NO_STATE: {
      means: 'a PyTorch file has no tensors of a network',
      why: 'It holds settings, the state of an optimiser, or a module that torch.jit.freeze left without parameters.',
      remedy: 'Save the state_dict: torch.save(net.state_dict(), "net.pt").',
    },
    TORCH_SEVERAL: {
      means: 'a PyTorch file has several networks',
      why: 'A checkpoint with an average of the weights beside them, or teacher and student.',
      remedy: 'Say which with --map state=PATH; the message has the paths.',
      commands: ['hcgs inspect NET.pt --map state=model'],
    },
    ALREADY_COMPRESSED: {
      means: 'a compressed model was given where a trained float network is needed',
      why: 'The output of compress or random was given to compress again.',
      remedy: 'Use it as it is, or name the network that it was made of.',
      commands: ['hcgs info model.safetensors', 'hcgs generate model.safetensors -o DIR'],
    },
    ONNX_INVALID: {
      means: 'an ONNX file contradicts the standard, or itself',
      why: 'A damaged file, shapes that do not fit, a value that nothing makes, or a faulty exporter.',
      remedy: 'Check it, and export it anew.',
      commands: [`python3 -c 'import onnx; onnx.checker.check_model("NET.onnx", True)'`],
    },
    ONNX_ATTRIBUTE: {
      means: 'a node of an ONNX graph has an attribute that is wrong, unknown or missing',
      why: 'An operator of a newer version of ONNX than is read, or a faulty exporter.',
      remedy:
        'The message names node and attribute. Export with an opset that the standard has for it.',
    },
    ONNX_OPSET: {
      means: 'an ONNX file is of a version of the operators that is not read',
      why: 'A very old or a very new exporter.',
      remedy:
        'Export with an opset of the range in the message: torch.onnx.export(..., opset_version=17).',
    },
    ONNX_NOT_CONSTANT: {
      means: 'a weight or a size in an ONNX graph is computed from the input',
      why: 'Weights as inputs of the graph, or an export without folding of constants.',
      remedy: 'Export with constants folded, or simplify: python3 -m onnxsim NET.onnx SIMPLE.onnx.',
    },
    ONNX_EXTERNAL_DATA: {
      means: 'weights of an ONNX file lie in another file in a way that is not read',
      why: 'The file of data was not copied, or it is described in another way than the standard has.',
      remedy: 'Save both as one file.',
      commands: [
        `python3 -c 'import onnx; onnx.save(onnx.load("NET.onnx"), "ONE.onnx", save_as_external_data=False)'`,
      ],
    },
    KERAS_FILE: {
      means: 'an archive of Keras has no single network',
      why: 'A zip of several files, or of a whole project.',
      remedy: 'Unpack it and name the .h5 or .keras file that is meant.',
    },
    KERAS_CONFIG: {
      means: 'the description of a Keras network has something of another form',
      why: 'A version of Keras that writes it in another way, or a file that was changed by hand.',
      remedy: 'Load it with the Keras that wrote it and save it anew: model.save("net.keras").',
    },
    KERAS_LAYER: {
      means:
        'a Keras network has a layer that there is no hardware for, at a place where it counts',
      why: 'A convolution, an embedding, an attention, or a layer of your own.',
      remedy:
        'Record what it computes as frames and say so with --map frames=NAME, or leave out what follows with --map fc=none.',
      commands: [INSPECT],
    },
    KERAS_LAYOUT: {
      means: 'arrays with names of Keras do not say how their layers are built',
      why: 'An .npz of arrays alone: kernels of Keras have other rows and columns than PyTorch.',
      remedy:
        'Say which array is which: --map lstm.kernel_l0=NAME, lstm.recurrent_kernel_l0=NAME and lstm.bias_l0=NAME for each layer. Or save the network itself: model.save("net.h5").',
    },
    KERAS_OPTION: {
      means: 'a layer of Keras has an option that is not known',
      why: 'A newer version of Keras, or a layer of your own under a usual name.',
      remedy: 'The message names it. Make the layer without it.',
    },
    KERAS_WEIGHTS: {
      means: 'weights of a Keras layer are missing, or are others than it has',
      why: 'Weights of another network, or a file that was saved in part.',
      remedy: 'Save the whole network: model.save("net.keras").',
    },
    TENSORFLOW_INVALID: {
      means: 'a TensorFlow graph contradicts itself',
      why: 'A damaged file, or a graph that was cut in the wrong place.',
      remedy: 'Convert it again.',
    },
    TENSORFLOW_ATTRIBUTE: {
      means: 'an operator of a TensorFlow graph has an attribute that is wrong or missing',
      why: 'A converter of another version.',
      remedy:
        'Convert it again, or as ONNX: python -m tf2onnx.convert --saved-model FOLDER --output net.onnx.',
    },
    TENSORFLOW_NOT_CONSTANT: {
      means: 'a weight or a size in a TensorFlow graph is no constant',
      why: 'A graph that is not frozen, or weights that are computed.',
      remedy: 'Freeze it, or convert it to TensorFlow Lite or ONNX, which have constants.',
    },
    TENSORFLOW_VARIABLES: {
      means: 'the weights of a TensorFlow graph are in another file',
      why: 'The graph of a SavedModel: its variables lie in a folder beside it.',
      remedy: 'Convert it: python -m tf2onnx.convert --saved-model FOLDER --output net.onnx.',
    },
    TFLITE_INVALID: {
      means: 'a .tflite file contradicts its format',
      why: 'A damaged file, or another version of the format.',
      remedy: 'Convert it again.',
    },
    JSON_UNKNOWN: {
      means: 'a JSON file is no network that is known',
      why: 'Settings, labels, or a network of a program that is not read.',
      remedy:
        'docs/models.md lists what is read. PyTorch: json.dump({k: v.tolist() for k, v in state_dict.items()}, file).',
    },
    JSON_FIELD: {
      means: 'a field of a network in JSON is missing, unknown, or has a value that it cannot have',
      why: 'A newer version of the program that wrote it, or a change by hand.',
      remedy: 'The message names the field and what it takes.',
    },
    JSON_NAME: {
      means: 'a network in JSON has two tensors of one name',
      why: 'Lists inside lists whose names become the same.',
      remedy: 'Name them apart.',
    },
  },
};
