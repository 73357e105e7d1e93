/** Samples of a 16 kHz, mono, 16-bit PCM WAV file. Throws an Error that says what else the file is. */
export function readWav(bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE')
    throw new Error('not a WAV file');
  let described = false;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (body + size > bytes.length) throw new Error(`chunk '${tag(at)}' is longer than the file`);
    if (tag(at) === 'fmt ') {
      checkFormat(view, body);
      described = true;
    } else if (tag(at) === 'data') {
      if (!described) throw new Error('no fmt chunk before the data');
      return Int16Array.from({ length: size >> 1 }, (_, i) => view.getInt16(body + 2 * i, true));
    }
    at = body + size + (size & 1); // chunks are padded to even addresses
  }
  throw new Error('no data chunk');
}

function checkFormat(view: DataView, at: number): void {
  const found = {
    format: view.getUint16(at, true),
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
  const { format, channels, rate, bits } = found;
  if (format === 1 && channels === 1 && rate === 16000 && bits === 16) return;
  throw new Error(
    `needs 16000 Hz, one channel, 16-bit PCM; this is format ${format}, ${rate} Hz, ` +
      `${channels} channel(s), ${bits} bits (sox IN.wav -r 16000 -c 1 -b 16 OUT.wav converts it)`,
  );
}
