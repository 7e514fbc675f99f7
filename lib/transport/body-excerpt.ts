import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface BodyExcerpt {
  readonly body: string;
  readonly truncated: boolean;
}

/**
 * Reads a body up to a limit and hangs up when there is more of it.
 * The bytes are not decompressed, so that a small answer stays small.
 */
export function readExcerpt(stream: Readable, limitBytes: number): Promise<BodyExcerpt> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const end = () => resolve(excerptOf(chunks, size, limitBytes));
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limitBytes) return;
      end();
      stream.destroy();
    });
    stream.on('end', end).on('error', reject);
    stream.on('close', () => reject(new Error('The body was cut short.')));
  });
}

/** What of a body's bytes is kept, as text. */
export function excerptOf(chunks: readonly Buffer[], size: number, limitBytes: number): BodyExcerpt {
  if (size === 0) return { body: '', truncated: false };
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const truncated = size > limitBytes;
  return { body: textOf(bytes.subarray(0, limitBytes), truncated), truncated };
}

/** A character that the limit cut in two is left out. NUL is replaced because Postgres cannot store it in a text. */
function textOf(bytes: Buffer, truncated: boolean): string {
  const text = truncated ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
  return text.replaceAll('\0', '\uFFFD');
}
