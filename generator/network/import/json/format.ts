import { unexpected } from '../../../base/errors.js';
import { looksLikeJson, parseJson } from '../../formats/json.js';
import type { NetworkFormat, SourceFile } from '../format.js';
import { shown } from './fields.js';
import type { JsonForm, JsonSource } from './form.js';
import { JSON_FORMS } from './forms.js';

export const jsonFormat: NetworkFormat = {
  what: 'JSON',
  recognise: ({ bytes }) => looksLikeJson(bytes),
  read: (source, map, options) => {
    const { form, json } = formOf(source);
    return form.read(json, map, options);
  },
  contents: (source) => {
    const { form, json } = formOf(source);
    return form.contents(json);
  },
};

function formOf({ bytes, file }: SourceFile): { form: JsonForm; json: JsonSource } {
  const value = parseJson(bytes, file);
  const form = JSON_FORMS.find(({ recognise }) => recognise(value));
  if (form !== undefined) return { form, json: { value, file } };
  const expected = 'an object of tensors by their names, or a network of a program that is known';
  throw unexpected({ code: 'JSON_UNKNOWN', file, field: 'JSON', expected, got: shown(value) });
}
