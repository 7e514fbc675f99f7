import { InvalidSignatureError } from './invalid-signature.error';
import { assertHeaderName } from './option-checks';
import { onlyHeader, type ReceivedHeaders } from './received-request';
import { SignatureCarrier } from './signature-carrier';
import type { MessageToSign } from './signature-scheme';
import type { Carried } from './signed-message';
import { readTimestamp, writeTimestamp } from './timestamp';

/** A header that lists a time and signatures. */
export interface ListOptions {
  /** The header that holds the list, such as `Stripe-Signature`. */
  readonly header: string;
  /** The key of the time, in epoch seconds. @default 't' */
  readonly timestampKey?: string;
  /** The key of a signature. @default 'v1' */
  readonly signatureKey?: string;
  /** What stands between the entries. @default ',' */
  readonly separator?: string;
}

/** One header such as `t=1492774577,v1=5257…,v1=6ffb…`; entries with other keys are passed over. */
export class ListCarrier extends SignatureCarrier {
  readonly header: string;
  readonly takesSeveral = true;
  private readonly timestampKey: string;
  private readonly signatureKey: string;
  private readonly separator: string;

  constructor({ header, timestampKey = 't', signatureKey = 'v1', separator = ',' }: ListOptions) {
    super();
    assertHeaderName('header', header);
    this.header = header;
    this.timestampKey = timestampKey;
    this.signatureKey = signatureKey;
    this.separator = separator;
  }

  carried({ timestamp }: MessageToSign): Carried {
    return { timestamp: writeTimestamp(timestamp, 'seconds') };
  }

  write(signatures: readonly string[], { timestamp }: Carried): Record<string, string> {
    const entries = signatures.map((signature) => `${this.signatureKey}=${signature}`);
    return { [this.header]: [`${this.timestampKey}=${timestamp!.text}`, ...entries].join(this.separator) };
  }

  read(headers: ReceivedHeaders): Carried & { signatures: string[] } {
    const entries = onlyHeader(headers, this.header).split(this.separator).map(entryOf);
    const valuesOf = (wanted: string) => entries.filter(([key]) => key === wanted).map(([, value]) => value);
    const [timestamp, ...others] = valuesOf(this.timestampKey);
    if (timestamp === undefined || others.length > 0) throw this.withoutOneTime();
    return { timestamp: readTimestamp(timestamp, 'seconds'), signatures: valuesOf(this.signatureKey) };
  }

  private withoutOneTime(): InvalidSignatureError {
    return new InvalidSignatureError(
      `Expected "${this.header}" to have one "${this.timestampKey}=", got none or several.`,
    );
  }
}

function entryOf(text: string): [key: string, value: string] {
  const end = text.indexOf('=');
  return end < 0 ? [text.trim(), ''] : [text.slice(0, end).trim(), text.slice(end + 1).trim()];
}
