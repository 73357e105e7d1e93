import { begins, type Foreign, magic, type Recognise, startOfText } from './kind.js';

const SAVE =
  'run it and save the weights of its network: torch.onnx.export, or safetensors.torch.save_file(net.state_dict(), ...)';
const AUDIO =
  'a network and frames are arrays; compute the features that the network reads and save them with numpy.save';

/** Files that are no networks and no arrays at all. */
export const OTHERS: readonly Recognise[] = [
  (bytes) => (bytes.length === 0 ? { what: 'an empty file', how: 'get it again' } : null),
  magic('%PDF', 'a PDF', 'give the network itself'),
  magic('\x89PNG', 'a picture (PNG)', 'give the network itself'),
  magic('\xff\xd8\xff', 'a picture (JPEG)', 'give the network itself'),
  magic('GIF8', 'a picture (GIF)', 'give the network itself'),
  (bytes) =>
    begins(bytes, 'RIFF') && begins(bytes, 'WAVE', 8) ? { what: 'audio (WAV)', how: AUDIO } : null,
  magic('fLaC', 'audio (FLAC)', AUDIO),
  magic('OggS', 'audio (Ogg)', AUDIO),
  magic('ID3', 'audio (MP3)', AUDIO),
  magic('\x7fELF', 'a program or library (ELF)', 'give the network itself'),
  magic('MZ\x90\0', 'a program or library (Windows)', 'give the network itself'),
  magic('\0asm', 'a program (WebAssembly)', 'give the network itself'),
  magic('SQLite format 3\0', 'a database (SQLite)', 'give the network itself'),
  magic('PAR1', 'a table (Parquet)', 'save it with numpy.save'),
  magic('ARROW1', 'a table (Arrow)', 'save it with numpy.save'),
  text,
  zeros,
];

const TEXTS: readonly (readonly [begin: RegExp, what: string, how: string])[] = [
  [
    /^(#!.*python|# -\*-|"""|from \w[\w.]* import |import \w|class \w+.*:|def \w+\()/m,
    'a Python program',
    SAVE,
  ],
  [
    /^(\/\*|\/\/|#(include|ifndef|define|pragma)\b|(static |extern )*const )/,
    'a program in C or C++ (weights as arrays, as RNNoise has them)',
    'write its arrays with numpy.save or as JSON {"NAME": [[...]], ...}',
  ],
  [/^#+ \S/, 'a text (Markdown)', 'give the network itself'],
  [
    /^\s*[-+\d.eE]+([,;\t ]+[-+\d.eE]+)+\s*$/m,
    'a table of numbers as text (CSV)',
    'of a network, give every tensor its name: JSON {"NAME": [[...]], ...}, or numpy.savez',
  ],
  [
    /^(%YAML|---\s*$|[A-Za-z_][\w-]*:(\s|$))/m,
    'a configuration (YAML)',
    'give the file with the weights',
  ],
  [/^[^,\n]+(,[^,\n]*)+\r?\n/, 'a table as text (CSV)', 'give the file with the weights'],
  [/^/, 'a text', 'give the file with the weights'],
];

function text(bytes: Uint8Array): Foreign | null {
  const start = startOfText(bytes);
  if (start === null) return null;
  // a short file is text by chance
  if (bytes.length < 16 && !/^[\s\w.,:;#{}()[\]"'<>=+/*-]*$/.test(start)) return null;
  if (/^\s*[{[]/.test(start)) return null;
  const found = TEXTS.find(([begin]) => begin.test(start));
  return found === undefined ? null : { what: found[1], how: found[2] };
}

function zeros(bytes: Uint8Array): Foreign | null {
  const all = bytes.length > 0 && bytes.every((byte) => byte === 0);
  return all ? { what: `a file of ${bytes.length} zeros`, how: 'get it again' } : null;
}
