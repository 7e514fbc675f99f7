import { assertHeaderName, assertOneOf } from './option-checks';
import { onlyHeader, type ReceivedHeaders } from './received-request';
import { SignatureCarrier } from './signature-carrier';
import type { MessageToSign } from './signature-scheme';
import type { Carried } from './signed-message';
import { readTimestamp, TIMESTAMP_FORMATS, writeTimestamp, type TimestampFormat } from './timestamp';

/** Headers around a signature. */
export interface HeaderOptions {
  /** The header that holds the signature, such as `X-Hub-Signature-256`. */
  readonly header: string;
  /** What stands before the signature, such as `sha256=`. @default '' */
  readonly prefix?: string;
  /** What stands between signatures, where the header may hold several. @default none: it holds one */
  readonly separator?: string;
  /** The header that holds the event's id, when the signature covers it. @default none */
  readonly idHeader?: string;
  /** The header that holds the time of the attempt, when the signature covers it. @default none */
  readonly timestampHeader?: string;
  /** How that time is written. @default 'seconds' */
  readonly timestampFormat?: TimestampFormat;
}

/** One header for the signature, and perhaps one each for the id and the time. */
export class HeaderCarrier extends SignatureCarrier {
  readonly header: string;
  readonly takesSeveral: boolean;
  private readonly prefix: string;
  private readonly format: TimestampFormat;

  constructor(private readonly options: HeaderOptions) {
    super();
    this.header = options.header;
    this.takesSeveral = options.separator !== undefined;
    this.prefix = options.prefix ?? '';
    this.format = options.timestampFormat ?? 'seconds';
    assertHeaderName('header', this.header);
    for (const name of ['idHeader', 'timestampHeader'] as const) {
      if (options[name] !== undefined) assertHeaderName(name, options[name]);
    }
    assertOneOf('timestampFormat', this.format, TIMESTAMP_FORMATS);
  }

  carried({ id, timestamp }: MessageToSign): Carried {
    return {
      id: this.options.idHeader === undefined ? undefined : id,
      timestamp: this.options.timestampHeader === undefined ? undefined : writeTimestamp(timestamp, this.format),
    };
  }

  write(signatures: readonly string[], { id, timestamp }: Carried): Record<string, string> {
    const { idHeader, timestampHeader, separator } = this.options;
    const headers: Record<string, string> = {};
    if (idHeader !== undefined) headers[idHeader] = id!;
    if (timestampHeader !== undefined) headers[timestampHeader] = timestamp!.text;
    headers[this.header] = signatures.map((signature) => this.prefix + signature).join(separator);
    return headers;
  }

  read(headers: ReceivedHeaders): Carried & { signatures: string[] } {
    const { idHeader, timestampHeader } = this.options;
    return {
      id: idHeader === undefined ? undefined : onlyHeader(headers, idHeader),
      timestamp:
        timestampHeader === undefined ? undefined : readTimestamp(onlyHeader(headers, timestampHeader), this.format),
      signatures: this.split(onlyHeader(headers, this.header)),
    };
  }

  private split(value: string): string[] {
    const { separator } = this.options;
    const parts = separator === undefined ? [value] : value.split(separator).map((part) => part.trim());
    return parts.filter((part) => part.startsWith(this.prefix)).map((part) => part.slice(this.prefix.length));
  }
}
