import type { Theme } from '../explanation.js';

const INSPECT = 'hcgs inspect NET';

/** What the layers of a trained network are, whatever the format of its file. */
export const NETWORKS: Theme = {
  title: 'layers of a trained network',
  codes: {
    NOT_AN_LSTM: {
      means: 'a file has no layers that become hardware',
      why: 'A network of another kind (convolutions, attention), a part of a network, or tensors with names that say nothing.',
      remedy:
        'hcgs inspect lists what is in the file; --map says which tensors or nodes the layers are.',
      commands: [INSPECT, 'hcgs inspect NET --map lstm=encoder.rnn --map fc=head'],
    },
    LSTM_UNSUPPORTED: {
      means: 'a recurrent layer computes something that there is no hardware for',
      why: 'Another function behind the sums, an option of the layer that is rarely used, or two functions in one network: a design has one table for all its layers.',
      remedy: 'The message names the layer and what is allowed. Train the network with that.',
      commands: [INSPECT],
    },
    LSTM_AMBIGUOUS: {
      means: 'a file has several sets of recurrent layers, and it is not clear which are meant',
      why: 'Two networks in one file, layers side by side, or weights alone, which do not say how they are connected.',
      remedy:
        'Say which with --map lstm=NAME, in order where there are several. A file with its graph (ONNX, .keras, TorchScript) says it by itself.',
      commands: [
        'hcgs compress NET --map lstm=first,second --calibrate FRAMES.npy -o m.safetensors',
      ],
    },
    LSTM_CHAIN: {
      means: 'recurrent layers do not follow one another',
      why: 'A layer reads something else than the layer before it, two layers read the same one, or sizes do not fit.',
      remedy:
        'The message says what stands there. --map lstm=NODE,NODE takes a chain out of a larger network.',
      commands: [INSPECT],
    },
    LSTM_BETWEEN: {
      means: 'something that there is no hardware for stands between two layers',
      why: 'A norm, an attention, a reshape or a convolution between recurrent layers.',
      remedy:
        'Take the lower layers alone (--map lstm=NAME --map fc=none), record what it computes as frames (--map frames=NAME), or train without it.',
      commands: [INSPECT],
    },
    LSTM_STATE: {
      means: 'a layer starts from a state that the hardware does not start from',
      why: 'The state at the start is computed from something, or is carried over from another part of the network.',
      remedy:
        'Each utterance starts from zeros or from constants. --map initial=H,C names tensors with them.',
      commands: [INSPECT],
    },
    GRU_RESET: {
      means: 'it is not known where the reset gate of a GRU stands, or two sources disagree',
      why: 'Weights alone do not show whether it stands behind the product of the recurrent matrix (PyTorch, and Keras with reset_after) or before it.',
      remedy: 'Say --reset after or --reset before, as the network was trained.',
      commands: ['hcgs compress NET --reset after --calibrate FRAMES.npy -o model.safetensors'],
    },
    NONLINEARITY: {
      means: 'it is not known whether an RNN layer has tanh or ReLU, or two sources disagree',
      why: 'Tensors of torch.nn.RNN look alike with both.',
      remedy: 'Say --nonlinearity tanh or --nonlinearity relu, as the network was trained.',
      commands: [
        'hcgs compress NET --nonlinearity tanh --calibrate FRAMES.npy -o model.safetensors',
      ],
    },
    DIRECTIONS: {
      means:
        'it is not known how the two directions of a layer are put together, or two sources disagree',
      why: 'Tensors do not show what is read of a bidirectional layer: both directions side by side, their sum, or one of them.',
      remedy:
        'Say it with --merge and --backward; docs/models.md, "Layers that run backward", has what each means.',
      commands: ['hcgs compress NET --merge sum --calibrate FRAMES.npy -o model.safetensors'],
    },
    SIDE_BY_SIDE: {
      means: 'layers that are read side by side cannot be, in hardware',
      why: 'The input frame stands beside a layer, or layers beside each other have ranges that no common binary point holds.',
      remedy:
        'Train the network without the frame beside the layer, or with layers of one kind beside each other.',
    },
    SKIP_CONNECTION: {
      means: 'a network adds its input to its output',
      why: 'A skip connection, usual in models of amplifiers.',
      remedy: '--map skip=none leaves it out; add the input outside of the hardware.',
      commands: [
        'hcgs compress NET.json --map skip=none --calibrate FRAMES.npy -o model.safetensors',
      ],
    },
    MODULE_UNKNOWN: {
      means: 'a file has a module beside the layers, and what it does is not known',
      why: 'A state_dict has tensors only: whether a layer stands before, between or behind the others is not in it.',
      remedy:
        'Say what it is: --map fc=NAME (the output layer) or --map outside=NAME (no part of the hardware).',
      commands: [INSPECT, 'hcgs inspect NET --map outside=NAME'],
    },
    NORM_UNSUPPORTED: {
      means: 'a norm cannot be taken into the layer behind it',
      why: 'A batch norm becomes a part of the weights of the layer that reads it; others depend on the frame and do not.',
      remedy: 'Train without it, or leave it outside: --map outside=NAME.',
      commands: [INSPECT],
    },
    PRUNE_MASK: {
      means: 'the mask of a pruned tensor does not fit it',
      why: 'torch.nn.utils.prune keeps weight_orig and weight_mask; here they have other shapes, or the mask has values other than 0 and 1.',
      remedy: 'Make the pruning permanent before saving: prune.remove(module, "weight").',
    },
    WEIGHT_NORM: {
      means: 'the two parts of a weight-normalised tensor do not fit each other',
      why: 'torch.nn.utils.weight_norm keeps weight_g and weight_v; here a shape or a type is odd.',
      remedy: 'Make the weight whole before saving: remove_weight_norm(module).',
    },
    OUTPUT_AMBIGUOUS: {
      means: 'several things could be the output of the network',
      why: 'Several dense layers read the last recurrent one, or the graph gives out several parts of it.',
      remedy:
        'Say which with --map fc=NAME, or --map fc=none for the values of the last layer themselves.',
      commands: [INSPECT, 'hcgs inspect NET --map fc=none'],
    },
    OUTPUT_BIAS: {
      means: 'the bias of the output layer is no constant of its size',
      why: 'It is computed, or differs from frame to frame.',
      remedy: 'Export the network with a constant bias, or --map fc=none and add it outside.',
    },
    OUTPUT_NOT_TAKEN: {
      means: 'an output of the network depends on something that there is no hardware for',
      why: 'Something computes behind the last layer: another function, a sum over frames, an attention.',
      remedy: 'Leave out all that follows with --map fc=none, or export the network without it.',
      commands: [
        INSPECT,
        'hcgs compress NET --map fc=none --calibrate FRAMES.npy -o m.safetensors',
      ],
    },
    IMPORT_TOO_LARGE: {
      means: 'a graph grows far beyond its file when it is read',
      why: 'Functions, branches or loops inside each other, or constants that are computed and huge.',
      remedy: 'Simplify it before: python3 -m onnxsim NET.onnx SIMPLE.onnx.',
    },
    BAD_MAP: {
      means: '--map names something that is not in the file, or not what it says',
      why: 'A typing error, or the name of another file.',
      remedy: 'hcgs inspect lists the names. docs/models.md has what can stand before the sign.',
      commands: [INSPECT],
    },
    BAD_GRAPH: {
      means: '--graph names no If of the file, or no branch of it',
      why: 'A typing error, or an If without a choice to make.',
      remedy:
        'Write --graph NODE.then_branch or --graph NODE.else_branch; hcgs inspect names the node.',
      commands: ['hcgs inspect NET.onnx --graph NODE.then_branch'],
    },
    TENSOR_MISSING: {
      means: 'a tensor that a layer needs is not in the file',
      why: 'A part of a state_dict, other names, or a wrong name in --map.',
      remedy: 'The message lists the names that are there. --map NAME=TENSOR says which it is.',
      commands: [INSPECT],
    },
    TENSOR_SHAPE: {
      means: 'a tensor has another shape than its layer needs',
      why: 'Matrices that stand the other way round, tensors of different layers under one name, or a layer of another kind.',
      remedy: 'The message has both shapes. Check names given by --map.',
      commands: [INSPECT],
    },
    TENSOR_DTYPE: {
      means: 'a tensor has no real numbers',
      why: 'Integers of a quantised network, texts, or complex numbers.',
      remedy: 'Export the float network: hcgs quantises it itself.',
    },
    TENSOR_UNSUPPORTED: {
      means: 'a tensor is stored in a way that is not read',
      why: 'A sparse or quantised tensor of PyTorch, or one without storage.',
      remedy:
        'Save it dense (tensor.to_dense(), tensor.dequantize()), or leave it out: --map outside=NAME.',
    },
    TENSOR_NOT_FINITE: {
      means: 'a tensor holds NaN or infinity',
      why: 'A training that diverged, or 16-bit weights beyond their range.',
      remedy:
        'Take an earlier checkpoint; train with a smaller learning rate or clipped gradients.',
    },
  },
};
