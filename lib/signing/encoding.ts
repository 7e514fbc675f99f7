/** How the bytes of a signature are written: hex in lower case, padded base64, or base64url without padding. */
export type SignatureEncoding = 'hex' | 'base64' | 'base64url';

export const ENCODINGS: readonly SignatureEncoding[] = ['hex', 'base64', 'base64url'];

/** The bytes that the text stands for, or undefined when an encoder would not have written it so. */
export function decode(text: string, encoding: SignatureEncoding): Buffer | undefined {
  const bytes = Buffer.from(text, encoding);
  const written = encoding === 'hex' ? text.toLowerCase() : text;
  return bytes.length > 0 && bytes.toString(encoding) === written ? bytes : undefined;
}
